"""Copying that is cut off, stopped, or done while others write: nothing is lost, and the next run goes on from there."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.access import head_of
from archive.errors import ConflictError, StorageError
from archive.home import Home, open_home, save_config
from archive.ocfl.inventory import INVENTORY, SIDECAR
from archive.replicas import replicate as module
from archive.replicas.place import Replica, open_replica
from archive.replicas.replicate import LOCK, Wishes, replicate
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW, PowerCut, WatchedStorage, draft, flip_byte, keep, oracle_accepts
from tests.archive.replicas.replica_builders import (
    ONE,
    bring_up_to_date,
    filled_home,
    place_of,
    tree_of,
    verified_at,
    with_replica,
)
from tests.proofs.deposit import scratch_folder

Pair = tuple[Home, Replica]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")


def heads(home: Home) -> dict[str, str]:
    return {one: head_of(home, one) or "" for one in home.objects.object_ids()}


def test_a_far_side_that_refuses_stops_the_run(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair

    class Full(LocalStorage):
        def copy_in(self, source: Path, path: str, watch: Any) -> None:
            raise StorageError("The disk is full.", detail=f"{source} {path} {watch}")

    full = Replica(replica.config, replica.root, Full(replica.root), replica.log)
    with pytest.raises(StorageError, match="full"):
        replicate(home, full, Wishes(NOW, {}))
    assert bring_up_to_date(home, replica).complete


def test_somebody_writes_meanwhile(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    home, replica = pair
    real = module._Run._objects
    written: list[object] = []

    def then_another(self: Any, found: Any) -> None:
        real(self, found)
        if not written:
            written.append(keep(home, draft("ark:99999/dt8", original__d=b"late")))

    monkeypatch.setattr(module._Run, "_objects", then_another)
    report = bring_up_to_date(home, replica)
    assert (report.objects, report.copied) == (4, 4)
    written.clear()
    monkeypatch.setattr(module, "_ROUNDS", 1)
    late = draft("ark:99999/dt9", original__d=b"later")
    monkeypatch.setattr(module._Run, "_objects", lambda self, found: (real(self, found), keep(home, late)))
    assert bring_up_to_date(home, replica).objects == 5
    monkeypatch.setattr(module._Run, "_objects", real)
    assert bring_up_to_date(home, replica).copied == 1


def test_stopped_by_the_user_what_was_done_counts(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    home, replica = pair
    monkeypatch.setattr(module, "GROUP_OBJECTS", 1)
    seen: list[int] = []

    def stop(done: int, _total: int) -> None:
        seen.append(done)
        if len(verified_now(home, replica)) >= 1:
            raise KeyboardInterrupt

    def verified_now(home: Home, replica: Replica) -> list[Path]:
        return list((replica.root / "storage").rglob("0=ocfl_object_1.1"))

    report = replicate(home, replica, Wishes(NOW, {}, progress=stop))
    assert report.interrupted
    assert not report.complete
    rest = bring_up_to_date(home, replica)
    assert rest.complete
    assert verified_at(home, replica) == heads(home)


def test_stopped_before_anything_came_through(pair: Pair) -> None:
    home, replica = pair

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    size = home.log.checkpoint().size
    assert replicate(home, replica, Wishes(NOW, {}, progress=stop)).interrupted
    assert home.log.checkpoint().size == size


def test_one_run_at_a_time(pair: Pair) -> None:
    home, replica = pair
    with replica.tree.lock(LOCK), pytest.raises(ConflictError):
        replicate(home, replica, Wishes(NOW, {}))


@pytest.mark.parametrize("state", ["new", "grown"])
def test_cut_off_at_every_change_the_copy_is_whole_or_mended_by_the_next_run(state: str) -> None:
    with scratch_folder("cut") as place:
        home, replica = with_replica(filled_home(place), place / "elsewhere" / "copy")
        if state == "grown":
            bring_up_to_date(home, replica)
            keep(home, draft(ONE, "v2", original__a=b"first", record_json=b"3"))
            more = draft(ONE, "v3", original__a=b"first", record_json=b"4", original__more=b"m")
            keep(home, more, draft("ark:99999/dt4", original__d=b"4"))
        cut = 0
        while dies_at(copy_of(home, replica, place / f"cut-{cut}"), cut, place / "keys"):
            again, there = opened(place / f"cut-{cut}", home)
            for path in (there.root / "storage").rglob("0=ocfl_object_1.1"):
                inventory = (path.parent / INVENTORY).is_file() and (path.parent / SIDECAR).is_file()
                assert inventory, "a new object comes whole or not at all"
            assert bring_up_to_date(again, there).complete
            assert tree_of(there.root / "storage") == tree_of(again.storage)
            assert list(there.log.problems()) == []
            assert cut % 9 or oracle_accepts(open_home(there.root, home.keys), ONE)[0]
            cut += 1
        assert cut > 20


def copy_of(home: Home, replica: Replica, folder: Path) -> Pair:
    shutil.copytree(home.root, folder / "home")
    shutil.copytree(replica.root, folder / "copy")
    again = open_home(folder / "home", home.keys)
    save_config(again, replace(again.config, replicas=(replace(replica.config, path=str(folder / "copy")),)))
    return opened(folder, home)


def opened(folder: Path, home: Home) -> Pair:
    again = open_home(folder / "home", home.keys)
    return again, open_replica(again, "copy")


def dies_at(pair: Pair, cut: int, keys: Path) -> bool:
    """Whether a run was cut off before its change of that number on the far side."""
    home, replica = pair
    count = 0

    def before(_name: str, _first: object) -> None:
        nonlocal count
        if count >= cut:
            raise PowerCut
        count += 1

    log = type(replica.log)(WatchedStorage(replica.root, before), home.log.origin, home.log.keys)
    watched = Replica(replica.config, replica.root, log.storage, log)
    try:
        bring_up_to_date(Home(home.root, home.config, keys, home.tree), watched)
    except PowerCut:
        return True
    return False


def test_an_interrupted_version_that_is_not_whole_is_set_aside(pair: Pair) -> None:
    home, replica = pair
    bring_up_to_date(home, replica)
    keep(home, draft(ONE, "v2", original__a=b"first", record_json=b"3"))
    torn = place_of(replica.root, home, ONE) / "v3"
    torn.mkdir()
    (torn / INVENTORY).write_bytes(b"{")
    (replica.root / "work/replicate/7").mkdir()
    (replica.root / "work/replicate/7/left").write_bytes(b"x")
    assert bring_up_to_date(home, replica).complete
    assert [path.name for path in (replica.root / "work/quarantine").iterdir()] == ["ark%3a99999%2fdt1+v3"]
    keep(home, draft(ONE, "v3", original__a=b"first", record_json=b"4"))
    (torn.parent / "v4").mkdir()
    (replica.root / "work/quarantine/ark%3a99999%2fdt1+v4").mkdir()
    assert bring_up_to_date(home, replica).complete
    assert (replica.root / "work/quarantine/ark%3a99999%2fdt1+v4-2").is_dir()
    flip_byte(place_of(replica.root, home, ONE) / SIDECAR)  # as if cut off between inventory and digest file
    assert bring_up_to_date(home, replica).complete
