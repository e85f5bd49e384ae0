from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from archive.errors import ConflictError, DamageError, NotFoundError
from archive.home import Home, open_home, save_config
from archive.ledger import passphrase
from archive.ledger.keys import are_locked, protect_keys
from archive.ledger.log import Ledger
from archive.ledger.merkle import Frontier, leaf_hash
from archive.ledger.passphrase import passphrase_from, passphrase_given
from archive.ledger.receipt import make_receipt, verify_receipt
from archive.rekeying import Reason, epochs, finish_change, is_unfinished, replace_lost_keys, rotate_keys
from archive.settings import HomeConfig
from tests.archive.builders import NOW, Failing, PowerCut, draft, flip_byte, keep, new_home, watched_home

LATER = NOW + timedelta(days=40)


def again(home: Home) -> Home:
    return open_home(home.root, home.keys)


def vkeys(config: HomeConfig) -> list[str]:
    return [key.vkey() for key in config.ledger_keys]


def lose_keys(home: Home) -> None:
    for path in home.keys.iterdir():
        path.unlink()


def test_rotated_keys_sign_and_the_old_ones_still_verify(home: Home) -> None:
    old, before = vkeys(home.config), home.log.note()
    keep(home, draft("ark:99999/dtx1", a=b"1"))
    after = rotate_keys(home, NOW)
    assert again(home).config == after.config
    assert [epoch.reason for epoch in epochs(after)] == ["", "rotation"]
    assert not set(vkeys(after.config)) & set(old)
    keep(again(home), draft("ark:99999/dtx2", a=b"2"))
    twice = rotate_keys(again(home), LATER, reason=Reason.STOLEN)
    keep(again(home), draft("ark:99999/dtx3", a=b"3"))
    log = again(home).log
    assert list(log.problems()) == []
    assert log.against(before) is None
    assert [(epoch.entry, epoch.reason) for epoch in epochs(twice)] == [(0, ""), (2, "rotation"), (4, "stolen")]
    receipt = make_receipt(log, list(log.entries())[-1:])
    assert verify_receipt(receipt, old).keys == tuple(vkeys(twice.config))
    with pytest.raises(DamageError, match="not signed"):
        home.log.checkpoint()


def test_a_thief_with_the_old_keys_cannot_sign_for_the_archive(home: Home) -> None:
    stolen = home.signers()
    rotate_keys(home, NOW, reason=Reason.STOLEN)
    thief = Ledger(home.tree, home.config.origin, home.config.ledger_keys)
    home.tree.remove_file("ledger/checkpoint")
    thief._sign(thief_frontier(home), stolen, NOW)
    with pytest.raises(DamageError, match="not signed by the keys of this archive"):
        again(home).log.checkpoint()


def thief_frontier(home: Home) -> Frontier:
    lines = (home.ledger / "log").glob("*.jsonl")
    return Frontier().extended(leaf_hash(line) for path in sorted(lines) for line in path.read_bytes().splitlines(keepends=True)[:1])


def test_lost_keys_begin_an_epoch_that_says_so(home: Home) -> None:
    old = vkeys(home.config)
    with pytest.raises(ConflictError, match="are there"):
        replace_lost_keys(home, NOW)
    lose_keys(home)
    with pytest.raises(NotFoundError):
        rotate_keys(home, NOW)
    after = replace_lost_keys(home, NOW)
    entry = list(after.log.entries())[-1].event
    assert (entry.extra["reason"], entry.extra["retired"], entry.extra["size"]) == ("lost", old, 1)
    assert "held elsewhere" in entry.detail
    assert list(after.log.problems()) == []
    assert epochs(after)[1].reason == "lost"
    receipt = make_receipt(after.log, list(after.log.entries())[:1])
    assert verify_receipt(receipt, vkeys(after.config)).keys == tuple(vkeys(after.config))
    with pytest.raises(DamageError):
        verify_receipt(receipt, old)


def test_new_keys_may_have_a_passphrase(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "_COST", (4, 8, 1))
    after = rotate_keys(home, NOW, passphrase="một câu")  # noqa: S106 - of this test
    assert are_locked(home.keys, after.config.ledger_keys)
    with pytest.raises(NotFoundError, match="locked"):
        keep(after, draft("ark:99999/dtx1", a=b"1"))
    with passphrase_from(lambda: "một câu"):
        keep(after, draft("ark:99999/dtx1", a=b"1"))


def test_keys_are_not_handed_over_a_ledger_that_is_damaged(home: Home) -> None:
    segment = next((home.ledger / "log").iterdir())
    flip_byte(segment, 30)
    before = home.tree.read("ditich.toml")
    with pytest.raises(DamageError, match="does not match"):
        rotate_keys(home, NOW)
    lose_keys(home)
    with pytest.raises(DamageError, match="does not match"):
        replace_lost_keys(home, NOW)
    assert home.tree.read("ditich.toml") == before


def interrupted(home: Home, at: int, work: Callable[[Home], object]) -> bool:
    """Whether the work was cut off before its n-th change."""
    try:
        work(watched_home(home, Failing(at, dies=True)))
    except PowerCut:
        return True
    return False


def test_a_rotation_that_is_interrupted_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    for at in count(1):
        home = new_home(tmp_path / str(at))
        keep(home, draft("ark:99999/dtx1", a=b"1"))
        first = vkeys(home.config)
        if not interrupted(home, at, lambda watched: rotate_keys(watched, NOW)):
            break
        reopened = again(home)
        assert reopened.log.checkpoint().size in {2, 3}
        keep(reopened, draft("ark:99999/dtx2", a=b"2"))
        after = rotate_keys(again(home), LATER)
        keep(again(home), draft("ark:99999/dtx3", a=b"3"))
        assert list(again(home).log.problems()) == []
        receipt = make_receipt(after.log, list(after.log.entries())[-1:])
        assert verify_receipt(receipt, first).keys == tuple(vkeys(after.config))
    assert at > 10


def test_a_replacement_that_is_interrupted_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    for at in count(1):
        home = new_home(tmp_path / str(at))
        lose_keys(home)
        if not interrupted(home, at, lambda watched: replace_lost_keys(watched, NOW)):
            break
        reopened = again(home)
        reopened.log.checkpoint()
        if are_locked(home.keys, reopened.config.ledger_keys) is None:
            replace_lost_keys(reopened, LATER)
        else:
            finish_change(reopened, LATER)
        reopened = again(home)
        assert not is_unfinished(reopened)
        assert list(reopened.log.problems()) == []
        keep(reopened, draft("ark:99999/dtx2", a=b"2"))
    assert at > 10


def test_settings_that_name_keys_of_which_the_ledger_knows_nothing(home: Home) -> None:
    after = rotate_keys(home, NOW)
    assert not is_unfinished(after)
    other = rotate_keys(Home(home.root, after.config, home.keys, home.tree), LATER)
    forged = save_config(home, other.config)
    assert not is_unfinished(forged)


def test_keys_under_a_passphrase_are_followed_by_keys_under_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "_COST", (4, 8, 1))
    protect_keys(home.keys, home.config.ledger_keys, "first")
    with passphrase_from(lambda: "first"):
        after = rotate_keys(home, NOW)
        assert passphrase_given() == "first"
    assert are_locked(after.keys, after.config.ledger_keys) is True
    with passphrase_from(lambda: "first"):
        keep(again(home), draft("ark:99999/dtx1", a=b"1"))
        other = rotate_keys(again(home), LATER, passphrase="second")  # noqa: S106
    with passphrase_from(lambda: "second"):
        keep(again(other), draft("ark:99999/dtx2", a=b"2"))
    assert passphrase_given() == ""
