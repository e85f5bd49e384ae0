"""What a page is: an address pattern and the function that answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from archive.records.text import Language
from viewer import addresses
from viewer.screen import Context


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page. ``path`` is a Starlette pattern; ``{language:language}`` matches the languages of the screen only."""

    path: str
    show: Callable[[Context, Request], Response]


EXPORT_NAMES = {
    "manifest": "IIIF",
    "manifest4": "IIIF 4 (draft)",
    "collection": "IIIF Collection",
    "annotations": "Web Annotation",
    "oai_dc": "Dublin Core",
    "premis": "PREMIS",
}


def exports_of(names: tuple[str, ...], asset_id: str = "") -> list[tuple[str, str]]:
    """The exports of one asset ("manifest-<id>.json") or, without an id, of the whole site: (label, file name)."""
    found = []
    for name in names:
        kind, _, rest = name.rpartition(".")[0].partition("-")
        if rest == asset_id:
            found.append((EXPORT_NAMES.get(kind, kind), name))
    return found


def manifest_of(slug: str, names: tuple[str, ...], asset_id: str = "") -> str:
    """The path of the IIIF manifest of an asset, of the walk ("tour") or of the site, "" where there is none."""
    name = f"manifest-{asset_id}.json" if asset_id else "manifest.json"
    return addresses.export(slug, name) if name in names else ""


def language_of(request: Request) -> Language:
    """The language in the address."""
    return Language(request.path_params["language"])
