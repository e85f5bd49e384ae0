"""A rights statement in words of somebody's own, which nobody else can rely on."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from archive.records.rights import is_known_statement
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "rights-unknown"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="“{statement}” không phải tuyên bố quyền mà mọi người cùng hiểu. Ở cột “bản quyền” hãy ghi CC BY 4.0 hoặc CC0 nếu cho dùng lại, "
    "In Copyright nếu còn bản quyền, Copyright Not Evaluated nếu chưa rõ; danh sách ở rightsstatements.org.",
    en="“{statement}” is no rights statement that others understand. In the “rights” column write CC BY 4.0 or CC0 to allow reuse, "
    "In Copyright where it is protected, Copyright Not Evaluated where nobody knows; the list is at rightsstatements.org.",
    th="“{statement}” ไม่ใช่คำชี้แจงสิทธิ์ที่ผู้อื่นเข้าใจตรงกัน ในคอลัมน์ “สิทธิ์” ให้ระบุ CC BY 4.0 หรือ CC0 หากอนุญาตให้ใช้ต่อ "
    "In Copyright หากมีลิขสิทธิ์ หรือ Copyright Not Evaluated หากยังไม่ทราบ ดูรายการที่ rightsstatements.org",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    statement = asset.rights.statement
    if statement and not is_known_statement(statement):
        yield RULE.finding(asset.candidate.principal.file.path, statement, statement=statement)
