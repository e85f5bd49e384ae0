"""Signed checkpoints: C2SP signed notes (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature).

A checkpoint is three lines (origin, number of entries, root in base64), an empty line, and signature lines
``— name base64(key id ‖ signature)``. Ed25519 (type 0x01) signs the text; ML-DSA-44 (type 0x06), which holds against quantum
computers too, signs a structure with the same facts and a time. A witness signs the text with a time (Ed25519 cosignature/v1, type
0x04, or ML-DSA-44). A reader ignores signature lines of keys it does not know.
"""

import base64
import hashlib
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from archive.errors import DamageError, RecordError

ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_44 = 0x06
_LONGEST_NAME = 255
"""bytes; what ML-DSA-44 signs gives the length one byte"""
_MOST_ENTRIES = 2**63
_DASH = "— "
_SUBTREE = b"subtree/v1\n\0"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: the first ``size`` entries of the log ``origin`` have this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Signer(Protocol):
    """A private key that signs checkpoints."""

    def signature_line(self, checkpoint: Checkpoint, seconds: int) -> str:
        """One signature line, line feed included; ``seconds`` is the POSIX time that the signature may state."""
        ...


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key with its name and type, as in a verifier key ("vkey")."""

    name: str
    type: int
    material: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before each of its signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.material).digest()[:4]

    def vkey(self) -> str:
        """The key as text: ``name+key id+base64``."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.type]) + self.material).decode()}"


def parse_vkey(text: str) -> PublicKey:
    """The public key that a verifier key holds.

    Raises:
        RecordError: not a verifier key, or its key id is wrong.
    """
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        content = base64.b64decode(encoded, validate=True) if 0 < len(name.encode()) <= _LONGEST_NAME else b""
    except ValueError as error:
        raise RecordError(f"“{text[:80]}” is not a verifier key.", detail=str(error)) from error
    key = PublicKey(name, content[0], content[1:]) if content else None
    if key is None or key.key_id.hex() != key_id:
        raise RecordError(f"“{text[:80]}” is not a verifier key.", detail="the key id does not belong to the key")
    return key


def signed_note(checkpoint: Checkpoint, signers: Sequence[Signer], seconds: int) -> bytes:
    """The checkpoint with a signature line of each signer."""
    lines = (signer.signature_line(checkpoint, seconds) for signer in signers)
    return f"{checkpoint.text()}\n{''.join(lines)}".encode()


def with_signatures(note: bytes, kept: Sequence[PublicKey], signers: Sequence[Signer], seconds: int) -> bytes:
    """The same checkpoint with the signature lines of these keys as they are, and those of the signers behind them."""
    checkpoint, signatures = parse_note(note)
    known = {(key.name, key.key_id): key for key in kept}
    lines = [signature_line(known[name, key_id], signature) for name, key_id, signature in signatures if (name, key_id) in known]
    lines += [signer.signature_line(checkpoint, seconds) for signer in signers]
    return f"{checkpoint.text()}\n{''.join(lines)}".encode()


def signature_line(key: PublicKey, signature: bytes) -> str:
    """One signature line."""
    return f"{_DASH}{key.name} {base64.b64encode(key.key_id + signature).decode()}\n"


def cosigned_message(name: str, checkpoint: Checkpoint, seconds: int) -> bytes:
    """What an ML-DSA-44 cosignature signs (tlog-cosignature, "ML-DSA-44 signed message")."""
    cosigner, origin = name.encode(), checkpoint.origin.encode()
    return b"".join(
        (
            _SUBTREE,
            bytes([len(cosigner)]) + cosigner,
            struct.pack(">Q", seconds),
            bytes([len(origin)]) + origin,
            struct.pack(">QQ", 0, checkpoint.size),
            checkpoint.root,
        )
    )


def witnessed_message(checkpoint: Checkpoint, seconds: int) -> bytes:
    """What an Ed25519 cosignature signs (tlog-cosignature, "Ed25519 signed message")."""
    return f"cosignature/v1\ntime {seconds}\n{checkpoint.text()}".encode()


def read_note(note: bytes, keys: Sequence[PublicKey], verify: Callable[[PublicKey, bytes, bytes], bool]) -> Checkpoint:
    """The checkpoint of a signed note, after the signatures of all known keys were verified; those of others are passed over.

    Args:
        note: bytes of the note.
        keys: the keys that are known.
        verify: says whether a signature (third) of these bytes (second) by this key is right.

    Raises:
        DamageError: not a note, or the signature of a known key is missing or does not hold.
    """
    checkpoint, signatures = parse_note(note)
    known = {(key.name, key.key_id): key for key in keys}
    verified = set()
    for name, key_id, signature in signatures:
        key = known.get((name, key_id))
        if key is None:
            continue
        if not verify(key, *_signed_bytes(key, checkpoint, signature)):
            raise DamageError("A signature of the ledger's checkpoint does not hold.", advice="Run an audit.", detail=key.vkey())
        verified.add(key)
    if not keys or verified != set(keys):
        raise DamageError("The ledger's checkpoint is not signed by the keys of this archive.", advice="Run an audit.")
    return checkpoint


def parse_note(note: bytes) -> tuple[Checkpoint, tuple[tuple[str, bytes, bytes], ...]]:
    """The checkpoint that a note speaks of and its signatures as (name, key id, signature), none of them verified.

    Raises:
        DamageError: not a note.
    """
    text, _, signatures = note.decode("utf-8", "replace").partition("\n\n")
    checkpoint = parse_checkpoint(f"{text}\n")
    parsed = tuple(_parse_signature(line) for line in signatures.removesuffix("\n").split("\n"))
    if not signatures.endswith("\n"):
        raise DamageError("The ledger's checkpoint is cut off.", advice="Run an audit.")
    return checkpoint, parsed


def stated_time(note: bytes, key: PublicKey) -> int:
    """The POSIX time that a key of a kind that states one (0x04, 0x06) put beside its signature; 0 where it signed nothing."""
    _checkpoint, signatures = parse_note(note)
    times = (int.from_bytes(signature[:8], "big") for name, key_id, signature in signatures if (name, key_id) == (key.name, key.key_id))
    return next(times, 0)


def _signed_bytes(key: PublicKey, checkpoint: Checkpoint, signature: bytes) -> tuple[bytes, bytes]:
    """The bytes that were signed, and the signature by itself."""
    if key.type == ED25519:
        return checkpoint.text().encode(), signature
    seconds = int.from_bytes(signature[:8], "big")
    if key.type == COSIGNATURE:
        return witnessed_message(checkpoint, seconds), signature[8:]
    return cosigned_message(key.name, checkpoint, seconds), signature[8:]


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint whose three lines these are.

    Raises:
        DamageError: they are not, or not in their one right form.
    """
    try:
        origin, size, root = text.removesuffix("\n").split("\n")
        checkpoint = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
    except ValueError as error:
        raise DamageError("The ledger's checkpoint is not readable.", advice="Run an audit.", detail=str(error)) from error
    if checkpoint.text() != text or not 0 <= checkpoint.size < _MOST_ENTRIES or len(checkpoint.origin.encode()) > _LONGEST_NAME:
        raise DamageError("The ledger's checkpoint is not in its one right form.", advice="Run an audit.", detail=text)
    return checkpoint


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        content = base64.b64decode(encoded, validate=True)
    except ValueError:
        content = b""
    if not line.startswith(_DASH) or len(content) <= 4 or base64.b64encode(content).decode() != encoded:
        raise DamageError("A signature line of the ledger's checkpoint is not readable.", advice="Run an audit.", detail=line)
    return name, content[:4], content[4:]
