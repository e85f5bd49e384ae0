"""What the check lists of one location say of its objects, without reading those that can say nothing new.

A list may be passed over where each of the objects that the ledger knew then has been seen intact later than anything that this list or an
older one can tell. So what is read is the last look at everything and not the past of years. What comes out is exactly what comes out of
reading all of them in order.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from sys import intern
from typing import TYPE_CHECKING, Any

from archive.errors import DamageError
from archive.ledger.checks import CheckRun, line_batches
from archive.settings import PRIMARY
from archive.storage.base import Storage

if TYPE_CHECKING:
    from archive.audit.standings import Standing

_NEVER_READ = -1
_EARLIEST = 1.0
"""POSIX seconds before which no look is dated; below them is 0.0, which stands for never"""
_INTACT = re.compile(
    r'^\{"location":"[^"\\\n]*","object":"([^"\\\n]+)","outcome":"(intact)","problems":\[\],"time":"([^"\\\n]+)","version":"([^"\\\n]*)"\}\n',
    re.MULTILINE,
)
_Look = tuple[str, str, str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class CheckedList:
    """One list: when the ledger took it (POSIX seconds), and how many objects it knew then."""

    run: CheckRun
    entered: float
    known: int

    @property
    def is_full(self) -> bool:
        """Whether its looks are full audits."""
        return self.run.algorithm == "sha512"


class Looks:
    """The looks at the objects of one location.

    Args:
        tree: where the lists lie.
        objects: how all of them stood before any look, in the order in which the ledger came to know them; and the place of each in that.
        lists: in the order of the ledger.
        moment: POSIX seconds of a look's time, given when its list was entered.
    """

    def __init__(
        self,
        tree: Storage,
        objects: tuple[list["Standing"], Mapping[str, int]],
        lists: Sequence[CheckedList],
        moment: Callable[[str, float], float],
    ) -> None:
        self._tree = tree
        self._standings, self._order = objects
        self._lists = lists
        self._moment = moment
        self._newest = [_NEVER_READ] * len(self._standings)
        self._oldest = [_NEVER_READ] * len(self._standings)
        self._numbers: set[int] = set()

    @property
    def read(self) -> set[str]:
        """The lists that were read."""
        return {self._lists[number].run.file for number in self._numbers}

    def take(self) -> None:
        """Bring the standings up to date.

        Raises:
            DamageError: one of the lists that are needed is not readable.
        """
        copies = bool(self._standings) and self._standings[0].location != PRIMARY
        if copies:
            for standing in self._standings:
                standing.scrubbed = standing.audited = 0.0
            self._take_first_looks()
        self._take_newest_looks()
        if copies:
            for standing in self._standings:
                standing.audited = max(standing.audited, standing.since)
                if not standing.seen:
                    standing.scrubbed = standing.since

    def _take_first_looks(self) -> None:
        """A copy counts from the first look at it: the oldest lists, as far as an object that they may name has had none before."""
        place = 0
        for number, one in enumerate(self._lists):
            while place < one.known and self._standings[place].seen:
                place += 1
            if place < one.known:
                self._read(number)

    def _take_newest_looks(self) -> None:
        """From the newest list back, as long as an older one can still change an object's outcome, or be its newest good or full look."""
        looked = audited = 0
        latest = list(accumulate((one.entered for one in self._lists), max, initial=_EARLIEST))
        fullest = list(accumulate((one.entered if one.is_full else 0.0 for one in self._lists), max, initial=0.0))
        for number in reversed(range(len(self._lists))):
            one = self._lists[number]
            looked = self._settled(looked, one.known, number, latest[number + 1])
            if one.is_full:
                audited = self._audited(audited, one.known, fullest[number + 1])
            if looked < one.known or (one.is_full and audited < one.known):
                self._read(number)

    def _settled(self, place: int, known: int, number: int, moment: float) -> int:
        """The first object, from ``place`` on, whose outcome may stand in this list, or whose newest good look may be as late as that."""
        standings, newest = self._standings, self._newest
        while place < known and newest[place] > number and standings[place].good >= moment:
            place += 1
        return place

    def _audited(self, place: int, known: int, moment: float) -> int:
        """The first object, from ``place`` on, whose newest full audit may be as late as that moment."""
        standings = self._standings
        while place < known and standings[place].audited >= moment:
            place += 1
        return place

    def _read(self, number: int) -> None:
        if number in self._numbers:
            return
        self._numbers.add(number)
        run = self._lists[number].run
        try:
            for batch in line_batches(self._tree, run):
                self._take(number, _looks(batch))
        except (ValueError, KeyError, TypeError) as error:
            raise DamageError(
                f"{run.file} is not readable.", advice="Restore it from another copy of the archive.", detail=repr(error)
            ) from error

    def _take(self, number: int, looks: Sequence[_Look]) -> None:
        one, newest = self._lists[number], self._newest
        full = one.is_full
        for object_id, outcome, time, version, problems in looks:
            place = self._order.get(object_id, one.known)
            if place >= one.known:  # the ledger did not know it then
                continue
            found = self._standings[place]
            if newest[place] <= number:
                newest[place] = number
                found.outcome, found.checked_version, found.problems = outcome, version, problems
            if outcome != "not checked":
                when = self._moment(time, one.entered)
                if found.location != PRIMARY and (not found.seen or number < self._oldest[place]):
                    self._oldest[place] = number
                    found.since = when
                found.seen = True
                found.scrubbed = max(found.scrubbed, when)
                if full:
                    found.audited = max(found.audited, when)
                if outcome == "intact":
                    found.good = max(found.good, when)


def _looks(batch: list[bytes]) -> Sequence[_Look]:
    """The looks of some lines. Nearly always nothing is wrong: lines that are written as the archive writes these need no JSON."""
    found = _INTACT.findall(b"".join(batch).decode())
    if len(found) == len(batch):
        return [(object_id, "intact", time, intern(version), ()) for object_id, _outcome, time, version in found]
    return [_look(line) for line in json.loads(b"[" + b",".join(batch) + b"]")]


def _look(line: dict[str, Any]) -> _Look:
    problems = tuple([(path, what) for path, what in line["problems"]])
    return line["object"], intern(line["outcome"]), line["time"], intern(line["version"]), problems
