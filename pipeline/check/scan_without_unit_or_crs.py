"""A scan that does not say its unit, or its coordinate system where its format could."""

from collections.abc import Iterator

from archive.findings import Finding, Severity
from archive.records.asset import AssetKind
from pipeline.check.context import CheckContext
from pipeline.rule import Rule
from pipeline.sip import DescribedAsset

CODE = "scan-without-unit-or-crs"
RULE = Rule(
    CODE,
    Severity.NOTE,
    vi="Bản quét không ghi {vi_missing}. Hãy ghi vào bảng hoặc hỏi đơn vị quét.",
    en="The scan does not state its {en_missing}. Write it in the sheet, or ask who scanned.",
    th="ไฟล์สแกนไม่ระบุ {th_missing} โปรดกรอกในตารางหรือสอบถามผู้สแกน",
)
_WORDS = {
    "vi": {"unit": "đơn vị đo", "crs": "hệ tọa độ"},
    "en": {"unit": "unit", "crs": "coordinate system"},
    "th": {"unit": "หน่วยวัด", "crs": "ระบบพิกัด"},
}
_GEODETIC = frozenset({"las", "laz", "copc"})


def check(asset: DescribedAsset, context: CheckContext) -> Iterator[Finding]:
    """Look at one asset."""
    del context
    if asset.kind is not AssetKind.POINT_CLOUD:
        return
    wanted = ("unit", "crs") if asset.candidate.principal.verdict.name in _GEODETIC else ("unit",)
    missing = [name for name in wanted if name not in asset.facts or not asset.facts[name].value]
    if missing:
        words = {f"{language}_missing": ", ".join(_WORDS[language][name] for name in missing) for language in _WORDS}
        yield RULE.finding(asset.candidate.principal.file.path, ", ".join(missing), **words)
