"""Material that the site's archive already holds, byte for byte."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "already-archived"
RULE = Rule(
    CODE,
    Severity.NOTE,
    vi="Tư liệu này đã có trong kho lưu trữ: {arks}. Không cần làm gì.",
    en="This is already in the archive as {arks}. Nothing needs to be done.",
    th="ไฟล์นี้มีอยู่ในคลังแล้ว: {arks} ไม่ต้องทำอะไร",
)


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    arks = [frozenset(context.known(one.file.sha512)) for one in asset.candidate.files]
    if common := sorted(frozenset.intersection(*arks)):
        yield RULE.finding(asset.candidate.principal.file.path, "", arks=", ".join(common))
