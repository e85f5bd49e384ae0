"""From a deposit to an identified one: bytes decide the format, then files that belong together become one asset."""

from archive.findings import Finding
from archive.records.asset import FormatVerdict
from pipeline.identify.grouping import group
from pipeline.identify.reading import Reading
from pipeline.identify.words import READER_DIED
from pipeline.sheet_columns import describes_files
from pipeline.sip import Deposit, IdentifiedDeposit, IdentifiedFile, Progress, ReceivedFile
from pipeline.workers import Died, Failed, Limits, ParserWorkers, Result, Returned

TASK = "pipeline.identify.reading:read"
LIMITS = Limits(seconds=10, memory_mib=512)
UNKNOWN = FormatVerdict("unknown", "application/octet-stream")


def identify(deposit: Deposit, workers: ParserWorkers, progress: Progress | None = None) -> IdentifiedDeposit:
    """Identify every file in a worker and group them; ``progress`` hears of every file.

    Returns:
        Candidates in the order of their principal's path; files whose columns describe others stand in ``sheets``.
    """
    visits = [(file, workers.submit(TASK, file.stored, limits=LIMITS, name=file.readable_path)) for file in deposit.files]
    findings: list[Finding] = []
    readings: dict[str, Reading] = {}
    for done, (file, visit) in enumerate(visits, start=1):
        readings[file.path] = _reading(file, visit.result(), findings)
        if progress is not None:
            progress(done, len(visits), file.path)
    files = [IdentifiedFile(file, readings[file.path].verdict) for file in deposit.files]
    sheets = tuple(one for one in files if describes_files(readings[one.file.path].headings))
    material = [one for one in files if one not in sheets]
    candidates, remarks = group(material, {path: reading.references for path, reading in readings.items()})
    return IdentifiedDeposit(deposit, candidates, sheets, (*findings, *remarks))


def _reading(file: ReceivedFile, result: Result, findings: list[Finding]) -> Reading:
    if isinstance(result, Returned) and isinstance(result.value, Reading):
        return result.value
    reason = result.reason if isinstance(result, Died) else result.message if isinstance(result, Failed) else repr(result.value)
    findings.append(READER_DIED.finding(file.path, reason, reader="identify"))
    return Reading(UNKNOWN)
