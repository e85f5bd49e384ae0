"""Whether a card may be erased: only when every file that came from it has a verified second copy on another disk.

A second copy counts when it was read back whole at a replica that does not share the archive's disk, and neither copy was found damaged
since. Files that could not be read from the card are in no copy: a deposit with such files keeps its card.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive.access import read_deposit
from archive.audit.standings import Standings
from archive.errors import DamageError, NotFoundError, RecordError
from archive.home import Home
from archive.ocfl.inventory import version_number
from archive.ocfl.object import read_inventory
from archive.records.accession import UNREAD_REASONS, DepositLine, Fate
from archive.settings import PRIMARY


class Card(StrEnum):
    """What may be done with the card of a deposit, and if not erase it, why."""

    ERASE = "erase"
    NO_REPLICA = "no-replica"
    SAME_DISK = "same-disk"
    NOT_COPIED = "not-copied"
    DAMAGED = "damaged"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class CardVerdict:
    """One deposit: of its ``files``, how many have a ``second`` verified copy, what that means for its card, and how many were refused.

    Refused files are kept with the deposit as they came. What is damaged in them may be whole on the card.
    """

    deposit: str
    files: int
    second: int
    card: Card
    refused: int = 0

    @property
    def erasable(self) -> bool:
        """Whether the card may be erased."""
        return self.card is Card.ERASE


def card_verdicts(home: Home, deposits: Iterable[str], found: Standings) -> tuple[CardVerdict, ...]:
    """What may be done with the cards of these deposits.

    Args:
        home: the archive.
        deposits: ARKs of deposits.
        found: ``standings(home)``.
    """
    second = _SecondCopies(home, found)
    return tuple(_verdict(home, deposit, second) for deposit in deposits)


class _SecondCopies:
    """Up to which version each object has a verified second copy."""

    def __init__(self, home: Home, found: Standings) -> None:
        self._home, self._found = home, found
        self._elsewhere = tuple(one.location for one in home.config.replicas if not one.same_device)

    def none_possible(self) -> Card | None:
        """Why no object can have one, or None."""
        if self._elsewhere:
            return None
        return Card.SAME_DISK if self._home.config.replicas else Card.NO_REPLICA

    def damaged(self, object_id: str) -> bool:
        """Whether the object was damaged when last looked at, here or there."""
        looks = (self._found.objects.get((object_id, location)) for location in (PRIMARY, *self._elsewhere))
        return any(one is not None and one.outcome == "damaged" for one in looks)

    def has(self, object_id: str, sha512: str) -> bool:
        """Whether these bytes of the object have a second copy, and are intact here as far as is known."""
        here = self._found.objects.get((object_id, PRIMARY))
        if here is None or here.outcome == "damaged":
            return False
        looks = (self._found.objects.get((object_id, location)) for location in self._elsewhere)
        versions = [one.checked_version for one in looks if one is not None and one.outcome == "intact"]
        if here.version in versions:
            return True
        return any(version_number(version) >= self._came_with(object_id, sha512) for version in versions)

    def _came_with(self, object_id: str, sha512: str) -> float:
        """The number of the version that brought these bytes; no version is late enough where the object does not have them."""
        try:
            manifest = read_inventory(self._home.tree, self._home.objects.folder_of(object_id)).inventory.manifest
        except (NotFoundError, DamageError):
            return float("inf")
        return version_number(manifest[sha512][0].partition("/")[0]) if sha512 in manifest else float("inf")


def _verdict(home: Home, deposit: str, second: _SecondCopies) -> CardVerdict:
    try:
        record = read_deposit(home, deposit)
    except (NotFoundError, DamageError, RecordError):
        return CardVerdict(deposit, 0, 0, Card.DAMAGED)
    places = [(_object_of(line, deposit), line.sha512) for line in record.lines]
    safe = sum(second.has(object_id, sha512) for object_id, sha512 in places)
    objects = {deposit, *(object_id for object_id, _sha512 in places)}
    if any(reason in UNREAD_REASONS for _path, reason in record.left_out):
        card = Card.UNREAD
    elif (why := second.none_possible()) is not None:
        card = why
    elif safe == len(places) and second.has(deposit, ""):
        card = Card.ERASE
    else:
        card = Card.DAMAGED if any(second.damaged(object_id) for object_id in objects) else Card.NOT_COPIED
    return CardVerdict(deposit, len(places), safe, card, sum(line.fate is Fate.REFUSED for line in record.lines))


def _object_of(line: DepositLine, deposit: str) -> str:
    """The object that holds the bytes of a received file: its asset, or the deposit itself."""
    return line.asset or deposit
