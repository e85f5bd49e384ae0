"""STL: binary by its arithmetic (84 bytes and 50 a triangle), text by its statements."""

import re

from pipeline.identify.format import Format, Recognised, Sample

_FACET = re.compile(r"^\s*facet\s+normal\b", re.MULTILINE)


def recognise(sample: Sample) -> Recognised | None:
    """Size = 84 + 50 n for the n that the header states, or "solid" with facets behind it."""
    if len(sample.head) >= 84:
        count = sample.unpack("<I", 80)[0]
        if count > 0 and sample.size == 84 + 50 * count:
            return Recognised("stl", f"size is 84 + 50 x {count} triangles", "binary")
    text = sample.text
    if text is not None and text.lstrip().startswith("solid") and (_FACET.search(text) or "endsolid" in text):
        return Recognised("stl", "statements solid and facet normal", "text")
    if text is None and sample.ending == "stl" and len(sample.head) >= 84:
        return Recognised("stl", f"the ending .stl; the size does not fit {sample.unpack('<I', 80)[0]} triangles", "binary")
    return None


FORMAT = Format({"stl": ("model/stl", r"STL")}, recognise)
