"""Every real photo opens upright; what cannot be shown is refused, never a crash."""

from pathlib import Path

import numpy as np
import pytest
import pyvips

from archive.errors import UnreadableError
from pipeline.readers.images import open_upright

UNSHOWABLE = {"IMG_1361.dng"}
"""A DNG of the exiv2 tests whose sensor data were blanked and which holds no preview."""


NO_PICTURES = {".xmp", ".json"}


def photos(corpus: Path) -> list[Path]:
    found = [path for folder in ("photos", "panoramas") for path in (corpus / folder).rglob("*") if path.is_file()]
    return sorted(path for path in found if path.suffix not in NO_PICTURES)


def test_every_real_picture_opens(corpus: Path) -> None:
    found = photos(corpus)
    assert len(found) > 100
    refused = set()
    for path in found:
        try:
            picture = open_upright(path, path.suffix[1:].lower(), at_least=64).picture
            assert (picture.bands, picture.format, picture.avg() >= 0) == (3, "uchar", True), path
        except UnreadableError:
            refused.add(path.name)
    assert refused <= UNSHOWABLE


def test_all_orientations_of_one_photo_look_the_same(corpus: Path) -> None:
    folder = corpus / "photos" / "orientation"
    thumbs = {}
    for path in sorted(folder.glob("Landscape_*.jpg")):
        picture = open_upright(path, random_access=True).picture
        assert (picture.width, picture.height) == (1800, 1200)
        thumbs[path.name] = picture.thumbnail_image(60).numpy().astype(int)
    assert len(thumbs) == 9
    # Each file carries a number painted on it; the landscape around is the same.
    reference = thumbs["Landscape_1.jpg"]
    for name, thumb in thumbs.items():
        assert np.median(abs(thumb - reference)) <= 3, name


@pytest.mark.parametrize("name", ["photoprism/Iceland-P3.jpg", "immich/IMG_2682.heic"])
def test_wide_gamut_photos_are_converted(corpus: Path, name: str) -> None:
    opened = open_upright(corpus / "photos" / name)
    assert "Display P3 to sRGB" in opened.applied


def test_hostile_pictures_are_refused_or_opened(corpus: Path) -> None:
    for folder in ("images-pillow", "images-exiv2", "images-twelvemonkeys", "exifr", "gpano-truncated"):
        for path in sorted((corpus / "hostile" / folder).rglob("*.jpg")):
            try:
                assert open_upright(path, at_least=64).picture.avg() >= 0
            except (UnreadableError, pyvips.Error):
                continue
