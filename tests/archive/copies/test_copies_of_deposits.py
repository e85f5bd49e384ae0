"""Whether the card of a deposit may be erased, as the copies stand."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.audit import audit, audit_at
from archive.audit.conduct import Conduct
from archive.audit.copies import Card, CardVerdict, card_verdicts
from archive.audit.standings import standings
from archive.home import Home, save_config
from archive.ocfl.digests import digests_of
from archive.ocfl.inventory import INVENTORY
from archive.records.accession import DepositLine, DepositRecord, Fate
from archive.records.package import VersionDraft
from archive.records.serialise import to_json
from archive.replicas.place import Replica
from tests.archive.builders import NOW, draft, file_of, flip_byte, keep, new_home
from tests.archive.replicas.replica_builders import ONE, TWO, bring_up_to_date, place_of, with_replica

DEPOSIT = "ark:99999/dtdeposit"
FILES = {ONE: b"a photo", TWO: b"a scan", "": b"refused"}


def deposited(folder: Path, **changes: object) -> Home:
    """Two assets and a refused file, in one deposit."""
    home = new_home(folder)
    lines = tuple(line(object_id, content) for object_id, content in FILES.items())
    record = replace(DepositRecord(DEPOSIT, "ark:99999/dtsite", "card", NOW.isoformat(), lines), **changes)  # type: ignore[arg-type]  # a test's choice
    kept = (file_of("deposit.json", to_json(record)), file_of("refused/c", FILES[""]))
    keep(home, draft(ONE, original__a=FILES[ONE]), draft(TWO, original__b=FILES[TWO]), VersionDraft(DEPOSIT, "", kept, "deposit"))
    return home


def line(object_id: str, content: bytes) -> DepositLine:
    digests = digests_of(content)
    fate = Fate.ARCHIVED if object_id else Fate.REFUSED
    return DepositLine("a", "61", digests.size, digests.sha512, digests.sha256, "", "jpeg", fate, object_id)


def copied(home: Home, folder: Path) -> tuple[Home, Replica]:
    """A copy that counts: the tests have one disk, so it is taken for another one."""
    home, replica = with_replica(home, folder)
    bring(home, replica)
    return save_config(home, replace(home.config, replicas=(replace(replica.config, same_device=False),))), replica


def bring(home: Home, replica: Replica) -> None:
    bring_up_to_date(home, replica)


def verdict(home: Home, deposit: str = DEPOSIT) -> CardVerdict:
    return card_verdicts(home, [deposit], standings(home))[0]


def test_one_copy_is_not_enough(tmp_path: Path) -> None:
    home = deposited(tmp_path)
    assert verdict(home) == CardVerdict(DEPOSIT, 3, 0, Card.NO_REPLICA, 1)
    home, replica = with_replica(home, tmp_path / "elsewhere" / "copy")
    bring(home, replica)
    assert verdict(home) == CardVerdict(DEPOSIT, 3, 0, Card.SAME_DISK, 1)


def test_every_file_twice_and_read_back(tmp_path: Path) -> None:
    home, _replica = copied(deposited(tmp_path), tmp_path / "elsewhere" / "copy")
    found = verdict(home)
    assert found == CardVerdict(DEPOSIT, 3, 3, Card.ERASE, 1)
    assert found.erasable


def test_a_copy_that_lags_behind(tmp_path: Path) -> None:
    home = deposited(tmp_path)
    home, replica = with_replica(home, tmp_path / "elsewhere" / "copy")
    home = save_config(home, replace(home.config, replicas=(replace(replica.config, same_device=False),)))
    assert verdict(home) == CardVerdict(DEPOSIT, 3, 0, Card.NOT_COPIED, 1)


def test_a_later_edit_of_the_record_takes_nothing_away(tmp_path: Path) -> None:
    home, _replica = copied(deposited(tmp_path), tmp_path / "elsewhere" / "copy")
    keep(home, draft(ONE, "v1", original__a=FILES[ONE], record_json=b"edited"))
    assert verdict(home).erasable
    flip_byte(place_of(home.root, home, ONE) / INVENTORY)
    assert not verdict(home).erasable


def test_new_bytes_in_a_known_asset_are_not_yet_copied(tmp_path: Path) -> None:
    home, _replica = copied(deposited(tmp_path, lines=(line(ONE, b"a companion"),)), tmp_path / "elsewhere" / "copy")
    keep(home, draft(ONE, "v1", original__a=FILES[ONE], original__more=b"a companion"))
    assert verdict(home) == CardVerdict(DEPOSIT, 1, 0, Card.NOT_COPIED)


def test_bytes_that_the_asset_does_not_have(tmp_path: Path) -> None:
    home, _replica = copied(deposited(tmp_path, lines=(line(ONE, b"never kept"),)), tmp_path / "elsewhere" / "copy")
    keep(home, draft(ONE, "v1", original__a=FILES[ONE], record_json=b"edited"))
    assert verdict(home).card is Card.NOT_COPIED


@pytest.mark.parametrize("where", ["storage", "replica:copy"])
def test_damage_anywhere_keeps_the_card(tmp_path: Path, where: str) -> None:
    home, replica = copied(deposited(tmp_path), tmp_path / "elsewhere" / "copy")
    root = home.root if where == "storage" else replica.root
    flip_byte(place_of(root, home, TWO) / "v1/content/original/b")
    if where == "storage":
        audit(home, now=NOW)
    else:
        believed = save_config(home, replace(home.config, replicas=(replace(replica.config, same_device=True),)))
        audit_at(believed, where, Conduct(lambda: NOW))
        home = save_config(home, home.config)
    assert verdict(home) == CardVerdict(DEPOSIT, 3, 2, Card.DAMAGED, 1)


def test_files_that_could_not_be_read_are_in_no_copy(tmp_path: Path) -> None:
    unread = deposited(tmp_path, left_out=(("b.jpg", "unreadable"), (".hidden", "hidden")))
    home, _replica = copied(unread, tmp_path / "elsewhere" / "copy")
    assert verdict(home).card is Card.UNREAD


def test_a_deposit_that_cannot_be_read(tmp_path: Path) -> None:
    home, replica = copied(deposited(tmp_path), tmp_path / "elsewhere" / "copy")
    assert verdict(home, "ark:99999/none") == CardVerdict("ark:99999/none", 0, 0, Card.DAMAGED)
    lost = deposited(tmp_path / "other", lines=(line("ark:99999/nobody", b"x"),))
    lost, _replica = copied(lost, tmp_path / "elsewhere2" / "copy")
    assert verdict(lost).second == 0
    assert replica.config.name == "copy"
