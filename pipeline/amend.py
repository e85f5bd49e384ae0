"""Change what is archived by a plan that is computed, shown as a diff, and then applied: edit, withdraw, restore, undo.

Nothing is ever taken away: every change is a new version, a withdrawn asset keeps its bytes and its ARK a tombstone. A plan made from a
head that has moved since is refused by the archive when it is applied.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from archive import access
from archive.accession import accession
from archive.catalogue import open_catalogue
from archive.errors import ConflictError, NotFoundError, UsageError
from archive.findings import Finding, Severity
from archive.home import Home
from archive.records.accession import DepositRecord
from archive.records.asset import Asset
from archive.records.events import EventType
from archive.records.package import ArchivalPackage, FileToKeep, VersionDraft
from archive.records.serialise import from_json, to_json
from pipeline import sheet_rows
from pipeline.amend_words import BAD_VALUE, CHANGED_SINCE, UNKNOWN_ASSET
from pipeline.asset_record import Provenance, event, event_lines
from pipeline.record_fields import editable_fields, is_whole, read_field, with_field
from pipeline.sheet_columns import field_of
from pipeline.sheet_rows import Rows
from pipeline.sheet_values import CellError, as_text
from pipeline.version_draft import generated_file, unchanged_file
from pipeline.workers import Limits, ParserWorkers, Returned


class Amending(StrEnum):
    """What is done to an asset."""

    EDIT = "edit"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    REVERT = "revert"


_EVENTS = {
    Amending.EDIT: EventType.METADATA_MODIFICATION,
    Amending.WITHDRAW: EventType.DEACCESSION,
    Amending.RESTORE: EventType.METADATA_MODIFICATION,
    Amending.REVERT: EventType.MODIFICATION,
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after, as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """One new version of an asset. ``record`` is what it will say; a revert takes its files from ``version``."""

    action: Amending
    ark: str
    base: str
    record: Asset
    changes: tuple[FieldChange, ...]
    reason: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class AmendPlan:
    """What would be done. ``problems`` that refuse stop the whole plan; ``deposit`` is the one that is undone."""

    amendments: tuple[Amendment, ...]
    problems: tuple[Finding, ...] = ()
    deposit: DepositRecord | None = None

    @property
    def refused(self) -> bool:
        """Whether it cannot be applied."""
        return any(one.severity is Severity.REFUSE for one in self.problems)


def plan_edit(home: Home, ark: str, assignments: Sequence[str]) -> AmendPlan:
    """The plan of ``edit ARK key=value …``.

    Raises:
        UsageError: an assignment without "=".
        NotFoundError: the archive has no such asset.
    """
    values = {}
    for text in assignments:
        name, sign, value = text.partition("=")
        if not sign:
            raise UsageError(f"“{text}” is not field=value.", advice=f"Fields: {', '.join(editable_fields())}.")
        values[name.strip()] = (value, name.strip())
    return _plan([(ark, _asset(home, ark), values)], home)


def plan_sheet(home: Home, sheet: Path, workers: ParserWorkers) -> AmendPlan:
    """The plan of ``edit SHEET``: a column "ark" and one for each field; an empty cell leaves its field as it is.

    Raises:
        UsageError: it cannot be read, or has no "ark" column.
    """
    result = workers.run(sheet_rows.TASK, sheet, limits=Limits(seconds=20))
    if not isinstance(result, Returned):
        raise UsageError(f"The sheet {sheet} cannot be read.", advice="Save it as .xlsx or as UTF-8 .csv.", detail=repr(result))
    rows: Rows = result.value
    fields = [field_of(heading) for heading in rows.headings]
    if "ark" not in fields:
        raise UsageError(f"The sheet {sheet} has no column “ark”.", advice="Name the column with the identifiers “ark”.")
    edits, problems = [], []
    for number, row in enumerate(rows.rows, start=2):
        cells = {field: (cell, f"{field}, {number}") for field, cell in zip(fields, row, strict=False) if field and as_text(cell)}
        ark = as_text(cells.pop("ark", ("", ""))[0])
        cells.pop("file", None)
        if ark and not _is_asset(home, ark):
            problems.append(UNKNOWN_ASSET.finding("", f"row {number}", ark=ark))
        elif ark and cells:
            edits.append((ark, access.read_asset(home, ark), cells))
    plan = _plan(edits, home)
    return replace(plan, problems=(*problems, *plan.problems))


def plan_withdraw(home: Home, ark: str, reason: str) -> AmendPlan:
    """The plan of ``withdraw ARK``: the bytes stay, the ARK leads to a tombstone with the day; the reason stays in the record.

    Raises:
        UsageError: no reason is given.
        NotFoundError: the archive has no such asset.
    """
    if not reason.strip():
        raise UsageError("Withdrawing needs a reason.", advice="Say why: --reason “…”. It stays in the archive; visitors do not read it.")
    record = _asset(home, ark)
    return AmendPlan(() if record.withdrawn else (_state(home, record, reason.strip()),))


def plan_restore(home: Home, ark: str) -> AmendPlan:
    """The plan of ``restore ARK``: what was withdrawn stands again, with the access level that it had."""
    record = _asset(home, ark)
    return AmendPlan((_state(home, record, ""),) if record.withdrawn else ())


def plan_undo(home: Home, deposit: str) -> AmendPlan:
    """The plan of ``undo DEPOSIT``: withdraws what it created, reverts what it versioned; what was changed since is left and said.

    Raises:
        NotFoundError: the archive has no such deposit.
        ConflictError: it was undone before.
    """
    if access.head_of(home, deposit) is None or access.record_kind(home, deposit) != "deposit":
        raise NotFoundError(
            f"There is no deposit {deposit} in this archive.",
            advice="`ditich status` lists deposits.",
            code="no-deposit",
            values={"ark": deposit},
        )
    record = access.read_deposit(home, deposit)
    if record.undone:
        raise ConflictError(f"Deposit {deposit} was undone on {record.undone}.", advice="Nothing was changed.")
    amendments: list[Amendment] = []
    problems: list[Finding] = []
    for ark, version in record.created:
        _undo_one(home, (ark, version), deposit, (amendments, problems))
    return AmendPlan(tuple(amendments), tuple(problems), record)


def diff_lines(plan: AmendPlan) -> tuple[str, ...]:
    """The plan for people: a line per asset, a line per field."""
    lines = []
    for one in plan.amendments:
        lines.append(f"{one.ark} {one.base} · {one.action}" + (f" · {one.reason}" if one.reason else ""))
        lines += [f"    {change.field}: {change.before or '–'} → {change.after or '–'}" for change in one.changes]
    return tuple(lines)


def apply_plan(home: Home, plan: AmendPlan, *, agent: str, now: datetime) -> tuple[ArchivalPackage, ...]:
    """Write the plan's versions.

    Raises:
        UsageError: the plan has problems that refuse it.
        ConflictError: an asset was changed since the plan was made; nothing was written.
    """
    if plan.refused:
        raise UsageError("The changes were not made: some of them cannot be.", advice="Correct what is listed, then run it again.")
    when = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    drafts = [_draft(home, one, agent, when) for one in plan.amendments]
    packages = list(accession(home, drafts, agent=agent, now=now)) if drafts else []
    if plan.deposit is not None:
        packages += accession(home, [_undone_deposit(home, plan.deposit, when)], agent=agent, now=now)
    with open_catalogue(home) as catalogue:
        catalogue.update([one.object_id for one in packages])
    return tuple(packages)


def _is_asset(home: Home, ark: str) -> bool:
    return access.head_of(home, ark) is not None and access.record_kind(home, ark) == "asset"


def _asset(home: Home, ark: str) -> Asset:
    if not _is_asset(home, ark):
        raise NotFoundError(
            f"There is no asset {ark} in this archive.",
            advice="`ditich search WORDS` finds it; copy the ARK whole.",
            code="no-asset",
            values={"ark": ark},
        )
    return access.read_asset(home, ark)


def _plan(edits: Sequence[tuple[str, Asset, Mapping[str, tuple[Any, str]]]], home: Home) -> AmendPlan:
    amendments, problems = [], []
    for ark, before, values in edits:
        record = before
        for field, (cell, where) in values.items():
            try:
                record = with_field(record, field, cell)
            except CellError as error:
                problems.append(BAD_VALUE.finding("", where=where, vi_reason=error.vi, en_reason=error.en, th_reason=error.th))
        if not is_whole(record):
            place = CellError("hãy ghi cả vĩ độ và kinh độ.", "write both latitude and longitude.", "ต้องระบุทั้งละติจูดและลองจิจูด")
            problems.append(BAD_VALUE.finding("", where=ark, vi_reason=place.vi, en_reason=place.en, th_reason=place.th))
        elif changes := tuple(_changes(before, record)):
            amendments.append(Amendment(Amending.EDIT, ark, access.head_of(home, ark) or "", record, changes))
    return AmendPlan(tuple(amendments), tuple(problems))


def _changes(before: Asset, after: Asset) -> Iterator[FieldChange]:
    for field in editable_fields():
        one, other = read_field(before, field), read_field(after, field)
        if one != other and not (field == "access_reason" and before.access.level is not after.access.level):
            yield FieldChange(field, one, other)


def _state(home: Home, record: Asset, withdrawn: str, reason: str = "") -> Amendment:
    action = Amending.WITHDRAW if withdrawn else Amending.RESTORE
    change = FieldChange("withdrawn", record.withdrawn, withdrawn)
    head = access.head_of(home, record.ark) or ""
    return Amendment(action, record.ark, head, replace(record, withdrawn=withdrawn), (change,), reason or withdrawn)


def _undo_one(home: Home, created: tuple[str, str], deposit: str, plan: tuple[list[Amendment], list[Finding]]) -> None:
    ark, version = created
    record, head = access.read_asset(home, ark), access.head_of(home, ark) or ""
    reason = f"undo of deposit {deposit}"
    if version == "v1":
        if not record.withdrawn:
            plan[0].append(_state(home, record, reason))
        return
    earlier = f"v{int(version[1:]) - 1}"
    if access.read_bytes(home, ark, "record.json") == access.read_bytes(home, ark, "record.json", earlier):
        return
    if head != version:
        plan[1].append(CHANGED_SINCE.finding("", f"written as {version}", ark=ark, head=head))
        return
    before = _record_of(home, ark, earlier)
    changes = (*_changes(record, before), FieldChange("originals", str(len(record.originals)), str(len(before.originals))))
    plan[0].append(Amendment(Amending.REVERT, ark, head, before, changes, reason, earlier))


def _record_of(home: Home, ark: str, version: str) -> Asset:
    return from_json(Asset, access.read_bytes(home, ark, "record.json", version))


def _draft(home: Home, one: Amendment, agent: str, when: str) -> VersionDraft:
    files = access.read_files(home, one.ark, one.version)
    record = _decided(one, agent)
    provenance = Provenance(one.record.site, one.record.deposit, one.record.survey, agent, when)
    extra: dict[str, object] = {"changes": [[change.field, change.before, change.after] for change in one.changes]}
    done = event(_EVENTS[one.action], one.ark, provenance, detail=one.reason or str(one.action), extra=extra)
    earlier = access.read_bytes(home, one.ark, "events.jsonl") if "events.jsonl" in access.read_files(home, one.ark) else b""
    written = {"record.json": to_json(record), "events.jsonl": event_lines((done,), earlier)}
    return VersionDraft(one.ark, one.base, _with(files, written), f"{str(one.action).capitalize()}{': ' if one.reason else ''}{one.reason}")


def _decided(one: Amendment, agent: str) -> Asset:
    """An access level that a person has just set is theirs."""
    record = one.record
    fields = {change.field for change in one.changes}
    if one.action is Amending.EDIT and fields & {"access", "access_reason"}:
        record = replace(record, access=replace(record.access, decided_by=agent))
    if one.action is Amending.EDIT and "location_access" in fields:
        record = replace(record, location_access=replace(record.location_access, decided_by=agent))
    return record


def _with(files: Mapping[str, access.KeptFile], written: Mapping[str, bytes]) -> tuple[FileToKeep, ...]:
    kept = (unchanged_file(path, file) for path, file in files.items() if path not in written)
    return (*kept, *(generated_file(path, content) for path, content in written.items()))


def _undone_deposit(home: Home, record: DepositRecord, when: str) -> VersionDraft:
    files = access.read_files(home, record.ark)
    content = to_json(replace(record, undone=when))
    return VersionDraft(record.ark, access.head_of(home, record.ark) or "", _with(files, {"deposit.json": content}), "Undone")
