"""The same bytes at two places of one deposit; the shorter name counts as the first ("Copy of …" is longer)."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedDeposit

CODE = "exact-duplicate"
RULE = Rule(
    CODE,
    Severity.NOTE,
    vi="Tệp này giống hệt “{first}”. Chỉ lưu một bản; cả hai tên được ghi lại.",
    en="This file is the same as “{first}”, byte for byte. It is kept once; both names are recorded.",
    th="ไฟล์นี้เหมือนกับ “{first}” ทุกไบต์ จะเก็บเพียงชุดเดียว แต่บันทึกทั้งสองชื่อ",
)


def check(deposit: DescribedDeposit, context: CheckContext) -> Iterator[Finding]:
    """Look at the whole deposit."""
    del context
    first: dict[str, str] = {}
    for file in sorted(deposit.deposit.files, key=lambda one: (len(one.path), one.path)):
        earlier = first.setdefault(file.sha512, file.path)
        if earlier != file.path:
            yield RULE.finding(file.path, f"sha512 {file.sha512}", first=earlier)
