"""ZIP and what is packed in it: USDZ, 3MF, office documents, EPUB; told apart by the names and the types inside.

Sources: APPNOTE 6.3 (local headers, central directory); USDZ: stored entries, the first a .usd*; OPC (ECMA-376-2); ODF 1.3 part 2 §3.3.
"""

import zipfile
from typing import BinaryIO, cast

from pipeline.identify.format import Format, Recognised, Sample

_MOST_ENTRIES = 20_000
_MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/epub+zip": "epub",
}
_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"), ("ppt/presentation.xml", "pptx"))


class _Window:
    """The sample as a seekable file, which zipfile wants."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._at = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._sample.size)[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return True

    def read(self, length: int = -1) -> bytes:
        left = max(0, self._sample.size - self._at)
        got = self._sample.at(self._at, left if length < 0 else min(length, left))
        self._at += len(got)
        return got


def recognise(sample: Sample) -> Recognised | None:
    """A local header first (or an empty archive), then what the central directory lists."""
    if sample.head[:4] not in {b"PK\x03\x04", b"PK\x05\x06"}:
        return None
    first = _first_name(sample)
    mimetype = _declared_mimetype(sample, first)
    if mimetype is not None:
        return Recognised(mimetype, f"ZIP whose first entry is mimetype: {mimetype}")
    names = _names(sample)
    if names is None:
        return Recognised("zip", f"local header of {first!r}; no readable central directory")
    return _by_names(sample, first, names)


def _by_names(sample: Sample, first: str, names: set[str]) -> Recognised:
    if first.lower().endswith((".usd", ".usda", ".usdc")) and sample.unpack("<H", 8)[0] == 0:
        return Recognised("usdz", f"ZIP of stored entries, the first is {first}")
    if any(name.lower().endswith(".model") and name.lower().startswith(("3d/", "/3d/")) for name in names):
        return Recognised("3mf", "ZIP with a model below 3D/")
    for part, name in _PARTS:
        if part in names and "[Content_Types].xml" in names:
            return Recognised(name, f"ZIP with [Content_Types].xml and {part}")
    return Recognised("zip", f"local header and central directory of {len(names)} entries")


def _first_name(sample: Sample) -> str:
    if len(sample.head) < 30:
        return ""
    return sample.head[30 : 30 + sample.unpack("<H", 26)[0]].decode("utf-8", "replace")


def _declared_mimetype(sample: Sample, first: str) -> str | None:
    if first != "mimetype":
        return None
    start = 30 + sum(sample.unpack("<HH", 26))
    declared = sample.head[start : start + 64]
    return next((name for mimetype, name in _MIMETYPES.items() if declared.startswith(mimetype)), None)


def _names(sample: Sample) -> set[str] | None:
    try:
        with zipfile.ZipFile(cast("BinaryIO", _Window(sample))) as archive:
            return set(archive.namelist()[:_MOST_ENTRIES])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
FORMAT = Format(
    {
        "usdz": ("model/vnd.usdz+zip", "USDZ|Universal Scene Description Zip"),
        "3mf": ("model/3mf", "3MF"),
        "docx": (_OFFICE + "wordprocessingml.document", "Microsoft Word|Word.*OOXML"),
        "xlsx": (_OFFICE + "spreadsheetml.sheet", "Microsoft Excel|Excel"),
        "xlsb": ("application/vnd.ms-excel.sheet.binary.macroEnabled.12", "Excel.*Binary"),
        "pptx": (_OFFICE + "presentationml.presentation", "Microsoft Powerpoint|PowerPoint"),
        "odt": (_ODF + "text", "OpenDocument Text"),
        "ods": (_ODF + "spreadsheet", "OpenDocument Spreadsheet"),
        "odp": (_ODF + "presentation", "OpenDocument Presentation"),
        "epub": ("application/epub+zip", "ePub"),
        "zip": ("application/zip", "ZIP Format"),
    },
    recognise,
)
