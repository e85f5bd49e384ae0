import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.accession import accession
from archive.audit import audit
from archive.errors import DamageError
from archive.home import Home, open_home
from archive.ledger.log import Ledger
from archive.repair import Order, repair
from archive.repair.install import Workshop
from archive.repair.ledger import mend_ledger, resigned
from archive.repair.sources import Copy
from archive.replicas.place import Replica
from tests.archive.builders import NOW, draft, flip_byte, keep
from tests.archive.replicas.replica_builders import bring_up_to_date, filled_home, with_replica

LATER = NOW + timedelta(days=40)
Pair = tuple[Home, Replica]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """Two months of entries here and there, and one more entry here only."""
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    accession(home, [draft("ark:99999/dt4", original__d=b"later")], agent=home.config.agent, now=LATER)
    audit(home, now=LATER)
    bring_up_to_date(home, replica)
    accession(home, [draft("ark:99999/dt5", original__e=b"not there yet")], agent=home.config.agent, now=LATER)
    return home, replica


def segments_of(home: Home) -> list[Path]:
    return sorted((home.ledger / "log").iterdir())


def mended(home: Home) -> list[tuple[str, str]]:
    report = repair(open_home(home.root, home.keys), Order(LATER))
    assert report.clean, report
    assert list(open_home(home.root, home.keys).log.problems()) == []
    return [(one.path, one.source) for one in report.mended]


def remake(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:20])


def relink(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


@pytest.mark.parametrize("harm", [lambda path: flip_byte(path, 99), remake, Path.unlink, relink])
def test_a_segment_comes_from_the_copy(pair: Pair, harm: Callable[[Path], None]) -> None:
    home, _replica = pair
    target = segments_of(home)[0]
    good = target.read_bytes()
    harm(target)
    assert mended(home) == [(f"ledger/log/{target.name}", "replica:copy")]
    assert target.read_bytes() == good


def test_a_segment_that_is_longer_here_is_joined(pair: Pair) -> None:
    home, replica = pair
    target = segments_of(home)[1]
    good = target.read_bytes()
    there = (replica.root / "ledger/log" / target.name).read_bytes()
    assert len(there) < len(good)
    flip_byte(target, 50)
    assert mended(home) == [(f"ledger/log/{target.name}", "replica:copy")]
    assert target.read_bytes().startswith(good)


def test_entries_that_no_copy_has_are_lost_and_nothing_is_touched(pair: Pair) -> None:
    home, _replica = pair
    target = segments_of(home)[1]
    flip_byte(target, target.stat().st_size - 30)
    before = target.read_bytes()
    report = repair(home, Order(LATER))
    assert {one.path for one in report.lost} == {f"ledger/log/{target.name}"}
    assert target.read_bytes() == before
    assert not repair(home, Order(LATER, dry_run=True)).clean


def test_a_segment_that_is_in_no_copy(pair: Pair) -> None:
    home, replica = pair
    for root in (home.root, replica.root):
        min((root / "ledger/log").iterdir()).unlink()
    assert repair(home, Order(LATER)).lost


def test_kept_checkpoints_and_what_witnesses_hold(pair: Pair) -> None:
    home, replica = pair
    kept = next((home.ledger / "checkpoints").iterdir())
    good = kept.read_bytes()
    kept.unlink()
    assert [one.path for one in repair(home, Order(LATER, dry_run=True)).mended] == [f"ledger/checkpoints/{kept.name}"]
    assert not kept.exists()
    assert mended(home) == [(f"ledger/checkpoints/{kept.name}", "replica:copy")]
    assert kept.read_bytes() == good
    flip_byte(home.ledger / "witnesses" / "copy", 70)
    assert mended(home) == [("ledger/witnesses/copy", "replica:copy")]
    assert (home.ledger / "witnesses" / "copy").read_bytes() == (replica.root / "ledger/witnessed").read_bytes()
    kept.write_bytes(b"not a note")
    (replica.root / "ledger/checkpoints" / kept.name).unlink()
    report = repair(home, Order(LATER))
    assert [one.path for one in report.lost] == [f"ledger/checkpoints/{kept.name}"]
    flip_byte(replica.root / "ledger/witnessed", 70)
    (replica.root / "ledger/checkpoints" / kept.name).write_bytes(b"not a note either")
    assert not repair(home, Order(LATER)).clean


def test_a_copy_of_what_a_witness_holds_can_be_made_again(pair: Pair) -> None:
    home, replica = pair
    flip_byte(home.ledger / "witnesses" / "copy", 70)
    (replica.root / "ledger/witnessed").unlink()
    shutil.rmtree(replica.root / "ledger/witnesses", ignore_errors=True)
    report = repair(home, Order(LATER, dry_run=True))
    assert report.strays == [("archive", "ledger/witnesses/copy")]
    assert (home.ledger / "witnesses/copy").exists()
    assert repair(home, Order(LATER)).clean
    assert not (home.ledger / "witnesses/copy").exists()


def test_a_check_list_comes_from_the_copy(pair: Pair) -> None:
    home, replica = pair
    target = min((home.ledger / "checks").iterdir())
    good = target.read_bytes()
    flip_byte(target, len(good) // 2)
    assert repair(home, Order(LATER, dry_run=True)).mended[0].path == f"ledger/checks/{target.name}"
    assert mended(home) == [(f"ledger/checks/{target.name}", "replica:copy")]
    assert target.read_bytes() == good
    for root in (home.root, replica.root):
        (root / "ledger/checks" / target.name).unlink()
    report = repair(home, Order(LATER))
    assert [one.path for one in report.lost] == [f"ledger/checks/{target.name}"]


def test_a_lost_checkpoint_is_signed_again_where_two_records_agree(pair: Pair) -> None:
    home, _replica = pair
    size = home.log.checkpoint().size
    flip_byte(home.ledger / "checkpoint", 70)
    assert mended(home) == [("ledger/checkpoint", "")]
    assert open_home(home.root, home.keys).log.checkpoint().size == size + 1


@pytest.mark.parametrize("saved", [b"{", b'{"size": 2, "peaks": ["00"]}', b'{"size": 0, "peaks": []}'])
def test_a_lost_checkpoint_is_not_guessed(pair: Pair, saved: bytes) -> None:
    home, replica = pair
    (home.ledger / "checkpoint").unlink()
    (home.ledger / "frontier.json").chmod(0o644)
    (home.ledger / "frontier.json").write_bytes(saved)
    assert resigned(home.log, home.signers(), LATER) is None
    report = repair(home, Order(LATER))
    assert [one.path for one in report.lost] == ["ledger/checkpoint"]
    assert not (home.ledger / "checkpoint").exists()
    target = segments_of(home)[1]
    target.write_bytes((replica.root / "ledger/log" / target.name).read_bytes())
    assert [path for path, _source in mended(home)] == ["ledger/checkpoint"]


def test_the_ledger_of_a_replica(pair: Pair) -> None:
    home, replica = pair
    flip_byte(min((replica.root / "ledger/log").iterdir()), 99)
    (replica.root / "ledger/checkpoint").unlink()
    assert not repair(home, Order(LATER, "replica:copy", dry_run=True)).still_damaged
    report = repair(home, Order(LATER, "replica:copy"))
    assert report.clean, report
    assert list(replica.log.problems()) == []


def test_two_pasts_are_not_mended(pair: Pair, tmp_path: Path) -> None:
    home, replica = pair
    shutil.copytree(replica.root / "ledger", tmp_path / "early")
    keep(home, draft("ark:99999/dt6", original__e=b"one past"))
    bring_up_to_date(home, replica)
    for path in [path for path in home.ledger.rglob("*") if path.is_file()]:
        path.unlink()
    shutil.copytree(tmp_path / "early", home.ledger, dirs_exist_ok=True)
    (home.ledger / "witnessed").unlink()
    again = open_home(home.root, home.keys)
    for number in range(6):
        again.log.append([next(iter(again.log.entries())).event], again.signers(), LATER + timedelta(seconds=number))
    flip_byte(home.ledger / "log" / segments_of(home)[0].name, 99)
    report = repair(again, Order(LATER))
    assert report.lost
    assert report.mended == []


def test_without_any_checkpoint_nothing_is_done(home: Home) -> None:
    keep(home, draft("ark:99999/dt1", original__a=b"x"))
    (home.ledger / "checkpoint").unlink()
    outcome = mend_ledger(Copy("storage", home.tree, home.log), (), Workshop(home.tree, "repair-1"))
    assert [one.path for one in outcome.lost] == ["ledger/checkpoint"]


def test_a_ledger_folder_that_is_gone(pair: Pair) -> None:
    home, _replica = pair
    shutil.rmtree(home.ledger)
    with pytest.raises(DamageError):
        home.log.checkpoint()
    report = repair(home, Order(LATER))
    assert {one.source for one in report.mended} == {"replica:copy"}
    assert list(open_home(home.root, home.keys).log.problems()) == []
    assert isinstance(home.log, Ledger)
