import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.audit import audit, audit_at
from archive.audit.conduct import Conduct
from archive.errors import ConflictError, DamageError, NotFoundError, StorageError, UsageError
from archive.home import Home, open_home, save_config
from archive.ledger.receipt import verify_receipt
from archive.ocfl.inventory import INVENTORY, SIDECAR
from archive.records.events import EventType, Outcome
from archive.repair import Order, repair
from archive.repair.install import Workshop
from archive.replicas.expected import ExpectedFile
from archive.replicas.place import Replica
from archive.replicas.register import drop_replica
from tests.archive.builders import NOW, PowerCut, draft, flip_byte, keep, watched_home
from tests.archive.replicas.replica_builders import ONE, THREE, TWO, bring_up_to_date, filled_home, place_of, tree_of, with_replica
from tests.proofs.deposit import scratch_folder

Pair = tuple[Home, Replica]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    return home, replica


def test_a_flipped_byte_is_replaced_from_the_copy_and_certified(pair: Pair) -> None:
    home, _replica = pair
    before = tree_of(home.storage)
    target = place_of(home.root, home, ONE) / "v1/content/original/a"
    flip_byte(target)
    bad = target.read_bytes()
    assert audit(home, now=NOW).damaged == 1
    read: list[int] = []
    report = repair(home, Order(NOW, progress=read.append))
    assert report.clean
    assert [(one.object_id, one.path, one.source) for one in report.mended] == [(ONE, "v1/content/original/a", "replica:copy")]
    assert tree_of(home.storage) == before
    assert [(home.root / path).read_bytes() for path in report.quarantined] == [bad]
    assert sum(read)
    receipt = verify_receipt((home.root / report.certificate).read_bytes(), [key.vkey() for key in home.log.keys])
    event = receipt.entries[-1].event
    assert (event.type, event.outcome, event.objects) == (EventType.RECOVERY, Outcome.SUCCESS, (ONE,))
    assert event.extra["restored"] == [["v1/content/original/a", "replica:copy"]]
    assert audit(home, now=NOW).problems == ()
    again = repair(home, Order(NOW))
    assert (again.mended, again.checked, again.certificate) == ([], True, "")


def test_a_dry_run_says_what_it_would_do_and_does_nothing(pair: Pair) -> None:
    home, _replica = pair
    flip_byte(place_of(home.root, home, ONE) / "v1/content/original/a")
    shutil.rmtree(place_of(home.root, home, TWO))
    (home.storage / "README.txt").unlink()
    (home.storage / "stray").write_bytes(b"x")
    audit(home, now=NOW)
    before = tree_of(home.root)
    report = repair(home, Order(NOW, dry_run=True))
    assert {(one.object_id, one.path) for one in report.mended} == {
        ("archive", "storage/README.txt"),
        (ONE, "v1/content/original/a"),
        (TWO, ""),
    }
    assert report.strays == [("archive", "storage/stray")]
    assert tree_of(home.root) == before


def test_objects_by_name(pair: Pair) -> None:
    home, _replica = pair
    for object_id, name in ((ONE, "a"), (TWO, "b")):
        flip_byte(place_of(home.root, home, object_id) / f"v1/content/original/{name}")
    report = repair(home, Order(NOW, objects=(TWO,)))
    assert [one.object_id for one in report.mended] == [TWO]
    with pytest.raises(NotFoundError, match="ark:99999/none"):
        repair(home, Order(NOW, objects=("ark:99999/none",)))
    with pytest.raises(UsageError, match="no replica"):
        repair(home, Order(NOW, "replica:none"))


def test_bytes_that_lie_elsewhere_in_the_archive_are_found_without_any_copy(tmp_path: Path) -> None:
    home = filled_home(tmp_path)
    keep(home, draft("ark:99999/dt5", original__other=b"second"))
    one, two = (place_of(home.root, home, ONE) / name for name in ("v1/content/original/a", "v1/content/record.json"))
    first, second = one.read_bytes(), two.read_bytes()
    for path, content in ((one, second), (two, first)):
        path.chmod(0o644)
        path.write_bytes(content)
    (place_of(home.root, home, TWO) / "v1/content/original/b").unlink()
    flip_byte(place_of(home.root, home, THREE) / "v1" / SIDECAR)
    flip_byte(place_of(home.root, home, THREE) / SIDECAR)
    report = repair(home, Order(NOW))
    assert report.clean
    assert {(found.path, found.source) for found in report.mended} == {
        ("v1/content/original/a", "storage"),
        ("v1/content/record.json", "storage"),
        ("v1/content/original/b", "storage"),
        (f"v1/{SIDECAR}", ""),
        (SIDECAR, ""),
    }
    assert audit(home, now=NOW).problems == ()


def test_without_a_good_copy_it_is_said_and_nothing_is_touched(pair: Pair) -> None:
    home, replica = pair
    for root in (home.root, replica.root):
        flip_byte(place_of(root, home, ONE) / "v1/content/original/a")
        (place_of(root, home, TWO) / "v1/content/original/b").unlink()
    (place_of(home.root, home, TWO) / "v1/content/original/left").write_bytes(b"what is left")
    flip_byte(place_of(replica.root, home, THREE) / INVENTORY)
    flip_byte(place_of(replica.root, home, THREE) / "v1" / INVENTORY)
    before = tree_of(home.storage)
    report = repair(home, Order(NOW))
    assert not report.clean
    assert {(one.object_id, one.path) for one in report.lost} == {(ONE, "v1/content/original/a"), (TWO, "v1/content/original/b")}
    assert (report.mended, report.strays, report.certificate) == ([], [], "")
    assert tree_of(home.storage) == before
    for folder in (place_of(home.root, home, THREE), place_of(home.root, home, THREE) / "v1"):
        flip_byte(folder / INVENTORY)
    assert [(one.object_id, one.path) for one in repair(home, Order(NOW, objects=(THREE,))).lost] == [(THREE, INVENTORY)]


def test_a_folder_that_somebody_brought_is_one_more_source(tmp_path: Path) -> None:
    home = filled_home(tmp_path)
    before = tree_of(home.storage)
    card = tmp_path / "card"
    (card / "DCIM").mkdir(parents=True)
    (card / "DCIM" / "IMG_1.jpg").write_bytes(b"first")
    (card / "other.jpg").write_bytes(b"nothing to do with it")
    (card / "link.jpg").symlink_to("DCIM/IMG_1.jpg")
    (place_of(home.root, home, ONE) / "v1/content/original/a").unlink()
    report = repair(home, Order(NOW, folder=card))
    assert [(one.path, one.source) for one in report.mended] == [("v1/content/original/a", str(card))]
    assert tree_of(home.storage) == before


def test_a_whole_object_that_is_gone_comes_back_from_one_copy_or_from_several(tmp_path: Path) -> None:
    home, first = with_replica(filled_home(tmp_path), tmp_path / "one" / "copy", "first")
    home, second = with_replica(home, tmp_path / "two" / "copy", "second")
    home, third = with_replica(home, tmp_path / "three" / "copy", "third")
    for replica in (first, second, third):
        bring_up_to_date(home, replica)
    before = tree_of(home.storage)
    shutil.rmtree(place_of(third.root, home, ONE))
    flip_byte(place_of(first.root, home, ONE) / "v1/content/original/a")
    flip_byte(place_of(second.root, home, ONE) / "v2/content/record.json")
    for object_id in (ONE, TWO):
        shutil.rmtree(place_of(home.root, home, object_id))
    report = repair(home, Order(NOW))
    assert report.clean
    assert (TWO, "", "replica:first") in [(one.object_id, one.path, one.source) for one in report.mended]
    assert {one.source for one in report.mended if one.object_id == ONE} == {"", "replica:first", "replica:second"}
    assert tree_of(home.storage) == before


def test_what_stands_in_the_way_goes_to_the_quarantine(pair: Pair) -> None:
    home, _replica = pair
    before = tree_of(home.storage)
    one, two, three = (place_of(home.root, home, object_id) for object_id in (ONE, TWO, THREE))
    shutil.rmtree(one / "v1/content")
    (one / "v1/content").write_bytes(b"a file where a folder was")
    (two / "v1/content/original/b").unlink()
    (two / "v1/content/original/b").mkdir()
    (two / "v1/content/original/b/inside").write_bytes(b"x")
    (two / "extra/deep").mkdir(parents=True)
    (two / "extra/deep/stray").write_bytes(b"x")
    (three / "v1/content/original/c").unlink()
    (three / "v1/content/original/c").symlink_to("/etc/hostname")
    report = repair(home, Order(NOW))
    assert report.clean, report
    assert tree_of(home.storage) == before
    assert not (two / "extra").exists()
    assert len(report.quarantined) == 4
    assert audit(home, now=NOW).problems == ()


def test_what_lies_beside_the_objects(pair: Pair) -> None:
    home, replica = pair
    before = tree_of(home.storage)
    flip_byte(home.storage / "README.txt")
    for name in ("stray", "abc/stray", "extensions/more/config.json", "abc/def/012/empty-object/x"):
        (home.storage / name).parent.mkdir(parents=True, exist_ok=True)
        (home.storage / name).write_bytes(b"x")
    shutil.copytree(place_of(home.root, home, TWO), home.storage / "fff/fff/fff/unknown")
    report = repair(home, Order(NOW))
    assert not [one for one in report.lost if one.path]
    after = tree_of(home.storage)
    assert {name for name in after if name not in before} == {name for name in after if name.startswith("fff/")}
    assert not (home.storage / "abc").exists()
    shutil.rmtree(home.storage / "fff")
    assert audit(home, now=NOW).problems == ()
    for path in (home.storage / "README.txt", replica.root / "storage/README.txt"):
        path.unlink()
    assert repair(home, Order(NOW)).clean
    assert tree_of(home.storage) == before


def test_a_root_file_of_another_release(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are known from the ledger's digest only: they come from a copy, or from nowhere."""
    home, replica = pair
    monkeypatch.setattr("archive.repair.surroundings.root_files", dict)
    before = tree_of(home.storage)
    flip_byte(home.storage / "README.txt")
    assert [one.source for one in repair(home, Order(NOW)).mended] == ["replica:copy"]
    assert tree_of(home.storage) == before
    flip_byte(home.storage / "README.txt")
    flip_byte(replica.root / "storage/README.txt")
    assert [one.path for one in repair(home, Order(NOW)).lost] == ["storage/README.txt"]


def test_a_replica_is_mended_from_the_archive(pair: Pair) -> None:
    home, replica = pair
    before = tree_of(replica.root / "storage")
    flip_byte(place_of(replica.root, home, ONE) / "v2" / INVENTORY)
    shutil.rmtree(place_of(replica.root, home, TWO))
    (replica.root / "storage/stray").write_bytes(b"x")
    keep(home, draft("ark:99999/dt7", original__a=b"not copied yet"))
    audit_at(home, "replica:copy", Conduct(lambda: NOW))
    report = repair(home, Order(NOW, "replica:copy"))
    assert report.clean, report
    assert tree_of(replica.root / "storage") == before
    assert not audit_at(home, "replica:copy", Conduct(lambda: NOW)).has_damage
    assert (home.root / report.certificate).is_file()
    home = drop_replica(home, "copy", NOW)
    home, again = with_replica(home, replica.root)
    flip_byte(next((home.ledger / "log").iterdir()), 50)
    with pytest.raises(DamageError, match="repair"):
        repair(home, Order(NOW, again.location))


def test_one_copy_among_several_is_not_asked_twice(tmp_path: Path) -> None:
    home, first = with_replica(filled_home(tmp_path), tmp_path / "one" / "copy", "first")
    home, second = with_replica(home, tmp_path / "two" / "copy", "second")
    for replica in (first, second):
        bring_up_to_date(home, replica)
    flip_byte(place_of(first.root, home, ONE) / "v1/content/original/a")
    report = repair(home, Order(NOW, "replica:first", (ONE,)))
    assert report.copies == ("storage", "replica:second")
    assert report.clean


def test_an_interrupted_repair_is_taken_up_again() -> None:
    with scratch_folder("repair") as place:
        home, replica = with_replica(filled_home(place), place / "elsewhere" / "copy")
        bring_up_to_date(home, replica)
        before = tree_of(home.storage)
        flip_byte(place_of(home.root, home, ONE) / "v1/content/original/a")
        flip_byte(place_of(home.root, home, ONE) / INVENTORY)
        (place_of(home.root, home, ONE) / "stray").write_bytes(b"x")
        shutil.rmtree(place_of(home.root, home, TWO))
        shutil.copytree(home.root, place / "damaged")
        cut = 0
        while cut_off(home, cut):
            report = repair(open_home(home.root, home.keys), Order(NOW, objects=(ONE, TWO)))
            assert report.clean, (cut, report)
            assert tree_of(home.storage) == before
            assert list(home.log.problems()) == []
            shutil.rmtree(home.root)
            shutil.copytree(place / "damaged", home.root)
            cut += 1
        assert cut > 20


def cut_off(home: Home, cut: int) -> bool:
    """Whether a repair was cut off before its change of that number."""
    count = 0

    def before(_name: str, _first: object) -> None:
        nonlocal count
        if count >= cut:
            raise PowerCut
        count += 1

    try:
        repair(watched_home(open_home(home.root, home.keys), before), Order(NOW, objects=(ONE, TWO)))
    except PowerCut:
        return True
    return False


def test_a_disk_that_does_not_keep_what_is_written(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    home, _replica = pair
    target = place_of(home.root, home, ONE) / "v1/content/original/a"
    flip_byte(target)
    bad = target.read_bytes()
    real = ExpectedFile.is_at

    def forgetful(self: ExpectedFile, tree: Any, path: str) -> bool:
        return not path.startswith("work/repair") and real(self, tree, path)

    monkeypatch.setattr(ExpectedFile, "is_at", forgetful)
    with pytest.raises(StorageError, match="could not be written"):
        repair(home, Order(NOW, objects=(ONE,)))
    assert target.read_bytes() == bad


def test_damage_that_comes_again_at_once_is_said(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    home, _replica = pair
    target = place_of(home.root, home, ONE) / "v1/content/original/a"
    flip_byte(target)
    real = Workshop.finish

    def failing(self: Workshop) -> None:
        real(self)
        if target.read_bytes() == b"first":
            flip_byte(target)

    monkeypatch.setattr(Workshop, "finish", failing)
    report = repair(home, Order(NOW, objects=(ONE,)))
    assert report.still_damaged == [(ONE, "v1/content/original/a", "changed")]
    assert not report.clean
    assert list(home.log.entries())[-1].event.outcome is Outcome.WARNING


def test_one_repair_at_a_time(pair: Pair) -> None:
    home, _replica = pair
    with home.tree.lock("work/locks/repair"), pytest.raises(ConflictError):
        repair(home, Order(NOW))


def test_things_with_one_name_in_the_quarantine(home: Home) -> None:
    workshop = Workshop(home.tree, "repair-1")
    workshop.prepare()
    for content in (b"one", b"two"):
        (home.storage / "stray").write_bytes(content)
        workshop.set_aside("storage/stray")
    workshop.finish()
    assert workshop.quarantined == ["work/quarantine/repair-1/storage/stray", "work/quarantine/repair-1/storage/stray-2"]
    (home.work / "repair" / "left").mkdir()
    (home.work / "repair" / "left" / "over").write_bytes(b"x")
    workshop.prepare()
    assert list((home.work / "repair").iterdir()) == []


def test_a_copy_that_is_away_is_not_asked(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    away = save_config(home, replace(home.config, replicas=(replace(replica.config, path=str(tmp_path / "away")),)))
    flip_byte(place_of(home.root, home, ONE) / "v1/content/original/a")
    report = repair(away, Order(NOW, objects=(ONE,)))
    assert (report.copies, report.clean) == ((), False)
