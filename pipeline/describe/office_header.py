"""Office documents: title, author, words, pages, out of docProps/core.xml and app.xml (OPC, ECMA-376) or meta.xml (ODF 1.3).

Only these small parts are unpacked, to a bound, whatever the ZIP claims of their size.
"""

import zipfile
from typing import Any

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput

_MOST_BYTES = 1024 * 1024
_PARTS = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
_FIELDS = (
    ("title", "title"),
    ("creator", "creator"),
    ("creator", "initial-creator"),
    ("description", "description"),
    ("subject", "keywords"),
)
_COUNTS = ("Pages", "Slides", "page-count")


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Elements of the property parts by their local names, and the normalised fields.

    Raises:
        UnreadableError: no readable ZIP, or property parts that are no XML.
    """
    try:
        with zipfile.ZipFile(source.stream) as archive:
            names = set(archive.namelist())
            parts = {name: _unpack(archive, name) for name in _PARTS if name in names}
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise UnreadableError("The document's package cannot be read.", detail=f"{type(error).__name__}: {error}") from error
    raw: dict[str, Any] = {name: _texts(content) for name, content in parts.items()}
    return json_value(raw), dict(_values(raw))


def _unpack(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_MOST_BYTES)


def _texts(content: bytes) -> dict[str, str]:
    from lxml import etree

    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableError("The document's properties declare entities, which they never need.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("The document's properties are no well-formed XML.", detail=str(error)) from error
    found: dict[str, str] = {}
    for element in root.iter("*"):
        name = etree.QName(element).localname
        if (element.text or "").strip():
            found.setdefault(name, str(element.text).strip())
        found |= {etree.QName(key).localname: str(value) for key, value in element.attrib.items() if name == "document-statistic"}
    return found


def _values(raw: dict[str, dict[str, str]]) -> dict[str, SourcedValue]:
    values: dict[str, SourcedValue] = {}
    for part, texts in raw.items():
        for field, name in _FIELDS:
            if texts.get(name) and field not in values:
                words: Any = texts[name]
                if field == "subject":
                    words = [word.strip() for word in texts[name].replace(";", ",").split(",") if word.strip()]
                values[field] = SourcedValue(words, f"office:{part}:{name}")
        for name in _COUNTS:
            if texts.get(name, "").isdigit() and int(texts[name]) > 0:
                values["pages"] = SourcedValue(int(texts[name]), f"office:{part}:{name}")
    return values
