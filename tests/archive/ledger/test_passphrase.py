from pathlib import Path

import pytest

from archive.errors import NotFoundError, RecordError, StorageError
from archive.ledger import passphrase
from archive.ledger.keys import are_locked, load_signers, protect_keys, save_keys
from archive.ledger.passphrase import passphrase_from
from archive.ledger.signers import new_signers


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess costs nothing here."""
    monkeypatch.setattr(passphrase, "_COST", (4, 8, 1))


def test_locked_keys_open_with_their_passphrase_only(tmp_path: Path) -> None:
    signers = new_signers("n")
    keys = [signer.public for signer in signers]
    save_keys(tmp_path, signers, "một câu dài")
    assert are_locked(tmp_path, keys)
    assert all(signer.seed() not in path.read_bytes() for signer in signers for path in tmp_path.iterdir())
    with pytest.raises(NotFoundError, match="nobody is here to be asked"):
        load_signers(tmp_path, keys)
    asked = []

    def answer() -> str:
        asked.append(1)
        return "một câu dài"

    with passphrase_from(answer):
        assert [signer.public for signer in load_signers(tmp_path, keys)] == keys
        load_signers(tmp_path, keys)
    assert len(asked) == 1
    with passphrase_from(lambda: "another"), pytest.raises(RecordError, match="not the passphrase"):
        load_signers(tmp_path, keys)


def test_a_passphrase_is_set_changed_and_taken_away(tmp_path: Path) -> None:
    signers = new_signers("n")
    keys = [signer.public for signer in signers]
    assert are_locked(tmp_path, keys) is None
    save_keys(tmp_path, signers)
    assert are_locked(tmp_path, keys) is False
    protect_keys(tmp_path, keys, "first")
    with passphrase_from(lambda: "first"):
        protect_keys(tmp_path, keys, "second")
    assert are_locked(tmp_path, keys)
    with passphrase_from(lambda: "second"):
        protect_keys(tmp_path, keys, "")
    assert are_locked(tmp_path, keys) is False
    assert [signer.public for signer in load_signers(tmp_path, keys)] == keys
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_locked_files_cannot_be_exchanged_or_cut(tmp_path: Path) -> None:
    signers = new_signers("n")
    save_keys(tmp_path, signers, "first")
    one, other = sorted(tmp_path.iterdir())
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    with passphrase_from(lambda: "first"), pytest.raises(RecordError, match="not the passphrase"):
        load_signers(tmp_path, [signer.public for signer in signers])
    one.write_bytes(content[:40])
    with passphrase_from(lambda: "first"), pytest.raises(RecordError, match="not a readable key"):
        load_signers(tmp_path, [signer.public for signer in signers])


@pytest.mark.parametrize("cost", [b"62 8 1", b"10 9999999 1", b"10 8 99999"])
def test_a_damaged_cost_does_not_ask_for_more_memory_than_there_is(tmp_path: Path, cost: bytes) -> None:
    signers = new_signers("n")
    save_keys(tmp_path, signers, "first")
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes().replace(b"scrypt 4 8 1 ", b"scrypt " + cost + b" "))
    with passphrase_from(lambda: "first"), pytest.raises(RecordError, match="not a readable key"):
        load_signers(tmp_path, [signer.public for signer in signers])


def test_a_folder_in_the_place_of_a_key_is_said(tmp_path: Path) -> None:
    signers = new_signers("n")
    save_keys(tmp_path, signers)
    for path in tmp_path.iterdir():
        path.unlink()
        path.mkdir()
    with pytest.raises(StorageError):
        are_locked(tmp_path, [signer.public for signer in signers])
