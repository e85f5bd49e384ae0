"""PLY: the header's elements and properties tell points, meshes and Gaussian splats apart.

Sources: Turk's PLY description; 3D Gaussian Splatting's layout (f_dc_0, opacity, scale_0, rot_0); PlayCanvas's compressed layout
(element chunk, packed_position).
"""

import re

from pipeline.identify.format import Format, Recognised, Sample

_HEADER_AT_MOST = 65536
_ELEMENT = re.compile(r"^element\s+(\S+)\s+(\d+)")
_PROPERTY = re.compile(r"^property\s+(?:list\s+\S+\s+)?\S+\s+(\S+)")


def recognise(sample: Sample) -> Recognised | None:
    """The word ply, a format line, elements and properties up to end_header."""
    header = sample.head[:_HEADER_AT_MOST]
    if not re.match(rb"ply[ \t]*\r?\n", header) and not header.startswith(b"ply\r"):
        return None
    end = header.find(b"end_header")
    lines = [line.strip() for line in re.split(r"[\r\n]+", header[: end if end >= 0 else None].decode("latin-1"))]
    form = next((line.split() for line in lines if line.startswith("format ")), [])
    version = " ".join(form[1:3])
    if end < 0 or len(form) < 3:
        return Recognised("ply", "the word ply; no whole header behind it", version)
    elements = {match[1]: int(match[2]) for line in lines if (match := _ELEMENT.match(line))}
    properties = {match[1] for line in lines if (match := _PROPERTY.match(line))}
    counts = ", ".join(f"{count} {name}" for name, count in elements.items())
    return Recognised(_name(elements, properties), f"PLY header: {counts or 'no elements'}", version)


def _name(elements: dict[str, int], properties: set[str]) -> str:
    if {"packed_position", "packed_rotation", "packed_scale"} <= properties:
        return "ply-splat-compressed"
    if {"f_dc_0", "opacity", "scale_0", "rot_0"} <= properties:
        return "ply-splat"
    if elements.get("face", 0) > 0 or elements.get("tristrips", 0) > 0:
        return "ply-mesh"
    return "ply-points"


_TYPE, _PRONOM = "model/ply", "Polygon File Format"
FORMAT = Format(dict.fromkeys(("ply", "ply-points", "ply-mesh", "ply-splat", "ply-splat-compressed"), (_TYPE, _PRONOM)), recognise)
