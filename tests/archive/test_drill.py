import shutil
from pathlib import Path
from typing import Any

import pytest

from archive import drill as module
from archive.audit import audit
from archive.drill import Rehearsal, drill, restore
from archive.errors import ConflictError, DamageError, NotFoundError, StorageError
from archive.home import Home, open_home
from archive.records.events import EventType, Outcome
from archive.replicas.place import Replica
from archive.settings import CONFIG
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW, draft, flip_byte, keep
from tests.archive.replicas.replica_builders import ONE, THREE, TWO, bring_up_to_date, filled_home, place_of, tree_of, with_replica

Pair = tuple[Home, Replica]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    return home, replica


def test_a_rehearsal_restores_everything_and_takes_it_away(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    keep(home, draft("ark:99999/dt4", original__d=b"not there yet"))
    steps: list[tuple[int, int]] = []
    restored = drill(home, replica, Rehearsal(NOW, progress=lambda done, total: steps.append((done, total))))
    assert restored.whole
    assert (restored.objects, restored.known, restored.catalogued, restored.behind) == (3, 3, 3, 1)
    assert restored.rate > 0
    assert steps
    assert not Path(restored.folder).exists()
    event = list(home.log.entries())[-1].event
    assert (event.type, event.outcome, event.extra["drill"]) == (EventType.VALIDATION, Outcome.SUCCESS, "copy")
    assert not drill(home, replica, Rehearsal(NOW, tmp_path / "given")).damaged
    assert not (tmp_path / "given").exists()


def test_a_sample_is_drawn_by_a_seed_that_is_told(pair: Pair) -> None:
    home, replica = pair
    first = drill(home, replica, Rehearsal(NOW, sample=1, seed="a"))
    assert (first.objects, first.known, first.seed) == (1, 3, "a")
    assert drill(home, replica, Rehearsal(NOW, sample=10**9)).objects == 3


def test_what_is_restored_in_earnest_is_the_archive(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    audit(home, now=NOW)
    bring_up_to_date(home, replica)
    restored = restore(replica.root, tmp_path / "new")
    assert restored.whole
    assert restored.seed == ""
    assert restored.keys == tuple(key.vkey() for key in home.config.ledger_keys)
    with pytest.raises(ConflictError, match="inside the copy"):
        restore(replica.root, replica.root / "new")
    again = open_home(tmp_path / "new", home.keys)
    assert again.config == home.config
    assert tree_of(again.storage) == tree_of(home.storage)
    assert again.log.checkpoint() == home.log.checkpoint()
    assert not (again.work / "restoring").exists()
    assert audit(again, now=NOW).problems == ()
    assert bring_up_to_date(again, replica).complete
    with pytest.raises(ConflictError, match="not empty"):
        restore(replica.root, tmp_path / "new")
    with pytest.raises(NotFoundError):
        restore(tmp_path / "nowhere", tmp_path / "other")


def test_an_interrupted_restoring_goes_on(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    seen: list[int] = []

    def stop(done: int, _total: int) -> None:
        seen.append(done)
        if len(seen) > 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(replica.root, tmp_path / "new", stop)
    assert not (tmp_path / "new" / CONFIG).exists()
    assert restore(replica.root, tmp_path / "new").whole
    assert tree_of(tmp_path / "new" / "storage") == tree_of(home.storage)


def test_a_damaged_copy_gives_what_it_has_and_says_what_is_wrong(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    flip_byte(place_of(replica.root, home, ONE) / "v1/content/original/a")
    target = place_of(replica.root, home, TWO) / "v1/content/original/b"
    target.unlink()
    target.symlink_to("/etc/hostname")
    shutil.rmtree(place_of(replica.root, home, THREE))
    flip_byte(replica.root / "storage/README.txt")
    restored = restore(replica.root, tmp_path / "new")
    assert {(object_id, path) for object_id, path, _what in restored.damaged} == {
        (ONE, "v1/content/original/a"),
        (TWO, "v1/content/original/b"),
        (THREE, ""),
        ("archive", "storage/README.txt"),
    }
    assert (place_of(tmp_path / "new", home, ONE) / "v1/content/original/a").read_bytes() != b"first"
    failed = drill(home, replica, Rehearsal(NOW))
    assert not failed.whole
    assert list(home.log.entries())[-1].event.outcome is Outcome.FAILURE


def test_a_file_that_cannot_be_read_to_its_end_comes_as_far_as_it_came(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, replica = pair
    flip_byte(place_of(replica.root, home, ONE) / "v1/content/original/a")
    real = LocalStorage.copy_in

    def torn(self: LocalStorage, source: Path, path: str, watch: Any) -> None:
        if path.startswith("storage/") and path.endswith("original/a"):
            self.write_new(path, b"fir")
            raise StorageError("The disk reports an error.")
        real(self, source, path, watch)

    monkeypatch.setattr(LocalStorage, "copy_in", torn)
    restored = restore(replica.root, tmp_path / "new")
    assert [(object_id, path) for object_id, path, _what in restored.damaged] == [(ONE, "v1/content/original/a")]
    assert (place_of(tmp_path / "new", home, ONE) / "v1/content/original/a").read_bytes() == b"fir"


def test_a_copy_without_a_sound_ledger_is_not_restored_from(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    flip_byte(next((replica.root / "ledger/log").iterdir()), 60)
    with pytest.raises(DamageError, match="does not hold"):
        restore(replica.root, tmp_path / "new")
    with pytest.raises(DamageError):
        drill(home, replica, Rehearsal(NOW, tmp_path / "never"))


def test_a_check_list_that_is_damaged_there_is_named(pair: Pair, tmp_path: Path) -> None:
    _home, replica = pair
    target = next((replica.root / "ledger/checks").iterdir())
    flip_byte(target, target.stat().st_size // 2)
    assert [path for _object, path, _what in restore(replica.root, tmp_path / "new").damaged] == [f"ledger/checks/{target.name}"]


def test_a_copy_of_another_past_is_no_copy(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    shutil.copytree(home.ledger, tmp_path / "early")
    shutil.rmtree(replica.root / "ledger")
    keep(home, draft("ark:99999/dt5", original__d=b"one past"))
    shutil.copytree(home.ledger, replica.root / "ledger")
    shutil.rmtree(home.ledger)
    shutil.copytree(tmp_path / "early", home.ledger)
    keep(home, draft("ark:99999/dt6", original__d=b"another past"))
    with pytest.raises(DamageError, match="rewritten"):
        drill(home, replica, Rehearsal(NOW))


def test_room(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, replica = pair
    monkeypatch.setattr(module, "_SPARE", 1 << 60)
    with pytest.raises(StorageError, match="too little room"):
        restore(replica.root, tmp_path / "new")
    full = tmp_path / "full"
    full.mkdir()
    (full / "photo.jpg").write_bytes(b"x")
    with pytest.raises(ConflictError, match="not empty"):
        drill(home, replica, Rehearsal(NOW, full))
    assert (full / "photo.jpg").exists()


def test_what_a_rehearsal_that_was_killed_left_is_taken_away_by_the_next(pair: Pair) -> None:
    home, replica = pair
    left = home.work / "drill-killed"
    shutil.copytree(replica.root, left)
    assert drill(home, replica, Rehearsal(NOW)).whole
    assert not list(home.work.glob("drill-*"))
    with home.tree.lock("work/locks/drill"), pytest.raises(ConflictError):
        drill(home, replica, Rehearsal(NOW))


def test_a_rehearsal_keeps_out_of_links_files_and_the_archive_itself(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").write_bytes(b"x")
    for folder in (tmp_path / "link", tmp_path / "file", home.root / "storage" / "x", home.root):
        with pytest.raises(ConflictError, match="no place for a rehearsal"):
            drill(home, replica, Rehearsal(NOW, folder))
    assert list((tmp_path / "real").iterdir()) == []
    assert not (home.root / "storage" / "x").exists()
