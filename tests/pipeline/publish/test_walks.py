"""Plans, guided walks and dates: what is public of them, and nothing that tells of what is not."""

import unicodedata
from dataclasses import replace

import pytest

from archive.publications.search_index import entries_of
from archive.records.access import AccessDecision, AccessLevel
from archive.records.asset import AssetKind, GeoPosition, SourcedValue
from archive.records.derivative import MediaRole
from archive.records.identifiers import identifier_of
from archive.records.serialise import to_json
from archive.records.text import Language, LocalText
from archive.records.tour import Epoch, EpochSeries, Guide, GuideStep, Narration, Plan, Scene, SceneLink, Tour
from tests.pipeline.publish.publish_builders import REDUCED, RESTRICTED
from tests.pipeline.publish.tour_builders import SITE, closed, composed, named
from tests.pipeline.site_definition.folder_builders import CAPTIONS, DRAWING, wav

GATE, YARD, EDICT = named(1, "gate.jpg"), named(2, "yard.jpg"), named(3, "sac-phong.jpg", AssetKind.PHOTO)
FILES = {
    "plan.svg": DRAWING.encode(),
    "narration/vi/cong.wav": wav(),
    "narration/vi/cong.vtt": CAPTIONS.encode(),
    "narration/vi/tho.wav": wav(),
    "narration/vi/tho.vtt": CAPTIONS.encode(),
}


def words(text: str) -> LocalText:
    return LocalText(vi=text)


def plan(**changes: object) -> Plan:
    made = Plan("p", words("Mặt bằng"), "plan.svg", (0, 0, 10, 20), (0, 0), 1.0, access=AccessLevel.PUBLIC)
    return replace(made, **changes)  # type: ignore[arg-type]


def scene(name: str, x: float | None, **changes: object) -> Scene:
    position = None if x is None else (x, 0.0, 1.6)
    made = Scene(f"file:{name}", f"file:{name}", words(name), position=position, position_source="tour.toml" if position else "")
    return replace(made, heading=0.0, **changes)  # type: ignore[arg-type]


def step(name: str, title: str, narration: str = "", **changes: object) -> GuideStep:
    told = (Narration(Language.VI, f"narration/vi/{narration}.wav", f"narration/vi/{narration}.vtt"),) if narration else ()
    return replace(GuideStep(words(title), asset=f"file:{name}", narrations=told), **changes)  # type: ignore[arg-type]


WALK = (scene("gate.jpg", 0.0), scene("yard.jpg", 10.0))


def test_a_public_plan_shows_the_standpoints_drawn_in_its_frame() -> None:
    made = composed(Tour("", WALK, plans=(plan(),)), GATE, YARD, files=FILES)
    assert made.site.tour is not None
    (shown,) = made.site.tour.plans
    assert shown.scenes == (identifier_of(GATE.ark), identifier_of(YARD.ark))
    assert [(file.role, file.name, file.media_type) for file in made.site.files] == [(MediaRole.PLAN, "plan.svg", "image/svg+xml")]
    assert made.files["plan.svg"].startswith(b"<svg")


@pytest.mark.parametrize(
    "tour",
    [
        Tour("", WALK, plans=(plan(access=AccessLevel.RESTRICTED),)),
        Tour("", WALK, plans=(plan(access=AccessLevel.REDUCED),)),
        Tour("", WALK, plans=(plan(file="gone.svg"),)),
        Tour("", WALK, plans=(plan(scenes=("file:sac-phong.jpg", "file:unknown.jpg")),)),
        Tour("", (scene("gate.jpg", None), scene("yard.jpg", None)), plans=(plan(),)),
    ],
)
def test_a_plan_that_is_not_public_or_shows_nothing_public_is_not_there(tour: Tour) -> None:
    made = composed(tour, GATE, YARD, replace(EDICT, access=RESTRICTED), files=FILES)
    assert made.site.tour is not None
    assert (made.site.tour.plans, made.site.files, made.files) == ((), (), {})


def test_standpoints_in_another_frame_are_not_drawn_on_the_plan() -> None:
    placed = [replace(named(number, f"p{number}.jpg"), position=GeoPosition(16, 108 + number / 1e4)) for number in (4, 5)]
    made = composed(Tour("", (scene("gate.jpg", 0.0),), plans=(plan(),)), GATE, *placed, files=FILES)
    assert made.site.tour is not None
    assert {found.position_source for found in made.site.tour.scenes} == {"gps", ""}
    assert made.site.tour.plans == ()


def guide(*steps: GuideStep, name: str = "g") -> Guide:
    return Guide(name, words("Lối tham quan"), words("Tóm tắt"), steps)


def test_steps_lead_to_scenes_and_assets_with_their_narration() -> None:
    steps = (
        step("", "Cổng", "cong", scene="file:gate.jpg", asset=""),
        step("sac-phong.jpg", "Sắc phong", "gone"),
        step("unknown.jpg", "?"),
    )
    made = composed(Tour("", WALK, guides=(guide(*steps),)), GATE, YARD, EDICT, files=FILES)
    assert made.site.tour is not None
    (shown,) = made.site.tour.guides
    first, second = shown.steps
    assert (first.scene, first.asset) == (identifier_of(GATE.ark), "")
    assert first.narrations == (Narration(Language.VI, "narration/vi/cong.wav", "narration/vi/cong.vtt", 0.5),)
    assert (second.scene, second.asset, second.narrations) == ("", EDICT.ark, ())
    assert [file.name for file in made.site.files] == ["narration/vi/cong.vtt", "narration/vi/cong.wav"]


@pytest.mark.parametrize("access", [RESTRICTED, REDUCED])
def test_a_step_about_something_that_is_kept_back_leaves_no_trace(access: AccessDecision) -> None:
    told = guide(step("sac-phong.jpg", "Hòm sắc phong sau khám", "tho"), name="kin")
    mixed = guide(step("sac-phong.jpg", "Hòm sắc phong sau khám", "tho"), step("gate.jpg", "Cổng"))
    made = composed(Tour("", WALK, guides=(told, mixed)), GATE, YARD, replace(EDICT, access=access, title=words("Sắc")), files=FILES)
    assert made.site.tour is not None
    assert [(shown.id, len(shown.steps)) for shown in made.site.tour.guides] == [("g", 1)]
    assert "sau khám" not in to_json(made.site).decode()
    assert "narration/vi/tho" not in to_json(made.site).decode()
    assert made.files == {}
    assert not any("sau khám" in str(entry) for entry in entries_of(made.site))


def test_a_scene_that_is_no_panorama_is_no_step() -> None:
    made = composed(Tour("", WALK, guides=(guide(step("", "x", scene="file:sac-phong.jpg", asset="")),)), GATE, EDICT)
    assert made.site.tour is not None
    assert made.site.tour.guides == ()


def series(*names: str, name: str = "e") -> EpochSeries:
    return EpochSeries(
        name, words("Xưa nay"), tuple(Epoch(str(1990 + n), f"file:{each}", note=words(each)) for n, each in enumerate(names))
    )


BEFORE = named(6, "yard-1990.jpg")


def test_the_older_panorama_is_a_scene_and_no_stop() -> None:
    walk = (scene("gate.jpg", 0.0, links=(SceneLink("file:yard-1990.jpg", 5.0), SceneLink("file:yard.jpg", 6.0))), scene("yard.jpg", 10.0))
    older = replace(BEFORE, facts={"heading": SourcedValue(90.0, "xmp:GPano")})
    made = composed(Tour("", walk, epochs=(series("yard-1990.jpg", "yard.jpg"),)), GATE, YARD, older)
    tour = made.site.tour
    assert tour is not None
    gate, yard, before = tour.scenes
    assert [found.id for found in tour.stops] == [gate.id, yard.id]
    assert before.id == identifier_of(BEFORE.ark)
    assert [(link.to, link.yaw) for link in gate.links] == [(yard.id, 6.0)]
    assert [(link.to, link.yaw) for link in yard.links] == [(gate.id, -90.0)]
    assert [(link.to, link.yaw) for link in before.links] == [(gate.id, -180.0)], (
        "it looks east: the same way lies elsewhere in its picture"
    )
    assert before.position == yard.position
    (shown,) = tour.epochs
    assert [(epoch.asset, epoch.scene) for epoch in shown.epochs] == [(BEFORE.ark, before.id), (YARD.ark, yard.id)]


def test_without_headings_the_ways_of_the_past_are_listed_and_not_pointed_at() -> None:
    made = composed(Tour("", WALK, epochs=(series("yard-1990.jpg", "yard.jpg"),)), GATE, YARD, BEFORE)
    assert made.site.tour is not None
    before = made.site.tour.scenes[-1]
    assert [link.direction_known for link in before.links] == [False]


def test_ways_that_somebody_has_drawn_in_the_past_are_kept_and_lead_to_today() -> None:
    after = named(7, "gate-1990.jpg")
    drawn = scene("yard-1990.jpg", 3.0, links=(SceneLink("file:gate-1990.jpg", 44.0), SceneLink("file:yard.jpg", 1.0)))
    dates = (series("yard-1990.jpg", "yard.jpg"), series("gate-1990.jpg", "gate.jpg", name="f"))
    made = composed(Tour("", (*WALK, drawn), epochs=dates), GATE, YARD, BEFORE, after)
    assert made.site.tour is not None
    past = next(found for found in made.site.tour.scenes if found.id == identifier_of(BEFORE.ark))
    assert [(link.to, link.yaw) for link in past.links] == [(identifier_of(GATE.ark), 44.0)]
    assert past.position == (3.0, 0.0, 1.6)
    assert len(made.site.tour.stops) == 2


def test_series_that_follow_or_contradict_one_another_leave_a_walk() -> None:
    dates = (series("yard-1990.jpg", "yard.jpg"), series("yard.jpg", "gate.jpg", name="f"))
    followed = composed(Tour("", WALK, epochs=dates), GATE, YARD, BEFORE).site.tour
    assert followed is not None
    assert [found.id for found in followed.stops] == [identifier_of(GATE.ark)]
    dates = (series("yard.jpg", "gate.jpg"), series("gate.jpg", "yard.jpg", name="f"))
    against = composed(Tour("", WALK, epochs=dates), GATE, YARD).site.tour
    assert against is not None
    assert len(against.scenes) == 2


@pytest.mark.parametrize("access", [RESTRICTED, REDUCED])
def test_a_date_that_is_not_public_disappears_and_with_it_a_comparison_of_one(access: AccessDecision) -> None:
    hidden = replace(BEFORE, access=access)
    dates = (
        series("yard-1990.jpg", "yard.jpg"),
        series("yard-1990.jpg", "gate.jpg", "yard.jpg", name="f"),
        series("yard.jpg", "yard.jpg", name="h"),
    )
    tour = composed(Tour("", WALK, epochs=dates), GATE, YARD, hidden).site.tour
    assert tour is not None
    assert [(one.id, [epoch.date for epoch in one.epochs]) for one in tour.epochs] == [("f", ["1991", "1992"])]
    assert "yard-1990" not in to_json(tour).decode()


def test_photos_at_two_dates_make_a_tour_without_scenes() -> None:
    now, then = (named(number, f"{number}.jpg", AssetKind.PHOTO) for number in (8, 9))
    made = composed(Tour("", (), epochs=(series("9.jpg", "8.jpg"),)), now, then)
    assert made.site.tour is not None
    assert (made.site.tour.scenes, made.site.tour.stops) == ((), ())
    assert [epoch.scene for epoch in made.site.tour.epochs[0].epochs] == ["", ""]
    assert made.site.cover == made.site.assets[0].id


def test_nothing_of_a_site_that_is_not_public_is_told() -> None:
    site = replace(SITE, access=closed(AccessLevel.RESTRICTED))
    tour = Tour("", WALK, plans=(plan(),), guides=(guide(step("gate.jpg", "Cổng", "cong")),), epochs=(series("yard.jpg", "gate.jpg"),))
    made = composed(tour, GATE, YARD, site=site, files=FILES)
    assert (made.site.tour, made.site.files, made.files) == (None, (), {})


def test_a_file_that_cannot_be_cleaned_is_left_out_with_a_finding() -> None:
    tour = Tour("", WALK, plans=(plan(),), guides=(guide(step("gate.jpg", "Cổng", "cong")),))
    bad = FILES | {"plan.svg": b"<html/>", "narration/vi/cong.vtt": b"nothing"}
    made = composed(tour, GATE, YARD, files=bad)
    assert made.site.tour is not None
    assert made.site.tour.plans == ()
    assert made.site.tour.guides[0].steps[0].narrations == (Narration(Language.VI, "narration/vi/cong.wav", "", 0.5),)
    assert [(finding.code, finding.path) for finding in made.left_out] == [
        ("site-file-left-out", "plan.svg"),
        ("site-file-left-out", "narration/vi/cong.vtt"),
    ]


@pytest.mark.parametrize("written", ["Cổng đình.jpg", "C%E1%BB%95ng%20%C4%91%C3%ACnh.jpg"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_found_however_its_accents_were_written(written: str, form: str) -> None:
    delivered = named(10, unicodedata.normalize("NFD" if form == "NFC" else "NFC", "Cổng đình.jpg"), AssetKind.PHOTO)
    name = unicodedata.normalize(form, written)  # type: ignore[arg-type]
    made = composed(Tour("", WALK, guides=(guide(step(name, "Cổng")),)), GATE, delivered)
    assert made.site.tour is not None
    assert [shown.steps[0].asset for shown in made.site.tour.guides] == [delivered.ark]


def test_of_two_files_with_one_name_the_public_one_is_meant() -> None:
    hidden, shown = named(11, "same.jpg", AssetKind.PHOTO, RESTRICTED), named(12, "same.jpg", AssetKind.PHOTO)
    made = composed(Tour("", WALK, guides=(guide(step("same.jpg", "x")),)), GATE, hidden, shown)
    assert made.site.tour is not None
    assert made.site.tour.guides[0].steps[0].asset == shown.ark
