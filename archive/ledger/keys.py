"""The keys that sign checkpoints, and the folder of the user that keeps them.

Each key is a file of its own, readable by its owner only. They never stand in an archive home, a replica or an export: whoever
copies the archive gets the public halves (``ditich.toml``) and can verify, not sign.
"""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from archive.errors import NotFoundError, RecordError
from archive.ledger.note import ED25519, ML_DSA_44, Checkpoint, PublicKey, Signer, cosigned_message, signature_line
from archive.storage.refusals import Refusals


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Signs the text of a checkpoint."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.name, ED25519, self.private.public_key().public_bytes_raw())

    def seed(self) -> bytes:
        """The private half, 32 bytes."""
        return self.private.private_bytes_raw()

    def signature_line(self, checkpoint: Checkpoint, seconds: int) -> str:  # noqa: ARG002 - this kind states no time
        """One signature line."""
        return signature_line(self.public, self.private.sign(checkpoint.text().encode()))


@dataclass(frozen=True, slots=True)
class MlDsa44Signer:
    """Signs the facts of a checkpoint with a time, and will still hold when Ed25519 does not."""

    name: str
    private: MLDSA44PrivateKey

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.name, ML_DSA_44, self.private.public_key().public_bytes_raw())

    def seed(self) -> bytes:
        """The private half, 32 bytes."""
        return self.private.private_bytes_raw()

    def signature_line(self, checkpoint: Checkpoint, seconds: int) -> str:
        """One signature line."""
        signature = self.private.sign(cosigned_message(self.name, checkpoint, seconds))
        return signature_line(self.public, seconds.to_bytes(8, "big") + signature)


KeySigner = Ed25519Signer | MlDsa44Signer


def new_signers(name: str) -> tuple[KeySigner, ...]:
    """New keys under a name: Ed25519, and ML-DSA-44 where the cryptographic library offers it."""
    first = Ed25519Signer(name, Ed25519PrivateKey.generate())
    try:
        return (first, MlDsa44Signer(name, MLDSA44PrivateKey.generate()))
    except UnsupportedAlgorithm:  # pragma: no cover - a cryptography built against an OpenSSL without ML-DSA
        return (first,)


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


def load_signers(folder: Path, keys: Sequence[PublicKey]) -> tuple[Signer, ...]:
    """The private halves of these keys, from the folder.

    Raises:
        NotFoundError: one of them is not there.
        RecordError: a key file is not readable, or holds another key.
    """
    if not all(_key_file(folder, key).exists() for key in keys):
        raise NotFoundError(
            f"This user has no signing key for this archive in {folder}.",
            advice="Work as the user who made the archive, or copy the key files from there; keep them private.",
            code="no-keys",
            values={"folder": folder},
        )
    return tuple(_load(_key_file(folder, key), key) for key in keys)


def verify_signature(key: PublicKey, content: bytes, signature: bytes) -> bool:
    """Whether the signature of these bytes by this key is right."""
    try:
        if key.type == ED25519:
            Ed25519PublicKey.from_public_bytes(key.material).verify(signature, content)
        else:
            MLDSA44PublicKey.from_public_bytes(key.material).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key_file(folder: Path, key: PublicKey) -> Path:
    kind = "ed25519" if key.type == ED25519 else "mldsa44"
    return folder / f"{key.key_id.hex()}.{kind}.key"


def _load(path: Path, key: PublicKey) -> KeySigner:
    signer: KeySigner
    try:
        seed = base64.b64decode(path.read_bytes(), validate=False)
        if key.type == ED25519:
            signer = Ed25519Signer(key.name, Ed25519PrivateKey.from_private_bytes(seed))
        else:
            signer = MlDsa44Signer(key.name, MLDSA44PrivateKey.from_seed_bytes(seed))
    except (OSError, ValueError) as error:
        raise RecordError(f"{path} is not a readable key.", advice="Restore it from your backup of the keys.", detail=str(error)) from error
    if signer.public != key:
        raise RecordError(f"{path} holds another key than the archive's.", advice="Restore it from your backup of the keys.")
    return signer
