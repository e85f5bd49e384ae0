"""A copy that may be handed out: upright, no larger than it must be, and nothing in it but pixels."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from archive.records.access import AccessDecision, AccessLevel, Rights
from archive.records.asset import Asset, AssetKind, Nature
from archive.records.derivative import MediaRole
from pipeline.derive import DERIVERS, needs_access_copy
from pipeline.derive.access_copy import NAME, make
from pipeline.derive.deriver import Made
from pipeline.derive.key import facts_for
from pipeline.readers.traces import traces
from tests.pipeline.derive.derive_builders import asset_of, crop_of, save, sphere_pixels

WORDS = "Nha rieng Ong Ba"
OPEN = Rights("https://creativecommons.org/licenses/by/4.0/")
DERIVER = next(deriver for deriver in DERIVERS if deriver.name == "access-copy")


def made(folder: Path, asset: Asset, source: Path) -> tuple[Made, Path]:
    output = folder / "made"
    output.mkdir()
    sources = ((asset.principal.path, source),)
    return make(sources, output, facts_for(DERIVER, asset), **DERIVER.parameters), output / NAME


def pixels_of(path: Path) -> NDArray[np.int64]:
    with Image.open(path) as picture:
        return np.asarray(picture).astype(np.int64)


def secretive(path: Path) -> Path:
    """A photo taken with the camera on its side, with words, a position and a comment in its header."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = WORDS
    exif.get_ifd(0x8825).update({1: "N", 2: (16.0, 4.0, 44.04), 3: "E", 4: (108.0, 11.0, 28.32)})
    Image.fromarray(sphere_pixels(600)).save(path, exif=exif, comment=WORDS.encode(), quality=95)
    return path


def test_it_is_upright_and_holds_nothing_but_pixels(tmp_path: Path) -> None:
    source = secretive(tmp_path / f"{WORDS}.jpg")
    assert traces(source), "the original must have something to give away"
    report, copy = made(tmp_path, asset_of(source, AssetKind.PHOTO), source)
    (file,) = report.files
    assert (file.role, file.name, file.media_type, file.width, file.height) == (MediaRole.ACCESS_COPY, NAME, "image/jpeg", 300, 600)
    assert report.facts == {}
    assert traces(copy) == ()
    assert WORDS.encode() not in copy.read_bytes()
    expected = np.rot90(sphere_pixels(600), -1).astype(int)
    assert np.abs(pixels_of(copy) - expected).mean() < 4


def test_the_longest_side_is_bounded(tmp_path: Path) -> None:
    source = save(np.full((100, 5000, 3), 90, np.uint8), tmp_path / "wide.jpg")
    report, copy = made(tmp_path, asset_of(source, AssetKind.PHOTO), source)
    assert (report.files[0].width, report.files[0].height) == (4096, 82)
    assert pixels_of(copy).shape == (82, 4096, 3)


@pytest.mark.parametrize("kind", [AssetKind.PHOTO, AssetKind.PANORAMA])
def test_what_is_simulated_says_so_in_its_pixels(tmp_path: Path, kind: AssetKind) -> None:
    source = save(np.full((500, 1000, 3), 120, np.uint8), tmp_path / "p.jpg")
    facts: dict[str, Any] = {"crop": crop_of((2000, 1000), 500, 250, (1000, 500))} if kind is AssetKind.PANORAMA else {}
    asset = asset_of(source, kind, nature=Nature.SIMULATED, **facts)
    _, copy = made(tmp_path, asset, source)
    assert pixels_of(copy).std() > 2


def test_it_is_made_where_only_the_place_speaks_against_the_original(tmp_path: Path) -> None:
    source = save(sphere_pixels(64), tmp_path / "p.png")
    public = AccessDecision(AccessLevel.PUBLIC)
    hidden = replace(asset_of(source, AssetKind.PHOTO, "png"), access=public, rights=OPEN)
    assert needs_access_copy(hidden)
    assert needs_access_copy(replace(hidden, location_access=AccessDecision(AccessLevel.REDUCED)))
    others = (
        replace(hidden, location_access=public),
        replace(hidden, rights=Rights()),
        replace(hidden, access=AccessDecision(AccessLevel.REDUCED)),
        replace(hidden, access=AccessDecision()),
    )
    assert not any(map(needs_access_copy, others))
