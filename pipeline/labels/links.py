"""Follows what was promised: every sign ever issued and every ARK ever given, in the publications on disk or on a server."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from archive.access import list_objects, record_kind
from archive.errors import UsageError
from archive.home import Home
from archive.publications.read import Publications, is_open
from archive.records.label import Label
from archive.records.publication import PublicLabel, PublicSite
from pipeline.labels.register import read_register
from pipeline.site_archive import archived_sites

_PATIENCE = 15
_AT_ONCE = 4
_HERE, _GONE, _SERVER_FAULT = range(200, 300), frozenset({403, 410}), 500
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that the archive ever promised: its signs, and the ARKs of sites, assets and deposits."""

    labels: tuple[Label, ...]
    arks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A promise that is not kept. ``why``: "unknown", "page", "story", "moved", "status", "hidden"."""

    address: str
    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What was found: how many signs and names were followed, which lead to nothing, which are not published yet, who did not answer."""

    signs: int
    names: int
    broken: tuple[Fault, ...] = ()
    unpublished: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    hidden: tuple[Fault, ...] = ()
    """signs that hang, and what they lead to is withdrawn or not public"""


def everything_given(home: Home) -> Given:
    """All signs and all ARKs of the archive."""
    labels = tuple(label for site in archived_sites(home) for label in read_register(home, site.ark).labels)
    arks = tuple(sorted(name for name in list_objects(home) if name.startswith("ark:") and record_kind(home, name) != "ledger"))
    return Given(labels, arks)


def check_publications(given: Given, folder: Path) -> LinkReport:
    """Follow everything in the publications on disk. A name that no publication knows yet is counted apart: it was never shown."""
    publications = Publications(folder)
    faults = [fault for label in given.labels if (fault := _sign_on_disk(publications, label)) is not None]
    broken = [fault for fault in faults if fault.why != "hidden"]
    hidden = tuple(fault for fault in faults if fault.why == "hidden")
    unpublished = []
    for ark in given.arks:
        found = publications.resolve(ark)
        if found is None:
            unpublished.append(ark)
        elif found[1].path and not _is_there(publications, found[0], found[1].path):
            broken.append(Fault(ark, "page", found[1].path))
    return LinkReport(len(given.labels), len(given.arks), tuple(broken), tuple(unpublished), hidden=hidden)


def _sign_on_disk(publications: Publications, label: Label) -> Fault | None:
    address = f"/q/{label.code}"
    found = publications.label(label.code)
    if found is None:
        return Fault(address, "unknown", label.ark)
    return _kept(publications, label, *found)


def _kept(publications: Publications, label: Label, site: PublicSite, public: PublicLabel) -> Fault | None:
    address = f"/q/{label.code}"
    if label.retired and not public.retired:
        return Fault(address, "story", label.retired)
    if not label.retired and not (public.path and is_open(site)):
        return Fault(address, "hidden", public.withdrawn)
    if public.path and not _is_there(publications, site, public.path):
        return Fault(address, "page", public.path)
    return None


def _is_there(publications: Publications, site: PublicSite, path: str) -> bool:
    """Whether a page of that path exists: the site's, a scene's, an asset's."""
    slug, _, rest = path.strip("/").partition("/")
    if slug != site.slug or not is_open(site):
        return False
    kind, _, scene = rest.partition("/")
    if kind == "scene":
        return site.tour is not None and any(one.id == scene for one in site.tour.scenes)
    return not rest or any(asset.id == rest for asset in publications.site(slug).assets)


class _Staying(HTTPRedirectHandler):
    """Answers a redirect instead of following it."""

    def redirect_request(self, *_: object) -> None:
        return None


def check_live(given: Given, address: str, progress: Callable[[float, float], None]) -> LinkReport:
    """Ask a server for everything, four at a time.

    Raises:
        UsageError: that is no address.
    """
    if not address.startswith(("https://", "http://")):
        advice = "An address begins with https://"
        raise UsageError(f"“{address}” is not an address.", advice=advice, code="not-an-address", values={"address": address})
    wanted = [(f"/q/{label.code}", bool(label.retired)) for label in given.labels] + [(f"/{ark}", False) for ark in given.arks]
    broken: list[Fault] = []
    unanswered: list[str] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number, (path, fault) in enumerate(pool.map(lambda one: (one[0], _live(address, *one)), wanted), 1):
            progress(number, len(wanted))
            if fault is not None and fault.why == "no-answer":
                unanswered.append(path)
            elif fault is not None:
                broken.append(fault)
    hidden = tuple(fault for fault in broken if fault.why == "hidden")
    broken = [fault for fault in broken if fault.why != "hidden"]
    return LinkReport(len(given.labels), len(given.arks), tuple(broken), (), tuple(unanswered), hidden)


def _live(base: str, path: str, retired: bool) -> Fault | None:  # noqa: FBT001 - a pair of a list
    """What is wrong with one address of the server; None where it leads somewhere."""
    try:
        status, target = _ask(base + path)
        if retired:
            return None if status in _GONE else Fault(path, "story", str(status))
        if status in _REDIRECTS and target:
            status, _ = _ask(_absolute(base, target))
            return None if status in _HERE else Fault(path, "page", f"{target} {status}")
        if path.startswith("/q/") and status in _GONE:
            return Fault(path, "hidden", "")
        return None if status in _HERE or status in _GONE else Fault(path, "status", str(status))
    except (URLError, OSError, ValueError) as error:
        return Fault(path, "no-answer", str(error))


def _ask(address: str) -> tuple[int, str]:
    """Status, and where it redirects to."""
    request = Request(address, headers={"User-Agent": "ditich-links"})  # noqa: S310 - its scheme was looked at
    try:
        with build_opener(_Staying).open(request, timeout=_PATIENCE) as answer:
            return answer.status, ""
    except HTTPError as error:
        with error:
            return error.code, error.headers.get("location", "")


def _absolute(base: str, target: str) -> str:
    from urllib.parse import urljoin

    return urljoin(f"{base}/", target)
