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
from archive.ledger.signers import KeySigner, new_signers, signer_of, verify_signature
from archive.storage.local import LocalStorage
from archive.storage.refusals import Refusals

__all__ = ["load_signers", "load_witness", "new_signers", "save_keys", "verify_signature"]
_KINDS = {ED25519: "ed25519", COSIGNATURE: "witness", ML_DSA_44: "mldsa44"}


def save_keys(folder: Path, signers: Sequence[KeySigner]) -> None:
    """Write each key to a new file of its own (0600) in the folder, which is made when it is not there.

    Raises:
        StorageError: the folder cannot be written.
    """
    with Refusals(str(folder)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for signer in signers:
            path = _key_file(folder, signer.public)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(base64.b64encode(signer.seed()) + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
    for name in (folder, folder.parent):  # an archive whose key is lost cannot be written any more
        LocalStorage(name).sync_folder("")


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


def _load(path: Path, key: PublicKey) -> KeySigner:
    with Refusals(str(path)):
        content = path.read_bytes()
    try:
        signer = signer_of(key, base64.b64decode(content, validate=False))
    except ValueError as error:
        raise RecordError(f"{path} is not a readable key.", advice="Restore it from your backup of the keys.", detail=str(error)) from error
    if signer.public != key:
        raise RecordError(f"{path} holds another key than the archive's.", advice="Restore it from your backup of the keys.")
    return signer
