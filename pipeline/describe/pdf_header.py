"""PDF through PDFium: pages, title, author, whether it is locked. A PDF's title is often a file name; it stays without a language."""

from typing import Any

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput

_MOST_BYTES = 2 * 1024 * 1024 * 1024


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """The document information and the page count; a locked document gives ``encrypted`` and nothing else.

    Raises:
        UnreadableError: PDFium does not open it (a PDF without a page is one of these).
    """
    import pypdfium2

    if source.size > _MOST_BYTES:
        raise UnreadableError("The PDF is larger than can be opened here.")
    try:
        document = pypdfium2.PdfDocument(source.stream, autoclose=False)
    except pypdfium2.PdfiumError as error:
        if "PASSWORD" in str(error).upper():
            return {"encrypted": True}, {"encrypted": SourcedValue(value=True, source="pdf:encryption")}
        raise UnreadableError("The PDF cannot be opened.", detail=str(error)) from error
    try:
        return _described(document)
    finally:
        document.close()


def _described(document: Any) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    pages = len(document)
    information = {name: words.strip() for name, words in document.get_metadata_dict(skip_empty=True).items()}
    raw = {"information": json_value(information), "pages": pages, "version": document.get_version(), "encrypted": False}
    values = {"pages": SourcedValue(pages, "pdf:pages"), "encrypted": SourcedValue(value=False, source="pdf:encryption")}
    for field, name in (("title", "Title"), ("creator", "Author"), ("description", "Subject")):
        if information.get(name):
            values[field] = SourcedValue(information[name], f"pdf:{name}")
    return raw, values
