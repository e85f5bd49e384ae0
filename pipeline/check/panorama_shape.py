"""A panorama that is neither twice as wide as high nor says which part of the sphere it shows."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from archive.records.asset import AssetKind
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "panorama-shape"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Ảnh toàn cảnh {width} × {height} không có tỉ lệ 2:1 và không ghi phần cắt. Hãy xuất lại trọn 360° × 180° nếu được.",
    en="The panorama is {width} × {height}, not 2:1, and says nothing of a crop. Export it as a full 360° × 180° if you can.",
    th="ภาพพาโนรามา {width} × {height} ไม่ใช่อัตราส่วน 2:1 และไม่ระบุส่วนตัด โปรดส่งออกใหม่แบบเต็ม 360° × 180° ถ้าทำได้",
)
TOLERANCE = 0.005


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    width, height = (asset.facts.get(name) for name in ("width", "height"))
    if asset.kind is not AssetKind.PANORAMA or "crop" in asset.facts or width is None or height is None:
        return
    if abs(width.value - 2 * height.value) > TOLERANCE * width.value:
        yield RULE.finding(asset.candidate.principal.file.path, "", width=width.value, height=height.value)
