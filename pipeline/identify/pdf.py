"""PDF (ISO 32000): the header line within the first kilobyte, and the end-of-file mark near the end."""

import re

from pipeline.identify.format import Format, Recognised, Sample

_HEADER = re.compile(rb"%PDF-(\d\.\d)")


def recognise(sample: Sample) -> Recognised | None:
    """%PDF-n.m in the first 1,024 bytes (ISO 32000-1, annex H, note 13), %%EOF said when it is missing."""
    match = _HEADER.search(sample.head[:1024])
    if match is None:
        return None
    ended = b"%%EOF" in sample.at(max(0, sample.size - 2048), 2048)
    return Recognised(
        "pdf", f"header %PDF-{match[1].decode()}; {'%%EOF near the end' if ended else 'no %%EOF near the end'}", match[1].decode()
    )


FORMAT = Format({"pdf": ("application/pdf", "Portable Document Format|Acrobat PDF|PDF")}, recognise)
