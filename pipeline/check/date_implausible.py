"""A capture date in the future, before photography, or of a camera whose clock was never set."""

from collections.abc import Iterator
from datetime import timedelta

from archive.findings import Finding, Severity
from archive.records.asset import AssetKind, SourcedValue
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
_CLOCKS = frozenset({"exif", "pillow", "xmp"})
_CAMERA = frozenset({AssetKind.PHOTO, AssetKind.PANORAMA, AssetKind.POINT_CLOUD})


CLOCK = Rule(
    "camera-clock-wrong",
    Severity.NOTE,
    vi="Đồng hồ máy ảnh ghi {date}, không tin được; ngày trong bảng được dùng. Hãy xem lại các ảnh khác của máy này.",
    en="The camera's clock says {date}, which cannot be; the sheet's date is used. Look at other pictures of this camera.",
    th="นาฬิกากล้องบันทึกวันที่ {date} ซึ่งไม่น่าเป็นไปได้ จึงใช้วันที่ในตาราง โปรดตรวจภาพอื่นของกล้องนี้",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at the date that was chosen, and at what the camera said where a sheet overruled it."""
    path = asset.candidate.principal.file.path
    latest = (context.now + timedelta(days=1)).date().isoformat()
    chosen = asset.captured
    if chosen is None:
        return
    if _implausible(chosen, asset.kind, latest):
        yield RULE.finding(path, f"{chosen.source}: {chosen.value}", date=chosen.value)
        return
    stamps = [one.values["captured"] for one in asset.descriptions if one.source in _CLOCKS and "captured" in one.values]
    for stamp in (one for one in stamps if _implausible(one, asset.kind, latest)):
        yield CLOCK.finding(path, f"{stamp.source}: {stamp.value}", date=stamp.value)
        return


def _implausible(captured: SourcedValue, kind: AssetKind, latest: str) -> bool:
    text = str(captured.value)
    day = text[:10]
    year = day[:4] if day[:4].isdigit() else ""
    future = bool(year) and day > latest[: len(day)]
    early = kind in _CAMERA and bool(year) and int(year) < FIRST_PHOTOGRAPH
    never_set = text.startswith(CLOCK_RESETS) and not captured.source.startswith("sheet")
    return future or early or never_set or not day[:4].strip("0")
