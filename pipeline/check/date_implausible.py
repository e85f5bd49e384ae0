"""A capture date in the future, before photography, or of a camera whose clock was never set."""

from collections.abc import Iterator
from datetime import timedelta

from archive.findings import Finding, Severity
from archive.records.asset import AssetKind
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "date-implausible"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Ngày chụp {date} khó tin (đồng hồ máy ảnh?). Hãy ghi ngày đúng vào bảng.",
    en="The capture date {date} is hard to believe (the camera's clock?). Write the right date in the sheet.",
    th="วันที่ถ่าย {date} ไม่น่าเชื่อ (นาฬิกากล้อง?) โปรดกรอกวันที่ที่ถูกต้องในตาราง",
)
FIRST_PHOTOGRAPH = 1826
CLOCK_RESETS = ("1970-01-01T00:0", "1980-01-01T00:0", "2000-01-01T00:0", "1904-01-01")
_CAMERA = frozenset({AssetKind.PHOTO, AssetKind.PANORAMA, AssetKind.POINT_CLOUD})


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    if asset.captured is None:
        return
    text = str(asset.captured.value)
    latest = (context.now + timedelta(days=1)).date().isoformat()
    day = text[:10]
    future = day[:4].isdigit() and day > latest[: len(day)]
    early = asset.kind in _CAMERA and day[:4].isdigit() and int(day[:4]) < FIRST_PHOTOGRAPH
    if future or early or not day[:4].strip("0") or (text.startswith(CLOCK_RESETS) and not asset.captured.source.startswith("sheet")):
        yield RULE.finding(asset.candidate.principal.file.path, f"{asset.captured.source}: {text}", date=text)
