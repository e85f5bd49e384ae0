"""A file that its own format's reader refuses: cut off, overwritten, or not what it claims to be."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "unreadable-or-truncated"
RULE = Rule(
    CODE,
    Severity.REFUSE,
    vi="Tệp này bị hỏng hoặc bị cắt cụt. Hãy chép lại từ thẻ gốc; bản hỏng được giữ riêng trong hồ sơ nạp.",
    en="This file is damaged or cut off. Copy it again from the original card; the damaged copy stays with the deposit.",
    th="ไฟล์นี้เสียหายหรือไม่ครบ โปรดคัดลอกใหม่จากการ์ดต้นฉบับ สำเนาที่เสียจะเก็บไว้กับชุดนำเข้า",
)
TAG_SOURCES = frozenset({"exif", "xmp", "sheet", "folder"})
"""What these refuse is a fault in the tags; the picture may be whole."""
COMPLETE_SOURCES = frozenset({"image-structure"})
"""Sources that read a file to its last byte; without one, every reader of the format must have refused it."""


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    principal = asset.candidate.principal.file.path
    if asset.candidate.principal.file.size == 0:
        yield RULE.finding(principal, "no bytes")
    said = [one for one in asset.descriptions if one.path == principal and one.source not in TAG_SOURCES]
    refused = [one for one in said if any(finding.code == "source-unreadable" for finding in one.findings)]
    complete = [one for one in refused if one.source in COMPLETE_SOURCES]
    decisive = complete or (refused if len(refused) == len(said) else [])
    for one in decisive[:1]:
        yield RULE.finding(principal, f"{one.source}: {one.findings[0].detail}")
