"""A name that Windows cannot hold: kept byte-exact here, but a copy taken to Windows would change it."""

import re
from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "windows-name"
RULE = Rule(
    CODE,
    Severity.NOTE,
    vi="Windows không thể chứa tên “{name}”. Ở đây tên được giữ nguyên; nên đổi tên trước khi chép sang máy Windows.",
    en="Windows cannot hold the name “{name}”. It is kept exactly here; rename before copying to a Windows computer.",
    th="Windows ใช้ชื่อ “{name}” ไม่ได้ ที่นี่เก็บชื่อเดิมไว้ ควรเปลี่ยนชื่อก่อนคัดลอกไปเครื่อง Windows",
)
LONGEST_PATH = 240
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]$')
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com[1-9]|lpt[1-9]")


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    for one in asset.candidate.files:
        parts = one.file.path.split("/")
        bad = next((part for part in parts if _FORBIDDEN.search(part) or _RESERVED.fullmatch(part.partition(".")[0].rstrip())), "")
        if bad or len(one.file.path) > LONGEST_PATH:
            yield RULE.finding(one.file.path, repr(bad), name=bad or parts[-1])
