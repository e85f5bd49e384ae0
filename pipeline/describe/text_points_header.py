"""PTS, PTX and XYZ: counts, columns and station heads as written, and what reading all rows shows."""

from typing import Any

from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """First lines and points. These formats state neither unit nor coordinate system.

    Raises:
        UnreadableError: rows that are not points, or fewer than declared.
    """
    from pipeline.describe.scan_points import measure
    from pipeline.readers.points import open_points
    from pipeline.readers.points.text_sniff import text_format

    kind = text_format(source.stream.read(4096))
    opened = open_points(source.path, kind)
    raw, values = measure(opened, f"{kind}-header")
    source.stream.seek(0)
    lines = source.stream.read(2048).decode("utf-8", "replace").splitlines()[:12]
    return raw | json_value({"form": kind, "first_lines": [line[:200] for line in lines]}), values
