"""Text, and what its first words make of it: XMP sidecars, SVG, HTML, XML, JSON, tables, Markdown; else plain text."""

import json
import re

from pipeline.identify.format import Format, Recognised, Sample

_JSON_AT_MOST = 8 * 1024 * 1024
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_XMP = re.compile(r"<\?xpacket\s+begin|<(?:x:)?x[am]pmeta\b|<rdf:RDF\b[^>]*>\s*<rdf:Description\b[^>]*ns\.adobe\.com", re.DOTALL)
_TABLE_ENDINGS = {"csv", "tsv"}


def recognise(sample: Sample) -> Recognised | None:
    """Whatever decodes as text without control characters."""
    text = sample.text
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _markup(start)
    if start.startswith(("{", "[")) and _is_json(sample):
        return Recognised("json", "parses as JSON" if sample.size <= _JSON_AT_MOST else "starts as JSON")
    columns = _columns(sample)
    if columns:
        return Recognised(columns[0], columns[1])
    if sample.ending in {"md", "markdown"}:
        return Recognised("markdown", "text and the ending .md")
    return Recognised("text", f"decodes as {_encoding(sample)}", _encoding(sample))


def _markup(start: str) -> Recognised:
    if _XMP.search(start[:8192]):
        return Recognised("xmp", "XML with an XMP packet or an xmpmeta root")
    root = _ROOT.search(start[:16384])
    name = root[1] if root else ""
    if name.lower() == "svg":
        return Recognised("svg", "XML root svg")
    if name.lower() in {"html", "head", "body"} or (start[:9].lower() == "<!doctype" and "html" in start[:40].lower()):
        return Recognised("html", "root html")
    return Recognised("xml", f"XML root {name}") if name else Recognised("text", "begins with < but has no element")


def _is_json(sample: Sample) -> bool:
    if sample.size > _JSON_AT_MOST:
        return sample.ending in {"json", "geojson"}
    try:
        json.loads(sample.at(0, _JSON_AT_MOST).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True


def _columns(sample: Sample) -> tuple[str, str] | None:
    """A table: the same separator as often on every line. Without the ending it takes three lines of three columns."""
    lines = [line for line in sample.lines[:20] if line.strip()]
    for separator, name in (("\t", "tsv"), (",", "csv"), (";", "csv"), ("|", "csv")):
        counts = {line.count(separator) for line in lines}
        most = max(counts, default=0)
        regular = len(counts) == 1 and most >= 2 and len(lines) >= 3
        if most and (regular or (sample.ending in _TABLE_ENDINGS and lines[0].count(separator))):
            return name, f"lines of {most + 1} columns separated by {separator!r}"
    return ("csv", "text and the ending .csv") if sample.ending in _TABLE_ENDINGS else None


def _encoding(sample: Sample) -> str:
    if sample.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        sample.head[:-4].decode("utf-8") if len(sample.head) < sample.size else sample.head.decode("utf-8")
    except UnicodeDecodeError as error:
        return "UTF-8" if error.end >= len(sample.head) - 8 and len(sample.head) < sample.size else "8-bit text"
    return "UTF-8"


FORMAT = Format(
    {
        "xmp": ("application/rdf+xml", "Extensible Metadata Platform"),
        "svg": ("image/svg+xml", "Scalable Vector"),
        "html": ("text/html", "Hypertext|HTML"),
        "xml": ("application/xml", "Extensible Markup|XML"),
        "json": ("application/json", "JSON|GeoJSON"),
        "csv": ("text/csv", "Comma Separated"),
        "tsv": ("text/tab-separated-values", "Tab.Separated"),
        "markdown": ("text/markdown", "Markdown"),
        "text": ("text/plain", "Plain Text"),
    },
    recognise,
)
