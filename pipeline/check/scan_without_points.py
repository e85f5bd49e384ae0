"""A scan that declares no point. An E57 that holds pictures only is no scan, and no fault."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from archive.records.asset import AssetKind
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "scan-without-points"
RULE = Rule(
    CODE,
    Severity.REFUSE,
    vi="Tệp quét này không có điểm nào. Hãy xuất lại từ phần mềm quét; tệp rỗng được giữ riêng trong hồ sơ nạp.",
    en="This scan holds no points. Export it again from the scanner's software; the empty file stays with the deposit.",
    th="ไฟล์สแกนนี้ไม่มีจุดเลย โปรดส่งออกใหม่จากโปรแกรมสแกน ไฟล์ว่างจะเก็บไว้กับชุดนำเข้า",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    points = asset.facts.get("points")
    pictures = "images" in asset.facts
    if asset.kind is AssetKind.POINT_CLOUD and points is not None and points.value == 0 and not pictures:
        yield RULE.finding(asset.candidate.principal.file.path, points.source)
