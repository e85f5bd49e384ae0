"""Citations for reference programs: BibTeX, RIS and CSL-JSON. One function makes each from the same few statements."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

_UNSAFE = re.compile(r"[{}\\]")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a citation states. ``date``: (year), (year, month) or (year, month, day); empty where it is not known."""

    id: str
    title: str
    creator: str
    date: tuple[int, ...]
    container: str
    ark: str
    url: str
    rights: str


def bibtex(reference: Reference) -> str:
    """A ``@misc`` entry. Braces and backslashes of the words are left out: they would end the field."""
    fields = {
        "title": reference.title,
        "author": reference.creator,
        "year": str(reference.date[0]) if reference.date else "",
        "howpublished": reference.container,
        "publisher": "Ditich",
        "note": "; ".join(part for part in (reference.ark, reference.rights) if part),
        "url": reference.url,
    }
    lines = [f"  {name} = {{{{{_UNSAFE.sub('', value)}}}}}," for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{reference.id},", *lines, "}", ""))


def ris(reference: Reference) -> str:
    """One record; a tag a line, as the format asks."""
    year, month, day = (*map(str, reference.date), "", "", "")[:3]
    lines = [
        ("TY", "GEN"),
        ("ID", reference.id),
        ("TI", reference.title),
        ("AU", reference.creator),
        ("PY", year),
        ("DA", f"{year}/{month.zfill(2) if month else ''}/{day.zfill(2) if day else ''}/" if year else ""),
        ("T2", reference.container),
        ("PB", "Ditich"),
        ("AN", reference.ark),
        ("C1", reference.rights),
        ("UR", reference.url),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def csl(reference: Reference) -> str:
    """CSL-JSON 1.0.2, a list of one item."""
    item = {
        "id": reference.id,
        "type": "graphic",
        "title": reference.title,
        "author": [{"literal": reference.creator}] if reference.creator else None,
        "issued": {"date-parts": [list(reference.date)]} if reference.date else None,
        "container-title": reference.container,
        "publisher": "Ditich",
        "archive_location": reference.ark,
        "note": reference.rights or None,
        "URL": reference.url,
    }
    return json.dumps([{name: value for name, value in item.items() if value is not None}], ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, tuple[str, str, Callable[[Reference], str]]] = {
    "bib": ("BibTeX", "application/x-bibtex", bibtex),
    "ris": ("RIS", "application/x-research-info-systems", ris),
    "json": ("CSL-JSON", "application/vnd.citationstyles.csl+json", csl),
}
