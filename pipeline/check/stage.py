"""Every rule in turn; a refusal concerns its asset, the rest goes on."""

from collections import defaultdict

from archive.findings import Finding, Severity
from pipeline.check import ASSET_CHECKS, DEPOSIT_CHECKS
from pipeline.check.context import CheckContext
from pipeline.sip import CheckedAsset, CheckedDeposit, DescribedDeposit, Refusal

_ALWAYS_SAID = frozenset({"worker-death", "reader-failed"})


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
        findings = _once([finding for path in paths for finding in by_path[path]] + own)
        if any(finding.severity is Severity.REFUSE for finding in findings):
            # What else might be said of a refused asset can wait until it is good.
            decisive = tuple(one for one in findings if one.severity is Severity.REFUSE or one.code in _ALWAYS_SAID)
            refused.append(Refusal(asset, decisive))
        else:
            accepted.append(CheckedAsset(asset, findings))
    rest = _once([finding for path, findings in by_path.items() if path not in judged for finding in findings])
    return CheckedDeposit(described.deposit, tuple(accepted), tuple(refused), described.sheets, rest)


def _of_deposit(described: DescribedDeposit, context: CheckContext) -> list[Finding]:
    return [finding for rule in DEPOSIT_CHECKS for finding in rule(described, context)]


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    seen: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.code, finding.path, finding.sentence["en"]), finding)
    return tuple(seen.values())
