"""What is known about the rehearsal, because it was made: written beside the folder as ``<folder>.truth.json``, for tests and teachers."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CameraTruth:
    """A picture: where it was taken and how.

    Attributes:
        path: in the deposit, "/"-joined. position: metres, local frame (x east, y north, z up).
        latitude, longitude, altitude: the same in WGS84. heading: bearing of the image centre, degrees. pitch: degrees up.
        field: horizontal field of view of the upright picture, degrees (360: equirectangular).
        width, height: of the upright picture, pixels. orientation: EXIF value as written, 0 for none. taken: as written, "" for none.
        gps: whether the file says where it was taken.
    """

    path: str
    position: tuple[float, float, float]
    latitude: float
    longitude: float
    altitude: float
    heading: float
    pitch: float
    field: float
    width: int
    height: int
    orientation: int
    taken: str
    gps: bool = True


@dataclass(frozen=True, slots=True)
class LinkTruth:
    """From one panorama to another: bearing and yaw in degrees, distance in metres, whether the one can be seen from the other."""

    start: str
    end: str
    bearing: float
    yaw: float
    distance: float
    visible: bool


@dataclass(frozen=True, slots=True)
class StationTruth:
    """A set-up of the scanner: pose in the file's frame (rotation w x y z), position in the local frame, how many points."""

    name: str
    guid: str
    position: tuple[float, float, float]
    translation: tuple[float, float, float]
    rotation: tuple[float, float, float, float]
    points: int


@dataclass(frozen=True, slots=True)
class MeshTruth:
    """The mesh: metres, y up; ``low`` and ``high`` are its bounds in the local frame (z up)."""

    path: str
    vertices: int
    triangles: int
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    texture: int


@dataclass(frozen=True, slots=True)
class FileTruth:
    """A file of the deposit."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FaultTruth:
    """A planted fault: "duplicate", "truncated", "future-date", "no-gps" …, in ``path``; ``of`` is the good file, if any."""

    kind: str
    path: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything.

    ``origin`` is the local origin in WGS84 (latitude, longitude, altitude), ``offset`` what the scan adds to local metres.
    ``earlier`` are the two pictures of ten years before.
    """

    seed: int
    small: bool
    origin: tuple[float, float, float]
    offset: tuple[float, float, float]
    model_triangles: int
    panoramas: tuple[CameraTruth, ...]
    links: tuple[LinkTruth, ...]
    photos: tuple[CameraTruth, ...]
    scan: str
    stations: tuple[StationTruth, ...]
    mesh: MeshTruth
    faults: tuple[FaultTruth, ...]
    files: tuple[FileTruth, ...]
    earlier: tuple[CameraTruth, ...] = ()
    recording: str = ""
    simulated: bool = True


def truth_path(folder: Path) -> Path:
    """Where the truth of a rehearsal stands: beside its folder."""
    return folder.with_name(folder.name + ".truth.json")


def list_files(root: Path) -> tuple[FileTruth, ...]:
    """Every file of the deposit, sorted by path."""
    return tuple(
        FileTruth(path.relative_to(root).as_posix(), path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    )


def write_truth(folder: Path, truth: Truth) -> None:
    """Writes the truth beside the folder."""
    text = json.dumps(asdict(truth), ensure_ascii=False, indent=1, sort_keys=True)
    truth_path(folder).write_text(text + "\n", encoding="utf-8")
