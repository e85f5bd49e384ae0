import io
import re
import unicodedata
from pathlib import Path
from typing import Any

import exifread
import numpy as np
import pytest
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base
from pillow_heif import open_heif

from pipeline.rehearsal.__main__ import main
from pipeline.rehearsal.altar import LAMPS
from pipeline.rehearsal.lettering import stencil
from pipeline.rehearsal.panorama import STANDPOINTS
from pipeline.rehearsal.photos import PHOTOS
from pipeline.rehearsal.scale import SMALL
from pipeline.rehearsal.sky import SUN_ALTITUDE, SUN_AZIMUTH
from pipeline.rehearsal.truth import CameraTruth
from tests.pipeline.rehearsal.builders import Rehearsed

pytestmark = pytest.mark.timeout(400)  # the first test pays for the rehearsal, and once for compiling the kernels


def _open(path: Path) -> Image.Image:
    return open_heif(path).to_pillow() if path.suffix == ".heic" else Image.open(path)


def _upright(path: Path) -> Image.Image:
    with _open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def _degrees(parts: tuple[Any, ...]) -> float:
    return float(sum(float(part) / 60**k for k, part in enumerate(parts)))


def _pixel(camera: CameraTruth, bearing: float, pitch: float) -> tuple[int, int]:
    yaw = (bearing - camera.heading + 180.0) % 360.0 - 180.0
    return int((0.5 + yaw / 360.0) * camera.width) % camera.width, int((0.5 - pitch / 180.0) * camera.height)


def test_photos_cover_every_orientation_and_format(rehearsed: Rehearsed) -> None:
    photos = rehearsed.truth.photos
    assert len(photos) == 12
    assert {photo.orientation for photo in photos} == set(range(9))
    assert {Path(photo.path).suffix.lower() for photo in photos} == {".jpg", ".heic", ".tif", ".png"}


@pytest.mark.parametrize("number", range(len(PHOTOS)))
def test_a_photo_turned_upright_has_its_size_and_its_badge_at_the_lower_right(rehearsed: Rehearsed, number: int) -> None:
    truth = rehearsed.truth.photos[number]
    picture = np.asarray(_upright(rehearsed.root / truth.path), np.float64)
    assert picture.shape == (truth.height, truth.width, 3)
    letters = stencil(max(11, truth.width // 85))
    margin = letters.shape[0] // 2
    corner = picture[-letters.shape[0] - margin : -margin, -letters.shape[1] - margin : -margin].mean(axis=2)
    assert np.corrcoef(corner.ravel(), letters.ravel())[0, 1] > 0.6


@pytest.mark.parametrize("number", range(len(PHOTOS)))
def test_what_a_photo_says_of_itself_is_true(rehearsed: Rehearsed, number: int) -> None:
    truth = rehearsed.truth.photos[number]
    with _open(rehearsed.root / truth.path) as image:
        block = image.getexif()
        taken = block.get_ifd(IFD.Exif).get(Base.DateTimeOriginal, "")
        gps = block.get_ifd(IFD.GPSInfo)
    assert taken == truth.taken
    if truth.orientation:
        assert "SIMULATED" in block[Base.ImageDescription]
    if truth.gps:
        assert _degrees(gps[GPS.GPSLatitude]) == pytest.approx(truth.latitude, abs=1e-8)
        assert _degrees(gps[GPS.GPSLongitude]) == pytest.approx(truth.longitude, abs=1e-8)
        assert float(gps[GPS.GPSImgDirection]) == pytest.approx(truth.heading, abs=0.01)
    else:
        assert not gps


def test_a_second_reader_finds_the_same_tags(rehearsed: Rehearsed) -> None:
    for truth in rehearsed.truth.photos:
        if Path(truth.path).suffix.lower() in {".jpg", ".tif"}:
            with (rehearsed.root / truth.path).open("rb") as stream:
                tags = exifread.process_file(stream, details=False)
            assert str(tags["EXIF DateTimeOriginal"]) == truth.taken
            assert tags["Image Orientation"].values == [truth.orientation if truth.path.lower().endswith("jpg") else 1]
            assert ("GPS GPSLatitude" in tags) == truth.gps


def test_vietnamese_names_come_in_both_normal_forms(rehearsed: Rehearsed) -> None:
    names = [Path(photo.path).name for photo in rehearsed.truth.photos]
    forms = {form: [name for name in names if not name.isascii() and unicodedata.is_normalized(form, name)] for form in ("NFC", "NFD")}
    assert forms["NFC"]
    assert forms["NFD"]
    on_disk = {path.name for path in (rehearsed.root / "photos").iterdir()}
    assert set(names) <= on_disk


def test_panoramas_are_spheres_that_know_their_heading(rehearsed: Rehearsed) -> None:
    assert len(rehearsed.truth.panoramas) >= 6
    for truth in rehearsed.truth.panoramas:
        content = (rehearsed.root / truth.path).read_bytes()
        packet = content[content.index(b"<x:xmpmeta") : content.index(b"</x:xmpmeta>")].decode()
        assert re.search(r'PoseHeadingDegrees="([\d.]+)"', packet)[1] == f"{truth.heading:.2f}"  # type: ignore[index]
        assert f'FullPanoWidthPixels="{truth.width}"' in packet
        assert "SIMULATED" in packet
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (truth.width, truth.height) == (SMALL.panorama, SMALL.panorama // 2)
            assert image.getexif()[272] == "Simulated 360 camera"


def test_the_sun_stands_where_the_heading_says(rehearsed: Rehearsed) -> None:
    truth = next(camera for camera in rehearsed.truth.panoramas if "san" in camera.path)
    picture = np.asarray(_upright(rehearsed.root / truth.path), np.float64).mean(axis=2)
    x, y = _pixel(truth, np.degrees(SUN_AZIMUTH), np.degrees(SUN_ALTITUDE))
    assert picture[y - 1 : y + 2, x - 1 : x + 2].min() > 235
    assert picture[y, x] > picture[y, (x + 60) % truth.width] + 15


def test_a_lamp_stands_where_position_and_heading_say(rehearsed: Rehearsed) -> None:
    truth = next(camera for camera in rehearsed.truth.panoramas if "gian-giua" in camera.path)
    away = np.subtract(LAMPS[2], truth.position)
    bearing = float(np.degrees(np.arctan2(away[0], away[1])))
    pitch = float(np.degrees(np.arctan2(away[2], np.hypot(away[0], away[1]))))
    picture = np.asarray(_upright(rehearsed.root / truth.path), np.float64).mean(axis=2)
    x, y = _pixel(truth, bearing, pitch)
    assert picture[y - 3 : y + 4, x - 3 : x + 4].mean() > picture[y - 3 : y + 4, x + 40 : x + 47].mean() + 60


def test_links_join_all_standpoints_and_walls_hide_some(rehearsed: Rehearsed) -> None:
    links = rehearsed.truth.links
    assert len(links) == len(STANDPOINTS) * (len(STANDPOINTS) - 1)
    seen = {(link.start, link.end) for link in links if link.visible}
    assert all((end, start) in seen for start, end in seen)
    assert ("panorama/dinh-mau-01-cong.jpg", "panorama/dinh-mau-02-san.jpg") in seen
    assert ("panorama/dinh-mau-01-cong.jpg", "panorama/dinh-mau-05-gian-ben.jpg") not in seen
    reached, frontier = set(), {links[0].start}
    while frontier:
        reached |= frontier
        frontier = {end for start, end in seen if start in reached} - reached
    assert len(reached) == len(STANDPOINTS)


def test_ten_years_before_the_ridge_is_bare_and_scaffolding_hides_the_front(rehearsed: Rehearsed) -> None:
    panorama, photo = rehearsed.truth.earlier
    now = next(camera for camera in rehearsed.truth.panoramas if camera.path == STANDPOINTS[1].path)
    assert (panorama.position, panorama.heading, panorama.field) == (now.position, now.heading, 360.0)
    assert {panorama.taken[:10], photo.taken[:10]} == {"2016:03:14"}
    assert (photo.position, photo.heading, photo.field) == (
        rehearsed.truth.photos[0].position,
        rehearsed.truth.photos[0].heading,
        rehearsed.truth.photos[0].field,
    )
    today, before = (np.asarray(_upright(rehearsed.root / each.path), np.float64) for each in (now, panorama))
    moon = np.subtract((0.0, 14.0, 8.98), panorama.position)
    bearing, pitch = np.degrees(np.arctan2(moon[0], moon[1])), np.degrees(np.arctan2(moon[2], np.hypot(moon[0], moon[1])))
    x, y = _pixel(panorama, float(bearing), float(pitch))
    assert np.abs(today[y - 2 : y + 3, x - 2 : x + 3] - before[y - 2 : y + 3, x - 2 : x + 3]).mean() > 20
    changed = np.abs(today - before).mean(axis=(0, 2))
    elsewhere, front = changed[now.width // 8 : now.width // 6].mean(), changed[now.width * 9 // 20 : now.width * 11 // 20].mean()
    assert elsewhere < 9, "the exposure may differ a little, nothing else"
    assert front > 1.5 * elsewhere


def test_a_truncated_photo_does_not_decode(rehearsed: Rehearsed) -> None:
    fault = next(fault for fault in rehearsed.truth.faults if fault.kind == "truncated")
    with pytest.raises((OSError, UnidentifiedImageError)), Image.open(rehearsed.root / fault.path) as image:
        image.load()


def test_the_portrait_is_a_picture_of_the_house(tmp_path: Path) -> None:
    assert main([str(tmp_path / "pictures" / "house.jpg"), "--portrait", "--small"]) == 0
    with Image.open(tmp_path / "pictures" / "house.jpg") as image:
        assert image.size == (SMALL.photo, SMALL.photo // 2)
        pixels = np.asarray(image, np.float64)
    roof = pixels[48:76, 104:184].mean(axis=(0, 1))
    assert roof[0] > 1.3 * roof[2]
