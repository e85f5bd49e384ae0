"""COLLADA (ISO/PAS 17506): an XML document whose root is COLLADA."""

import re

from pipeline.identify.format import Format, Recognised, Sample

_ROOT = re.compile(r"<(?:\w+:)?COLLADA\b[^>]{0,2000}?\bversion\s*=\s*[\"']([0-9.]+)")


def recognise(sample: Sample) -> Recognised | None:
    """The root element with its version."""
    if sample.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<" or b"COLLADA" not in sample.head[:4096] or sample.text is None:
        return None
    match = _ROOT.search(sample.text[:8192])
    return Recognised("dae", "XML root COLLADA", match[1]) if match else None


FORMAT = Format({"dae": ("model/vnd.collada+xml", "COLLADA")}, recognise)
