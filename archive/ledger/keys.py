"""The folder of the user that keeps the private keys.

Each key is a file of its own, readable by its owner only. They never stand in an archive home, a replica or an export: whoever
copies the archive gets the public halves (``ditich.toml``) and can verify, not sign.
"""

import base64
import os
from collections.abc import Sequence
from pathlib import Path

from archive.errors import NotFoundError, RecordError
from archive.ledger.note import COSIGNATURE, ED25519, ML_DSA_44, PublicKey, parse_vkey
from archive.ledger.passphrase import is_locked, locked, new_salt, unlocked
from archive.ledger.signers import KeySigner, new_signers, signer_of, verify_signature
from archive.storage.local import LocalStorage
from archive.storage.refusals import Refusals

__all__ = ["are_locked", "load_signers", "load_witness", "new_signers", "protect_keys", "save_keys", "verify_signature"]
_KINDS = {ED25519: "ed25519", COSIGNATURE: "witness", ML_DSA_44: "mldsa44"}


def save_keys(folder: Path, signers: Sequence[KeySigner], passphrase: str = "") -> None:
    """Write each key to a new file of its own (0600) in the folder, which is made when it is not there.

    Args:
        folder: of the user.
        signers: the keys.
        passphrase: that locks them; "" for none.

    Raises:
        StorageError: the folder cannot be written.
    """
    with Refusals(str(folder)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        salt = new_salt()
        for signer in signers:
            path = _key_file(folder, signer.public)
            _write(path, _content(signer, path, passphrase, salt))
    for name in (folder, folder.parent):  # an archive whose key is lost cannot be written any more
        LocalStorage(name).sync_folder("")


def protect_keys(folder: Path, keys: Sequence[PublicKey], passphrase: str) -> None:
    """Lock the private halves of these keys with another passphrase, or with none; each file is changed in one step.

    Raises:
        NotFoundError, RecordError: as :func:`load_signers`.
        StorageError: the folder cannot be written.
    """
    salt = new_salt()
    for signer in load_signers(folder, keys):
        path = _key_file(folder, signer.public)
        fresh = path.with_suffix(".new")
        with Refusals(str(folder)):
            fresh.unlink(missing_ok=True)
            _write(fresh, _content(signer, path, passphrase, salt))
            fresh.replace(path)


def are_locked(folder: Path, keys: Sequence[PublicKey]) -> bool | None:
    """Whether the private halves of these keys are under a passphrase; None where this user does not have them."""
    paths = [_key_file(folder, key) for key in keys]
    with Refusals(str(folder)):
        return any(is_locked(path.read_bytes()) for path in paths) if all(path.exists() for path in paths) else None


def load_signers(folder: Path, keys: Sequence[PublicKey]) -> tuple[KeySigner, ...]:
    """The private halves of these keys, from the folder.

    Raises:
        NotFoundError: one of them is not there.
        RecordError: a key file is not readable, or holds another key.
    """
    with Refusals(str(folder)):
        there = all(_key_file(folder, key).exists() for key in keys)
    if not there:
        raise NotFoundError(
            f"This user has no signing key for this archive in {folder}.",
            advice="Work as the user who made the archive, or copy the key files from there; keep them private.",
            code="no-keys",
            values={"folder": folder},
        )
    return tuple(_load(_key_file(folder, key), key) for key in keys)


def load_witness(folder: Path, vkey: str) -> KeySigner:
    """The private half of the key that cosigns for a replica. Raises as :func:`load_signers`."""
    return load_signers(folder, (parse_vkey(vkey),))[0]


def _key_file(folder: Path, key: PublicKey) -> Path:
    return folder / f"{key.key_id.hex()}.{_KINDS[key.type]}.key"


def _content(signer: KeySigner, path: Path, passphrase: str, salt: bytes) -> bytes:
    if passphrase:
        return locked(signer.seed(), path.name, passphrase, salt)
    return base64.b64encode(signer.seed()) + b"\n"


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _load(path: Path, key: PublicKey) -> KeySigner:
    with Refusals(str(path)):
        content = path.read_bytes()
    try:
        signer = signer_of(key, unlocked(content, path.name) if is_locked(content) else base64.b64decode(content, validate=False))
    except ValueError as error:
        raise RecordError(f"{path} is not a readable key.", advice="Restore it from your backup of the keys.", detail=str(error)) from error
    if signer.public != key:
        raise RecordError(f"{path} holds another key than the archive's.", advice="Restore it from your backup of the keys.")
    return signer
