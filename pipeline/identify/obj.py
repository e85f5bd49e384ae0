"""Wavefront OBJ and its material library MTL, and OFF: text whose statements are the format."""

import re

from pipeline.identify.format import Format, Recognised, Sample

_VERTEX = re.compile(r"^v(?:\s+[-+.\deE]+){3,7}\s*$", re.MULTILINE)
_OTHER = re.compile(r"^(?:f\s+[-\d/]+|l\s+[-\d]+|vn\s|vt\s|mtllib\s|usemtl\s|o\s|g\s)", re.MULTILINE)
_MATERIAL = re.compile(r"^\s*newmtl\s+\S", re.MULTILINE)
_OFF = re.compile(r"^(?:ST)?(?:C)?(?:N)?OFF\b(?:\s+BINARY)?", re.MULTILINE)


def recognise(sample: Sample) -> Recognised | None:
    """A vertex statement and another statement of OBJ; newmtl for a library; OFF on the first line."""
    text = sample.text
    if text is None:
        return None
    if _OFF.match(text):
        return Recognised("off", "first word OFF")
    if _MATERIAL.search(text):
        return Recognised("mtl", "statement newmtl")
    if _VERTEX.search(text) and (_OTHER.search(text) or sample.ending == "obj"):
        return Recognised("obj", "statements v and f, vn, vt, mtllib, usemtl, o or g")
    return None


FORMAT = Format({"obj": ("model/obj", "Wavefront OBJ"), "mtl": ("model/mtl", "Wavefront Material"), "off": ("model/x-off", "")}, recognise)
