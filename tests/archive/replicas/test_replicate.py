from pathlib import Path

import pytest

from archive.audit import audit
from archive.home import Home, open_home
from archive.replicas.place import Replica
from tests.archive.builders import NOW, draft, keep
from tests.archive.replicas.replica_builders import ONE, bring_up_to_date, filled_home, tree_of, verified_at, with_replica


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Home, Replica]:
    return with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")


def test_a_replica_has_everything_and_can_be_read_alone(pair: tuple[Home, Replica]) -> None:
    home, replica = pair
    report = bring_up_to_date(home, replica)
    assert report.complete
    assert (report.objects, report.copied, report.read_back) == (3, 3, 3)
    assert report.cosigned
    assert tree_of(replica.root / "storage") == tree_of(home.storage)
    assert verified_at(home, replica) == {one: home.objects.has(one) and head for one, head in heads(home).items()}
    alone = open_home(replica.root, home.keys)
    assert list(alone.log.problems()) == []
    assert alone.log.checkpoint() == home.log.checkpoint()


def heads(home: Home) -> dict[str, str]:
    from archive.access import head_of

    return {one: head_of(home, one) or "" for one in home.objects.object_ids()}


def test_the_second_time_only_what_is_new(pair: tuple[Home, Replica]) -> None:
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
