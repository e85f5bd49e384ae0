"""PLY point clouds: elements, properties and comments of the header, and what reading all vertices shows."""

from typing import Any

from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Header and points. PLY has no place for a unit or a coordinate system: comments are kept for people to read.

    Raises:
        UnreadableError: no PLY, or vertices missing.
    """
    from pipeline.describe.scan_points import measure
    from pipeline.readers.points.ply import open_points, read_header

    header = read_header(source.stream)
    raw, values = measure(open_points(source.path), "ply-header")
    raw |= json_value(
        {
            "form": {"": "ascii", "<": "binary_little_endian", ">": "binary_big_endian"}[header.order],
            "version": header.version,
            "comments": header.comments,
            "elements": [
                {
                    "name": element.name,
                    "count": element.count,
                    "properties": [
                        f"list {prop.length_kind} {prop.kind} {prop.name}" if prop.length_kind else f"{prop.kind} {prop.name}"
                        for prop in element.properties
                    ],
                }
                for element in header.elements
            ],
        }
    )
    return raw, values
