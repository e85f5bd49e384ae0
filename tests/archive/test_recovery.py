"""A writer that dies, or is refused, at every single change that it makes; and what ``recover`` makes of it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from archive.access import head_of, read_bytes
from archive.accession import accession
from archive.audit import audit
from archive.errors import DamageError, DitichError, StorageError
from archive.home import Home, open_home
from archive.records.events import Event, EventType, Outcome
from archive.records.package import VersionDraft
from archive.records.serialise import from_json, to_json
from archive.recovery import recover
from archive.storage.base import Entry, Kind
from archive.storage.local import LocalStorage
from archive.transaction import INTENT, Intent
from tests.archive.builders import (
    NOW,
    Failing,
    PowerCut,
    draft,
    file_of,
    flip_byte,
    keep,
    kept_file,
    new_home,
    oracle_accepts,
    received_file,
    watched_home,
)

OLD, NEW = "ark:99999/dtold", "ark:99999/dtnew"
EVENT = Event("urn:event", EventType.CAPTURE, "2026-11-01T00:00:00+00:00", Outcome.SUCCESS, ("camera",), (NEW,))


def prepare(home: Home) -> tuple[VersionDraft, ...]:
    """An archive with one object, and a batch that changes it and makes another, one of its files moved in."""
    keep(home, draft(OLD, a=b"one", record_json=b"1"))
    update = VersionDraft(OLD, "v1", (kept_file("a", b"one"), file_of("record.json", b"2")), "edit")
    create = VersionDraft(NEW, "", (received_file(home, "original/a", b"received"), file_of("record.json", b"new")), "ingest")
    return update, create


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[VersionDraft, ...]]:
    folder = tmp_path_factory.mktemp("start")
    home = new_home(folder)
    return folder, prepare(home)


@dataclass(frozen=True)
class Run:
    """A copy of the archive, and the batch with its source in that copy."""

    home: Home
    drafts: tuple[VersionDraft, ...]
    source: Path


def fresh(start: tuple[Path, tuple[VersionDraft, ...]], folder: Path) -> Run:
    origin, _drafts = start
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(origin, folder)
    home = open_home(folder / "home", folder / "keys")
    update = VersionDraft(OLD, "v1", (kept_file("a", b"one"), file_of("record.json", b"2")), "edit")
    source = received_file(home, "original/a", b"received")
    assert source.source is not None
    return Run(home, (update, VersionDraft(NEW, "", (source, file_of("record.json", b"new")), "ingest")), source.source)


def write(home: Home, run: Run) -> None:
    accession(home, run.drafts, agent=home.config.agent, now=NOW, events=[EVENT])


def changes_of_a_whole_run(start: tuple[Path, tuple[VersionDraft, ...]], folder: Path) -> int:
    counting = Failing(0, dies=False)
    run = fresh(start, folder)
    write(watched_home(run.home, counting), run)
    return counting.count


def require_mended(run: Run, *, acknowledged: bool) -> None:
    """Every version is whole and in the ledger or not there; nothing acknowledged is lost; nothing received is lost."""
    home = open_home(run.home.root, run.home.keys)
    assert recover(home) == ()
    assert not any((home.work / "tx").iterdir())
    kept = {name: head_of(home, name) for name in (OLD, NEW)}
    assert kept[OLD] in ({"v2"} if acknowledged else {"v1", "v2"})
    assert kept[NEW] in ({"v1"} if acknowledged else {None, "v1"})
    for name, head in kept.items():
        if head is not None:
            assert oracle_accepts(home, name) == (True, "")
    if kept[NEW] is not None:
        assert read_bytes(home, NEW, "original/a") == b"received"
        assert not run.source.exists() or not acknowledged
    else:
        assert run.source.read_bytes() == b"received"
    entries = [entry.event for entry in home.log.entries()]
    identifiers = [event.identifier for event in entries]
    assert len(set(identifiers)) == len(identifiers)
    assert ("urn:event" in identifiers) == (kept[NEW] is not None)
    logged = {(event.objects[0], event.extra["version"]) for event in entries if "version" in event.extra}
    stored = {(name, f"v{number}") for name, head in kept.items() if head for number in range(1, int(head[1:]) + 1)}
    assert logged == stored
    report = audit(home, now=NOW)
    assert report.problems == ()


def test_killed_at_every_change(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    total = changes_of_a_whole_run(start, tmp_path / "count")
    assert total > 50
    outcomes = set()
    for at in range(1, total + 1):
        run = fresh(start, tmp_path / "run")
        with pytest.raises(PowerCut):
            write(watched_home(run.home, Failing(at, dies=True)), run)
        home = open_home(run.home.root, run.home.keys)
        recover(home)
        require_mended(run, acknowledged=False)
        outcomes.add((head_of(home, OLD), head_of(home, NEW)))
    assert {("v1", None), ("v2", "v1"), ("v2", None)} >= outcomes >= {("v1", None), ("v2", "v1")}


def test_refused_once_at_every_change(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    for at in range(1, changes_of_a_whole_run(start, tmp_path / "count") + 1):
        run = fresh(start, tmp_path / "run")
        acknowledged = True
        try:
            write(watched_home(run.home, Failing(at, dies=False)), run)
        except StorageError as error:
            acknowledged = "The disk is full" not in error.message
        recover(open_home(run.home.root, run.home.keys))
        require_mended(run, acknowledged=acknowledged)


def test_recovery_itself_may_be_killed_anywhere(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    total = changes_of_a_whole_run(start, tmp_path / "count")
    for at in range(8, total, 9):
        for again in (1, 2, 4, 7, 11, 16, 22, 30):
            run = fresh(start, tmp_path / "run")
            with pytest.raises(PowerCut):
                write(watched_home(run.home, Failing(at, dies=True)), run)
            try:
                recover(watched_home(run.home, Failing(again, dies=True)))
            except PowerCut:
                recover(open_home(run.home.root, run.home.keys))
                require_mended(run, acknowledged=False)
            else:
                break


def interrupted(start: tuple[Path, tuple[VersionDraft, ...]], folder: Path, stop: Callable[[str, object], bool]) -> Run:
    """A run whose process ended just before the first change for which ``stop`` says so."""
    run = fresh(start, folder)
    gone: list[str] = []

    def before(name: str, first: object) -> None:
        if gone or stop(name, first):
            gone.append(name)
            raise PowerCut

    with pytest.raises(PowerCut):
        write(watched_home(run.home, before), run)
    return run


def transaction_of(run: Run) -> Path:
    (folder,) = (run.home.work / "tx").iterdir()
    return folder


def at_ledger(name: str, first: object) -> bool:
    return name == "append" and str(first).startswith("ledger/log/")


def test_finished_versions_without_a_ledger_entry_get_one(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", at_ledger)
    assert recover(run.home) == ("3 entries of finished work were missing in the ledger and were added.",)
    require_mended(run, acknowledged=True)


def test_a_live_writer_is_left_alone(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", at_ledger)
    with run.home.tree.lock(f"work/locks/tx-{transaction_of(run).name}"):
        assert recover(open_home(run.home.root, run.home.keys)) == ()
    assert transaction_of(run).exists()


def test_a_transaction_without_a_readable_intent_is_set_aside(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = fresh(start, tmp_path / "run")
    for number in range(2):
        torn = run.home.work / "tx" / "torn"
        torn.mkdir()
        (torn / INTENT).write_bytes(b"{" * number)
        assert "set aside in work/quarantine/torn" in recover(run.home)[0]
    assert sorted(path.name for path in (run.home.work / "quarantine").iterdir()) == ["torn", "torn-2"]


def test_torn_bytes_in_place_go_to_quarantine(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", at_ledger)
    for name, version in ((OLD, "v2"), (NEW, "v1")):
        flip_byte(run.home.root / run.home.objects.folder_of(name) / version / "content/record.json")
    sentences = recover(run.home)
    assert "2 versions that had not been acknowledged were taken back" in sentences[0]
    assert len(list((run.home.work / "quarantine").iterdir())) == 2
    assert (head_of(run.home, OLD), head_of(run.home, NEW)) == ("v1", None)
    assert oracle_accepts(run.home, OLD) == (True, "")


@pytest.mark.parametrize("lost", ["v1/inventory.json", "v1/content/record.json", "0=ocfl_object_1.1"])
def test_an_object_that_lost_a_file_goes_to_quarantine(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path, lost: str) -> None:
    run = interrupted(start, tmp_path / "run", at_ledger)
    (run.home.root / run.home.objects.folder_of(NEW) / lost).unlink()
    recover(run.home)
    assert (head_of(run.home, OLD), head_of(run.home, NEW)) == ("v2", None)


def test_another_version_in_place_is_not_taken_for_the_intended_one(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", at_ledger)
    path = transaction_of(run) / INTENT
    intent = path.read_bytes().replace(from_json(Intent, path.read_bytes()).versions[1].inventory_sha512.encode(), b"0" * 128)
    path.chmod(0o644)
    path.write_bytes(intent)
    recover(run.home)
    assert (head_of(run.home, OLD), head_of(run.home, NEW)) == ("v2", None)


def test_an_inventory_that_speaks_of_a_version_that_is_not_there(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", at_ledger)
    folder = run.home.root / run.home.objects.folder_of(OLD)
    shutil.rmtree(folder / "v2")
    recover(run.home)
    assert head_of(run.home, OLD) == "v1"
    assert oracle_accepts(run.home, OLD) == (True, "")


def test_an_inventory_is_rebuilt_from_its_version_where_the_staged_copy_is_gone(
    start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path
) -> None:
    run = interrupted(start, tmp_path / "run", lambda name, first: name == "replace" and str(first).endswith("inventory.json"))
    for path in transaction_of(run).glob("0/inventory*"):
        path.unlink()
    recover(run.home)
    require_mended(run, acknowledged=True)


def test_received_files_whose_folder_is_gone_are_set_aside(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", lambda name, _first: name == "sync")
    shutil.rmtree(run.home.incoming)
    sentences = recover(run.home)
    assert "set aside in work/quarantine/" in sentences[-1]
    assert any(path.read_bytes() == b"received" for path in (run.home.work / "quarantine").rglob("*") if path.is_file())


def test_a_home_that_is_mounted_elsewhere_gets_its_received_files_back(
    start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path
) -> None:
    run = interrupted(start, tmp_path / "run", lambda name, _first: name == "sync")
    (tmp_path / "run").rename(tmp_path / "mounted")
    recover(open_home(tmp_path / "mounted" / "home", tmp_path / "mounted" / "keys"))
    assert (tmp_path / "mounted" / run.source.relative_to(tmp_path / "run")).read_bytes() == b"received"


def test_received_files_from_outside_the_home_go_back_there(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    gone: list[str] = []

    def before(name: str, _first: object) -> None:
        if gone or name == "sync":
            gone.append(name)
            raise PowerCut

    run = fresh(start, tmp_path / "run")
    outside = tmp_path / "outside.bin"
    outside.write_bytes(b"received")
    (file,) = (file for file in run.drafts[1].files if file.source is not None)
    with pytest.raises(PowerCut):
        keep(watched_home(run.home, before), VersionDraft(NEW, "", (replace(file, source=outside),), "ingest"))
    assert not outside.exists()
    recover(run.home)
    assert outside.read_bytes() == b"received"


def test_a_received_file_that_came_again_is_not_overwritten(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", lambda name, _first: name == "sync")
    run.source.write_bytes(b"received again")
    recover(run.home)
    assert run.source.read_bytes() == b"received again"


def test_unsigned_ledger_lines_are_set_aside(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", lambda name, first: name == "write_new" and first == "ledger/checkpoint.new")
    sentences = recover(run.home)
    assert "never acknowledged were set aside in work/quarantine/ledger-2" in sentences[0]
    require_mended(run, acknowledged=True)


def test_a_ledger_that_does_not_hold_stops_recovery(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = interrupted(start, tmp_path / "run", at_ledger)
    flip_byte(run.home.ledger / "checkpoint", 30)
    with pytest.raises(DamageError):
        recover(run.home)
    assert transaction_of(run).exists()


def test_what_cannot_be_undone_at_once_is_left_to_recovery(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = fresh(start, tmp_path / "run")
    syncs: list[object] = []

    def before(name: str, first: object) -> None:
        if name == "sync":
            syncs.append(first)
        if syncs:
            raise StorageError("The disk reports an error: test.")

    with pytest.raises(StorageError):
        write(watched_home(run.home, before), run)
    assert not run.source.exists()
    assert len(syncs) == 1
    recover(run.home)
    require_mended(run, acknowledged=False)


def test_what_is_acknowledged_stays_so_when_tidying_fails(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = fresh(start, tmp_path / "run")

    def before(name: str, _first: object) -> None:
        if name == "remove_folder":
            raise StorageError("The disk reports an error: test.")

    write(watched_home(run.home, before), run)
    assert transaction_of(run).exists()
    assert recover(run.home) == ()
    require_mended(run, acknowledged=True)


def test_an_intent_with_names_that_are_not_utf8_is_readable(tmp_path: Path) -> None:
    intent = Intent("a", "w", 0, (), moves=((str(tmp_path / "\udcff"), "x"),))
    assert from_json(Intent, to_json(intent)) == intent


def test_an_intent_without_versions_still_gets_its_events(home: Home) -> None:
    def before(name: str, first: object) -> None:
        if at_ledger(name, first):
            raise PowerCut

    with pytest.raises(PowerCut):
        accession(watched_home(home, before), [], agent="urn:x", now=NOW, events=[EVENT])
    assert recover(home) == ("1 entries of finished work were missing in the ledger and were added.",)
    assert [entry.event for entry in home.log.entries(1)] == [EVENT]


def test_errors_are_ditichs_own(start: tuple[Path, tuple[VersionDraft, ...]], tmp_path: Path) -> None:
    run = fresh(start, tmp_path / "run")
    run.source.unlink()
    with pytest.raises(DitichError):
        write(run.home, run)
    require_recovered_to_start = open_home(run.home.root, run.home.keys)
    assert recover(require_recovered_to_start) == ()
    assert head_of(require_recovered_to_start, NEW) is None


def test_a_copy_without_its_working_folders_is_an_archive(home: Home) -> None:
    keep(home, draft(OLD, a=b"1"))
    for name in ("work", "incoming", "derivatives", "publications"):
        shutil.rmtree(home.root / name)
    assert recover(home) == ()
    keep(home, draft(OLD, "v1", a=b"2"))
    assert head_of(home, OLD) == "v2"


def test_a_writer_that_finishes_while_recovery_looks(home: Home) -> None:
    class Behind(LocalStorage):
        def entries(self, path: str) -> tuple[Entry, ...]:
            return (Entry("finished", Kind.FOLDER),) if path == "work/tx" else super().entries(path)

    assert recover(replace(home, tree=Behind(home.root))) == ()
