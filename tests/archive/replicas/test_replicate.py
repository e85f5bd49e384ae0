from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.access import head_of
from archive.accession import accession
from archive.audit import audit
from archive.errors import DamageError, StorageError
from archive.home import Home, open_home, save_config
from archive.ledger.segments import Entry
from archive.ocfl.inventory import INVENTORY
from archive.records.events import EventType, Outcome
from archive.replicas import replicate as module
from archive.replicas.ledger_copy import _reach, copy_ledger
from archive.replicas.logged import logged
from archive.replicas.pace import Pace
from archive.replicas.place import Replica, open_replica
from archive.replicas.replicate import Wishes, replicate
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW, draft, flip_byte, keep
from tests.archive.replicas.replica_builders import (
    ONE,
    THREE,
    TWO,
    bring_up_to_date,
    filled_home,
    place_of,
    tree_of,
    verified_at,
    with_replica,
)

Pair = tuple[Home, Replica]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")


def heads(home: Home) -> dict[str, str]:
    return {one: head_of(home, one) or "" for one in home.objects.object_ids()}


def test_a_replica_has_everything_and_can_be_read_alone(pair: Pair) -> None:
    home, replica = pair
    steps: list[tuple[int, int]] = []
    report = replicate(home, replica, Wishes(NOW, {}, progress=lambda done, total: steps.append((done, total))))
    assert report.complete
    assert (report.objects, report.copied, report.read_back) == (3, 3, 3)
    assert report.cosigned
    assert steps[-1][0] >= report.bytes_copied
    assert all(done <= total for done, total in steps)
    assert tree_of(replica.root / "storage") == tree_of(home.storage)
    assert verified_at(home, replica) == heads(home)
    alone = open_home(replica.root, home.keys)
    assert list(alone.log.problems()) == []
    assert alone.log.checkpoint() == home.log.checkpoint()
    event = list(home.log.entries())[-1].event
    assert (event.type, event.outcome, event.extra["replica"], event.extra["lines"]) == (EventType.REPLICATION, Outcome.SUCCESS, "copy", 3)


def test_the_second_time_only_what_is_new(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)
    entries = home.log.checkpoint().size
    again = bring_up_to_date(home, replica)
    assert (again.copied, again.read_back, home.log.checkpoint().size) == (0, 0, entries)
    keep(home, draft(ONE, "v2", original__a=b"first", record_json=b"3"), draft("ark:99999/dt4", original__d=b"fourth"))
    third = bring_up_to_date(home, replica)
    assert (third.copied, third.read_back) == (2, 2)
    assert tree_of(replica.root / "storage") == tree_of(home.storage)
    assert audit(home, now=NOW).problems == ()
    assert bring_up_to_date(home, replica).ledger == home.log.checkpoint().size


@pytest.mark.parametrize("path", ["v1/content/original/a", "v2/content/record.json"])
def test_damage_here_is_named_and_does_not_spread(pair: Pair, path: str) -> None:
    home, replica = pair
    flip_byte(place_of(home.root, home, ONE) / path)
    report = bring_up_to_date(home, replica)
    assert [(one.object_id, one.path) for one in report.refused] == [(ONE, path)]
    assert (report.complete, report.copied) == (False, 2)
    assert not place_of(replica.root, home, ONE).exists()
    assert list((replica.root / "work/replicate").iterdir()) == []
    event = list(home.log.entries())[-1].event
    assert event.outcome is Outcome.WARNING


def test_a_missing_file_or_inventory_here_stops_its_object_only(pair: Pair) -> None:
    home, replica = pair
    (place_of(home.root, home, ONE) / "v1/content/original/a").unlink()
    for folder in (place_of(home.root, home, TWO), place_of(home.root, home, TWO) / "v1"):
        flip_byte(folder / INVENTORY)
    (place_of(home.root, home, THREE) / "v1" / INVENTORY).unlink()  # the one at the top says the same
    report = bring_up_to_date(home, replica)
    assert [(one.object_id, one.path) for one in report.refused] == [
        (ONE, "v1/content/original/a"),
        (TWO, INVENTORY),
        (THREE, "v1/inventory.json"),
    ]
    (place_of(home.root, home, THREE) / "v1" / INVENTORY).write_bytes((place_of(home.root, home, THREE) / INVENTORY).read_bytes())
    assert {one.object_id for one in bring_up_to_date(home, replica).refused} == {ONE, TWO}
    assert place_of(replica.root, home, THREE).exists()


def test_a_file_that_cannot_be_read_here(pair: Pair) -> None:
    home, replica = pair
    path = place_of(home.root, home, THREE) / "v1/content/original/c"
    path.unlink()
    path.symlink_to("/etc/hostname")
    report = bring_up_to_date(home, replica)
    assert [(one.object_id, one.path) for one in report.refused] == [(THREE, "v1/content/original/c")]


def test_an_inventory_that_cannot_be_read_there(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)
    keep(home, draft(TWO, "v1", original__b=b"second", record_json=b"3"))
    target = place_of(replica.root, home, TWO) / INVENTORY
    target.unlink()
    target.symlink_to("/etc/hostname")
    assert (TWO, INVENTORY, "unreadable") in bring_up_to_date(home, replica).damaged


def test_damage_there_is_named_and_left_to_a_repair(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)
    keep(home, draft(ONE, "v2", original__a=b"first", record_json=b"3"))
    folder = place_of(replica.root, home, ONE)
    flip_byte(folder / INVENTORY)
    report = bring_up_to_date(home, replica)
    assert {(object_id, what) for object_id, _path, what in report.damaged} == {(ONE, "changed"), (ONE, "missing")}
    assert not report.complete
    assert not (folder / "v3").exists()


def test_a_link_on_the_far_side_was_not_checked(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)
    target = place_of(replica.root, home, TWO) / "v1/content/original/b"
    target.unlink()
    target.symlink_to("/etc/hostname")
    report = replicate(home, replica, Wishes(NOW, {}))
    assert report.damaged == [(TWO, "v1/content/original/b", "unreadable")]
    assert TWO not in verified_at(home, replica)


def test_an_archive_that_was_set_back_or_rewritten_is_refused(pair: Pair) -> None:
    home, replica = pair
    early = tree_of(home.ledger)
    keep(home, draft("ark:99999/dt4", original__d=b"fourth"))
    bring_up_to_date(home, replica)
    there = tree_of(replica.root)
    for path in home.ledger.rglob("*"):
        if path.is_file():
            path.unlink()
    for name, content in early.items():
        (home.ledger / name).write_bytes(content)
    with pytest.raises(DamageError, match="set back"):
        bring_up_to_date(open_home(home.root, home.keys), replica)
    for number in range(4):
        keep(home, draft(f"ark:99999/dt7{number}", original__d=b"other"))
    with pytest.raises(DamageError, match="rewritten"):
        bring_up_to_date(open_home(home.root, home.keys), replica)
    assert tree_of(replica.root) == there


def test_a_damaged_ledger_is_not_copied(pair: Pair) -> None:
    home, replica = pair
    flip_byte(next((home.ledger / "log").iterdir()), 40)
    with pytest.raises(DamageError, match="nothing is copied"):
        replicate(home, replica, Wishes(NOW, {}))
    assert not (replica.root / "ledger/checkpoint").exists()


def test_checkpoints_there_that_nobody_can_read(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)
    flip_byte(replica.root / "ledger/checkpoint", 60)
    keep(home, draft("ark:99999/dt4", original__d=b"fourth"))
    assert bring_up_to_date(home, replica).complete  # what it cosigned is still readable
    for name in ("checkpoint", "witnessed"):
        flip_byte(replica.root / "ledger" / name, 60)
    with pytest.raises(DamageError, match="no readable checkpoint"):
        bring_up_to_date(home, replica)


def test_a_damaged_check_list_stays_here(pair: Pair) -> None:
    home, replica = pair
    audit(home, now=NOW)
    path = next((home.ledger / "checks").iterdir())
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content[:-5])
    report = replicate(home, replica, Wishes(NOW, {}))
    assert [(one.object_id, one.path) for one in report.refused] == [("archive", f"ledger/checks/{path.name}")]
    assert not (replica.root / "ledger/checks" / path.name).exists()
    path.write_bytes(content)
    assert bring_up_to_date(home, replica).complete
    assert (replica.root / "ledger/checks" / path.name).read_bytes() == content


def test_a_segment_that_differs_there_is_set_aside(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)
    segment = next((replica.root / "ledger/log").iterdir())
    flip_byte(segment, 40)
    bad = segment.read_bytes()
    bring_up_to_date(home, replica)
    assert segment.read_bytes() == next((home.ledger / "log").iterdir()).read_bytes()
    assert (replica.root / "work/quarantine" / segment.name).read_bytes() == bad
    assert list(replica.log.problems()) == []


def test_a_second_segment_and_lines_behind_the_checkpoint(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)
    accession(home, [draft("ark:99999/dt4", original__d=b"x")], agent=home.config.agent, now=NOW + timedelta(days=40))
    with next(path for path in sorted((home.ledger / "log").iterdir(), reverse=True)).open("ab") as stream:
        stream.write(b'{"torn')
    (home.ledger / "log" / "000000000099-2031-01.jsonl").write_bytes(b"never signed\n")
    report = replicate(home, replica, Wishes(NOW, verified_at(home, replica)))
    assert report.complete
    assert list(replica.log.problems()) == []
    assert not (replica.root / "ledger/log/000000000099-2031-01.jsonl").exists()


def test_root_files_that_are_damaged_here(pair: Pair) -> None:
    home, replica = pair
    (home.storage / "README.txt").unlink()
    assert bring_up_to_date(home, replica).complete  # it follows from what Ditich knows
    (replica.root / "storage/README.txt").unlink()
    runner = module._Run(home, replica, Wishes(NOW, {}))
    (home.storage / "README.txt").write_bytes(b"another")
    runner._furnish({"README.txt": "0" * 128})
    assert [one.path for one in runner.report.refused] == ["storage/README.txt"]


def test_a_disk_that_is_too_small(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    home, replica = pair
    monkeypatch.setattr(module, "_SPARE", 1 << 60)
    with pytest.raises(StorageError, match="too small") as refused:
        replicate(home, replica, Wishes(NOW, {}))
    assert refused.value.code == "replica-too-small"


def test_without_the_witness_key_the_copy_is_made_all_the_same(pair: Pair) -> None:
    home, replica = pair
    identity = replica.config.witness.split("+")[1]
    next(path for path in home.keys.iterdir() if identity in path.name).unlink()
    report = bring_up_to_date(home, replica)
    assert (report.complete, report.cosigned) == (True, False)
    silent = save_config(home, replace(home.config, replicas=(replace(replica.config, witness=""),)))
    assert not bring_up_to_date(silent, open_replica(silent, "copy")).cosigned


def test_a_far_side_that_does_not_keep_what_is_written(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)

    class Forgetful(LocalStorage):
        def open(self, path: str, *, from_device: bool = False) -> Any:
            if from_device and path.startswith("ledger/log/"):
                flip_byte(self.path_of(path), 60)
            return super().open(path, from_device=from_device)

    broken = Replica(replica.config, replica.root, Forgetful(replica.root), replica.log)
    broken.log.storage = broken.tree
    with pytest.raises(DamageError, match="Read back from the other disk"):
        copy_ledger(home, broken, logged(home.log).runs.values())

    class Failing(Forgetful):
        def entries(self, path: str) -> Any:
            if path == "ledger/log" and self.failing:
                raise StorageError("The disk reports an error.")
            return super().entries(path)

        failing = False

        def open(self, path: str, *, from_device: bool = False) -> Any:
            self.failing = self.failing or (from_device and path.startswith("ledger/log/"))
            return LocalStorage.open(self, path, from_device=from_device)

    broken.log.storage = failing = Failing(replica.root)
    with pytest.raises(DamageError, match="not what was written"):
        copy_ledger(home, Replica(replica.config, replica.root, failing, broken.log), logged(home.log).runs.values())


def test_a_pace_holds_back() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(1000.0, clock=lambda: now[0], sleep=sleep)
    for _ in range(10):
        pace(100)
    pace(1)
    assert sum(slept) == pytest.approx(1.0)
    free = Pace(clock=lambda: now[0], sleep=sleep)
    free(10**9)
    assert len(slept) == 10
    assert free.moved == 10**9


def test_segments_behind_the_checkpoint_stay_here(pair: Pair) -> None:
    home, _replica = pair
    (home.ledger / "log" / "000000000099-2031-01.jsonl").write_bytes(b"never signed\n")
    assert [path.rpartition("/")[2] for path in _reach(home.log).segments] == ["000000000000-2026-11.jsonl"]


def test_settings_go_over_too(pair: Pair) -> None:
    home, replica = pair
    changed = save_config(home, replace(home.config, second_location="Sở Văn hóa"))
    bring_up_to_date(changed, replica)
    assert open_home(replica.root, home.keys).config == replace(changed.config, replica="copy")


def test_an_entry_that_is_no_event() -> None:
    class Odd:
        line = b'{"eventDetailExtension": {"inventory_sha512": "x"}}\n'

        def entries(self) -> Any:
            yield Entry(0, self.line)

    with pytest.raises(DamageError, match="Entry 0"):
        logged(Odd())  # type: ignore[arg-type]  # a log with an odd line
    Odd.line = b'{"eventDetailExtension": {}, "eventType": "qua"}\n'
    assert logged(Odd()).objects == {}  # type: ignore[arg-type]  # the same
