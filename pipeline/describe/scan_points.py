"""What reading every point of a scan shows: how many there are, where they lie, how many have no place. All scan sources share it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.readers.points import PointChunk, PointHeader, PointSource, Station

MAX_STATIONS = 1000


@dataclass(slots=True, eq=False)
class _Tally:
    points: int = 0
    without_place: int = 0
    invalid: int = 0
    lowest: "NDArray[np.float64] | None" = field(default=None)
    highest: "NDArray[np.float64] | None" = field(default=None)

    def add(self, chunk: "PointChunk") -> None:
        import numpy as np

        xyz = chunk.xyz
        finite = np.isfinite(xyz).all(axis=1)
        self.points += len(xyz)
        self.invalid += chunk.invalid
        self.without_place += len(xyz) - int(finite.sum())
        if not finite.any():
            return
        placed = xyz if finite.all() else xyz[finite]
        low, high = placed.min(axis=0).astype(np.float64), placed.max(axis=0).astype(np.float64)
        self.lowest = low if self.lowest is None else np.minimum(self.lowest, low)
        self.highest = high if self.highest is None else np.maximum(self.highest, high)

    def bounds(self, header: "PointHeader") -> dict[str, list[float]] | None:
        import numpy as np

        if self.lowest is None or self.highest is None:
            return None
        ends = (self.lowest, self.highest)
        if header.scale is not None and header.offset is not None:
            ends = (ends[0] * header.scale + header.offset, ends[1] * header.scale + header.offset)
        low, high = np.minimum(*ends), np.maximum(*ends)
        return {"minimum": [float(value) for value in low], "maximum": [float(value) for value in high]}


def station_record(station: "Station") -> dict[str, Any]:
    """A station as the record keeps it."""
    return {
        "guid": station.guid,
        "name": station.name,
        "translation": list(station.translation),
        "rotation": list(station.rotation),
        "points": station.points,
        "posed": station.posed,
    }


def measure(source: "PointSource", name: str) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Read all points once; ``name`` is the source's name for the record.

    Raises:
        UnreadableError: the points are damaged or fewer than declared.
    """
    tally = _Tally()
    for chunk in source.chunks():
        tally.add(chunk)
    header = source.header
    bounds = tally.bounds(header)
    raw = {
        "declared_points": header.points,
        "read_points": tally.points,
        "points_marked_invalid": tally.invalid,
        "points_without_place": tally.without_place,
        "read_bounds": bounds,
    }
    values = {
        "points": SourcedValue(tally.points, f"{name}:points read"),
        "colour": SourcedValue(header.colour, f"{name}:fields"),
        "intensity": SourcedValue(header.intensity, f"{name}:fields"),
    }
    if tally.without_place:
        values["nan_points"] = SourcedValue(tally.without_place, f"{name}:points read")
    if tally.invalid:
        values["invalid_points"] = SourcedValue(tally.invalid, f"{name}:points read")
    if bounds:
        values["bounds"] = SourcedValue(bounds, f"{name}:points read")
    if header.stations:
        stations = [station_record(station) for station in header.stations[:MAX_STATIONS]]
        values["stations"] = SourcedValue(stations, f"{name}:poses")
    if header.offset is not None:
        values["offset"] = SourcedValue(list(header.offset), f"{name}:offset")
    return json_value(raw), values
