"""Gaussian splats of every container as one type: PLY plain and compressed, SPZ, .splat."""

import gzip
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from archive.errors import UnreadableError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = frozenset({"ply-splat", "ply-splat-compressed", "spz", "splat"})
MOST = 30_000_000
SH_C0 = 0.28209479177387814
"""The constant spherical harmonic, by which base colours are stored (Kerbl et al. 2023)."""
_ROW = np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("colour", "u1", 4), ("turn", "u1", 4)])
_SPZ_HEADER = struct.Struct("<4sIIBBBB")
_SPZ_LEAST = 19
"""Bytes of a splat without harmonics: 9 for its place, 1 opacity, 3 colour, 3 scale, 3 rotation."""


@dataclass(frozen=True, slots=True, eq=False)
class Splats:
    """Gaussians in a z-up frame.

    Attributes:
        places: (n, 3) float64. scales: (n, 3) float64, standard deviations along their own axes.
        turns: (n, 3, 3) float64, columns are those axes.
        colours: (n, 3) float32 sRGB 0–1. opacities: (n,) float32 0–1.
    """

    places: "NDArray[np.float64]"
    scales: "NDArray[np.float64]"
    turns: "NDArray[np.float64]"
    colours: "NDArray[np.float32]"
    opacities: "NDArray[np.float32]"


def _refusal(what: str, detail: str = "") -> UnreadableError:
    return UnreadableError(
        f"These splats cannot be read: {what}.", advice="Export them again as PLY or SPZ and deliver the new file.", detail=detail
    )


def sniff_format(name: str, head: bytes) -> str:
    """The format of a file from its first bytes and its ending; "" when it is none of these."""
    if head.startswith(b"ply"):
        return "ply-splat-compressed" if b"packed_position" in head else "ply-splat"
    if head.startswith((b"\x1f\x8b", b"NGSP")):
        return "spz"
    return "splat" if Path(name).suffix.lower() == ".splat" else ""


def open_splats(path: Path, splat_format: str) -> Splats:
    """Read all splats of a file.

    Raises:
        UnreadableError: damaged, too many, or none with a place.
    """
    if splat_format not in FORMATS:
        raise _refusal(f"there is no reader for the format “{splat_format}”")
    return _dot_splat(path) if splat_format == "splat" else _by_library(path, splat_format)


def _by_library(path: Path, splat_format: str) -> Splats:
    import gsply

    if splat_format == "spz":
        _check_spz(path)
    else:
        _check_ply(path)
    try:
        read = gsply.read_spz(str(path)) if splat_format == "spz" else gsply.plyread(str(path))
    except Exception as error:
        raise _refusal("their container is damaged", f"{type(error).__name__}: {error}") from error
    with np.errstate(over="ignore", invalid="ignore"):
        scales = np.exp(np.asarray(read.scales, np.float64))
        opacities = 1 / (1 + np.exp(-np.asarray(read.opacities, np.float64).ravel()))
    colours = 0.5 + SH_C0 * np.asarray(read.sh0, np.float64).reshape(-1, 3)
    # SPZ is stored with y up, PLY as its cameras saw it, y down (SPZ, "Coordinate System").
    up = 1.0 if splat_format == "spz" else -1.0
    return _usable(np.asarray(read.means, np.float64), scales, np.asarray(read.quats, np.float64), (colours, opacities), up)


def _check_ply(path: Path) -> None:
    """Whether the file holds as many bytes as its header needs: the library does not look."""
    from pipeline.readers.points.ply import read_header

    size = path.stat().st_size
    with path.open("rb") as stream:
        header = read_header(stream)
    if header.order != "<" or any(element.has_lists for element in header.elements):
        raise _refusal("their PLY is not plain binary")
    needed = sum(element.count * element.row_type("<").itemsize for element in header.elements)
    if header.start + needed > size or any(element.count > MOST for element in header.elements):
        raise _refusal("their header states more splats than the file holds, or more than can be opened")


def _check_spz(path: Path) -> None:
    """Whether what is packed is as long as its header needs."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            magic, _, count, *_ = _SPZ_HEADER.unpack(stream.read(_SPZ_HEADER.size))
            if magic != b"NGSP" or not 0 < count <= MOST:
                raise _refusal(f"their header states {count} splats")
            wanted = count * _SPZ_LEAST
            while wanted > 0 and (block := stream.read(min(wanted, 1 << 22))):
                wanted -= len(block)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise _refusal("their container is damaged", str(error)) from error
    if wanted > 0:
        raise _refusal("their file ends before the last of them")


def _dot_splat(path: Path) -> Splats:
    """antimatter15's rows of 32 bytes: place, scale, RGBA, and a quaternion of bytes around 128."""
    size = path.stat().st_size
    if size % _ROW.itemsize or not size or size > MOST * _ROW.itemsize:
        raise _refusal("their file is not a whole number of rows of 32 bytes")
    rows = np.fromfile(path, _ROW)
    colours, opacities = rows["colour"][:, :3] / 255, rows["colour"][:, 3] / 255
    turns = (rows["turn"].astype(np.float64) - 128) / 128
    return _usable(rows["place"].astype(np.float64), rows["scale"].astype(np.float64), turns, (colours, opacities), -1.0)


def _usable(
    places: "NDArray[np.float64]", scales: "NDArray[np.float64]", quaternions: "NDArray[np.float64]", look: "tuple[Any, Any]", up: float
) -> Splats:
    """Those with a place and a size, turned from the file's axes to z up: (x, y, z) → (x, -up·z, up·y)."""
    lengths = np.linalg.norm(quaternions, axis=1)
    fine = np.isfinite(places).all(axis=1) & np.isfinite(scales).all(axis=1) & (lengths > 0) & np.isfinite(lengths)
    fine &= (np.abs(places) < 1e9).all(axis=1) & (scales < 1e9).all(axis=1)
    if not fine.any():
        raise _refusal("none of them has a place")
    turn = np.array([[1.0, 0, 0], [0, 0, -up], [0, up, 0]])
    w, x, y, z = (quaternions[fine] / lengths[fine, None]).T
    rotations = np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)], axis=1),
            np.stack([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)], axis=1),
            np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1),
        ],
        axis=1,
    )
    colours, opacities = (np.clip(np.nan_to_num(one[fine]), 0, 1).astype(np.float32) for one in look)
    return Splats(places[fine] @ turn.T, scales[fine], turn @ rotations, colours, opacities)
