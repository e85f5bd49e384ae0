"""A mesh whose faces name vertices that it does not have."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "mesh-invalid-indices"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Mô hình có {count} mặt chỉ tới đỉnh không tồn tại. Tệp gốc được lưu; hãy xuất lại để có bản xem nhẹ.",
    en="The model has {count} faces that name vertices it does not have. The original is kept; export it again to get a light view.",
    th="แบบจำลองมี {count} หน้าที่อ้างจุดยอดที่ไม่มีอยู่ ไฟล์เดิมถูกเก็บไว้ โปรดส่งออกใหม่เพื่อให้ดูได้",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    broken = asset.facts.get("invalid_indices")
    if broken is not None and broken.value:
        yield RULE.finding(asset.candidate.principal.file.path, broken.source, count=broken.value)
