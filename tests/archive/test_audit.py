import gzip
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.audit import AuditReport, Condition, audit
from archive.errors import DamageError, NotFoundError, StorageError, UsageError
from archive.home import Home, open_home
from archive.ledger.checks import CheckLine, CheckList, check_lines, run_of
from archive.ocfl.inventory import sidecar
from archive.records.events import EventType, Outcome
from archive.storage.base import Entry
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW, draft, flip_byte, keep, memory_copy, new_home

ONE, TWO = "ark:99999/dt1", "ark:99999/dt2"


@pytest.fixture
def filled(home: Home) -> Home:
    keep(home, draft(ONE, original__a=b"first", record_json=b"1"), draft(TWO, original__b=b"second"))
    keep(home, draft(ONE, "v1", original__a=b"first", record_json=b"2"))
    return home


def folder(home: Home, object_id: str) -> Path:
    return home.root / home.objects.folder_of(object_id)


def found(report: AuditReport) -> list[tuple[str, str, Condition]]:
    return [(problem.object_id, problem.path, problem.what) for problem in report.problems]


def test_an_intact_archive(filled: Home) -> None:
    read: list[int] = []
    for algorithm in ("sha256", "sha512"):
        report = audit(filled, algorithm=algorithm, now=NOW, progress=read.append)
        assert (report.objects, report.intact, report.problems, report.has_damage) == (2, 10 + 6, (), False)
    assert sum(read) == 2 * sum(path.stat().st_size for name in (ONE, TWO) for path in folder(filled, name).rglob("*") if path.is_file())
    event = list(filled.log.entries())[-1].event
    assert (event.type, event.outcome) == (EventType.FIXITY_CHECK, Outcome.SUCCESS)
    run = run_of(event)
    assert run is not None
    assert [(line.object, line.version, line.outcome) for line in check_lines(filled.tree, run)] == [
        (ONE, "v2", "intact"),
        (TWO, "v1", "intact"),
    ]
    assert len(filled.objects.object_ids()) == 2


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_one_flipped_byte_anywhere_names_the_file(filled: Home, algorithm: str) -> None:
    for path in sorted(filled.storage.rglob("*")):
        if not path.is_file():
            continue
        for offset in (0, path.stat().st_size // 2, path.stat().st_size - 1):
            flip_byte(path, offset)
            report = audit(filled, algorithm=algorithm, now=NOW)
            inside = next((name for name in (ONE, TWO) if path.is_relative_to(folder(filled, name))), None)
            expected = (
                (inside, str(path.relative_to(folder(filled, inside)))) if inside else ("archive", str(path.relative_to(filled.root)))
            )
            assert (*expected, Condition.CHANGED) in found(report), (path, offset)
            assert report.has_damage
            assert report.damaged == 1
            flip_byte(path, offset)
    assert audit(filled, now=NOW).problems == ()


def test_one_flipped_byte_in_the_ledger_names_the_file(filled: Home) -> None:
    audit(filled, now=NOW)
    for path in sorted(filled.ledger.rglob("*")):
        if not path.is_file() or path.name == "frontier.json":
            continue
        for offset in (0, path.stat().st_size // 2, path.stat().st_size - 1):
            before = path.read_bytes()
            flip_byte(path, offset)
            report = audit(open_home(filled.root, filled.keys), now=NOW)
            if path.suffix == ".gz":
                assert found(report) == [("archive", f"ledger/checks/{path.name}", Condition.DAMAGED)]
            else:
                assert report.has_damage
                assert not report.recorded
                assert "archive" in {problem.object_id for problem in report.problems}
            path.write_bytes(before)
            if report.recorded:
                continue
            assert audit(open_home(filled.root, filled.keys), now=NOW).problems == ()


def test_missing_extra_and_unreadable_files(filled: Home) -> None:
    (folder(filled, TWO) / "v1/content/original/b").unlink()
    (folder(filled, TWO) / "v1/content/original/more").write_bytes(b"x")
    (folder(filled, ONE) / "v1/content/original/a").unlink()
    (folder(filled, ONE) / "v1/content/original/a").symlink_to("/etc/hostname")
    report = audit(filled, now=NOW)
    assert found(report) == [
        (ONE, "v1/content/original/a", Condition.UNREADABLE),
        (TWO, "v1/content/original/b", Condition.MISSING),
        (TWO, "v1/content/original/more", Condition.EXTRA),
    ]
    assert (report.damaged, report.missing, report.extra, report.not_checked) == (0, 1, 1, 1)
    assert list(filled.log.entries())[-1].event.outcome is Outcome.FAILURE


def test_what_could_not_be_checked_is_not_called_damaged(filled: Home) -> None:
    target = folder(filled, ONE) / "v1/content/original/a"
    target.unlink()
    (target).symlink_to("/etc/hostname")
    report = audit(filled, now=NOW, objects=[ONE])
    assert not report.has_damage
    assert report.not_checked == 1
    assert list(filled.log.entries())[-1].event.outcome is Outcome.WARNING
    run = run_of(list(filled.log.entries())[-1].event)
    assert run is not None
    assert [line.outcome for line in check_lines(filled.tree, run)] == ["not checked"]


def remove_object(filled: Home) -> None:
    gone = folder(filled, TWO)
    gone.rename(filled.root / "gone")


def replace_object_by_file(filled: Home) -> None:
    remove_object(filled)
    folder(filled, TWO).symlink_to(filled.root / "gone")


def forge_inventory(filled: Home) -> None:
    for place in ("", "v1/"):
        path = folder(filled, TWO) / f"{place}inventory.json"
        path.chmod(0o644)
        path.write_bytes(path.read_bytes().replace(b"test", b"fake"))
        digest = path.with_name("inventory.json.sha512")
        digest.chmod(0o644)
        digest.write_bytes(sidecar(path.read_bytes()))


def roll_back(filled: Home) -> None:
    shutil.rmtree(folder(filled, ONE) / "v2")
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder(filled, ONE) / "v1" / name, folder(filled, ONE) / name)


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (remove_object, (TWO, "", Condition.MISSING)),
        (replace_object_by_file, (TWO, "", Condition.MISSING)),
        (forge_inventory, (TWO, "inventory.json", Condition.CHANGED)),
        (roll_back, (ONE, "v2/inventory.json", Condition.MISSING)),
    ],
)
def test_harm_with_care_is_found_too(filled: Home, harm: Callable[[Home], None], expected: tuple[str, str, Condition]) -> None:
    harm(filled)
    assert expected in found(audit(filled, now=NOW))


def test_an_object_that_cannot_even_be_listed(filled: Home) -> None:
    shutil.rmtree(folder(filled, TWO))
    folder(filled, TWO).write_bytes(b"a file where the object was")
    report = audit(filled, now=NOW)
    assert (TWO, "", Condition.MISSING) in found(report)


def test_without_any_inventory_nothing_is_called_intact(filled: Home) -> None:
    for path in folder(filled, TWO).rglob("inventory.json"):
        flip_byte(path)
    report = audit(filled, now=NOW)
    assert (TWO, "v1/content/original/b", Condition.UNREADABLE) in found(report)
    assert (TWO, "inventory.json", Condition.CHANGED) in found(report)


@pytest.mark.parametrize("lost", [False, True])
def test_an_audit_on_a_full_disk_leaves_no_scratch(filled: Home, monkeypatch: pytest.MonkeyPatch, lost: bool) -> None:  # noqa: FBT001
    def full(self: LocalStorage, path: str) -> None:
        if lost:
            self.remove_file(path)
        raise StorageError(f"The disk is full: {path}.")

    monkeypatch.setattr(LocalStorage, "sync_file", full)
    with pytest.raises(StorageError, match="full: work/check-"):
        audit(filled, now=NOW)
    assert list(filled.work.glob("check-*")) == []
    assert list((filled.ledger / "checks").iterdir()) == []


def test_what_the_archive_does_not_know_is_extra(filled: Home) -> None:
    keep(filled, draft("ark:99999/dt3", a=b"3"))
    known = filled.root / filled.objects.folder_of("ark:99999/dt3")
    stranger = filled.root / filled.objects.folder_of("ark:99999/dtstranger")
    shutil.copytree(known, stranger)
    nothing = filled.storage / "aaa/bbb/ccc/nothing"
    nothing.mkdir(parents=True)
    (filled.storage / "note.txt").write_text("x")
    problems = found(audit(filled, now=NOW))
    assert ("archive", "storage/note.txt", Condition.EXTRA) in problems
    assert ("archive", "storage/aaa/bbb/ccc/nothing", Condition.EXTRA) in problems
    assert [problem for problem in problems if problem[0] == ONE] == []


def test_an_object_that_the_ledger_does_not_know_is_checked_by_its_own_digests(filled: Home, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = new_home(tmp_path / "other")
    keep(other, draft("ark:99999/dtx", a=b"1"))
    keep(other, draft("ark:99999/dtx", "v1", a=b"2"))
    shutil.copytree(folder(other, "ark:99999/dtx"), folder(filled, "ark:99999/dtx"))
    assert found(audit(filled, now=NOW)) == [("ark:99999/dtx", "", Condition.EXTRA)]
    flip_byte(folder(filled, "ark:99999/dtx") / "v1/inventory.json.sha512", 130)
    flip_byte(folder(filled, "ark:99999/dtx") / "v2/content/a")
    problems = found(audit(filled, now=NOW))
    assert ("ark:99999/dtx", "v1/inventory.json.sha512", Condition.CHANGED) in problems
    assert ("ark:99999/dtx", "v2/content/a", Condition.CHANGED) in problems


def test_an_object_without_anything(filled: Home) -> None:
    folder(filled, "ark:99999/dtempty").mkdir(parents=True)
    (folder(filled, "ark:99999/dtempty") / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    problems = found(audit(filled, now=NOW))
    assert ("ark:99999/dtempty", "inventory.json", Condition.UNREADABLE) in problems


def test_an_unknown_algorithm_and_a_stranger(filled: Home, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no md5 digests"):
        audit(filled, algorithm="md5", now=NOW)
    with pytest.raises(NotFoundError, match="signing key"):
        audit(open_home(filled.root, tmp_path / "none"), now=NOW)


def test_a_check_list_is_believed_only_under_its_root(filled: Home) -> None:
    audit(filled, now=NOW)
    run = run_of(list(filled.log.entries())[-1].event)
    assert run is not None
    path = filled.root / run.file
    lines = gzip.decompress(path.read_bytes())
    path.chmod(0o644)
    path.write_bytes(gzip.compress(lines.replace(b"intact", b"broken")))
    with pytest.raises(DamageError, match="not the list that was signed"):
        list(check_lines(filled.tree, run))
    path.write_bytes(b"no gzip")
    assert ("archive", run.file, Condition.DAMAGED) in found(audit(filled, now=NOW))


def test_a_long_check_list_is_written_in_parts(home: Home) -> None:
    memory = memory_copy(home)
    leaves = CheckList(memory.tree, "work/list")
    chance = random.Random(1)
    for number in range(4000):
        leaves.add(CheckLine(f"ark:99999/dt{number}", "v1", "storage", "intact", "2026", ((chance.randbytes(400).hex(), "x"),)))
    run = leaves.close("sha256")
    assert sum(1 for _ in check_lines(memory.tree, run)) == run.lines == 4000


def test_an_object_that_the_system_will_not_list(filled: Home) -> None:
    class Refusing(LocalStorage):
        def entries(self, path: str) -> tuple[Entry, ...]:
            if path.endswith("dt2"):
                raise StorageError("The disk reports an error: test.", detail="EIO")
            return super().entries(path)

    report = audit(replace(filled, tree=Refusing(filled.root)), now=NOW)
    assert found(report) == [(TWO, "", Condition.UNREADABLE)]
    assert not report.has_damage


def test_nonsense_with_a_right_digest_is_no_inventory(filled: Home) -> None:
    stranger = folder(filled, "ark:99999/dtx") / "v1"
    stranger.mkdir(parents=True)
    (stranger.parent / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    for place in (stranger, stranger.parent):
        (place / "inventory.json").write_bytes(b"{}")
        (place / "inventory.json.sha512").write_bytes(sidecar(b"{}"))
    (stranger / "content").write_bytes(b"x")
    assert ("ark:99999/dtx", "v1/content", Condition.UNREADABLE) in found(audit(filled, now=NOW))
