"""Plans, guided walks and dates in tour.toml, with the files that they name."""

from pathlib import Path

import pytest

from archive.errors import UsageError
from archive.records.access import AccessLevel
from archive.records.text import Language
from archive.records.tour import View
from pipeline.site_definition import load
from tests.pipeline.site_definition.folder_builders import CAPTIONS, DRAWING, GUIDE, PLAN, annotation, page, wav, write_folder

SERIES = """
[[epochs]]
id = "e"
title.vi = "Xưa nay"
[[epochs.epochs]]
date = "{0}"
asset = "a.jpg"
[[epochs.epochs]]
date = "{1}"
asset = "b.jpg"
"""


def test_a_plan_is_restricted_until_somebody_says_otherwise_and_takes_its_box_from_the_drawing(tmp_path: Path) -> None:
    (plan,) = load(write_folder(tmp_path, PLAN + 'scenes = ["a.jpg"]\n', {"plan.svg": DRAWING})).tour.plans
    assert (plan.access, plan.box, plan.scenes) == (AccessLevel.RESTRICTED, (0.0, 0.0, 10.0, 20.0), ("file:a.jpg",))
    (public,) = load(write_folder(tmp_path, PLAN + 'access = "public"\nturn = 30.0\n', {"plan.svg": DRAWING})).tour.plans
    assert (public.access, public.turn) == (AccessLevel.PUBLIC, 30.0)


def test_a_step_has_a_view_and_a_narration_in_each_language_that_was_spoken(tmp_path: Path) -> None:
    tour = (
        GUIDE + 'view = { yaw = 10.0, pitch = 5.0, fov = 60.0 }\nnarration = "cong"\n[[guides.steps]]\nasset = "b.jpg"\ntitle.vi = "Bia"\n'
    )
    files: dict[str, bytes | str] = {f"narration/{language}/cong.{end}": content for language in ("vi", "th") for end, content in
                                     (("wav", wav()), ("vtt", CAPTIONS))}  # fmt: skip
    (guide,) = load(write_folder(tmp_path, tour, files)).tour.guides
    first, second = guide.steps
    assert (first.scene, first.asset, first.view) == ("file:a.jpg", "", View(10.0, 5.0, 60.0))
    assert [(one.language, one.file, one.captions) for one in first.narrations] == [
        (Language.VI, "narration/vi/cong.wav", "narration/vi/cong.vtt"),
        (Language.TH, "narration/th/cong.wav", "narration/th/cong.vtt"),
    ]
    assert (second.scene, second.asset, second.view, second.narrations) == ("", "file:b.jpg", None, ())


def test_dates_stand_oldest_first_in_the_notation_of_edtf(tmp_path: Path) -> None:
    (series,) = load(write_folder(tmp_path, SERIES.format("19XX", "2026-03-14"))).tour.epochs
    assert [(epoch.date, epoch.asset) for epoch in series.epochs] == [("19XX", "file:a.jpg"), ("2026-03-14", "file:b.jpg")]


@pytest.mark.parametrize(
    ("tour", "files", "said"),
    [
        (PLAN, {}, r"drawings that are not there: plan\.svg"),
        (PLAN, {"plan.svg": "<html/>"}, r"plan\.svg is no SVG"),
        (PLAN + 'file = "../plan.svg"\n', {"plan.svg": DRAWING}, r"plans, 1 \(p\), file"),
        (PLAN.replace("1.0", "0.0"), {"plan.svg": DRAWING}, "units_per_metre"),
        (PLAN.replace("[0, 0]", "[nan, 0]"), {"plan.svg": DRAWING}, "origin"),
        (PLAN + PLAN, {"plan.svg": DRAWING}, "id “p” stands twice"),
        (GUIDE + GUIDE, {}, "id “g” stands twice"),
        (SERIES.format(1, 2) + SERIES.format(1, 2), {}, "epochs"),
        (GUIDE.replace("scene", "colour"), {}, "colour"),
        (GUIDE + 'asset = "b.jpg"\n', {}, "either a scene or an asset"),
        (GUIDE.partition("[[guides.steps]]")[0], {}, r"guides, 1 \(g\), steps"),
        (GUIDE + 'narration = "cong"\n', {}, "no file bears that name"),
        (GUIDE + 'narration = "../cong"\n', {}, "narration"),
        (GUIDE + 'narration = "cong"\n', {"narration/vi/cong.wav": wav()}, "has no captions"),
        (GUIDE + 'narration = "cong"\n', {"narration/vi/cong.wav": wav(), "narration/vi/cong.mp3": b"x"}, "no MP3"),
        (GUIDE, {"narration/vi/README.txt": "ghi chú", "narration/vi/a.mp3": b"x"}, "no MP3"),
        (GUIDE, {"narration/vi/unused.vtt": "hello"}, "WEBVTT"),
        (GUIDE, {"narration/vi/unused.wav": b""}, "no WAV"),
        (SERIES.format("2026", "1998"), {}, "oldest first"),
        (SERIES.format("today", "2026"), {}, r"epochs, 1 \(e\), epochs, 1 \(today\), date"),
        (SERIES.partition("[[epochs.epochs]]")[0], {}, r"epochs, 1 \(e\), epochs"),
        ("x = " + "[" * 3000, {}, "cannot be read"),
        ("", {"annotations.json": page(annotation(target="a.jpg", colour="red"))}, "colour"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_field(tmp_path: Path, tour: str, files: dict[str, bytes | str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        load(write_folder(tmp_path, tour, files))
    assert raised.value.advice


def test_two_recordings_of_one_narration_are_one_too_many(tmp_path: Path) -> None:
    from tests.pipeline.site_definition.folder_builders import mp3_frame

    files: dict[str, bytes | str] = {
        "narration/vi/cong.wav": wav(),
        "narration/vi/cong.mp3": mp3_frame() * 3,
        "narration/vi/cong.vtt": CAPTIONS,
    }
    with pytest.raises(UsageError, match="two recordings of one narration"):
        load(write_folder(tmp_path, GUIDE + 'narration = "cong"\n', files))


def test_annotations_come_with_the_tour(tmp_path: Path) -> None:
    (found,) = load(write_folder(tmp_path, "", {"annotations.json": page(annotation())})).tour.annotations
    assert (found.id, found.label.vi) == ("rong", "Rồng")
