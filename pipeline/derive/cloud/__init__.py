"""What all derivatives of a point cloud share: the one decoding, its measurements, and how points get their colours."""

from pathlib import Path
from typing import Any


def point_format(name: str, path: Path, asset_facts: dict[str, Any]) -> str:
    """The format of a source file: as identified, else by a look at its bytes."""
    from pipeline.readers.points import READERS, sniff_format  # the reader pulls in NumPy

    stated = asset_facts.get("formats", {}).get(name, "")
    return stated if stated in READERS else sniff_format(path)
