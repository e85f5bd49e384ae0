"""A scan with points that have no position."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "scan-nan"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="{count} điểm không có tọa độ và sẽ không hiện ra. Điểm khác vẫn dùng được.",
    en="{count} points have no position and will not be shown. The others are used.",
    th="มี {count} จุดที่ไม่มีพิกัดและจะไม่แสดง จุดอื่นยังใช้ได้",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    without = asset.facts.get("nan_points")
    if without is not None and without.value:
        yield RULE.finding(asset.candidate.principal.file.path, without.source, count=without.value)
