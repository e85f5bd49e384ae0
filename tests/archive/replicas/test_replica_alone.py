"""A replica opened as a home: it can be read and checked, and nothing is written to it."""

from pathlib import Path

import pytest

from archive.audit import audit, audit_at
from archive.audit.conduct import Conduct
from archive.errors import ConflictError
from archive.home import Home, open_home
from archive.rekeying import rotate_keys
from archive.replicas.place import open_replica
from archive.replicas.register import NewReplica, add_replica
from tests.archive.builders import NOW, draft, flip_byte, keep
from tests.archive.replicas.replica_builders import ONE, bring_up_to_date, filled_home, place_of, tree_of, with_replica


@pytest.fixture
def alone(tmp_path: Path) -> Home:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    return open_home(replica.root, home.keys)


def test_a_check_reports_and_records_nothing(alone: Home) -> None:
    before = tree_of(alone.root)
    report = audit(alone, now=NOW)
    assert (report.problems, report.recorded, report.objects) == ((), False, 3)
    assert tree_of(alone.root) == before
    flip_byte(place_of(alone.root, alone, ONE) / "v1/content/original/a")
    assert [(one.object_id, one.path) for one in audit(alone, now=NOW).problems] == [(ONE, "v1/content/original/a")]


def test_whatever_would_write_is_refused(alone: Home, tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="copy “copy” of an archive") as refused:
        keep(alone, draft("ark:99999/dt9", original__a=b"x"))
    assert refused.value.code == "is-replica"
    with pytest.raises(ConflictError, match="copy “copy”"):
        add_replica(alone, NewReplica(tmp_path / "third", same_disk=True), NOW)


def test_a_copy_from_before_the_keys_were_changed(tmp_path: Path) -> None:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    home = rotate_keys(home, NOW)
    old = open_replica(home, "copy")
    assert list(old.log.problems()) == []
    assert not audit_at(home, "replica:copy", Conduct(lambda: NOW)).has_damage
    assert bring_up_to_date(home, old).complete
    assert list(open_replica(home, "copy").log.problems()) == []
    assert open_home(replica.root, home.keys).log.checkpoint() == home.log.checkpoint()
    assert not audit_at(home, "replica:copy", Conduct(lambda: NOW)).has_damage
