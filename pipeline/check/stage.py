"""Every rule in turn; a refusal concerns its asset, the rest goes on."""

from collections import defaultdict

from archive.findings import Finding, Severity
from pipeline.check import ASSET_CHECKS, DEPOSIT_CHECKS
from pipeline.check.context import CheckContext
from pipeline.sip import CheckedAsset, CheckedDeposit, DescribedAsset, DescribedDeposit, Refusal

_ALWAYS_SAID = frozenset({"worker-death", "reader-failed"})
MISSING_COMPANION = "missing-companion"
"""Its detail is the name of the file that is missing."""
_OF_THE_BYTES = frozenset(
    {
        "unknown-format", "wrong-extension", "windows-name", "no-rights", "panorama-shape", "scan-nan", "scan-without-unit-or-crs",
        "scan-without-points", "gps-out-of-range", "source-unreadable", "readers-disagree",
    }
)  # fmt: skip
"""Remarks that stay true of the same file for ever: made once, when it is archived."""


def check(described: DescribedDeposit, context: CheckContext) -> CheckedDeposit:
    """Sort a deposit's assets into accepted and refused, each with its findings; what concerns no asset stays with the deposit.

    A finding at a deposit path concerns every asset that holds the file there.
    """
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in (*described.deposit.findings, *described.findings, *_of_deposit(described, context)):
        by_path[finding.path].append(finding)
    accepted: list[CheckedAsset] = []
    refused: list[Refusal] = []
    judged: set[str] = set()
    for asset in described.assets:
        paths = [one.file.path for one in asset.candidate.files]
        judged.update(paths)
        own = [finding for rule in ASSET_CHECKS for finding in rule(asset, context)]
        if any(one.code == "exact-duplicate" for one in by_path[paths[0]]):
            # What is missing is asked for once, of the copy that is kept.
            own = [one for one in own if one.severity is not Severity.WARN]
        found = [finding for path in paths for finding in by_path[path]] + own
        findings = _once([finding for finding in found if not _said_before(finding, asset, context)])
        if any(finding.severity is Severity.REFUSE for finding in findings):
            # What else might be said of a refused asset can wait until it is good.
            decisive = tuple(one for one in findings if one.severity is Severity.REFUSE or one.code in _ALWAYS_SAID)
            refused.append(Refusal(asset, decisive))
        else:
            accepted.append(CheckedAsset(asset, findings))
    rest = _once([finding for path, findings in by_path.items() if path not in judged for finding in findings])
    return CheckedDeposit(described.deposit, tuple(accepted), tuple(refused), described.sheets, rest)


def _said_before(finding: Finding, asset: DescribedAsset, context: CheckContext) -> bool:
    """Whether it is a remark about bytes that were archived before, and was made then."""
    digests = {one.file.path: one.file.sha512 for one in asset.candidate.files}
    known = context.known(digests[finding.path]) if finding.path in digests else ()
    if finding.severity is Severity.REFUSE or not known:
        return False
    if finding.code == MISSING_COMPANION:
        name = finding.detail.replace("\\", "/").rpartition("/")[2].casefold()
        return any(name in context.held(ark) for ark in known)
    return finding.code in _OF_THE_BYTES


def _of_deposit(described: DescribedDeposit, context: CheckContext) -> list[Finding]:
    return [finding for rule in DEPOSIT_CHECKS for finding in rule(described, context)]


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    seen: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.code, finding.path, finding.sentence["en"]), finding)
    return tuple(seen.values())
