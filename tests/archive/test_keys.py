import stat
from pathlib import Path

import pytest

from archive.errors import ConflictError, NotFoundError, RecordError
from archive.ledger.keys import load_signers, new_signers, save_keys


def test_keys_are_for_their_owner_only_and_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "keys"
    signers = new_signers("n")
    save_keys(folder, signers)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    loaded = load_signers(folder, [signer.public for signer in signers])
    assert [signer.public for signer in loaded] == [signer.public for signer in signers]
    with pytest.raises(ConflictError):
        save_keys(folder, signers)


def test_without_the_first_key_nobody_signs(tmp_path: Path) -> None:
    signers = new_signers("n")
    with pytest.raises(NotFoundError, match="no signing key"):
        load_signers(tmp_path, [signer.public for signer in signers])
    save_keys(tmp_path, signers[1:])
    with pytest.raises(NotFoundError, match="no signing key"):
        load_signers(tmp_path, [signer.public for signer in signers])


def test_a_key_file_that_is_not_the_key(tmp_path: Path) -> None:
    signers, others = new_signers("n"), new_signers("n")
    save_keys(tmp_path, signers)
    path = next(tmp_path.glob("*.ed25519.key"))
    path.write_bytes(b"%%%")
    with pytest.raises(RecordError, match="not a readable key"):
        load_signers(tmp_path, [signers[0].public])
    save_keys(tmp_path / "other", others[:1])
    path.write_bytes(next((tmp_path / "other").iterdir()).read_bytes())
    with pytest.raises(RecordError, match="another key"):
        load_signers(tmp_path, [signers[0].public])
