"""Who outside can vouch for this log: the witnesses whose cosigned checkpoints lie here as copies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.errors import DamageError, RecordError
from archive.ledger.note import PublicKey, parse_vkey, read_note, stated_time
from archive.ledger.signers import verify_signature
from archive.ledger.witness import held_checkpoints
from archive.storage.base import Storage


@dataclass(frozen=True, slots=True)
class Voucher:
    """Somebody who holds a checkpoint: how many entries it speaks of, and when it was cosigned (RFC 3339)."""

    name: str
    size: int
    when: str


def vouchers(storage: Storage, origin: str, keys: Sequence[PublicKey], witnesses: Mapping[str, str]) -> tuple[Voucher, ...]:
    """The witnesses who cosigned a checkpoint of this log, newest first; an empty answer means that nobody outside can vouch for it.

    A copy that no witness of the settings signed does not count, and is no error here: ``Ledger.problems`` names it.

    Args:
        storage: the archive's tree.
        origin: the name of its log.
        keys: the log's own keys: none of them can be its own witness.
        witnesses: name and verifier key of each witness ("" for one that does not sign).
    """
    own = {key.material for key in keys}
    found = []
    for name, note in held_checkpoints(storage).items():
        try:
            key = parse_vkey(witnesses.get(name, ""))
            checkpoint = read_note(note, (key,), verify_signature)
        except (DamageError, RecordError):
            continue
        if checkpoint.origin == origin and key.material not in own:
            when = datetime.fromtimestamp(stated_time(note, key), UTC).isoformat(timespec="seconds")
            found.append(Voucher(name, checkpoint.size, when))
    return tuple(sorted(found, key=lambda one: (-one.size, one.name)))
