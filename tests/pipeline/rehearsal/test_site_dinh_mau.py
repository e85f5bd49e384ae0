"""The model house's site folder beside the survey it describes: places, angles, files and words."""

import io
import math
import unicodedata
import wave
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from numpy.typing import NDArray

from archive.records.annotation import SelectorKind
from archive.records.asset import Nature
from archive.records.text import Language
from pipeline.rehearsal.panorama import STANDPOINTS
from pipeline.rehearsal.place import LATITUDE, LONGITUDE
from pipeline.rehearsal.sounds import bell, drum
from pipeline.rehearsal.truth import CameraTruth
from pipeline.site_definition import load
from tests.pipeline.rehearsal.builders import Rehearsed

pytestmark = pytest.mark.timeout(400)  # the first test pays for the rehearsal, and once for compiling the kernels

SITE = Path(__file__).parents[3] / "sites" / "dinh-mau"


def test_the_tour_stands_where_the_camera_stood(rehearsed: Rehearsed) -> None:
    tour = load(SITE).tour
    before = [camera for camera in rehearsed.truth.earlier if camera.field == 360]
    truths = {f"file:{Path(camera.path).name}": camera for camera in (*rehearsed.truth.panoramas, *before)}
    assert [scene.panorama for scene in tour.scenes] == list(truths)
    for scene in tour.scenes:
        assert scene.position == truths[scene.panorama].position
        assert scene.heading == truths[scene.panorama].heading


def test_links_of_the_tour_point_to_scenes_that_can_be_seen(rehearsed: Rehearsed) -> None:
    known = {(f"file:{Path(link.start).name}", f"file:{Path(link.end).name}"): link for link in rehearsed.truth.links}
    pairs = set()
    for scene in load(SITE).tour.scenes:
        for link in scene.links:
            truth = known[scene.panorama, link.to]
            pairs.add((scene.panorama, link.to))
            assert truth.visible
            assert math.cos(math.radians(link.yaw - truth.yaw)) > math.cos(math.radians(0.2))
    assert all((end, start) in pairs for start, end in pairs)


def test_hotspots_name_files_of_the_deposit(rehearsed: Rehearsed) -> None:
    names = {Path(file.path).name for file in rehearsed.truth.files}
    assets = [spot.asset for scene in load(SITE).tour.scenes for spot in scene.hotspots if spot.asset]
    assert assets
    assert set(assets) <= names


def test_everything_is_said_in_three_languages_and_to_be_simulated() -> None:
    definition = load(SITE)
    assert definition.site.nature is Nature.SIMULATED
    assert definition.site.defaults.nature is Nature.SIMULATED
    assert (definition.site.coordinates.latitude, definition.site.coordinates.longitude) == (LATITUDE, LONGITUDE)
    for name in definition.site.texts:
        assert all(f"texts/{language}/{name}.md" in definition.files for language in Language)
    words = [definition.site.name, definition.site.summary, definition.tour.title]
    words += [text for scene in definition.tour.scenes for text in (scene.title, scene.description, *dict(scene.directions).values())]
    words += [spot.label for scene in definition.tour.scenes for spot in scene.hotspots]
    assert all(text.vi and text.en and text.th for text in words)


def test_the_plan_marks_the_standpoints() -> None:
    root = etree.fromstring(load(SITE).files["plan.svg"])
    space = {"s": "http://www.w3.org/2000/svg"}
    marks = root.xpath("//s:g[@class='stand']/s:circle", namespaces=space)
    places = [(float(mark.get("cx")), -float(mark.get("cy"))) for mark in marks]
    assert places == [pytest.approx(standpoint.position[:2]) for standpoint in STANDPOINTS]
    assert "SIMULATED" in "".join(root.itertext())


def test_the_plan_says_how_its_units_stand_to_metres() -> None:
    definition = load(SITE)
    (plan,) = definition.tour.plans
    root = etree.fromstring(definition.files[plan.file])
    marks = root.xpath("//s:g[@class='stand']/s:circle", namespaces={"s": "http://www.w3.org/2000/svg"})
    for mark, standpoint in zip(marks, STANDPOINTS, strict=True):
        east, north, _ = standpoint.position
        turn = math.radians(plan.turn)
        x = plan.origin[0] + plan.units_per_metre * (east * math.cos(turn) + north * math.sin(turn))
        y = plan.origin[1] + plan.units_per_metre * (east * math.sin(turn) - north * math.cos(turn))
        assert (x, y) == pytest.approx((float(mark.get("cx")), float(mark.get("cy"))))


def test_annotations_name_files_of_the_deposit_and_lie_where_the_cameras_see_them(rehearsed: Rehearsed) -> None:
    cameras = {nfc(Path(camera.path).name): camera for camera in (*rehearsed.truth.photos, *rehearsed.truth.panoramas)}
    names = {nfc(Path(file.path).name) for file in rehearsed.truth.files}
    annotations = load(SITE).tour.annotations
    kinds = Counter(target.kind for annotation in annotations for target in annotation.targets)
    assert 4 <= len(annotations) <= 6
    assert kinds[SelectorKind.REGION] >= 5
    assert kinds[SelectorKind.POINT] >= 5
    for annotation in annotations:
        assert annotation.sources
        assert annotation.position is not None
        assert all((annotation.label.get(language) and annotation.text.get(language)) for language in Language)
        for target in annotation.targets:
            name = nfc(target.asset.removeprefix("file:"))
            assert name in names
            if target.kind is SelectorKind.REGION:
                x, y = in_picture(cameras[name], annotation.position)
                left, top, width, height = target.values
                assert left <= x <= left + width
                assert top <= y <= top + height
            elif target.kind is SelectorKind.POINT:
                assert target.values == pytest.approx(in_original(rehearsed, name, annotation.position), abs=0.01)
            else:
                assert name in cameras


def nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def in_picture(camera: CameraTruth, point: tuple[float, float, float]) -> tuple[float, float]:
    """Where a pinhole camera sees a point, as shares of the upright picture."""
    east, north, up = (there - here for there, here in zip(point, camera.position, strict=True))
    heading, pitch = math.radians(camera.heading), math.radians(camera.pitch)
    right, forward = east * math.cos(heading) - north * math.sin(heading), east * math.sin(heading) + north * math.cos(heading)
    depth, height = forward * math.cos(pitch) + up * math.sin(pitch), up * math.cos(pitch) - forward * math.sin(pitch)
    reach = math.tan(math.radians(camera.field) / 2)
    return (right / depth / reach + 1) / 2, (1 - height / depth / reach * camera.width / camera.height) / 2


def in_original(rehearsed: Rehearsed, name: str, point: tuple[float, float, float]) -> tuple[float, float, float]:
    """A point of the local frame in the axes and with the offset of the scan or of the model."""
    east, north, up = point
    if name == Path(rehearsed.truth.mesh.path).name:
        return east, up, -north
    x, y, z = (a + b for a, b in zip(point, rehearsed.truth.offset, strict=True))
    return x, y, z


def test_the_guide_the_dates_and_the_sounds_are_there_and_in_three_languages(rehearsed: Rehearsed) -> None:
    tour = load(SITE).tour
    files = {nfc(Path(file.path).name) for file in rehearsed.truth.files}
    (guide,) = tour.guides
    assert 5 <= len(guide.steps) <= 7
    words = [guide.title, guide.summary, *(text for step in guide.steps for text in (step.title, step.text))]
    words += [text for series in tour.epochs for text in (series.title, *(epoch.note for epoch in series.epochs))]
    assert all(text.get(language) for text in words for language in Language)
    assert {nfc((step.scene or step.asset).removeprefix("file:")) for step in guide.steps} <= files
    assert {nfc(epoch.asset.removeprefix("file:")) for series in tour.epochs for epoch in series.epochs} <= files
    assert len(tour.epochs) == 2
    told = [step for step in guide.steps if step.narrations]
    assert all({narration.language for narration in step.narrations} == set(Language) for step in told)
    captions = load(SITE).files[told[0].narrations[0].captions].decode()
    assert "tiếng trống" in captions


def test_the_sounds_of_the_site_are_those_that_the_rehearsal_computes(rehearsed: Rehearsed) -> None:
    files = load(SITE).files
    for name, made in (("drum", drum()), ("bell", bell())):
        for language in Language:
            assert samples(files[f"narration/{language}/{name}.wav"]) == pytest.approx(samples(made), abs=2)
    assert samples((rehearsed.root / rehearsed.truth.recording).read_bytes()) == pytest.approx(samples(drum()), abs=2)


def samples(recording: bytes) -> NDArray[np.float64]:
    with wave.open(io.BytesIO(recording)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
