"""Real panoramas, from the officer's folder to the published tour: headings, bearings, crops."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pyvips

from archive.publications.read import Publications
from archive.records.access import AccessLevel
from archive.records.publication import PublicSite
from archive.records.tour import Scene
from pipeline.derive.run import derive
from pipeline.ingest import Ingest, ingest
from pipeline.ingest_options import IngestOptions
from pipeline.publish.publish import assets_to_derive, publish
from pipeline.publish.tour_proposal import signed
from pipeline.workers import ParserWorkers
from tests.pipeline.publish.publish_builders import NOW, PUBLIC, archive_site, home_at, public_site


@pytest.fixture(scope="module")
def workers() -> Iterator[ParserWorkers]:
    with ParserWorkers(2) as slots:
        yield slots


def published(root: Path, folder: Path, workers: ParserWorkers) -> tuple[PublicSite, Publications]:
    """The site that an ingest of this folder gives, everything public."""
    home, site = home_at(root), public_site()
    site = replace(site, defaults=replace(site.defaults, location_access=PUBLIC))
    archive_site(home, site)
    ingest(folder, Ingest(home, site, workers, IngestOptions(access=AccessLevel.PUBLIC), now=NOW))
    derived = derive(home, assets_to_derive(home, site.ark), workers)
    assert derived.findings == ()
    publish(home, site.ark, derived.derivatives, NOW)
    publications = Publications(home.publications)
    return publications.site(site.slug), publications


def scenes_of(site: PublicSite) -> tuple[Scene, ...]:
    assert site.tour is not None
    return site.tour.scenes


def test_mission_creek_is_walked_by_its_headings(tmp_path: Path, corpus: Path, workers: ParserWorkers) -> None:
    """Headings from the corpus's own description; bearings between the four GPS positions worked out with pyproj."""
    import pyproj

    site, _ = published(tmp_path, corpus / "panoramas" / "mission-creek", workers)
    scenes = {scene.id: scene for scene in scenes_of(site)}
    assert sorted(scene.heading or 0 for scene in scenes.values()) == [49, 260, 277, 303]
    assert site.level == "tour"
    geod = pyproj.Geod(ellps="WGS84")
    placed = {scene.id: _plane(geod, scene) for scene in scenes.values()}
    found, waiting = set(), [next(iter(scenes))]
    while waiting:
        here = waiting.pop()
        found.add(here)
        for link in scenes[here].links:
            (x1, y1), (x2, y2) = placed[here], placed[link.to]
            azimuth, _, distance = geod.inv(x1, y1, x2, y2)
            assert abs(signed(link.yaw + (scenes[here].heading or 0) - azimuth)) < 0.5
            assert 50 < distance < 450
            waiting += [link.to] if link.to not in found else []
    assert found == set(scenes)


def _plane(geod: "object", scene: Scene) -> tuple[float, float]:
    """The scene's metres east and north put back on the ellipsoid around the set's middle."""
    assert scene.position is not None
    east, north, _ = scene.position
    longitude, latitude, _ = geod.fwd(-122.39, 37.7725, 90, east)  # type: ignore[attr-defined]
    longitude, latitude, _ = geod.fwd(longitude, latitude, 0, north)  # type: ignore[attr-defined]
    return longitude, latitude


def test_cerro_toco_in_the_south_and_the_west(tmp_path: Path, corpus: Path, workers: ParserWorkers) -> None:
    site, _ = published(tmp_path, corpus / "panoramas" / "cerro-toco", workers)
    first, second = scenes_of(site)
    assert {first.heading, second.heading} == {337.5, 157.5}
    assert [link.to for link in first.links] == [second.id]
    assert all((asset.latitude or 0) < 0 and (asset.longitude or 0) < 0 for asset in site.assets)


def test_snow_is_placed_where_its_header_says(tmp_path: Path, corpus: Path, workers: ParserWorkers) -> None:
    site, publications = published(tmp_path, corpus / "panoramas" / "photo-sphere-viewer", workers)
    (asset,) = site.assets
    assert asset.facts["crop"] == {"full_width": 4096, "full_height": 2048, "left": 0, "top": 313, "width": 4096, "height": 1393}
    first = pyvips.Image.new_from_file(str(publications.media(site.slug, 1, asset.id, "first-view.jpg")))
    rows = [first.crop(0, row, 1024, 1).avg() for row in (10, 70, 90, 256, 420, 435, 500)]
    assert [value > 60 for value in rows] == [False, False, True, True, True, False, False]
    (scene,) = scenes_of(site)
    assert scene.heading == 285
