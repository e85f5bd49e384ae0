"""A real panorama of a part of the sphere, from the officer's folder to the published scene."""

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


def test_snow_is_placed_where_its_header_says(tmp_path: Path, corpus: Path, workers: ParserWorkers) -> None:
    site, publications = published(tmp_path, corpus / "panoramas" / "photo-sphere-viewer", workers)
    (asset,) = site.assets
    assert asset.facts["crop"] == {"full_width": 4096, "full_height": 2048, "left": 0, "top": 313, "width": 4096, "height": 1393}
    first = pyvips.Image.new_from_file(str(publications.media(site.slug, 1, asset.id, "first-view.jpg")))
    rows = [first.crop(0, row * first.height // 512, first.width, 1).avg() for row in (10, 70, 90, 256, 420, 435, 500)]
    assert [value > 60 for value in rows] == [False, False, True, True, True, False, False]
    (scene,) = scenes_of(site)
    assert scene.heading == 285
