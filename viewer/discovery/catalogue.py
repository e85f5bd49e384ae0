"""Everything that has a page of its own, from the public record alone: what maps and feeds list."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.records.publication import PublicSite
from archive.records.text import Language
from viewer import addresses, walk
from viewer.discovery.subject import Subject

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page by its address in each language, and the day it last changed ("" where that is not known)."""

    path: Callable[[Language], str]
    changed: str = ""


def pages(sites: tuple[PublicSite, ...]) -> Iterator[Listed]:
    """Every page that search engines should know: home, about, and all that is shown of each site."""
    yield Listed(addresses.home, max((site.published for site in sites), default=""))
    yield Listed(addresses.about)
    for site in sites:
        yield from _of_site(site)


def _of_site(site: PublicSite) -> Iterator[Listed]:
    below = [*_walk(site), *(asset.id for asset in site.assets)]
    yield from (Listed(_under(site, name), site.published) for name in ("", "all", *(["book"] if site.tour else []), *below))


def _walk(site: PublicSite) -> Iterator[str]:
    """Every scene, its other directions, and every step of the guided walks, as they stand below the site's address."""
    for scene, panorama in walk.scenes_with_panoramas(site):
        yield f"scene/{scene.id}"
        looks = walk.outlooks(site, scene, panorama)
        first = walk.first_outlook(looks, scene.view)
        yield from (f"scene/{scene.id}/{look.name}" for look in looks if look is not first)
    for guide in site.tour.guides if site.tour else ():
        yield f"guide/{guide.id}"
        yield from (f"guide/{guide.id}/{number}" for number in range(1, len(guide.steps) + 1))


def _under(site: PublicSite, below: str) -> Callable[[Language], str]:
    return lambda language: addresses.site(language, site.slug) + below


@dataclass(frozen=True, slots=True)
class News:
    """Something that has become public, and when ("2026-11-22" or with a time)."""

    subject: Subject
    when: str


def news(sites: tuple[PublicSite, ...]) -> list[News]:
    """What is new, the newest first: sites by the date of their first publication known, assets by the date of their archiving."""
    found = [News(Subject(site), site.published) for site in sites if site.published]
    for site in sites:
        found += [News(Subject(site, asset), asset.archived or site.published) for asset in site.assets if asset.archived or site.published]
    return sorted(found, key=lambda one: (one.when[:10], one.subject.asset is None, one.when, _name(one)), reverse=True)


def _name(one: News) -> str:
    return one.subject.site.ark if one.subject.asset is None else one.subject.asset.ark


def is_date(text: str) -> bool:
    """Whether this is a date of the record. Publications of former times hold reasons where it should be: those are not for visitors."""
    try:
        instant(text)
    except ValueError:
        return False
    return True


def instant(when: str) -> datetime:
    """The moment of a date of the record: a day without a time begins at midnight in Greenwich, a month or year with its first day.

    Raises:
        ValueError: this is no date.
    """
    day = _DAY.fullmatch(when)
    if day is not None:
        return datetime(int(day[1]), int(day[2] or 1), int(day[3] or 1), tzinfo=UTC)
    moment = datetime.fromisoformat(when)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
