"""The kinds of keys: who signs checkpoints, who witnesses them, and how a signature is verified."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from archive.ledger.note import (
    COSIGNATURE,
    ED25519,
    ML_DSA_44,
    Checkpoint,
    PublicKey,
    cosigned_message,
    signature_line,
    witnessed_message,
)


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


@dataclass(frozen=True, slots=True)
class Ed25519Witness:
    """Cosigns the checkpoints of a log that it watches, with the time (C2SP cosignature/v1)."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.name, COSIGNATURE, self.private.public_key().public_bytes_raw())

    def seed(self) -> bytes:
        """The private half, 32 bytes."""
        return self.private.private_bytes_raw()

    def signature_line(self, checkpoint: Checkpoint, seconds: int) -> str:
        """One signature line."""
        signature = self.private.sign(witnessed_message(checkpoint, seconds))
        return signature_line(self.public, seconds.to_bytes(8, "big") + signature)


KeySigner = Ed25519Signer | MlDsa44Signer | Ed25519Witness


def new_signers(name: str) -> tuple[KeySigner, ...]:
    """New keys under a name: Ed25519, and ML-DSA-44 where the cryptographic library offers it."""
    first = Ed25519Signer(name, Ed25519PrivateKey.generate())
    try:
        return (first, MlDsa44Signer(name, MLDSA44PrivateKey.generate()))
    except UnsupportedAlgorithm:  # pragma: no cover - a cryptography built against an OpenSSL without ML-DSA
        return (first,)


def new_witness(name: str) -> Ed25519Witness:
    """A new key that cosigns under a name of its own."""
    return Ed25519Witness(name, Ed25519PrivateKey.generate())


def signer_of(key: PublicKey, seed: bytes) -> KeySigner:
    """The private key that this seed is, of the kind of a public key. Raises ValueError when it is too short or too long for one."""
    if key.type == ML_DSA_44:
        return MlDsa44Signer(key.name, MLDSA44PrivateKey.from_seed_bytes(seed))
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Ed25519Witness(key.name, private) if key.type == COSIGNATURE else Ed25519Signer(key.name, private)


def verify_signature(key: PublicKey, content: bytes, signature: bytes) -> bool:
    """Whether the signature of these bytes by this key is right."""
    try:
        if key.type != ML_DSA_44:
            Ed25519PublicKey.from_public_bytes(key.material).verify(signature, content)
        else:
            MLDSA44PublicKey.from_public_bytes(key.material).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
