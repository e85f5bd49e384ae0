"""A file whose bytes are of no format that we know: kept as it is, without pictures or text made from it."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "unknown-format"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Không nhận ra định dạng của tệp này. Tệp vẫn được lưu nguyên vẹn; hãy ghi vào bảng nó là gì và mở bằng phần mềm nào.",
    en="The format of this file is not known. It is kept as it is; write in the sheet what it is and which software opens it.",
    th="ไม่รู้จักรูปแบบของไฟล์นี้ ไฟล์จะถูกเก็บไว้ตามเดิม โปรดระบุในตารางว่าเป็นอะไรและเปิดด้วยโปรแกรมใด",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    for one in asset.candidate.files:
        if one.verdict.name == "unknown":
            yield RULE.finding(one.file.path, one.verdict.basis)
