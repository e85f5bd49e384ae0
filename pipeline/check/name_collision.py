"""Names that some computers cannot keep apart: the same but for case or for how accents are composed."""

import unicodedata
from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedDeposit

CODE = "name-collision"
RULE = Rule(
    CODE,
    Severity.WARN,
    vi="Tên này và “{other}” chỉ khác chữ hoa hoặc cách ghép dấu. Cả hai được giữ; máy Windows và Mac sẽ lẫn chúng.",
    en="This name and “{other}” differ only in case or in how accents are composed. Both are kept; Windows and Mac will mix them up.",
    th="ชื่อนี้กับ “{other}” ต่างกันแค่ตัวพิมพ์หรือวิธีประกอบวรรณยุกต์ เก็บไว้ทั้งสอง แต่ Windows และ Mac จะสับสน",
)


def check(deposit: DescribedDeposit, context: CheckContext) -> Iterator[Finding]:
    """Look at the whole deposit."""
    del context
    seen: dict[str, str] = {}
    for file in sorted(deposit.deposit.files, key=lambda one: one.path):
        other = seen.setdefault(unicodedata.normalize("NFC", file.path).casefold(), file.path)
        if other != file.path:
            yield RULE.finding(file.path, f"bytes {file.path_hex}", other=other)
