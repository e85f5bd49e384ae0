"""From an identified deposit to a described one: every source reads in a worker, then one value a field is chosen.

A reader that dies or refuses costs its file a finding and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future

from archive.findings import Finding
from archive.records.access import AccessDecision, AccessLevel, Rights
from archive.records.asset import Nature
from archive.records.site import Site
from pipeline import sheet_rows
from pipeline.describe import SOURCES, Source
from pipeline.describe.folder import folder_description
from pipeline.describe.merge import Merged, merge
from pipeline.describe.panorama import panorama_facts
from pipeline.describe.sheet import FileNames, describe_rows
from pipeline.describe.words import READER_DIED, READER_FAILED, READER_REFUSED
from pipeline.ingest_options import IngestOptions
from pipeline.sip import CandidateAsset, DescribedAsset, DescribedDeposit, Description, IdentifiedDeposit, IdentifiedFile, Progress
from pipeline.workers import Died, Limits, ParserWorkers, Result, Returned

_SHEET_LIMITS = Limits(seconds=10, memory_mib=512)


def describe(
    identified: IdentifiedDeposit, workers: ParserWorkers, site: Site, options: IngestOptions, progress: Progress | None = None
) -> DescribedDeposit:
    """Run every source that fits and merge what they say; ``progress`` hears of every visit of a source to a file."""
    by_path: dict[str, list[Description]] = defaultdict(list)
    findings: list[Finding] = list(identified.findings)
    files = {one.file.path: one for candidate in identified.candidates for one in candidate.files}
    visits = [(one, source, _submit(workers, one, source)) for one in files.values() for source in _fitting(one)]
    _read_sheets(identified, workers, by_path, findings)
    for done, (one, source, visit) in enumerate(visits, start=1):
        by_path[one.file.path].append(_description(one, source, visit.result()))
        if progress is not None:
            progress(done, len(visits), one.file.path)
    for path in files:
        if (folder := folder_description(path)) is not None:
            by_path[path].append(folder)
    assets = []
    for candidate in identified.candidates:
        descriptions = tuple(said for one in candidate.files for said in by_path[one.file.path])
        merged, remarks = merge(candidate, descriptions)
        findings.extend(remarks)
        assets.append(_asset(candidate, merged, descriptions, (site, options)))
    findings.extend(finding for said in by_path.values() for one in said for finding in one.findings)
    return DescribedDeposit(identified.deposit, tuple(assets), identified.sheets, tuple(findings))


def _fitting(one: IdentifiedFile) -> Iterator[Source]:
    return (source for source in SOURCES if one.verdict.name in source.formats)


def _submit(workers: ParserWorkers, one: IdentifiedFile, source: Source) -> Future[Result]:
    return workers.submit(source.task, one.file.stored, limits=source.limits, name=one.file.readable_path)


def _description(one: IdentifiedFile, source: Source, result: Result) -> Description:
    path = one.file.path
    if isinstance(result, Returned):
        raw, values = result.value
        return Description(source.name, path, raw, values)
    if isinstance(result, Died):
        remark = READER_DIED.finding(path, f"{result.reason}\n{result.detail}".strip(), reader=source.name)
        return Description(source.name, path, {"error": result.reason}, {}, (remark,))
    rule = READER_REFUSED if result.refused else READER_FAILED
    remark = rule.finding(path, f"{result.message}\n{result.detail}".strip(), reader=source.name)
    return Description(source.name, path, {"error": result.message}, {}, (remark,))


def _read_sheets(
    identified: IdentifiedDeposit, workers: ParserWorkers, by_path: dict[str, list[Description]], findings: list[Finding]
) -> None:
    names = FileNames(one.file.path for candidate in identified.candidates for one in candidate.files)
    for sheet in identified.sheets:
        path = sheet.file.path
        result = workers.run(sheet_rows.TASK, sheet.file.stored, limits=_SHEET_LIMITS, name=sheet.file.readable_path)
        if isinstance(result, Returned):
            descriptions, problems = describe_rows(path, result.value, names)
            findings.extend(problems)
            for one in descriptions:
                by_path[one.path].append(one)
        else:
            reason = result.reason if isinstance(result, Died) else result.message
            findings.append(READER_REFUSED.finding(path, reason, reader="sheet"))


def _asset(
    candidate: CandidateAsset, merged: Merged, descriptions: tuple[Description, ...], context: tuple[Site, IngestOptions]
) -> DescribedAsset:
    site, options = context
    kind, facts = panorama_facts(candidate.kind, merged.facts())
    nature = merged.get("nature")
    subject = merged.get("subject")
    return DescribedAsset(
        candidate=candidate,
        kind=kind,
        nature=Nature(nature.value) if nature else site.defaults.nature,
        title=merged.words("title"),
        description=merged.words("description"),
        creator=merged.text("creator") or options.creator or site.defaults.creator,
        captured=merged.get("captured"),
        position=merged.position(),
        rights=_rights(merged, site, options),
        access=_access(merged, site, options),
        subject=_keywords(subject.value) if subject else (),
        facts=facts,
        descriptions=descriptions,
        replaces=merged.text("replaces") or options.replaces,
        location_access=_location_access(merged, site),
    )


def _rights(merged: Merged, site: Site, options: IngestOptions) -> Rights:
    default = site.defaults.rights
    return Rights(
        statement=merged.text("rights") or options.rights or default.statement,
        holder=merged.text("rights_holder") or default.holder,
        credit=merged.text("credit") or default.credit,
    )


def _access(merged: Merged, site: Site, options: IngestOptions) -> AccessDecision:
    stated = merged.get("access")
    if stated is not None and stated.source.startswith("sheet:"):
        return AccessDecision(AccessLevel(stated.value), reason=stated.source)
    if options.access is not None:
        return AccessDecision(options.access, reason="deposit option")
    return site.defaults.access


def _location_access(merged: Merged, site: Site) -> AccessDecision:
    stated = merged.get("location_access")
    if stated is not None and stated.source.startswith("sheet:"):
        return AccessDecision(AccessLevel(stated.value), reason=stated.source)
    return site.defaults.location_access


def _keywords(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    return tuple(str(word) for word in value) if isinstance(value, list | tuple) else ()
