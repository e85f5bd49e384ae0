"""What stops the reader of a ledger that is not what it should be."""

from archive.errors import DamageError
from archive.ledger.note import Checkpoint


def lost(signed: int, there: int) -> DamageError:
    """The error of a log that is shorter than its checkpoint says."""
    return DamageError(f"The ledger has lost entries: {signed} are signed, {there} are there.", advice="Restore ledger/ from another copy.")


def unlike_signed(checkpoint: Checkpoint, size: int, root: bytes) -> DamageError:
    """The error of a log whose entries do not lead to the root that is signed."""
    return DamageError(
        "The ledger does not match its signed checkpoint.",
        advice="Someone or something changed it: stop, keep it as it is, and compare it with another copy of the archive.",
        detail=f"{size} of {checkpoint.size} entries, root {root.hex()}",
    )


def rolled_back(held: int, now: int) -> DamageError:
    """The error of a log that is shorter than what is held of it."""
    return DamageError(
        f"The ledger was set back: a checkpoint held elsewhere has {held} entries, this ledger {now}.",
        advice="Keep everything as it is, and compare with the copy that holds more; do not work on until you know why.",
        code="ledger-rolled-back",
        values={"held": held, "now": now},
    )


def rewritten(held: int) -> DamageError:
    """The error of a log whose past is not what it was."""
    return DamageError(
        f"The ledger was rewritten: its first {held} entries are not those of a checkpoint held elsewhere.",
        advice="Keep everything as it is, and compare with the copy that holds the other past; do not work on until you know why.",
        code="ledger-rewritten",
        values={"held": held},
    )
