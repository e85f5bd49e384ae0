"""Real panoramas from the officer's folder to the published tour, through the commands: headings, bearings, and what people drew.

What is right comes from elsewhere: the corpus's own description, EXIF as Pillow reads it with azimuths by pyproj's geodesics, and the
drawn tour that came with the Baltimore panoramas, in Pannellum's form (https://pannellum.org/documentation/reference/: yaw in degrees
clockwise from the centre of the panorama, pitch up from the horizon).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyproj
import pytest
from PIL import Image

from archive.publications.read import Publications
from archive.records.publication import PublicSite
from archive.records.tour import Scene
from tests.journeys.ditich_command import document

SITE = """
slug = "{slug}"
[name]
en = "{slug}"
[access]
level = "public"
[coordinates]
access = "public"
[defaults.access]
level = "public"
[defaults.location]
level = "public"
"""
TOURS = ("mission-creek", "cerro-toco", "baltimore-tour")
CLOSE = 0.5
"""Degrees between our bearing on the plane and the geodesic's: the positions are rounded to a centimetre."""


def signed(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


@dataclass(frozen=True)
class Walk:
    """A published tour with the file that each scene was delivered as."""

    site: PublicSite
    files: dict[str, str]

    @property
    def scenes(self) -> dict[str, Scene]:
        """File name → scene."""
        assert self.site.tour is not None
        return {self.files[scene.id]: scene for scene in self.site.tour.scenes}


def pannellum(corpus: Path) -> dict[str, Any]:
    """The scenes that came with the Baltimore panoramas. Their images were renamed, so only base names count."""
    scenes: dict[str, Any] = json.loads((corpus / "panoramas/baltimore-tour/tour.json").read_text(encoding="utf-8"))["scenes"]
    return scenes


def name_of(scene: dict[str, Any]) -> str:
    return str(scene["panorama"]).rpartition("/")[2]


def drawn_tour(scenes: dict[str, Any]) -> str:
    """The same tour as an editor writes it in ``tour.toml``."""
    lines = []
    for scene in scenes.values():
        lines += ["[[scenes]]", f"panorama = {json.dumps(name_of(scene))}", f"title.en = {json.dumps(scene['title'])}"]
        lines.append(f"view = {{ yaw = {scene['yaw']}, pitch = {scene.get('pitch', 0)}, fov = {scene['hfov']} }}")
        for spot in scene["hotSpots"]:
            lines += ["[[scenes.links]]", f"to = {json.dumps(name_of(scenes[spot['sceneId']]))}", f"label.en = {json.dumps(spot['text'])}"]
            lines += [f"yaw = {spot['yaw']}", f"pitch = {spot['pitch']}"]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def walks(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Walk]]:
    place = tmp_path_factory.mktemp("tours")
    home = place / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(place / "configuration"))
        document("init", "--home", home, "--name", "Tours")
        for slug in TOURS:
            folder = place / slug
            folder.mkdir()
            (folder / "site.toml").write_text(SITE.format(slug=slug), encoding="utf-8")
            if slug == "baltimore-tour":
                (folder / "tour.toml").write_text(drawn_tour(pannellum(corpus)), encoding="utf-8")
            document("site", "save", folder, "--home", home)
            document("ingest", corpus / "panoramas" / slug, "--site", slug, "--home", home)
        document("publish", "--yes", "--home", home)
        yield {slug: walk_of(home, slug) for slug in TOURS}


def walk_of(home: Path, slug: str) -> Walk:
    site = Publications(home / "publications").site(slug)
    records = {asset.id: document("show", asset.ark, "--home", home)["record"] for asset in site.assets}
    return Walk(site, {identity: record["originals"][0]["path"] for identity, record in records.items()})


def position(path: Path) -> tuple[float, float]:
    """(longitude, latitude) of a photo as Pillow reads its EXIF."""
    with Image.open(path) as picture:
        gps = picture.getexif().get_ifd(0x8825)
    degrees = [sum(float(part) / 60**power for power, part in enumerate(gps[tag])) for tag in (4, 2)]
    west, south = gps[3] == "W", gps[1] == "S"
    return (-degrees[0] if west else degrees[0]), (-degrees[1] if south else degrees[1])


def assert_links_follow_the_geodesics(walk: Walk, folder: Path) -> None:
    geod = pyproj.Geod(ellps="WGS84")
    for file, scene in walk.scenes.items():
        assert scene.links
        for link in scene.links:
            assert link.proposed
            assert link.direction_known
            assert scene.heading is not None
            azimuth, _, _ = geod.inv(*position(folder / file), *position(folder / walk.files[link.to]))
            assert abs(signed(scene.heading + link.yaw - azimuth)) < CLOSE, (file, walk.files[link.to])


def reached(walk: Walk) -> set[str]:
    """The files of the scenes that one comes to by walking from the first."""
    scenes = {scene.id: scene for scene in walk.scenes.values()}
    found, waiting = set(), [next(iter(scenes))]
    while waiting:
        here = waiting.pop()
        found.add(here)
        waiting += [link.to for link in scenes[here].links if link.to not in found]
    return {walk.files[identity] for identity in found}


def test_mission_creek_is_walked_by_its_headings(walks: dict[str, Walk], corpus: Path) -> None:
    walk = walks["mission-creek"]
    headings = {file: scene.heading for file, scene in walk.scenes.items()}
    assert headings == {f"mission_creek_{number}.jpg": heading for number, heading in enumerate((303, 260, 277, 49))}
    assert_links_follow_the_geodesics(walk, corpus / "panoramas/mission-creek")
    assert reached(walk) == set(headings)
    assert walk.site.level == "tour"


def test_cerro_toco_in_the_south_and_the_west(walks: dict[str, Walk], corpus: Path) -> None:
    walk = walks["cerro-toco"]
    assert sorted(scene.heading or 0 for scene in walk.scenes.values()) == [157.5, 337.5]
    assert_links_follow_the_geodesics(walk, corpus / "panoramas/cerro-toco")
    assert reached(walk) == set(walk.scenes)
    assert all((asset.latitude or 0) < 0 and (asset.longitude or 0) < 0 for asset in walk.site.assets)


def test_baltimore_is_walked_as_its_authors_drew_it(walks: dict[str, Walk], corpus: Path) -> None:
    walk, drawn = walks["baltimore-tour"], pannellum(corpus)
    assert list(walk.scenes)[: len(drawn)] == [name_of(scene) for scene in drawn.values()]
    for scene in drawn.values():
        published = walk.scenes[name_of(scene)]
        assert published.title.en == scene["title"]
        assert (published.view.yaw, published.view.pitch, published.view.fov) == (scene["yaw"], scene.get("pitch", 0), scene["hfov"])
        links = [(walk.files[link.to], link.yaw, link.pitch, link.label.en) for link in published.links if not link.proposed]
        expected = [(name_of(drawn[spot["sceneId"]]), spot["yaw"], spot["pitch"], spot["text"]) for spot in scene["hotSpots"]]
        assert links == expected


def test_a_panorama_that_nobody_drew_into_the_tour_can_still_be_reached_and_points_nowhere(walks: dict[str, Walk], corpus: Path) -> None:
    walk = walks["baltimore-tour"]
    left = set(walk.scenes) - {name_of(scene) for scene in pannellum(corpus).values()}
    assert left
    assert reached(walk) == set(walk.scenes)
    proposed = [link for scene in walk.scenes.values() for link in scene.links if link.proposed]
    assert proposed
    assert not [link for link in proposed if link.direction_known]
