"""The citation of an asset for reference programs: BibTeX, RIS and CSL-JSON. One function makes each from the same few statements."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from archive.errors import NotFoundError
from viewer import addresses
from viewer.media import ASK_AGAIN, attachment
from viewer.pages.page import Page, language_of
from viewer.screen import Context

_UNSAFE = re.compile(r"[{}\\]")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


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


def show(context: Context, request: Request) -> Response:
    """The citation in one format, as a file to save."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    asset = context.publications.asset(site.slug, request.path_params["asset"])
    chosen = FORMATS.get(request.path_params["format"])
    if chosen is None:
        raise NotFoundError(request.url.path)
    match = _DATE.match(asset.captured)
    _, media_type, write = chosen
    reference = Reference(
        id=asset.id,
        title=_one_line(context.screen.plain(asset.title, language)),
        creator=_one_line(asset.creator),
        date=tuple(int(part) for part in match.groups() if part) if match else (),
        container=_one_line(context.screen.plain(site.name, language)),
        ark=asset.ark,
        url=f"{context.screen.origin(request)}{addresses.ark(asset.ark)}",
        rights=_one_line(asset.rights),
    )
    name = attachment(f"{asset.id}.{request.path_params['format']}")
    return PlainTextResponse(write(reference), media_type=media_type, headers={"content-disposition": name, "cache-control": ASK_AGAIN})


def _one_line(words: str) -> str:
    return " ".join(words.split())


PAGE = Page("/{language:language}/{slug}/{asset}/citation.{format}", show)
