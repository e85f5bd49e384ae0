"""What there is to see in a scene, and where: hotspots, recordings, and annotations by direction or by position."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.publication import PublicFile
from archive.records.text import Language, LocalText
from archive.records.tour import Hotspot, Scene, View
from tests.archive.publications.builders import GATE, HIDDEN, PAPER, PHOTO, SLUG, YARD, small_site
from viewer.panorama import panorama_config
from viewer.sights import Sight, direction_of, sights

HERE = Scene("gate", GATE, LocalText(en="Gate"), position=(10.0, 20.0, 1.5), heading=90.0)
LABEL = LocalText(en="Dragons")


def note(target: AnnotationTarget, position: tuple[float, float, float] | None = None) -> Annotation:
    return Annotation("dragons", LABEL, LocalText(en="Two of them."), (target,), position)


def test_a_direction_is_taken_as_said() -> None:
    target = AnnotationTarget(GATE, SelectorKind.DIRECTION, (12.0, -3.0))
    assert direction_of(note(target, (0.0, 0.0, 0.0)), target, HERE) == (12.0, -3.0)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ((20.0, 20.0, 1.5), (0.0, 0.0)),
        ((10.0, 30.0, 1.5), (-90.0, 0.0)),
        ((0.0, 20.0, 11.5), (-180.0, 45.0)),
        ((20.0, 10.0, 1.5), (45.0, 0.0)),
    ],
)
def test_a_direction_follows_from_positions_and_heading(position: tuple[float, float, float], expected: tuple[float, float]) -> None:
    target = AnnotationTarget(GATE)
    assert direction_of(note(target, position), target, HERE) == pytest.approx(expected)


def test_what_is_not_known_is_not_pointed_at() -> None:
    target = AnnotationTarget(GATE)
    there = (20.0, 20.0, 1.5)
    assert direction_of(note(target), target, HERE) is None
    assert direction_of(note(target, there), target, replace(HERE, heading=None)) is None
    assert direction_of(note(target, there), target, replace(HERE, position=None)) is None
    assert direction_of(note(target, there), AnnotationTarget(YARD), HERE) is None


def test_hotspots_come_first_then_annotations_with_their_numbers(tmp_path: Path) -> None:
    site, _ = small_site(tmp_path)
    assert site.tour is not None
    scene = replace(
        HERE, hotspots=(Hotspot(1.0, 2.0, LABEL, asset=PHOTO), Hotspot(3.0, 4.0, LABEL, LABEL), Hotspot(5.0, 6.0, LABEL, asset=HIDDEN))
    )
    found = note(AnnotationTarget(GATE, SelectorKind.DIRECTION, (70.0, 8.0)))
    elsewhere = note(AnnotationTarget(YARD, SelectorKind.DIRECTION, (7.0, 8.0)))
    site = replace(site, tour=replace(site.tour, annotations=(elsewhere, found)))
    shown = sights(site, scene, Language.EN)
    assert [(sight.kind, sight.number, bool(sight.href)) for sight in shown] == [
        ("photo", 0, True), ("text", 0, False), ("text", 0, False), ("text", 1, False)
    ]  # fmt: skip
    assert sights(replace(site, tour=None), replace(scene, hotspots=()), Language.EN) == []


def test_a_recording_brings_its_sound_and_its_captions(tmp_path: Path) -> None:
    site, _ = small_site(tmp_path)
    sound, words = (PublicFile(name, name, kind, 1, "") for name, kind in (("drum.ogg", "audio/ogg"), ("drum.vtt", "text/vtt")))
    assets = tuple(replace(asset, downloads=(sound, words)) if asset.ark == PAPER else asset for asset in site.assets)
    (sight,) = sights(replace(site, assets=assets), replace(HERE, hotspots=(Hotspot(0.0, 0.0, LABEL, asset=PAPER),)), Language.EN)
    assert isinstance(sight, Sight)
    assert sight.audio.endswith("/original/drum.ogg")
    assert sight.captions.endswith("/original/drum.vtt")


def test_the_viewer_is_told_of_avif_only_where_every_tile_is_there(tmp_path: Path) -> None:
    site, _ = small_site(tmp_path)
    panorama = next(asset for asset in site.assets if asset.ark == GATE)
    plain = panorama_config(site, panorama, heading=None, view=View(1.0, 2.0, 70.0))
    assert plain["avif"] is False
    assert plain["view"] == [1.0, 2.0, 70.0]
    assert plain["crop"] is None
    assert [address.rpartition("/")[2] for address in plain["first"]] == ["first-view.avif", "first-view.jpg"]
    assert plain["image"].startswith(f"/iiif/{SLUG}/")
    tiled = replace(panorama, files=(*panorama.files, DerivedFile(MediaRole.AVIF_TILES, "avif.pack", "application/octet-stream", 1, "")))
    assert panorama_config(site, tiled, heading=None, view=View())["avif"] is True


def test_an_annotation_and_a_photo_of_the_same_thing_are_one_mark(tmp_path: Path) -> None:
    site, _ = small_site(tmp_path)
    assert site.tour is not None
    told = note(AnnotationTarget(GATE, SelectorKind.DIRECTION, (7.0, 8.0)))
    site = replace(site, tour=replace(site.tour, annotations=(told,)))
    near, far = (replace(HERE, hotspots=(Hotspot(yaw, 2.0, told.label, asset=PHOTO),)) for yaw in (1.0, 40.0))
    (one,) = sights(site, near, Language.EN)
    assert (one.number, one.kind, one.text) == (1, "photo", told.text)
    assert one.href.endswith(PHOTO.rpartition("/")[2])
    assert [(sight.number, bool(sight.href)) for sight in sights(site, far, Language.EN)] == [(0, True), (1, False)]
