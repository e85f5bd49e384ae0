"""Freezes a site: plans, writes beside, checks every link, and only then puts the copy in its place."""

import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.errors import DamageError, NotFoundError
from archive.publications.read import CURRENT, PLACEHOLDER_BASE, Publications, current_generation, is_open
from archive.records.publication import PublicSite
from archive.records.text import Language
from viewer import pictures
from viewer.app import create_app
from viewer.freeze import hosting
from viewer.freeze.asking import Answer, Asker
from viewer.freeze.folder import Folder, begin, require_free, require_room
from viewer.freeze.links import broken_links
from viewer.freeze.naming import Naming
from viewer.freeze.plan import Item, Means, Plan, level0, plan
from viewer.freeze.rewriting import Edition, rewrite
from viewer.freeze.search import SEARCH_INDEX, place_of_index, search_index, with_search
from viewer.languages import load_catalogues
from viewer.screen import STATIC

CDN, USB = "cdn", "usb"
_MOST_BROKEN = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. ``form`` is "cdn" or "usb"; ``address`` is where the copy will stand, "" where nobody knows."""

    publications: Path
    slug: str
    target: Path
    form: str = CDN
    address: str = ""
    replace: bool = False
    static: Path = STATIC


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a freeze made, or would make: number of files, bytes, seconds, pages and addresses that answer nothing."""

    site: str
    generation: int
    form: str
    folder: str
    files: int
    octets: int
    seconds: float
    pages: int
    missing: tuple[tuple[str, str], ...] = ()


Progress = Callable[[str, int, int], None]
"""Told the stage ("pages", "files", "links"), how much is done, and of how much (0: not known)."""


def freeze(wish: Wish, progress: Progress = lambda *_: None) -> Outcome:
    """Write the copy.

    Raises:
        NotFoundError: nothing is published under that name.
        ConflictError: the folder holds something else.
        StorageError: too little room.
        DamageError: a link of the copy leads to nothing; nothing was put in place.
    """
    began = time.monotonic()
    require_free(wish.target, replace=wish.replace)
    with _prepared(wish, progress) as (means, made):
        _refuse_missing(made)
        require_room(wish.target, made.octets)
        folder = begin(wish.target, replace=wish.replace)
        try:
            _write(means, made, folder, progress)
            _write_beside(means, made, folder, wish)
            _refuse_broken(folder, progress)
            if wish.form == CDN:
                folder.press()
            octets = folder.finish(_described(means.site, wish))
        except BaseException:
            folder.discard()
            raise
        pages = sum(item.kind == "page" for item in made.items)
        seconds = time.monotonic() - began
        return Outcome(wish.slug, means.site.generation, wish.form, str(wish.target), len(folder.listed) + 1, octets, seconds, pages)


def preview(wish: Wish, progress: Progress = lambda *_: None) -> Outcome:
    """What the copy would hold and about how long it takes; nothing is written."""
    began = time.monotonic()
    require_free(wish.target, replace=wish.replace)
    with _prepared(wish, progress) as (means, made):
        pages = sum(item.kind == "page" for item in made.items)
        took = time.monotonic() - began
        seconds = took * 2 + len(made.items) * 0.0015 + made.octets / 40e6
        return Outcome(
            wish.slug, means.site.generation, wish.form, str(wish.target), made.count, made.octets, seconds, pages, tuple(made.missing)
        )


@contextmanager
def _prepared(wish: Wish, progress: Progress) -> Iterator[tuple[Means, Plan]]:
    """The application over this one site, and everything that it leads to. The generation is held still meanwhile."""
    real = wish.publications / wish.slug
    generation = current_generation(real)
    if not generation:
        raise _unpublished(wish.slug)
    base = wish.address.rstrip("/") or PLACEHOLDER_BASE
    with tempfile.TemporaryDirectory(prefix="ditich-freeze-") as scratch:
        only = Path(scratch) / wish.slug
        only.mkdir()
        (only / CURRENT).write_text(str(generation), encoding="ascii")
        (only / str(generation)).symlink_to((real / str(generation)).absolute(), target_is_directory=True)
        publications = Publications(Path(scratch))
        site = publications.sites()[0] if publications.sites() else None
        if site is None or not is_open(site):
            raise _unpublished(wish.slug)
        edition = Edition(Naming.of(site), base, public=bool(wish.address), explicit=wish.form == USB)
        app = create_app(Path(scratch), static=wish.static, public_address=base)
        with Asker(app, base) as asker:
            means = Means(asker, publications, site, edition, wish.static, only / str(generation))
            yield means, plan(means, lambda done: progress("pages", done, 0))


def _unpublished(slug: str) -> NotFoundError:
    return NotFoundError(f"Nothing is published under “{slug}”.", advice="Run: ditich publish", code="not-published", values={"slug": slug})


def _refuse_missing(made: Plan) -> None:
    """A link of the live pages that leads to nothing would lead to nothing here too."""
    if made.missing:
        lines = [f"{address} (from {came_from or 'the list of what belongs here'})" for address, came_from in made.missing[:_MOST_BROKEN]]
        raise _broken("; ".join(lines), len(made.missing))


def _refuse_broken(folder: Folder, progress: Progress) -> None:
    progress("links", 0, 1)
    broken = broken_links(folder.part)
    progress("links", 1, 1)
    if broken:
        lines = [f"{one.link} (in {one.file})" for one in broken[:_MOST_BROKEN]]
        raise _broken("; ".join(lines), len(broken))


def _broken(lines: str, count: int) -> DamageError:
    return DamageError(
        f"{count} links lead to nothing: {lines}.",
        advice="Nothing was put in place. Publish the site again; if it stays, report it as a fault of Ditich.",
        code="broken-links",
        values={"count": count, "lines": lines},
    )


def _write(means: Means, made: Plan, folder: Folder, progress: Progress) -> None:
    for number, item in enumerate(made.items):
        progress("files", number, len(made.items))
        content = _content(means, item)
        for file in item.files:
            folder.write(file, content)
    progress("files", len(made.items), len(made.items))


def _content(means: Means, item: Item) -> bytes:
    if item.kind == "info":
        return level0(means, item.address)
    answer = means.asker.ask(item.address, item.language)
    if answer.status not in {200, 403, 410}:
        raise _broken(f"{item.address} ({answer.status})", 1)
    if item.kind == "page":
        return _page(means, item, answer)
    if item.address.endswith("/offline.json"):
        return _kept_here(answer.body, means.edition)
    return in_full(answer.body, means.edition) if item.kind == "text" and not item.address.endswith(".js") else answer.body


def _page(means: Means, item: Item, answer: Answer) -> bytes:
    """A page with relative addresses; it carries its own policy, except where a memory stick has no server that the policy could name."""
    policy = answer.headers.get("content-security-policy", "")
    head = "" if means.edition.explicit else f'\n<meta http-equiv="Content-Security-Policy" content="{_for_a_page(policy)}">'
    text = rewrite(answer.body.decode(), item.files[0], means.edition, head).text
    if item.address.endswith("/search"):
        text = with_search(text, item.files[0], means)
    return text.encode()


def _for_a_page(policy: str) -> str:
    """What a policy may say inside a page: framing is for the server to say (CSP 3, section 3.3)."""
    return "; ".join(part for part in policy.split("; ") if not part.startswith(("frame-ancestors", "sandbox", "report-")))


def in_full(body: bytes, edition: Edition) -> bytes:
    """A manifest, record or feed whose absolute addresses name the files of this copy."""
    text = body.decode("utf-8", "surrogateescape")
    pattern = re.compile(re.escape(edition.base) + r"(/[^\s\"'<>\\{}]*)")
    return pattern.sub(lambda found: edition.absolute(found[1]) if found[1] != "/" else f"{edition.base}/", text).encode(
        "utf-8", "surrogateescape"
    )


def _kept_here(body: bytes, edition: Edition) -> bytes:
    """The list of what a phone keeps, by the names that the files have in this copy."""
    said = json.loads(body)
    said["home"] = _from_root(said["home"], edition)
    said["files"] = [[_from_root(address, edition), octets, form] for address, octets, form in said["files"]]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _from_root(address: str, edition: Edition) -> str:
    bare, mark, query = address.partition("?")
    return quote(edition.naming.file_of(f"/{bare}").removesuffix("index.html"), safe="/,~") + mark + query


def _write_beside(means: Means, made: Plan, folder: Folder, wish: Wish) -> None:
    """Choosers of languages, redirects, the search index, and what servers or a stick need."""
    edition, explicit = means.edition, means.edition.explicit
    for address, leads in made.choosers.items():
        at = edition.naming.file_of(address)
        places = {code: edition.naming.file_of(target) for code, target in leads.items()}
        front = _front(means, leads) if address == "/" else hosting.Front()
        title = _name(means.site) if address == "/" else address.strip("/")
        folder.write(at, hosting.chooser(at, places, title, explicit=explicit, front=front).encode())
    for address, target in made.redirects.items():
        at = edition.naming.file_of(address)
        if at not in folder.listed:
            folder.write(at, hosting.moved(at, edition.naming.file_of(target), explicit=explicit).encode())
    folder.write("static/choose.js", hosting.script("choose.js"))
    for language in Language:
        folder.write(place_of_index(language), search_index(means, language))
    if explicit:
        folder.write("static/start.js", hosting.script("start.js"))
        others = hosting.stick_files()
    else:
        folder.write("404.html", hosting.lost_page(wish.address.rstrip("/")).encode())
        others = {name: text.encode() for name, text in hosting.server_notes().items()}
    for name, content in others.items():
        folder.write(name, content)


def _front(means: Means, leads: Mapping[str, str]) -> hosting.Front:
    """The first page shows the site, and on a stick says how everything of it opens."""
    cover = pictures.cover(means.site)
    notes = {code: load_catalogues()[Language(code)]("freeze.stick") for code in leads} if means.edition.explicit else None
    return hosting.Front(means.edition.naming.file_of(cover.jpeg) if cover and cover.jpeg else "", notes)


def _name(site: PublicSite) -> str:
    best = site.name.best(Language.VI)
    return best[0] if best else site.slug


def _described(site: PublicSite, wish: Wish) -> dict[str, Any]:
    """What the list of a copy says of it, so that it can be found again when something is withdrawn."""
    return {
        "site": site.ark,
        "slug": site.slug,
        "generation": site.generation,
        "published": site.published,
        "frozen": datetime.now(UTC).isoformat(timespec="seconds"),
        "form": wish.form,
        "address": wish.address,
        "assets": [asset.ark for asset in site.assets],
    }


__all__ = ["SEARCH_INDEX", "Outcome", "Wish", "freeze", "preview"]
