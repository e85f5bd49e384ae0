"""An asset that nobody has said the rights of."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "no-rights"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Chưa ghi quyền sử dụng. Hãy ghi cột “bản quyền” trong bảng, hoặc đặt mặc định cho di tích.",
    en="No rights are stated. Fill the “rights” column of the sheet, or set a default for the site.",
    th="ยังไม่ระบุสิทธิ์การใช้งาน โปรดกรอกคอลัมน์ “สิทธิ์” ในตาราง หรือตั้งค่าเริ่มต้นของแหล่ง",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    if not asset.rights.statement:
        yield RULE.finding(asset.candidate.principal.file.path)
