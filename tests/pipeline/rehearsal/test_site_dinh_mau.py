import math
from pathlib import Path

import pytest
from lxml import etree

from archive.records.asset import Nature
from archive.records.text import Language
from pipeline.rehearsal.panorama import STANDPOINTS
from pipeline.rehearsal.place import LATITUDE, LONGITUDE
from pipeline.site_definition import load
from tests.pipeline.rehearsal.builders import Rehearsed

pytestmark = pytest.mark.timeout(400)  # the first test pays for the rehearsal, and once for compiling the kernels

SITE = Path(__file__).parents[3] / "sites" / "dinh-mau"


def test_the_tour_stands_where_the_camera_stood(rehearsed: Rehearsed) -> None:
    tour = load(SITE).tour
    truths = {f"file:{Path(camera.path).name}": camera for camera in rehearsed.truth.panoramas}
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
