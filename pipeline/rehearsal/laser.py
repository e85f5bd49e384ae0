"""The laser survey: scanner stations in and around the house, written as one E57 with poses, colour and intensity (ASTM E2807)."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.rehearsal.mesher import Doubles
from pipeline.rehearsal.place import BADGE, OFFSET, SCANNER, moment
from pipeline.rehearsal.render import tone_points
from pipeline.rehearsal.stage import Model
from pipeline.rehearsal.truth import StationTruth

PATH = "scan/dinh-mau-quet-laser.e57"
NOISE = 0.002
REACH = 45.0
STEP = 0.0005
GPS_EPOCH = 315_964_800
NAMESPACE = uuid.UUID("5f0c1b1e-6a8f-5a52-9d5b-0d17c4d1f3a2")
STATIONS = (
    ("Tram 1 - san", (1.4, -2.2, 1.55), 20.0),
    ("Tram 2 - hien", (-3.2, 9.6, 2.3), 75.0),
    ("Tram 3 - gian giua", (0.6, 13.2, 2.3), 140.0),
    ("Tram 4 - nha bia", (-9.2, -2.7, 1.55), 205.0),
    ("Tram 5 - sau dinh", (12.2, 17.5, 1.55), 310.0),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one station saw, in the scanner's own frame: xyz (n, 3) metres, rgb (n, 3), intensity (n,) 0…1."""

    truth: StationTruth
    xyz: Doubles
    rgb: NDArray[np.uint8]
    intensity: NDArray[np.float32]


def survey(model: Model, root: Path, *, points: int, seed: int) -> tuple[StationTruth, ...]:
    """Scans from every station and writes the E57.

    Args:
        model: the lit model.
        root: the deposit.
        points: of all stations together, at least.
        seed: of the measurement noise.
    """
    random = np.random.default_rng(seed)
    scans = [_scan(model, number, points // len(STATIONS), random) for number in range(len(STATIONS))]
    path = root / PATH
    path.parent.mkdir(parents=True, exist_ok=True)
    write_e57(path, scans, seed)
    return tuple(scan.truth for scan in scans)


def _scan(model: Model, number: int, points: int, random: np.random.Generator) -> Scan:
    name, position, turn = STATIONS[number]
    directions = _grid(int(points * 1.75))
    while True:
        hits = model.tracer.cast(_rays(position, directions))
        met = np.flatnonzero(np.isfinite(hits.distance) & (hits.distance < REACH))
        if len(met) >= points:
            break
        directions = _grid(int(len(directions) * 1.2))
    rgb, intensity = tone_points(model, position, directions[met], (hits.distance[met], hits.triangle[met], hits.place[met]))
    distance = hits.distance[met].astype(np.float64) + random.normal(scale=NOISE, size=len(met))
    angle = np.radians(turn)
    back = np.array([[np.cos(angle), np.sin(angle), 0.0], [-np.sin(angle), np.cos(angle), 0.0], [0.0, 0.0, 1.0]])
    xyz = (directions[met] * distance[:, None]) @ back.T
    rotation = (float(np.cos(angle / 2)), 0.0, 0.0, float(np.sin(angle / 2)))
    translation = (position[0] + OFFSET[0], position[1] + OFFSET[1], position[2] + OFFSET[2])
    guid = "{" + str(uuid.uuid5(NAMESPACE, name)) + "}"
    return Scan(StationTruth(name, guid, position, translation, rotation, len(met)), xyz, rgb, intensity)


def _grid(rays: int) -> Doubles:
    """Directions of a turning scanner, 62 degrees below the horizon to the zenith."""
    rows = int(np.sqrt(rays / 2.37))
    up = np.linspace(np.radians(-62.0), np.radians(89.5), rows)
    around = np.linspace(0.0, 2 * np.pi, rays // rows, endpoint=False)
    a, e = np.meshgrid(around, up, indexing="ij")
    return np.stack([np.cos(a) * np.cos(e), np.sin(a) * np.cos(e), np.sin(e)], -1).reshape(-1, 3)


def _rays(position: tuple[float, float, float], directions: Doubles) -> NDArray[np.float32]:
    rays = np.empty((len(directions), 6), np.float32)
    rays[:, :3] = position
    rays[:, 3:] = directions
    return rays


def write_e57(path: Path, scans: list[Scan], seed: int) -> None:
    """Writes scans through libE57Format, with guids and times of their own instead of the library's, so that the bytes are repeatable."""
    from pye57 import libe57

    image: Any = libe57.ImageFile(str(path), "w")
    root = image.root()
    image.extensionsAdd("", libe57.E57_V1_0_URI)
    _texts(libe57, image, root, {"formatName": "ASTM E57 3D Imaging Data File", "guid": "{" + str(uuid.uuid5(NAMESPACE, str(seed))) + "}"})
    root.set("versionMajor", libe57.IntegerNode(image, libe57.E57_FORMAT_MAJOR))
    root.set("versionMinor", libe57.IntegerNode(image, libe57.E57_FORMAT_MINOR))
    _texts(libe57, image, root, {"e57LibraryVersion": libe57.E57_LIBRARY_ID, "coordinateMetadata": _frame()})
    root.set("creationDateTime", _time(libe57, image, 55.0))
    data = libe57.VectorNode(image, True)
    root.set("data3D", data)
    root.set("images2D", libe57.VectorNode(image, True))
    for number, scan in enumerate(scans):
        _write_scan(libe57, image, data, (number, scan))
    image.close()


def _frame() -> str:
    return 'LOCAL_CS["Ditich rehearsal: local frame plus constant offset (MO PHONG / SIMULATED)",LOCAL_DATUM["none",0],UNIT["metre",1]]'


def _texts(libe57: Any, image: Any, node: Any, values: dict[str, str]) -> None:
    for name, value in values.items():
        node.set(name, libe57.StringNode(image, value))


def _time(libe57: Any, image: Any, minutes: float) -> Any:
    node = libe57.StructureNode(image)
    node.set("dateTimeValue", libe57.FloatNode(image, moment(minutes).timestamp() - GPS_EPOCH + 18))
    node.set("isAtomicClockReferenced", libe57.IntegerNode(image, 0))
    return node


def _floats(libe57: Any, image: Any, values: dict[str, float]) -> Any:
    node = libe57.StructureNode(image)
    for name, value in values.items():
        node.set(name, libe57.FloatNode(image, float(value)))
    return node


def _write_scan(libe57: Any, image: Any, data: Any, numbered: tuple[int, Scan]) -> None:
    number, scan = numbered
    node = libe57.StructureNode(image)
    texts = {"guid": scan.truth.guid, "name": scan.truth.name, "description": BADGE, "sensorVendor": "Ditich", "sensorModel": SCANNER}
    _texts(libe57, image, node, texts)
    node.set("acquisitionStart", _time(libe57, image, 55.0 + 4 * number))
    node.set("acquisitionEnd", _time(libe57, image, 58.0 + 4 * number))
    node.set("temperature", libe57.FloatNode(image, 29.5))
    node.set("relativeHumidity", libe57.FloatNode(image, 71.0))
    pose = libe57.StructureNode(image)
    node.set("pose", pose)
    pose.set("rotation", _floats(libe57, image, dict(zip("wxyz", scan.truth.rotation, strict=True))))
    pose.set("translation", _floats(libe57, image, dict(zip("xyz", scan.truth.translation, strict=True))))
    low, high = scan.xyz.min(axis=0), scan.xyz.max(axis=0)
    bounds = {
        f"{axis}{end}": value for end, corner in (("Minimum", low), ("Maximum", high)) for axis, value in zip("xyz", corner, strict=True)
    }
    node.set("cartesianBounds", _floats(libe57, image, bounds))
    node.set("intensityLimits", _floats(libe57, image, {"intensityMinimum": 0.0, "intensityMaximum": 1.0}))
    colours = libe57.StructureNode(image)
    node.set("colorLimits", colours)
    for name in ("Red", "Green", "Blue"):
        colours.set(f"color{name}Minimum", libe57.IntegerNode(image, 0))
        colours.set(f"color{name}Maximum", libe57.IntegerNode(image, 255))
    _write_points(libe57, image, node, (data, scan))


def _write_points(libe57: Any, image: Any, node: Any, target: tuple[Any, Scan]) -> None:
    data, scan = target
    columns: dict[str, NDArray[Any]] = {f"cartesian{axis}": np.ascontiguousarray(scan.xyz[:, k]) for k, axis in enumerate("XYZ")}
    columns["intensity"] = scan.intensity.astype(np.float64)
    columns |= {f"color{name}": np.ascontiguousarray(scan.rgb[:, k], dtype=np.uint8) for k, name in enumerate(("Red", "Green", "Blue"))}
    shape = libe57.StructureNode(image)
    for name in columns:
        if name.startswith("cartesian"):
            span = round(REACH * 1.1 / STEP)
            shape.set(name, libe57.ScaledIntegerNode(image, 0, -span, span, STEP, 0.0))
        elif name == "intensity":
            shape.set(name, libe57.ScaledIntegerNode(image, 0, 0, 4095, 1.0 / 4095.0, 0.0))
        else:
            shape.set(name, libe57.IntegerNode(image, 0, 0, 255))
    vector = libe57.CompressedVectorNode(image, shape, libe57.VectorNode(image, True))
    node.set("points", vector)
    data.append(node)
    buffers = libe57.VectorSourceDestBuffer()
    for name, column in columns.items():
        buffers.append(libe57.SourceDestBuffer(image, name, column, len(column), True, True))
    writer = vector.writer(buffers)
    writer.write(scan.truth.points)
    writer.close()
