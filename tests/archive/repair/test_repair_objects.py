from pathlib import Path

import pytest

from archive.audit import audit
from archive.home import Home
from archive.ledger.receipt import verify_receipt
from archive.records.events import EventType
from archive.repair import Order, repair
from archive.replicas.place import Replica
from tests.archive.builders import NOW, flip_byte
from tests.archive.replicas.replica_builders import ONE, TWO, bring_up_to_date, filled_home, place_of, tree_of, with_replica


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Home, Replica]:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    return home, replica


def test_a_flipped_byte_is_replaced_from_the_copy_and_certified(pair: tuple[Home, Replica]) -> None:
    home, _replica = pair
    before = tree_of(home.storage)
    target = place_of(home.root, home, ONE) / "v1/content/original/a"
    flip_byte(target)
    bad = target.read_bytes()
    assert audit(home, now=NOW).damaged == 1
    report = repair(home, Order(NOW))
    assert report.clean
    assert [(one.object_id, one.path, one.source) for one in report.mended] == [(ONE, "v1/content/original/a", "replica:copy")]
    assert tree_of(home.storage) == before
    assert [(home.root / path).read_bytes() for path in report.quarantined] == [bad]
    receipt = verify_receipt((home.root / report.certificate).read_bytes(), [key.vkey() for key in home.log.keys])
    assert receipt.entries[-1].event.type is EventType.RECOVERY
    assert receipt.entries[-1].event.objects == (ONE,)
    assert audit(home, now=NOW).problems == ()
    assert repair(home, Order(NOW)).mended == []
