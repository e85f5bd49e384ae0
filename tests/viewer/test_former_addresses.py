"""Addresses whose page is gone lead on: an id comes from an ARK, and an ARK resolves for ever."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.publications.write import closed_site, write_publication
from archive.records.identifiers import identifier_of
from archive.records.publication import Resolution
from tests.archive.publications.builders import GATE, GONE, HIDDEN, PHOTO, SITE, SLUG, YARD, small_site
from tests.viewer.builders import Visitor, visiting


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A visitor of a site whose yard was walked into once, and is a plain panorama now."""
    root = tmp_path_factory.mktemp("former")
    site, media = small_site(root / "pictures")
    assert site.tour is not None
    walk = replace(site.tour, scenes=(replace(site.tour.scenes[0], links=()),))
    write_publication(root / "publications", replace(site, tour=walk), media, {})
    with visiting(root / "publications") as visitor:
        yield visitor


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        (f"/vi/{SLUG}/scene/{identifier_of(YARD)}", f"/vi/{SLUG}/{identifier_of(YARD)}"),
        (f"/th/{SLUG}/scene/{identifier_of(YARD)}/north-east", f"/th/{SLUG}/{identifier_of(YARD)}"),
        (f"/en/{SLUG}/scene/{identifier_of(GONE)}", f"/{GONE}"),
        (f"/en/{SLUG}/{identifier_of(GONE)}", f"/{GONE}"),
        (f"/en/{SLUG}/{identifier_of(HIDDEN)}", f"/{HIDDEN}"),
    ],
)
def test_a_lost_address_leads_to_what_answers_today(guest: Visitor, path: str, leads_to: str) -> None:
    answer = guest.get(path)
    assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (303, leads_to, "no-store")
    assert guest.get(leads_to).status_code in {200, 403, 410}


@pytest.mark.parametrize(
    "path",
    [
        f"/vi/{SLUG}/scene/dt0000000000000000x",
        f"/vi/{SLUG}/{identifier_of(PHOTO)}/nowhere",
        f"/vi/{SLUG}/{identifier_of(SITE)}",
        f"/vi/elsewhere/{identifier_of(YARD)}",
        f"/vi/{SLUG}/scene/../{identifier_of(GONE)}/x",
        f"/media/{SLUG}/1/{identifier_of(GONE)}/first-view.jpg",
    ],
)
def test_what_never_was_is_not_there(guest: Visitor, path: str) -> None:
    assert guest.get(path).status_code == 404


def test_what_is_there_answers_itself(guest: Visitor) -> None:
    assert guest.get(f"/vi/{SLUG}/scene/{identifier_of(GATE)}").status_code == 200
    assert guest.get(f"/vi/{SLUG}/{identifier_of(YARD)}").status_code == 200


def test_of_a_closed_site_every_address_leads_to_its_tombstone(tmp_path: Path) -> None:
    site, media = small_site(tmp_path / "pictures")
    write_publication(tmp_path / "publications", site, media, {})
    entries = tuple(replace(entry, resolution=Resolution.WITHDRAWN, path="") for entry in site.resolver)
    write_publication(tmp_path / "publications", replace(closed_site(site), resolver=entries), {}, {})
    with visiting(tmp_path / "publications") as visitor:
        for path in (f"/vi/{SLUG}/{identifier_of(GATE)}", f"/vi/{SLUG}/scene/{identifier_of(YARD)}/north"):
            ark = GATE if path.endswith(identifier_of(GATE)) else YARD
            assert visitor.get(path).headers["location"] == f"/{ark}"
            assert visitor.get(f"/{ark}").status_code == 410
        assert visitor.get(f"/vi/{SLUG}/scene/dt0000000000000000x").status_code == 404
