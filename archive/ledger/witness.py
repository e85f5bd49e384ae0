"""Witnesses: whoever keeps the last checkpoint that it saw and cosigns a newer one only where that one extends it.

A replica is a witness. What it cosigned last lies in its own tree (``ledger/witnessed``), the archive keeps a copy under
``ledger/witnesses/``. An archive that is set back to an earlier day, or whose past was rewritten, gets no cosignature: it cannot show
that it extends what the witness holds.
"""

from collections.abc import Sequence

from archive.errors import DamageError
from archive.ledger.keys import load_witness
from archive.ledger.merkle import verify_consistency
from archive.ledger.note import PublicKey, parse_note, read_note, with_signatures
from archive.ledger.refusals import rewritten, rolled_back
from archive.ledger.signers import Ed25519Witness, KeySigner, new_witness, verify_signature
from archive.storage.base import Storage, make_folders, put_file

WITNESSED = "ledger/witnessed"
WITNESSES = "ledger/witnesses"

__all__ = [
    "WITNESSED",
    "WITNESSES",
    "Ed25519Witness",
    "cosign",
    "held_checkpoints",
    "held_size",
    "keep_witnessed",
    "load_witness",
    "new_witness",
]


def cosign(  # noqa: PLR0913 - what is asked for, what is held, and the proof between them
    note: bytes,
    *,
    keys: Sequence[PublicKey],
    held: bytes | None,
    proof: Sequence[bytes],
    witness: KeySigner,
    seconds: int,
) -> bytes:
    """A checkpoint with the signature of a witness, where it extends what the witness holds.

    Args:
        note: the newest checkpoint of the log, signed by it.
        keys: the log's keys.
        held: what this witness cosigned last, None the first time.
        proof: ``Ledger.consistency(size of what is held)``; empty the first time.
        witness: its key.
        seconds: POSIX time of the cosignature.

    Raises:
        DamageError: the checkpoint is not the log's, or the log was set back or rewritten since.
    """
    checkpoint = read_note(note, keys, verify_signature)
    if held is not None:
        before = read_note(held, (witness.public,), verify_signature)
        if before.origin != checkpoint.origin:
            raise DamageError("The checkpoint is that of another log.", advice="Ask for a signature where this archive's replica is.")
        if checkpoint.size < before.size:
            raise rolled_back(before.size, checkpoint.size)
        if before.size and not verify_consistency(before.size, before.root, checkpoint.size, checkpoint.root, proof):
            raise rewritten(before.size)
    return with_signatures(note, keys, (witness,), seconds)


def keep_witnessed(storage: Storage, path: str, note: bytes) -> None:
    """Put a cosigned checkpoint in its place (``ledger/witnessed`` or ``ledger/witnesses/<name>``), durably."""
    make_folders(storage, path.rpartition("/")[0])
    put_file(storage, path, note)


def held_checkpoints(storage: Storage, prefix: str = "ledger") -> dict[str, bytes]:
    """The checkpoints that witnesses cosigned, by the witness's name, as this tree has copies of them; none of them verified."""
    folder = f"{prefix}/witnesses"
    if storage.kind(folder) is None:
        return {}
    return {entry.name: storage.read(f"{folder}/{entry.name}") for entry in storage.entries(folder) if not entry.name.endswith(".new")}


def held_size(held: bytes | None) -> int:
    """How many entries a cosigned checkpoint speaks of, for ``Ledger.consistency``; 0 for none."""
    return parse_note(held)[0].size if held else 0
