"""A position farther from the site than anyone carries a camera within it."""

import math
from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.check.positions import plausible
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "gps-far-from-site"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Vị trí chụp cách di tích {distance} km. Đây có đúng là tư liệu của di tích này không?",
    en="The position is {distance} km from the site. Does this belong to this site?",
    th="ตำแหน่งที่ถ่ายห่างจากแหล่ง {distance} กม. เป็นข้อมูลของแหล่งนี้จริงหรือไม่",
)
FARTHEST_KM = 5.0


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    where, site = asset.position, context.site.coordinates
    if where is None or site.latitude is None or site.longitude is None or not plausible(where):
        return
    distance = kilometres((where.latitude, where.longitude), (site.latitude, site.longitude))
    if distance > FARTHEST_KM:
        yield RULE.finding(asset.candidate.principal.file.path, f"{where.source}: {where}", distance=round(distance, 1))


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) in degrees; haversine on a sphere of 6371 km."""
    (lat1, lon1), (lat2, lon2) = (tuple(math.radians(angle) for angle in point) for point in (one, other))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, chord)))
