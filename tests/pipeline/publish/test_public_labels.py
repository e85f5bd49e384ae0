"""Where printed signs lead: to what is public now, whatever became of the tour since; words of what is hidden stay in the archive."""

from dataclasses import replace

import pytest

from archive.records.access import AccessLevel
from archive.records.asset import AssetKind
from archive.records.identifiers import identifier_of
from archive.records.label import Label, LabelPlace
from archive.records.publication import PublicSite
from archive.records.text import LocalText
from archive.records.tour import Scene, Tour
from pipeline.publish.labels import public_labels
from tests.pipeline.publish.tour_builders import SITE, closed, composed, named

GATE, ROOF = named(1, "gate.jpg"), named(2, "roof.jpg", AssetKind.PHOTO)
HIDDEN = named(3, "edict.jpg", AssetKind.PHOTO, closed(AccessLevel.RESTRICTED))
WORDS, STORY = LocalText(vi="Sắc phong"), LocalText(vi="Đã dời.")
SIGNS = tuple(
    Label(f"code{number}", ark, place, WORDS, "2026-11-23")
    for number, (ark, place) in enumerate(
        ((SITE.ark, LabelPlace.SITE), (GATE.ark, LabelPlace.SCENE), (ROOF.ark, LabelPlace.ASSET), (HIDDEN.ark, LabelPlace.ASSET))
    )
)


@pytest.fixture(scope="module")
def shown() -> PublicSite:
    tour = Tour(SITE.ark, (Scene(identifier_of(GATE.ark), GATE.ark, LocalText(vi="Cổng")),))
    return composed(tour, GATE, ROOF, HIDDEN).site


def test_every_sign_leads_to_its_page(shown: PublicSite) -> None:
    found = public_labels(SIGNS, SITE, shown.assets, shown.tour)
    gate = identifier_of(GATE.ark)
    assert [label.path for label in found] == [f"{SITE.slug}/", f"{SITE.slug}/scene/{gate}", f"{SITE.slug}/{identifier_of(ROOF.ark)}", ""]
    assert [label.title for label in found] == [WORDS, WORDS, WORDS, LocalText()]


@pytest.mark.parametrize("tour", [None, Tour(SITE.ark, ())])
def test_a_standpoint_that_left_the_tour_is_shown_as_the_panorama_that_it_was(shown: PublicSite, tour: Tour | None) -> None:
    assert public_labels(SIGNS, SITE, shown.assets, tour)[1].path == f"{SITE.slug}/{identifier_of(GATE.ark)}"


def test_a_retired_sign_brings_its_story_and_no_way(shown: PublicSite) -> None:
    retired = [replace(sign, retired="2027-01-01", story=STORY) for sign in SIGNS]
    found = public_labels(retired, SITE, shown.assets, shown.tour)
    assert {(label.path, label.story, label.title) for label in found} == {("", STORY, WORDS)}
    unfinished = public_labels([replace(SIGNS[0], story=STORY)], SITE, shown.assets, shown.tour)
    assert unfinished[0].story == LocalText()


def test_signs_of_a_closed_site_keep_their_codes_and_nothing_else(shown: PublicSite) -> None:
    site = replace(SITE, access=closed(AccessLevel.RESTRICTED))
    found = public_labels(SIGNS, site, shown.assets, shown.tour)
    assert [label.code for label in found] == [sign.code for sign in SIGNS]
    assert {(label.path, label.title) for label in found} == {("", LocalText())}
