"""Makes what is missing among the derivatives of some assets, and nothing that is there already.

Every task runs in a killable worker. What it wrote is read back by another reader and refused if it holds anything but pixels. A
deriver that fails costs its asset that derivative and a finding, nothing else.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from archive.access import read_files
from archive.errors import RecordError
from archive.findings import Finding, Severity
from archive.home import Home
from archive.records.asset import Asset
from archive.records.derivative import Derivative
from pipeline.derive import DERIVERS
from pipeline.derive.deriver import Deriver, Made
from pipeline.derive.key import facts_for, key_of, sources_of
from pipeline.derive.store import find, keep, listed
from pipeline.workers import Died, Failed, Limits, ParserWorkers, Returned

CODE = "derivative-failed"
_READ_BACK = "pipeline.readers.traces:read_all"
_THREADS = 16
"""More than there are slots: who waits for a free slot costs nothing."""
_READ_BACK_LIMITS = Limits(seconds=60.0, memory_mib=2048)

Progress = Callable[[int, int], None]
"""Called with (done, missing) after every derivative that was missing."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What the assets have now.

    Attributes:
        derivatives: ARK → its derivatives in the order of DERIVERS; those that failed are missing.
        made: how many were made now.
        kept: how many were there already.
        findings: one for each that could not be made.
    """

    derivatives: dict[str, tuple[Derivative, ...]]
    made: int
    kept: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One derivative that an asset should have, and the files to make it from: (path as delivered, file on disk)."""

    asset: Asset
    deriver: Deriver
    key: str
    sources: tuple[tuple[str, Path], ...]


def derive(home: Home, assets: Iterable[Asset], workers: ParserWorkers, progress: Progress | None = None) -> Derived:
    """Give every asset all its derivatives, from its archived originals.

    Args:
        home: the archive home.
        assets: records of the versions to derive from (their heads).
        workers: slots for the derivers.
        progress: told after every derivative.
    """
    wanted = [want for asset in assets for want in wanted_of(home, asset)]
    return make_missing(wanted, home.derivatives, home.work, workers, progress)


def stored(home: Home, assets: Iterable[Asset]) -> dict[str, tuple[Derivative, ...]]:
    """The derivatives that are there already, by ARK; nothing is made. Enough to say what publishing would change."""
    return {asset.ark: tuple(_stored_of(home, asset)) for asset in assets}


def _stored_of(home: Home, asset: Asset) -> Iterator[Derivative]:
    for deriver in _derivers_of(asset):
        derivative = find(home.derivatives, key_of(deriver, asset), asset.ark)
        if derivative is not None:
            yield derivative


def _derivers_of(asset: Asset) -> tuple[Deriver, ...]:
    return tuple(deriver for deriver in DERIVERS if asset.kind in deriver.kinds and deriver.wants(asset))


def wanted_of(home: Home, asset: Asset) -> Iterator[Wanted]:
    """The derivatives that this asset should have. Files are found by digest: what is read is what the record names."""
    derivers = _derivers_of(asset)
    if not derivers:
        return
    kept = {file.sha512: file.path for file in read_files(home, asset.ark).values()}
    sources = tuple((file.path, kept[file.sha512]) for file in sources_of(asset))
    for deriver in derivers:
        yield Wanted(asset, deriver, key_of(deriver, asset), sources)


def make_missing(wanted: Iterable[Wanted], store: Path, work: Path, workers: ParserWorkers, progress: Progress | None = None) -> Derived:
    """Make those that the store does not hold.

    Args:
        wanted: what should be there.
        store: folder of all derivatives.
        work: folder for what is being made, on the same file system.
        workers: slots for the derivers.
        progress: told after every derivative.
    """
    every = list(wanted)
    there = {want.key: find(store, want.key, "") for want in every}
    missing = {want.key: want for want in every if there[want.key] is None}
    failures: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="derive-", dir=work) as scratch, ThreadPoolExecutor(_THREADS) as threads:
        runs = {threads.submit(_make_one, want, Path(scratch), store, workers): key for key, want in missing.items()}
        for done, run in enumerate(as_completed(runs), start=1):
            outcome, key = run.result(), runs[run]
            if isinstance(outcome, Derivative):
                there[key] = outcome
            else:
                failures[key] = outcome
            if progress is not None:
                progress(done, len(missing))
    by_asset: dict[str, tuple[Derivative, ...]] = {want.asset.ark: () for want in every}
    for want in every:
        if (derivative := there[want.key]) is not None:
            by_asset[want.asset.ark] += (replace(derivative, asset=want.asset.ark),)
    findings = tuple(_finding(want, failures[want.key]) for want in every if want.key in failures)
    return Derived(by_asset, len(missing) - len(failures), len(there) - len(missing), findings)


def _make_one(want: Wanted, scratch: Path, store: Path, workers: ParserWorkers) -> Derivative | str:
    """Run one deriver and keep what it made; a sentence for the log where it failed."""
    output = scratch / want.key
    output.mkdir()
    deriver = want.deriver
    facts = facts_for(deriver, want.asset)
    arguments = {"asset_facts": facts, **deriver.parameters}
    result = workers.run_many(deriver.task, want.sources, output=output, limits=deriver.limits, **arguments)
    if isinstance(result, Died):
        return f"{result.reason} {result.detail}".strip()
    if isinstance(result, Failed):
        return f"{result.message} {result.detail}".strip()
    if not isinstance(result.value, Made):
        return f"{deriver.task} answered with something else than what it made"
    try:
        files = listed(result.value, output)
    except RecordError as error:
        return f"{error.message} {error.detail}"
    remains = _read_back(output, workers)
    if remains:
        return f"refused, because it holds more than pixels: {remains}"
    digests = tuple(file.sha512 for file in sources_of(want.asset))
    parameters = {**deriver.parameters, "facts": facts}
    derivative = Derivative(want.key, deriver.name, deriver.version, "", digests, parameters, files, result.value.facts)
    keep(store, output, derivative)
    return derivative


def _read_back(folder: Path, workers: ParserWorkers) -> str:
    """What the independent reader found in the files, or why it could not look; "" when they are clean."""
    files = tuple((path.name, path) for path in sorted(folder.iterdir()))
    result = workers.run_many(_READ_BACK, files, limits=_READ_BACK_LIMITS)
    if not isinstance(result, Returned):
        return f"they could not be read back: {result}"
    return "; ".join(f"{name}: {trace}" for name, trace in result.value)


def _finding(want: Wanted, detail: str) -> Finding:
    name = want.asset.principal.path
    sentence = {
        "vi": f"Không tạo được bản dẫn xuất “{want.deriver.name}” từ “{name}”. Bản gốc vẫn được lưu giữ; trang công bố sẽ thiếu phần này.",
        "en": f"“{want.deriver.name}” could not be made from “{name}”. The original is kept; its page goes without this part.",
        "th": f"สร้างไฟล์ “{want.deriver.name}” จาก “{name}” ไม่สำเร็จ ต้นฉบับยังเก็บรักษาไว้ แต่หน้าเผยแพร่จะไม่มีส่วนนี้",
    }
    return Finding(CODE, Severity.WARN, name, sentence, f"{want.asset.ark} {detail}")
