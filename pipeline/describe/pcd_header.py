"""PCD: fields, size and viewpoint of the header, and what reading all points shows."""

from typing import Any

from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Header and points. An organised cloud (height above 1) is one view of a camera: its size is kept.

    Raises:
        UnreadableError: no PCD, or points missing.
    """
    from pipeline.describe.scan_points import measure
    from pipeline.readers.points.pcd import open_points, read_header

    header = read_header(source.stream)
    raw, values = measure(open_points(source.path), "pcd-header")
    fields = [f"{name} {kind} × {count}" for name, kind, count in zip(header.fields, header.kinds, header.counts, strict=True)]
    raw |= json_value(
        {
            "version": header.version,
            "form": header.form,
            "fields": fields,
            "width": header.width,
            "height": header.height,
            "viewpoint": header.viewpoint,
        }
    )
    return raw, values
