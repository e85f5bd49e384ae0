"""The photos: twelve, with every EXIF orientation and the file formats and oddities that a real card brings."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.rehearsal.camera import Camera
from pipeline.rehearsal.lettering import badge_photo
from pipeline.rehearsal.place import MODEL, moment, to_wgs84
from pipeline.rehearsal.render import render
from pipeline.rehearsal.stage import Model
from pipeline.rehearsal.tags import Shot, exif, exif_time
from pipeline.rehearsal.truth import CameraTruth

FOLDER = "photos"
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture is turned so that the orientation tag of that value turns it back (TIFF 6.0, tag 274)."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo to be taken.

    Attributes:
        name: of the file. position: metres, local frame. aim: heading, pitch, horizontal field of view, degrees.
        titles: vi, en, th. orientation: EXIF value, 0 for a file without EXIF. tall: upright format.
        gps: whether the position is written. taken: the clock's time where it is not the afternoon's.
    """

    name: str
    position: tuple[float, float, float]
    aim: tuple[float, float, float]
    titles: tuple[str, str, str]
    orientation: int = 1
    tall: bool = False
    gps: bool = True
    taken: str = ""

    @property
    def path(self) -> str:
        """Of the file, in the deposit."""
        return f"{FOLDER}/{self.name}"


def nfd(name: str) -> str:
    """A name as macOS once wrote it: letters and diacritics apart."""
    return unicodedata.normalize("NFD", name)


PHOTOS = (
    Photo("Mặt tiền đình.jpg", (-5.4, -6.9, 1.65), (18.0, 7.0, 66.0), ("Mặt tiền đình", "The front", "ด้านหน้าศาลา")),
    Photo("DSC_0002.JPG", (-6.9, 2.2, 1.6), (62.0, 6.0, 50.0), ("Bậc thềm và hiên", "Steps and veranda", "บันไดและเฉลียง"), 2),
    Photo("DSC_0003.JPG", (3.6, -25.2, 1.6), (338.0, 7.0, 62.0), ("Cổng tam quan", "The gate", "ซุ้มประตู"), 3),
    Photo("DSC_0004.JPG", (-5.2, -3.4, 1.7), (294.0, 5.0, 48.0), ("Nhà bia", "The stele house", "ศาลาศิลาจารึก"), 4),
    Photo("DSC_0005.JPG", (-9.55, -0.4, 1.65), (270.0, -3.0, 34.0), ("Bia đá", "The stele", "ศิลาจารึก"), 5, tall=True),
    Photo(
        nfd("Đầu đao góc mái.jpg"),
        (10.6, 3.1, 1.7),
        (347.0, 22.0, 34.0),
        ("Đầu đao góc mái", "A corner of the roof", "ช่อฟ้ามุมหลังคา"),
        6,
        tall=True,
    ),
    Photo("DSC_0007.JPG", (0.0, 13.2, 2.45), (0.0, -1.0, 50.0), ("Hương án", "The incense table", "โต๊ะเครื่องหอม"), 7, tall=True),
    Photo(
        "DSC_0008.JPG",
        (-1.05, 12.5, 2.4),
        (62.0, 8.0, 52.0),
        ("Cột và vì kèo", "Columns and trusses", "เสาและโครงหลังคา"),
        8,
        tall=True,
        gps=False,
    ),
    Photo("Bàn thờ chính.heic", (0.55, 12.3, 2.4), (355.0, 0.0, 58.0), ("Bàn thờ chính", "The main altar", "แท่นบูชาหลัก")),
    Photo("Giếng đình.tif", (8.3, -4.6, 1.75), (52.0, -8.0, 46.0), ("Giếng đình", "The well", "บ่อน้ำของศาลา")),
    Photo("binh-phong.png", (-2.6, -13.6, 1.6), (30.0, 2.0, 58.0), ("Bình phong", "The screen wall", "กำแพงบังตา"), 0, gps=False),
    Photo(
        "DSC_0012.JPG",
        (0.2, -1.2, 1.7),
        (0.0, 22.5, 26.0),
        ("Lưỡng long triều nguyệt", "Dragons and moon", "มังกรคู่เฝ้าดวงจันทร์"),
        taken="2062:03:14 16:58:00",
    ),
)
EARLIER = Photo(
    "mat-tien-2016.jpg",
    PHOTOS[0].position,
    PHOTOS[0].aim,
    ("Mặt tiền đình khi đang sửa mái, 2016", "The front while the roof was mended, 2016", "ด้านหน้าศาลาขณะซ่อมหลังคา พ.ศ. 2559"),
    taken="2016:03:14 16:40:00",
)
"""The front again, ten years before (see ``earlier``), from the same place."""
DUPLICATE = (f"{FOLDER}/Copy of DSC_0003.JPG", f"{FOLDER}/DSC_0003.JPG")
TRUNCATED = (f"{FOLDER}/DSC_0013.JPG", f"{FOLDER}/DSC_0002.JPG")


def take_photo(model: Model, photo: Photo, root: Path, *, longer: int, minutes: float) -> CameraTruth:
    """Renders and writes one photo.

    Args:
        model: the lit model.
        photo: what to take.
        root: the deposit.
        longer: side, pixels.
        minutes: after the start of the afternoon.
    """
    shorter = longer * 2 // 3
    width, height = (shorter, longer) if photo.tall else (longer, shorter)
    heading, pitch, field = photo.aim
    picture = render(model, Camera(photo.position, heading, pitch, width, height, field))
    badge_photo(picture)
    position = to_wgs84(photo.position)
    taken = photo.taken or exif_time(moment(minutes))
    focal = round(18.0 / np.tan(np.radians(field) / 2))
    shot = Shot(MODEL, taken, position if photo.gps else None, heading, focal, max(1, photo.orientation))
    _save(picture, photo, root, shot)
    return CameraTruth(
        path=photo.path,
        position=photo.position,
        latitude=position.latitude,
        longitude=position.longitude,
        altitude=position.altitude,
        heading=heading,
        pitch=pitch,
        field=field,
        width=width,
        height=height,
        orientation=photo.orientation,
        taken=taken if photo.orientation else "",
        gps=photo.gps,
    )


def _save(picture: NDArray[np.uint8], photo: Photo, root: Path, shot: Shot) -> None:
    path = root / photo.path
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(picture)
    if photo.orientation in TURNS:
        image = image.transpose(TURNS[photo.orientation])
    kind = path.suffix.lower()
    if kind == ".png":
        image.save(path, "PNG", compress_level=6)
    elif kind == ".tif":
        image.save(path, "TIFF", exif=exif(shot))
    elif kind == ".heic":
        from pillow_heif import from_pillow

        from_pillow(image).save(path, quality=80, exif=exif(shot).tobytes())
    else:
        image.save(path, "JPEG", quality=91, exif=exif(shot))


def plant_faults(root: Path) -> None:
    """An exact duplicate, and a JPEG cut off in the middle, as a card pulled out too early leaves it."""
    copy, good = DUPLICATE
    (root / copy).write_bytes((root / good).read_bytes())
    cut, whole = TRUNCATED
    content = (root / whole).read_bytes()
    (root / cut).write_bytes(content[: len(content) * 6 // 10])
