"""Other signing keys for an archive: because it is time, because the old ones may be stolen, or because they are lost.

The entry that names the new keys is signed by the old ones, and the checkpoint over it is kept: whoever knows the old public keys follows
to the new. Where the old ones are lost nobody can sign that: the new keys begin an epoch of their own, the entry says so, and only a
checkpoint held elsewhere (a replica's, a receipt's, a printed one) vouches for what stands before it.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from archive.errors import ConflictError
from archive.home import Home, save_config
from archive.ledger.keys import are_locked, load_signers, save_keys
from archive.ledger.log import KeyChange
from archive.ledger.note import PublicKey, parse_vkey
from archive.ledger.passphrase import passphrase_given
from archive.ledger.receipt import KEYS_CHANGED
from archive.ledger.segments import Entry
from archive.ledger.signers import KeySigner, new_signers
from archive.records.events import Event, EventType, Outcome
from archive.settings import LEDGER_ROLE, RETIRED_ROLE, Agent, HomeConfig


class Reason(StrEnum):
    """Why keys were changed."""

    ROTATION = "rotation"
    STOLEN = "stolen"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Epoch:
    """One set of keys of an archive: verifier keys, from which entry on, why they came, and when ("" for the first)."""

    keys: tuple[str, ...]
    entry: int
    reason: str
    when: str


def rotate_keys(home: Home, now: datetime, *, reason: Reason = Reason.ROTATION, passphrase: str = "") -> Home:
    """New keys, vouched for by the old ones; a change that was interrupted is finished instead.

    Args:
        home: the archive.
        now: with a time zone.
        reason: that the ledger gives; not LOST.
        passphrase: that locks the new keys; "" for the one that the old keys are under, if any.

    Raises:
        NotFoundError: this user does not have the keys so far.
        DamageError: the ledger does not match its signed checkpoint; nothing was changed.
    """
    home = finish_change(home, now)
    old = home.signers()
    waiting = _announced(home)
    new = waiting or _made(home, passphrase or passphrase_given())
    events = () if waiting else (_event(home, new, reason, now),)
    home.log.tree()  # keys are not handed over a ledger that is not whole
    settled = _settings_with(home.config, new)
    home.log.hand_over(KeyChange(events, tuple(old), new), now, lambda: save_config(home, settled))
    return replace(home, config=settled)


def replace_lost_keys(home: Home, now: datetime, *, passphrase: str = "") -> Home:
    """New keys for an archive whose old ones nobody has any more: a new epoch, honestly stated.

    Raises:
        ConflictError: this user has the keys: rotate them.
        DamageError: the ledger does not match the checkpoint that the old keys signed; nothing was changed.
    """
    home = finish_change(home, now)
    if are_locked(home.keys, home.config.ledger_keys) is not None:
        raise ConflictError(
            f"The signing keys of this archive are there, in {home.keys}.",
            advice="Change them with `ditich key rotate`, which the old keys vouch for.",
            code="keys-are-there",
            values={"folder": home.keys},
        )
    home.log.tree()
    new = _made(home, passphrase)
    event = _event(home, new, Reason.LOST, now)
    settled = _settings_with(home.config, new)
    home.log.hand_over(KeyChange((), (), new), now, lambda: save_config(home, settled))
    home = replace(home, config=settled)
    home.log.append((event,), new, now)
    return home


def finish_change(home: Home, now: datetime) -> Home:
    """Where new keys came into the settings and the ledger does not say so yet (an interruption), it is entered now."""
    if not is_unfinished(home):
        return home
    signers = load_signers(home.keys, home.config.ledger_keys)
    home.log.append((_event(home, signers, Reason.LOST, now),), signers, now)
    return home


def is_unfinished(home: Home) -> bool:
    """Whether the keys of the settings came after others, and no entry of the ledger names them."""
    named = {key for epoch in epochs(home) for key in epoch.keys}
    return bool(home.config.retired_keys) and not {key.vkey() for key in home.config.ledger_keys} <= named


def epochs(home: Home) -> tuple[Epoch, ...]:
    """The sets of keys of this archive as the ledger tells, oldest first; the first is taken from the settings, where no entry names it."""
    retired = home.config.retired_keys
    first = Epoch(_vkeys(retired[0] if retired else home.config.ledger_keys), 0, "", "")
    return (first, *(_epoch(entry) for entry in _changes(home)))


def _announced(home: Home) -> tuple[KeySigner, ...]:
    """The new keys of a change that was interrupted: the newest entry names them, their private halves are there, the settings are not."""
    changes = tuple(_changes(home))
    if not changes:
        return ()
    keys = tuple(parse_vkey(key) for key in _epoch(changes[-1]).keys)
    if set(keys) == set(home.config.ledger_keys) or are_locked(home.keys, keys) is None:
        return ()
    return load_signers(home.keys, keys)


def _changes(home: Home) -> Iterator[Entry]:
    return (entry for entry in home.log.entries() if KEYS_CHANGED in entry.line and isinstance(entry.event.extra.get("keys"), list))


def _epoch(entry: Entry) -> Epoch:
    event = entry.event
    keys = event.extra["keys"]
    assert isinstance(keys, list)  # noqa: S101 - _changes took no other
    return Epoch(tuple(map(str, keys)), entry.index, str(event.extra.get("reason", "")), event.when)


def _made(home: Home, passphrase: str) -> tuple[KeySigner, ...]:
    new = new_signers(home.config.origin)
    save_keys(home.keys, new, passphrase)
    return new


def _event(home: Home, new: Sequence[KeySigner], reason: Reason, now: datetime) -> Event:
    before = home.log.checkpoint()
    old = home.config.retired_keys[-1] if is_current(home, new) else home.config.ledger_keys
    return Event(
        identifier=f"urn:uuid:{uuid.uuid4()}",
        type=EventType.METADATA_MODIFICATION,
        when=now.isoformat(timespec="seconds"),
        outcome=Outcome.WARNING if reason is Reason.LOST else Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=(),
        detail=_DETAILS[reason],
        extra={
            "keys": list(_vkeys(tuple(signer.public for signer in new))),
            "retired": list(_vkeys(old)),
            "reason": str(reason),
            "size": before.size,
            "root": before.root.hex(),
        },
    )


def is_current(home: Home, signers: Sequence[KeySigner]) -> bool:
    """Whether these are the keys of the settings."""
    return {signer.public for signer in signers} == set(home.config.ledger_keys)


_DETAILS = {
    Reason.ROTATION: "signing keys changed; the old ones vouch for the new",
    Reason.STOLEN: "signing keys changed, because the old ones may be in other hands: what they sign from here on does not count",
    Reason.LOST: "signing keys replaced, because the old ones are lost: they cannot vouch for the new; what stands before this entry is "
    "vouched for by checkpoints held elsewhere only",
}


def _settings_with(config: HomeConfig, new: Sequence[KeySigner]) -> HomeConfig:
    """The settings with these keys; the ones until now retired."""
    current = next(agent for agent in config.agents if agent.role == LEDGER_ROLE)
    retired = Agent(f"urn:uuid:{uuid.uuid4()}", RETIRED_ROLE, current.keys)
    changed = replace(current, keys=_vkeys(tuple(signer.public for signer in new)))
    agents = (*(changed if agent is current else agent for agent in config.agents), retired)
    return replace(config, agents=agents)


def _vkeys(keys: Sequence[PublicKey]) -> tuple[str, ...]:
    return tuple(key.vkey() for key in keys)
