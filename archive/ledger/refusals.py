"""What stops the reader of a ledger that is not what it should be."""

from archive.errors import DamageError
from archive.ledger.note import Checkpoint

RESTORE = "Run `ditich repair`: it takes it from another copy that is plugged in. Without one restore ledger/ from a backup."


def lost(signed: int, there: int) -> DamageError:
    """The error of a log that is shorter than its checkpoint says."""
    return DamageError(
        f"The ledger has lost entries: {signed} are signed, {there} are there.",
        advice=RESTORE,
        code="ledger-lost-entries",
        values={"signed": signed, "there": there},
    )


def no_checkpoint() -> DamageError:
    """The error of a log whose newest checkpoint is not there."""
    return DamageError("The ledger has no checkpoint.", advice=RESTORE, code="ledger-no-checkpoint")


def bad_checkpoint(error: DamageError) -> DamageError:
    """The error of a log whose newest checkpoint is there and is none of its own."""
    return DamageError(error.message, advice=RESTORE, detail=error.detail, code="ledger-bad-checkpoint")


def unlike_signed(checkpoint: Checkpoint, size: int, root: bytes) -> DamageError:
    """The error of a log whose entries do not lead to the root that is signed."""
    return DamageError(
        "The ledger does not match its signed checkpoint.",
        advice=f"Someone or something changed it. {RESTORE}",
        code="ledger-unlike-signed",
        detail=f"{size} of {checkpoint.size} entries, root {root.hex()}",
    )


def rolled_back(held: int, now: int) -> DamageError:
    """The error of a log that is shorter than what is held of it."""
    return DamageError(
        f"The ledger was set back: a checkpoint held elsewhere has {held} entries, this ledger {now}.",
        advice="Run `ditich repair` with that copy plugged in: it brings the missing entries back; and find out who set it back.",
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


def two_pasts(holder: str, held: int, now: int) -> DamageError:
    """The error of a log that went on otherwise than what a replica has of it."""
    return DamageError(
        f"The ledger has two pasts: “{holder}” has {held} signed entries, this ledger {now}, and neither goes on from the other.",
        advice="Change nothing on either. Find out which one is true; `ditich drill --restore` makes a new archive of the copy.",
        code="ledger-two-pasts",
        values={"name": holder, "held": held, "now": now},
    )
