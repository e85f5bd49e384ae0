"""The panoramas of the tour: where the tripod stood, and the files it brought home."""

from dataclasses import dataclass
from datetime import datetime
from itertools import permutations
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.rehearsal.camera import Camera
from pipeline.rehearsal.lettering import badge_panorama
from pipeline.rehearsal.place import PANORAMA_MODEL, to_wgs84
from pipeline.rehearsal.render import render
from pipeline.rehearsal.stage import Model
from pipeline.rehearsal.tags import Shot, exif, exif_time, gpano
from pipeline.rehearsal.truth import CameraTruth, LinkTruth

FOLDER = "panorama"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A place of the tripod: name of the file, position (metres, local frame), heading of the image centre (degrees), titles vi/en/th."""

    name: str
    position: tuple[float, float, float]
    heading: float
    titles: tuple[str, str, str]

    @property
    def path(self) -> str:
        """Of the file, in the deposit."""
        return f"{FOLDER}/{self.name}.jpg"


STANDPOINTS = (
    Standpoint("dinh-mau-01-cong", (0.0, -21.6, 1.6), 0.0, ("Trước cổng", "Before the gate", "หน้าประตู")),
    Standpoint("dinh-mau-02-san", (4.2, -2.4, 1.6), 347.0, ("Sân đình", "The courtyard", "ลานศาลา")),
    Standpoint("dinh-mau-03-hien", (0.0, 9.7, 2.35), 0.0, ("Hiên trước", "The veranda", "เฉลียงหน้า")),
    Standpoint("dinh-mau-04-gian-giua", (0.0, 12.7, 2.35), 0.0, ("Gian giữa", "The middle bay", "ห้องกลาง")),
    Standpoint("dinh-mau-05-gian-ben", (3.1, 15.6, 2.35), 285.0, ("Gian bên phía đông", "The east bay", "ห้องด้านตะวันออก")),
    Standpoint("dinh-mau-06-nha-bia", (-8.7, -1.3, 1.6), 285.0, ("Nhà bia", "The stele house", "ศาลาศิลาจารึก")),
    Standpoint("dinh-mau-07-gieng", (9.3, -0.6, 1.6), 115.0, ("Giếng đình", "The well", "บ่อน้ำ")),
)


EARLIER = Standpoint(
    "dinh-mau-02-san-2016",
    STANDPOINTS[1].position,
    STANDPOINTS[1].heading,
    ("Sân đình khi đang sửa mái, 2016", "The courtyard while the roof was mended, 2016", "ลานศาลาขณะซ่อมหลังคา พ.ศ. 2559"),
)
"""The courtyard again, ten years before (see ``earlier``): the same tripod, the same heading."""


def shoot_panorama(model: Model, standpoint: Standpoint, root: Path, *, width: int, taken: datetime) -> CameraTruth:
    """Renders and writes one panorama.

    Args:
        model: the lit model.
        standpoint: where.
        root: the deposit.
        width: pixels.
        taken: when.
    """
    camera = Camera(standpoint.position, standpoint.heading, 0.0, width, width // 2, 360.0)
    picture = render(model, camera)
    badge_panorama(picture)
    position = to_wgs84(standpoint.position)
    block = exif(Shot(PANORAMA_MODEL, exif_time(taken), position, standpoint.heading))
    path = root / standpoint.path
    path.parent.mkdir(parents=True, exist_ok=True)
    packet = gpano(width, standpoint.heading, taken)
    Image.fromarray(picture).save(path, "JPEG", quality=90, exif=block, xmp=packet, subsampling=2)
    return CameraTruth(
        path=standpoint.path,
        position=standpoint.position,
        latitude=position.latitude,
        longitude=position.longitude,
        altitude=position.altitude,
        heading=standpoint.heading,
        pitch=0.0,
        field=360.0,
        width=width,
        height=width // 2,
        orientation=1,
        taken=exif_time(taken),
    )


def visible_links(model: Model) -> tuple[LinkTruth, ...]:
    """All ordered pairs of standpoints: bearing, yaw in the image, distance, and whether nothing solid stands between."""
    links = []
    for a, b in permutations(STANDPOINTS, 2):
        away = np.subtract(b.position, a.position)
        bearing = float(np.degrees(np.arctan2(away[0], away[1]))) % 360.0
        ray = np.concatenate([np.array(a.position), away]).astype(np.float32)[None]
        clear = not bool(model.tracer.blocked(ray)[0])
        yaw = (bearing - a.heading + 180.0) % 360.0 - 180.0
        links.append(LinkTruth(a.path, b.path, round(bearing, 3), round(yaw, 3), round(float(np.linalg.norm(away)), 3), clear))
    return tuple(links)
