from pathlib import Path

import pytest

from archive.audit import audit
from archive.drill import Rehearsal, drill, restore
from archive.home import Home, open_home
from archive.records.events import EventType, Outcome
from archive.replicas.place import Replica
from tests.archive.builders import NOW, flip_byte
from tests.archive.replicas.replica_builders import ONE, bring_up_to_date, filled_home, place_of, tree_of, with_replica


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Home, Replica]:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    return home, replica


def test_a_rehearsal_restores_everything_and_takes_it_away(pair: tuple[Home, Replica]) -> None:
    home, replica = pair
    restored = drill(home, replica, Rehearsal(NOW))
    assert restored.whole
    assert (restored.objects, restored.known, restored.catalogued, restored.behind) == (3, 3, 3, 0)
    assert not Path(restored.folder).exists()
    event = list(home.log.entries())[-1].event
    assert (event.type, event.outcome, event.extra["drill"]) == (EventType.VALIDATION, Outcome.SUCCESS, "copy")


def test_what_is_restored_in_earnest_is_the_archive(pair: tuple[Home, Replica], tmp_path: Path) -> None:
    home, replica = pair
    restored = restore(replica.root, tmp_path / "new")
    assert restored.whole
    again = open_home(tmp_path / "new", home.keys)
    assert again.config == home.config
    assert tree_of(again.storage) == tree_of(home.storage)
    assert again.log.checkpoint() == home.log.checkpoint()
    assert audit(again, now=NOW).problems == ()
    assert bring_up_to_date(again, replica).complete


def test_a_damaged_copy_gives_what_it_has_and_says_what_is_wrong(pair: tuple[Home, Replica], tmp_path: Path) -> None:
    home, replica = pair
    flip_byte(place_of(replica.root, home, ONE) / "v1/content/original/a")
    restored = restore(replica.root, tmp_path / "new")
    assert [(object_id, path) for object_id, path, _what in restored.damaged] == [(ONE, "v1/content/original/a")]
    assert tree_of(tmp_path / "new" / "storage") == tree_of(replica.root / "storage")
    assert drill(home, replica, Rehearsal(NOW)).damaged == restored.damaged
