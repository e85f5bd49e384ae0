"""The rules behind the walk's pages: places on plans, dates, steps, what came last, what a page may spend."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from archive.publications.read import Publications
from archive.records.publication import PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Epoch, EpochSeries, Guide, GuideStep, Scene, Tour, View
from tests.archive.publications.builders import GATE, PAPER, PHOTO, SITE, SLUG, YARD
from tests.viewer.walk_site import OLD_YARD, write_long_walk, write_walk
from viewer import epochs, guides, newest, pictures, plans, walk
from viewer.pictures import Picture
from viewer.purse import Purse


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PublicSite:
    return Publications(write_walk(tmp_path_factory.mktemp("rules"))).site(SLUG)


def with_tour(site: PublicSite, **changes: object) -> PublicSite:
    assert site.tour is not None
    return replace(site, tour=replace(site.tour, **changes))  # type: ignore[arg-type]


def turned(site: PublicSite, turn: float, **changes: object) -> plans.Drawing:
    assert site.tour is not None
    (plan,) = site.tour.plans
    (drawing,) = plans.drawings(with_tour(site, plans=(replace(plan, turn=turn, **changes),)), Language.VI)  # type: ignore[arg-type]
    return drawing


@pytest.mark.parametrize(("turn", "place"), [(0.0, (50, 12)), (90.0, (98, 60)), (-90.0, (2, 60)), (180.0, (50, 108))])
def test_a_standpoint_lies_where_the_plan_says(site: PublicSite, turn: float, place: tuple[float, float]) -> None:
    gate, yard = turned(site, turn).standpoints
    assert (gate.x, gate.y) == (50, 60)
    assert (yard.x, yard.y) == pytest.approx(place)
    assert (gate.number, yard.number) == (1, 2)


def test_a_plan_shows_the_scenes_that_it_names(site: PublicSite) -> None:
    assert site.tour is not None
    yard = site.tour.scenes[1]
    drawing = turned(site, 0.0, scenes=(yard.id,))
    assert [point.scene.id for point in drawing.standpoints] == [yard.id]
    assert drawing.title == LocalText(vi="Mặt bằng", en="Ground plan")


def test_the_cone_points_where_one_looks(site: PublicSite) -> None:
    assert site.tour is not None
    gate, yard, old = site.tour.scenes
    seen = plans.drawing_of(site, yard, 10.0, Language.VI)
    assert seen is not None
    assert seen.bearing == 100.0
    assert seen.here is not None
    assert seen.here.number == 2
    north_up = with_tour(site, plans=(replace(site.tour.plans[0], turn=-90.0),))
    seen = plans.drawing_of(north_up, gate, 0.0, Language.VI)
    assert seen is not None
    assert seen.bearing == 270.0
    assert plans.drawing_of(site, old, 0.0, Language.VI) is None


def test_without_a_plan_standpoints_lie_beside_each_other_north_up(site: PublicSite) -> None:
    bare = with_tour(site, plans=())
    (drawing,) = plans.drawings(bare, Language.VI)
    gate, yard = drawing.standpoints
    assert (yard.x - gate.x, yard.y - gate.y) == (0, -12)
    assert (drawing.title, drawing.picture, drawing.north) == (None, "", 0)
    left, top, width, height = drawing.box
    assert left < gate.x < left + width
    assert top < yard.y < gate.y < top + height
    assert drawing.frame[3] > height
    metres, units = drawing.bar
    assert metres == units
    assert math.log10(metres / int(str(metres)[0])) % 1 == 0
    assert units <= width / 3
    assert plans.drawings(replace(site, tour=None), Language.VI) == []


def test_of_a_crowd_the_neighbourhood_is_drawn_and_can_be_tapped(tmp_path: Path) -> None:
    site = Publications(write_long_walk(tmp_path, 90)).site(SLUG)
    assert site.tour is not None
    drawing = plans.drawing_of(site, site.tour.scenes[45], 0.0, Language.VI)
    (whole,) = plans.drawings(site, Language.VI)
    assert drawing is not None
    assert len(drawing.standpoints) == 24
    assert drawing.box[2] < whole.box[2]
    assert all(point.reach * 2 / drawing.pixel >= 24 - 1e-9 for point in (*drawing.standpoints, *whole.standpoints))


def test_standpoints_far_apart_have_targets_for_a_finger(site: PublicSite) -> None:
    drawing = turned(site, 0.0)
    assert [round(point.reach * 2 / drawing.pixel) for point in drawing.standpoints] == [44, 44]


def test_standpoints_beside_each_other_are_drawn_a_finger_apart(site: PublicSite) -> None:
    assert site.tour is not None
    crowded = tuple(replace(scene, position=(0.1 * number, 0.0, 1.5)) for number, scene in enumerate(site.tour.scenes))
    same = tuple(replace(scene, position=(0.0, 0.0, 1.5)) for scene in site.tour.scenes)
    for scenes in (crowded, same):
        drawing = turned(with_tour(site, scenes=scenes), 0.0)
        gate, yard = drawing.standpoints
        assert math.dist((gate.x, gate.y), (yard.x, yard.y)) >= 24 * drawing.pixel
        assert gate.reach == yard.reach >= 12 * drawing.pixel


def test_descriptions_stand_at_the_nearest_of_the_four_directions(site: PublicSite) -> None:
    assert site.tour is not None
    words = tuple((name, LocalText(vi=name)) for name in ("n", "north-east", "135", "W", "nowhere"))
    scene = replace(site.tour.scenes[0], directions=words, heading=347.0)
    panorama = walk.panorama_of(site, scene)
    assert panorama is not None
    looks = walk.outlooks(site, scene, panorama)
    assert [look.name for look in looks] == ["north", "east", "south", "west"]
    assert [[key for key, _ in look.described] for look in looks] == [["n"], ["ne"], ["se"], ["w"]]
    assert [key for key, _ in walk.descriptions(scene)] == ["n", "ne", "se", "w"]
    unknown = walk.outlooks(site, replace(scene, heading=None), panorama)
    assert [look.name for look in unknown] == ["ahead", "right", "behind", "left"]
    assert not any(look.described for look in unknown)


def test_a_comparison_holds_only_what_is_public(site: PublicSite) -> None:
    yard = next(asset for asset in site.assets if asset.ark == YARD)
    (comparison,) = epochs.comparisons(site, yard, Language.VI)
    assert (comparison.form, comparison.at, len(comparison.moments)) == ("panorama", 1, 2)
    assert comparison.moments[0].href == f"/vi/{SLUG}/scene/dtold"
    assert comparison.moments[0].panorama is not None
    assert comparison.moments[0].panorama["image"] != comparison.moments[1].panorama["image"]  # type: ignore[index]
    photo = next(asset for asset in site.assets if asset.ark == PHOTO)
    assert [found.form for found in epochs.comparisons(site, photo, Language.VI)] == ["photo"]
    assert [found.id for found in epochs.all_comparisons(site, Language.VI)] == ["yard", "roof"]
    gate = next(asset for asset in site.assets if asset.ark == GATE)
    assert epochs.comparisons(site, gate, Language.VI) == []
    assert epochs.comparisons(replace(site, tour=None), gate, Language.VI) == []


def test_things_of_different_kinds_are_compared_by_links(site: PublicSite) -> None:
    mixed = with_tour(site, epochs=(EpochSeries("mixed", LocalText(vi="Khác"), (Epoch("1990", PAPER), Epoch("2026", YARD))),))
    paper = next(asset for asset in site.assets if asset.ark == PAPER)
    (comparison,) = epochs.comparisons(mixed, paper, Language.VI)
    assert comparison.form == "links"
    alone = with_tour(site, epochs=(EpochSeries("hidden", LocalText(vi="Ẩn"), (Epoch("1990", "ark:99999/dtgone"), Epoch("2026", PAPER))),))
    assert epochs.comparisons(alone, paper, Language.VI) == []
    assert epochs.all_comparisons(alone, Language.VI) == []


def test_the_scene_of_a_date_is_found_by_its_panorama(site: PublicSite) -> None:
    unnamed = with_tour(site, epochs=(EpochSeries("yard", LocalText(vi="Sân"), (Epoch("1925", OLD_YARD), Epoch("2026", YARD))),))
    (comparison,) = epochs.all_comparisons(unnamed, Language.VI)
    assert next(moment.href.rpartition("/")[2] for moment in comparison.moments) == "dtold"


def test_steps_are_numbered_without_those_that_are_not_public(site: PublicSite) -> None:
    guide, steps = guides.guides(site)[0]
    assert [step.number for step in steps] == [1, 2, 3]
    assert steps[1].title == LocalText(vi="Sân đình", en="The courtyard", th="ลานหน้าศาลาประชาคม")
    assert [spoken.foreign for spoken in guides.narrations(guide.steps[0], Language.EN)] == [False]
    assert [spoken.foreign for spoken in guides.narrations(guide.steps[0], Language.TH)] == [True, True]
    assert guides.guides(replace(site, tour=None)) == []


def test_a_walk_takes_as_long_as_its_words(site: PublicSite) -> None:
    told = GuideStep(LocalText(), LocalText(vi="a" * 8000), asset=PHOTO)
    ((_, steps),) = guides.guides(with_tour(site, guides=(Guide("long", LocalText(vi="Dài"), steps=(told,)),)))
    assert guides.minutes(steps, Language.VI) == 11
    assert steps[0].title == steps[0].asset.title


def test_stops_leave_out_older_dates_and_what_is_not_public(site: PublicSite) -> None:
    assert site.tour is not None
    assert [scene.id for scene, _ in walk.stops(site)] == [scene.id for scene in site.tour.scenes[:2]]
    assert len(walk.scenes_with_panoramas(site)) == 3
    lost = Tour(SITE, (Scene("dtx", "ark:99999/dtgone", LocalText(vi="Mất")),))
    assert walk.stops(replace(site, tour=lost)) == []
    assert walk.fragment(View(-12.5, 3.0, 70.0)) == "#v=-12.5,3,70"


def test_news_of_a_site_is_what_came_after_its_first_day(site: PublicSite) -> None:
    assert newest.added(site) == []
    later = replace(site, assets=(*site.assets, replace(site.assets[0], id="dtlater", archived="2026-05-05")))
    assert [asset.id for _, asset in newest.added(later)] == ["dtlater"]
    assert next(asset.id for _, asset in newest.assets([later])) == "dtlater"


def test_a_purse_pays_until_it_is_empty(site: PublicSite) -> None:
    purse = Purse(1000)
    picture = Picture("", "x.jpg", 1, 1, 600)
    assert purse.pays(picture)
    assert not purse.pays(picture)
    assert purse.pays(None)
    assert pictures.cover(site) is not None
