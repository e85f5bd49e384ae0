"""Gaussian splats in their own containers: SPZ (Niantic), .splat (antimatter15) and .ksplat (mkkellogg). PLY splats: see ply.py.

.splat has no header: 32 bytes a splat (position and scale as float32, RGBA, a quaternion as four bytes): the numbers and the ending decide.
"""

import math
import struct
import zlib

from pipeline.identify.format import Format, NotThisFormatError, Recognised, Sample

_NGSP = 0x5053474E
_SPLAT = struct.Struct("<6f4B4B")
_KSPLAT_HEADER = 4096


def recognise(sample: Sample) -> Recognised | None:
    """SPZ by its header inside or outside gzip; .ksplat by its section arithmetic; .splat by plausible numbers."""
    if sample.head[:2] == b"\x1f\x8b":
        return _spz(zlib.decompressobj(wbits=31).decompress(sample.head[:4096], 16), "gzip")
    if sample.head[:4] == b"NGSP":
        return _spz(sample.head[:16], "plain")
    if sample.ending == "ksplat":
        return _ksplat(sample)
    return _splat(sample) if sample.ending == "splat" else None


def _spz(header: bytes, container: str) -> Recognised | None:
    magic, version, points = struct.unpack_from("<III", header)
    return Recognised("spz", f"{container} with magic NGSP; {points} splats", str(version)) if magic == _NGSP else None


def _ksplat(sample: Sample) -> Recognised:
    most_sections, sections, _, splats = sample.unpack("<4I", 4)
    if sections > most_sections or _KSPLAT_HEADER + 1024 * most_sections > sample.size:
        raise NotThisFormatError
    return Recognised("ksplat", f"header of {sections} sections, {splats} splats", f"{sample.head[0]}.{sample.head[1]}")


def _splat(sample: Sample) -> Recognised:
    if sample.size % _SPLAT.size:
        raise NotThisFormatError
    for splat in _SPLAT.iter_unpack(sample.head[: min(len(sample.head), 64 * _SPLAT.size) // _SPLAT.size * _SPLAT.size]):
        norm = math.sqrt(sum(((byte - 128) / 128) ** 2 for byte in splat[10:14]))
        if not all(math.isfinite(number) and abs(number) < 1e7 for number in splat[:6]) or not 0.9 < norm < 1.1:
            raise NotThisFormatError
    return Recognised("splat", f"{sample.size // _SPLAT.size} records of 32 bytes with unit quaternions, and the ending .splat")


FORMAT = Format({"spz": ("model/x-spz", ""), "splat": ("model/x-splat", ""), "ksplat": ("model/x-ksplat", "")}, recognise)
