"""``/activity/all.json``: what changed, for whoever mirrors our manifests. IIIF Change Discovery 1.0, level 1.

https://iiif.io/api/discovery/1.0/ . One activity for each manifest, its last; what was withdrawn is a Delete, so that others let it go.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError
from archive.publications.read import Publications
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicSite, Resolution
from viewer import addresses
from viewer.discovery.catalogue import instant, is_date
from viewer.media import ASK_AGAIN
from viewer.screen import Context

PAGE = 500
"""Activities on one page."""
_CONTEXT = "http://iiif.io/api/discovery/1/context.json"
_HEADERS = {"access-control-allow-origin": "*", "cache-control": ASK_AGAIN, "vary": "Accept-Encoding"}


@dataclass(frozen=True, slots=True)
class Activity:
    """One change: "Create", "Update" or "Delete" of the document at ``path``, of IIIF type ``kind``."""

    when: str
    path: str
    name: str
    kind: str


def activities(publications: Publications) -> list[Activity]:
    """Every change that is known, the oldest first."""
    found = [activity for site in publications.sites() for activity in _shown(publications, site)]
    for site, entry in publications.entries():
        if entry.resolution is Resolution.WITHDRAWN and is_date(entry.since):
            found.append(Activity(moment(entry.since), _document(site, entry.ark), "Delete", _kind(site, entry.ark)))
    return sorted(found, key=lambda activity: (activity.when, activity.path))


def _shown(publications: Publications, site: PublicSite) -> Iterator[Activity]:
    """The documents of a site that are there now, as changed when it was published."""
    there = set(publications.exports(site.slug))
    name = "Create" if site.generation == 1 else "Update"
    for ark in (site.ark, *(asset.ark for asset in site.assets)):
        path = _document(site, ark)
        if site.published and path.rpartition("/")[2] in there:
            yield Activity(moment(site.published), path, name, _kind(site, ark))


def _document(site: PublicSite, ark: str) -> str:
    return addresses.export(site.slug, "collection.json" if ark == site.ark else f"manifest-{identifier_of(ark)}.json")


def _kind(site: PublicSite, ark: str) -> str:
    return "Collection" if ark == site.ark else "Manifest"


def moment(when: str) -> str:
    """A date of the record as xsd:dateTime in Greenwich."""
    return instant(when).astimezone(UTC).isoformat().replace("+00:00", "Z")


def collection(context: Context, request: Request) -> Response:
    """The stream: where its first and its last page are."""
    origin, found = context.screen.origin(request), activities(context.publications)
    last = max(0, (len(found) - 1) // PAGE)
    document = {
        "@context": _CONTEXT,
        "id": f"{origin}/activity/all.json",
        "type": "OrderedCollection",
        "totalItems": len(found),
        "first": _page_link(origin, 0),
        "last": _page_link(origin, last),
    }
    return _answer(document)


def page(context: Context, request: Request) -> Response:
    """One page of the stream; the first is 0."""
    origin, found, number = context.screen.origin(request), activities(context.publications), int(request.path_params["number"])
    last = max(0, (len(found) - 1) // PAGE)
    if number > last:
        raise NotFoundError("There is no such page.", advice="Begin with /activity/all.json.")
    document = {
        "@context": _CONTEXT,
        "id": _page_link(origin, number)["id"],
        "type": "OrderedCollectionPage",
        "partOf": {"id": f"{origin}/activity/all.json", "type": "OrderedCollection"},
        "startIndex": number * PAGE,
        **({"prev": _page_link(origin, number - 1)} if number else {}),
        **({"next": _page_link(origin, number + 1)} if number < last else {}),
        "orderedItems": [_item(activity, origin) for activity in found[number * PAGE : (number + 1) * PAGE]],
    }
    return _answer(document)


def _item(activity: Activity, origin: str) -> dict[str, Any]:
    return {
        "id": f"{origin}/activity/{activity.name.lower()}{activity.path}/{activity.when}",
        "type": activity.name,
        "object": {"id": origin + activity.path, "type": activity.kind},
        "endTime": activity.when,
    }


def _page_link(origin: str, number: int) -> dict[str, str]:
    return {"id": f"{origin}/activity/page-{number}.json", "type": "OrderedCollectionPage"}


def _answer(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document, ensure_ascii=False).encode(), headers=_HEADERS, media_type="application/json")
