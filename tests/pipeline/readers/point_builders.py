"""Small point clouds in every format, written by other people's libraries where there are any, else byte by byte."""

import struct
from collections.abc import Sequence
from pathlib import Path

import laspy
import numpy as np
import pye57
from numpy.typing import NDArray


def ball(count: int = 2000, seed: int = 1, centre: tuple[float, float, float] = (588_012.5, 1_776_345.25, 14.0)) -> NDArray[np.float64]:
    """Points on a sphere of 3 m, rounded to a millimetre, far from the origin."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(count, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return np.round(3 * directions + centre, 3)


def tones(count: int, seed: int = 2) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 3)).astype(np.uint8)


def write_las(
    path: Path, xyz: NDArray[np.float64], rgb: NDArray[np.uint8] | None = None, *, wide: bool = True, scale: float = 0.001
) -> Path:
    header = laspy.LasHeader(point_format=2 if rgb is not None else 0, version="1.2")
    header.scales, header.offsets = np.array([scale] * 3), np.floor(xyz.min(axis=0)) if len(xyz) else np.zeros(3)
    las = laspy.LasData(header)
    las.x, las.y, las.z = xyz.T
    las.intensity = np.arange(len(xyz)) % 60_000
    if rgb is not None:
        las.red, las.green, las.blue = (rgb.astype(np.uint16) * (257 if wide else 1)).T
    las.write(path)
    return path


def write_e57(path: Path, scans: Sequence[tuple[NDArray[np.float64], tuple[float, ...], tuple[float, ...]]], *, rgb: bool = True) -> Path:
    """Scans as (points in the scanner's frame, rotation w x y z, translation)."""
    file = pye57.E57(str(path), mode="w")
    for number, (xyz, rotation, translation) in enumerate(scans):
        looks = {"intensity": np.linspace(0, 1, len(xyz)).astype(np.float32)}
        if rgb:
            looks |= dict(zip(("colorRed", "colorGreen", "colorBlue"), tones(len(xyz)).T.copy(), strict=True))
        axes = dict(zip(("cartesianX", "cartesianY", "cartesianZ"), np.ascontiguousarray(xyz.T), strict=True))
        file.write_scan_raw(axes | looks, name=f"station {number}", rotation=np.array(rotation), translation=np.array(translation))
    file.close()
    return path


def write_ply(path: Path, xyz: NDArray[np.float64], rgb: NDArray[np.uint8], form: str = "binary_little_endian") -> Path:
    head = f"ply\nformat {form} 1.0\ncomment made for a test\nelement vertex {len(xyz)}\n"
    head += "".join(f"property double {axis}\n" for axis in "xyz")
    head += "property float scalar_Intensity\n" + "".join(f"property uchar {name}\n" for name in ("red", "green", "blue"))
    head += "element face 0\nproperty list uchar int vertex_indices\nend_header\n"
    if form == "ascii":
        rows = "".join(f"{x:.3f} {y:.3f} {z:.3f} {i} {r} {g} {b}\n" for i, ((x, y, z), (r, g, b)) in enumerate(zip(xyz, rgb, strict=True)))
        path.write_bytes((head + rows).encode())
        return path
    order = "<" if form == "binary_little_endian" else ">"
    table = np.empty(len(xyz), [("p", f"{order}f8", 3), ("i", f"{order}f4"), ("c", "u1", 3)])
    table["p"], table["i"], table["c"] = xyz, np.arange(len(xyz)), rgb
    path.write_bytes(head.encode() + table.tobytes())
    return path


def lzf_pack(raw: bytes) -> bytes:
    """LZF with literals, and one back reference for every run of eight equal bytes."""
    out, place = bytearray(), 0
    while place < len(raw):
        run = 1
        while place + run < len(raw) and run < 264 and raw[place + run] == raw[place]:
            run += 1
        if place and run >= 9 and raw[place - 1] == raw[place]:
            out += bytes([(7 << 5), run - 9, 0])
            place += run
        else:
            size = min(32, len(raw) - place)
            out += bytes([size - 1]) + raw[place : place + size]
            place += size
    return bytes(out)


def write_pcd(path: Path, xyz: NDArray[np.float64], rgb: NDArray[np.uint8], form: str = "binary") -> Path:
    count = len(xyz)
    head = "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z rgb intensity\n"
    head += "SIZE 8 8 8 4 2\nTYPE F F F U U\nCOUNT 1 1 1 1 1\n"
    head += f"WIDTH {count}\nHEIGHT 1\nVIEWPOINT 1 2 3 1 0 0 0\nPOINTS {count}\nDATA {form}\n"
    wide = rgb.astype(np.uint32)
    packed = (wide[:, 0] << 16) | (wide[:, 1] << 8) | wide[:, 2]
    strengths = np.arange(count, dtype=np.uint16)
    if form == "ascii":
        rows = "".join(f"{x:.3f} {y:.3f} {z:.3f} {c} {i}\n" for (x, y, z), c, i in zip(xyz, packed, strengths, strict=True))
        path.write_bytes((head + rows).encode())
    elif form == "binary":
        table = np.empty(count, [("p", "<f8", 3), ("c", "<u4"), ("i", "<u2")])
        table["p"], table["c"], table["i"] = xyz, packed, strengths
        path.write_bytes(head.encode() + table.tobytes())
    else:
        raw = b"".join(np.ascontiguousarray(xyz[:, k]).tobytes() for k in range(3)) + packed.tobytes() + strengths.tobytes()
        squeezed = lzf_pack(raw)
        path.write_bytes(head.encode() + struct.pack("<II", len(squeezed), len(raw)) + squeezed)
    return path


def rows_of(xyz: NDArray[np.float64], rgb: NDArray[np.uint8], intensity: str = "{i}") -> str:
    return "".join(
        f"{x:.3f} {y:.3f} {z:.3f} {intensity.format(i=i)} {r} {g} {b}\n"
        for i, ((x, y, z), (r, g, b)) in enumerate(zip(xyz, rgb, strict=True))
    )


def write_ptx(path: Path, xyz: NDArray[np.float64], rgb: NDArray[np.uint8], matrix: NDArray[np.float64]) -> Path:
    """One scan; ``matrix`` (4, 4) as the file writes it, for row vectors."""
    head = f"{len(xyz)}\n1\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n" + "".join(" ".join(map(str, row)) + "\n" for row in matrix)
    path.write_text(head + rows_of(xyz, rgb, "0.5"))
    return path
