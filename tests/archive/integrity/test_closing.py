"""Closing months: what is asked for, what is kept, and that everything else passes the object over."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.access import read_bytes, read_files, record_kind
from archive.accession import accession
from archive.audit import audit
from archive.catalogue import open_catalogue
from archive.errors import ConflictError, StorageError, UsageError
from archive.home import Home
from archive.integrity.closing import Closed, close_month, closed_months, month_object, require_closable
from archive.integrity.month import document, month_before, month_report
from archive.integrity.reasons import give_reasons
from archive.integrity.status import status
from archive.ledger.checks import CheckLine, CheckList
from archive.records.events import Event, EventType, Outcome
from archive.recovery import recover
from archive.replicas.register import drop_replica
from archive.replicas.replicate import Wishes, replicate
from tests.archive.builders import asset_draft, draft, flip_byte, new_home, oracle_accepts
from tests.archive.replicas.replica_builders import filled_home, with_replica

OCTOBER = datetime(2040, 10, 5, 9, tzinfo=UTC)
NOVEMBER = datetime(2040, 11, 3, 9, tzinfo=UTC)
ONE, TWO = "ark:99999/dt1", "ark:99999/dt2"


def kept(home: Home, when: datetime, *ids: str) -> None:
    accession(home, [draft(one, original__a=one.encode()) for one in ids], agent=home.config.agent, now=when)


def closed(home: Home, now: datetime = NOVEMBER, month: str = "2040-10") -> Closed:
    return close_month(home, month, lambda report: {"report.vi.html": f"<p>{report.month}</p>"}, now)


@pytest.fixture
def october(home: Home) -> Home:
    kept(home, OCTOBER, ONE, TWO)
    audit(home, now=OCTOBER + timedelta(days=2))
    return home


def test_the_month_before() -> None:
    assert month_before(datetime(2040, 1, 31, tzinfo=UTC)) == "2039-12"
    assert month_before(datetime(2040, 3, 31, tzinfo=UTC)) == "2040-02"


def test_a_month_is_told_and_closed(october: Home) -> None:
    home = october
    report = month_report(home, "2040-10")
    assert [(one.object_id, one.version) for one in report.came] == [(ONE, "v1"), (TWO, "v1")]
    (checked,) = report.checks
    assert (checked.location, checked.algorithm, checked.runs, checked.looks, checked.damaged) == ("storage", "sha256", 1, 2, 0)
    assert (report.overdue, report.looks, report.late, report.harm, report.closed) == (0, 2, (), (), "")
    now = closed(home)
    assert record_kind(home, now.object_id) == "ledger"
    files = read_files(home, now.object_id)
    segment = next(path for path in files if path.endswith("-2040-10.jsonl"))
    assert files[segment].path.read_bytes() == (home.root / segment).read_bytes()
    assert {"month.json", "report.json", "report.vi.html"} < files.keys()
    assert any(path.startswith("ledger/checks/") for path in files)
    assert any(path.startswith("ledger/checkpoints/") for path in files)
    assert json.loads(read_bytes(home, now.object_id, "month.json"))["merkle_root_at_its_end"] == report.root
    assert json.loads(read_bytes(home, now.object_id, "report.json")) == document(now.report)
    assert oracle_accepts(home, now.object_id)[0]
    assert closed_months(home) == {"2040-10": now.object_id}
    assert not audit(home, now=NOVEMBER).has_damage
    assert not list(home.log.problems())


def test_everything_passes_the_object_of_a_month_over(october: Home) -> None:
    home = october
    asset = asset_draft(b"photo", "Ảnh")
    accession(home, [asset], agent=home.config.agent, now=OCTOBER)
    with open_catalogue(home) as catalogue:
        before = (catalogue.assets(), catalogue.sites(), catalogue.deposits(), catalogue.search("month"))
    now = closed(home)
    with open_catalogue(home) as catalogue:
        assert (catalogue.assets(), catalogue.sites(), catalogue.deposits(), catalogue.search("month")) == before
        assert catalogue.rebuild() == 4
        assert (catalogue.assets(), catalogue.sites(), catalogue.deposits(), catalogue.search("month")) == before
        assert now.object_id.encode() in catalogue.dump()
    assert status(home, NOVEMBER).objects == 4


def test_the_same_ledger_gives_the_same_report(october: Home) -> None:
    before = month_report(october, "2040-10")
    closed(october)
    give_reasons(october, "2040-10", {"overdue": "machine-off"}, NOVEMBER + timedelta(days=9))
    kept(october, NOVEMBER + timedelta(days=10), "ark:99999/dt3")
    after = month_report(october, "2040-10")
    assert after.closed == NOVEMBER.isoformat()
    assert document(before) | {"closed": after.closed, "ended": True} == document(after)


def test_a_month_is_closed_once_and_when_it_is_over(october: Home) -> None:
    with pytest.raises(UsageError, match="not over"):
        closed(october, OCTOBER)
    with pytest.raises(UsageError, match="not a month"):
        closed(october, NOVEMBER, "2040-13")
    now = closed(october)
    with pytest.raises(ConflictError, match="closed already") as refused:
        closed(october)
    assert now.object_id in str(refused.value)
    assert month_object(october, "2040-10") != month_object(october, "2040-11")


def test_an_empty_month_can_be_closed(home: Home) -> None:
    now = closed(home, NOVEMBER, "2040-02")
    assert {"month.json", "report.json", "report.vi.html"} == read_files(home, now.object_id).keys()


def test_a_month_before_the_archive_was_made_cannot_be_closed(home: Home) -> None:
    """Its report would be empty, and evidence all the same."""
    with pytest.raises(UsageError, match="did not exist yet"):
        closed(home, NOVEMBER, "2020-02")
    assert closed_months(home) == {}


def test_a_copy_that_was_dropped_is_due_no_more(tmp_path: Path) -> None:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    replicate(home, replica, Wishes(OCTOBER, {}))
    before = [one.location for one in month_report(home, "2040-10").places]
    home = drop_replica(home, "copy", NOVEMBER)
    assert [one.location for one in month_report(home, "2040-10").places] == before == ["storage", "replica:copy"]
    later = month_report(home, "2041-06")
    assert [(one.location, one.overdue) for one in later.places] == [("storage", 3)]
    home, replica = with_replica(home, replica.root)
    replicate(home, replica, Wishes(NOVEMBER + timedelta(days=200), {}))
    assert [one.location for one in month_report(home, "2041-06").places] == ["storage", "replica:copy"]


def test_what_is_overdue_or_damaged_needs_a_reason(home: Home) -> None:
    kept(home, OCTOBER - timedelta(days=150), ONE, TWO, "ark:99999/dt3")
    flip_byte(home.root / home.objects.folder_of(TWO) / "v1/content/original/a")
    audit(home, now=OCTOBER, objects=[TWO])
    report = month_report(home, "2040-10")
    assert (report.overdue, report.looks, len(report.harm), len(report.unexplained)) == (2, 3, 1, 3)
    with pytest.raises(ConflictError, match="3 overdue or damaged"):
        require_closable(home, "2040-10", NOVEMBER)
    with pytest.raises(UsageError, match="no reason code"):
        give_reasons(home, "2040-10", {ONE: "forgot"}, NOVEMBER)
    give_reasons(home, "2040-10", {ONE: "machine-off", TWO: "machine-off"}, NOVEMBER)
    assert [one.object_id for one in month_report(home, "2040-10").unexplained] == ["ark:99999/dt3", TWO]
    give_reasons(home, "2040-10", {"overdue": "disk-slow", TWO: "repair-pending"}, NOVEMBER)
    report = month_report(home, "2040-10")
    assert {one.object_id: one.reason for one in report.late} == {ONE: "machine-off", "ark:99999/dt3": "disk-slow"}
    assert report.harm[0].reason == "repair-pending"
    assert report.harm[0].found == OCTOBER.isoformat()
    now = closed(home)
    assert now.report.unexplained == ()
    assert month_report(home, "2040-10").harm == now.report.harm


def test_damage_that_was_repaired_has_its_history(october: Home) -> None:
    home = october
    target = home.root / home.objects.folder_of(TWO) / "v1/content/original/a"
    flip_byte(target)
    audit(home, now=OCTOBER + timedelta(days=3))
    repaired = OCTOBER + timedelta(days=4)
    event = Event("urn:test:repair", EventType.RECOVERY, repaired.isoformat(), Outcome.SUCCESS, (home.config.agent,), (TWO,), "", {})
    home.log.append((event,), home.signers(), repaired)
    flip_byte(target)
    audit(home, now=OCTOBER + timedelta(days=5))
    (harm,) = month_report(home, "2040-10").harm
    assert (harm.object_id, harm.found, harm.repaired, harm.event, harm.intact) == (
        TWO,
        (OCTOBER + timedelta(days=3)).isoformat(),
        repaired.isoformat(),
        "urn:test:repair",
        (OCTOBER + timedelta(days=5)).isoformat(),
    )
    assert harm.problems
    assert month_report(home, "2040-10").unexplained == ()
    assert month_report(home, "2040-11").harm == ()


def test_a_closing_that_was_cut_off_is_completed_or_taken_back(october: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home = october
    from archive.ledger.log import Ledger

    real, calls = Ledger.append, []

    def failing(self: Ledger, *arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 2:  # the first seals the segment, the second enters the version and the closing
            raise StorageError("The disk reports an error: test.")
        return real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Ledger, "append", failing)
    with pytest.raises(StorageError):
        closed(home)
    monkeypatch.undo()
    assert closed_months(home) == {}
    recover(home)
    assert list(closed_months(home)) == ["2040-10"]
    with pytest.raises(ConflictError, match="closed already"):
        closed(home)


def test_two_archives_keep_the_same_month_in_different_objects(home: Home, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = new_home(tmp_path_factory.mktemp("other"))
    assert month_object(home, "2040-10") != month_object(other, "2040-10")


def noted(home: Home, kind: EventType, when: datetime, detail: str, extra: dict[str, object], *, about: str = "") -> None:
    objects = (about,) if about else ()
    event = Event(f"urn:test:{when}:{detail}", kind, when.isoformat(), Outcome.SUCCESS, (home.config.agent,), objects, detail, extra)
    home.log.append((event,), home.signers(), when)


def test_drills_and_keys_are_told_and_other_decisions_change_nothing(october: Home) -> None:
    drill: dict[str, object] = {"drill": "disk-2", "objects": 2, "of": 2, "seconds": 1.5}
    noted(october, EventType.VALIDATION, OCTOBER, "restore drill", drill)
    noted(october, EventType.POLICY_ASSIGNMENT, OCTOBER, "key rotated", {"keys": ["k"]})
    noted(october, EventType.FIXITY_CHECK, OCTOBER, "", {"location": "storage"}, about=ONE)  # intact again, of damage that nobody had seen
    noted(october, EventType.POLICY_ASSIGNMENT, NOVEMBER, "something else", {"month": "2040-10"})
    report = month_report(october, "2040-10")
    assert [one.detail for one in report.drills] == ["disk-2: 2/2, 1.5 s, success"]
    assert [one.detail for one in report.keys] == ["key rotated"]
    assert report.harm == ()


def test_damage_that_only_a_check_list_speaks_of_counts(october: Home) -> None:
    seen = OCTOBER + timedelta(days=8)
    with CheckList(october.tree, "work/test-list") as leaves:
        leaves.add(CheckLine(TWO, "v1", "storage", "damaged", seen.isoformat(), (("a", "changed"),)))
        run = leaves.close("sha256")
    noted(october, EventType.FIXITY_CHECK, seen, "", {"file": run.file, "root": run.root, "lines": 1, "algorithm": "sha256"})
    (harm,) = month_report(october, "2040-10").harm
    assert (harm.object_id, harm.found, harm.problems) == (TWO, seen.isoformat(), (("a", "changed"),))


def test_replications_are_told(october: Home) -> None:
    with CheckList(october.tree, "work/test-list") as leaves:
        leaves.add(CheckLine(ONE, "v1", "replica:disk-2", "intact", OCTOBER.isoformat()))
        run = leaves.close("sha256")
    extra: dict[str, object] = {"file": run.file, "root": run.root, "lines": 1, "algorithm": "sha256", "replica": "disk-2"}
    noted(october, EventType.REPLICATION, OCTOBER + timedelta(days=9), "", extra | {"copied": 1, "bytes_copied": 9, "objects": 1})
    report = month_report(october, "2040-10")
    assert [(one.replica, one.copied, one.bytes, one.read_back) for one in report.copied] == [("replica:disk-2", 1, 9, 1)]
    assert [(one.location, one.objects, one.never) for one in report.places] == [("storage", 2, 0), ("replica:disk-2", 2, 1)]
    (october.root / run.file).unlink()
    broken = month_report(october, "2040-10")
    assert broken.broken_lists == (run.file,)
    assert run.file not in read_files(october, closed(october).object_id)
