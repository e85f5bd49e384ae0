"""A position that is no place on Earth, or the zero that cameras write when they know none."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.check.positions import plausible
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "gps-out-of-range"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Tọa độ {latitude}, {longitude} không có thật. Hãy ghi tọa độ đúng vào bảng hoặc để trống.",
    en="The position {latitude}, {longitude} is not real. Write the right one in the sheet, or leave it empty.",
    th="พิกัด {latitude}, {longitude} ไม่ถูกต้อง โปรดกรอกพิกัดที่ถูกในตารางหรือเว้นว่าง",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    if asset.position is not None and not plausible(asset.position):
        where = asset.position
        yield RULE.finding(asset.candidate.principal.file.path, where.source, latitude=where.latitude, longitude=where.longitude)
