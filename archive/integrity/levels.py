"""The NDSA Levels of Digital Preservation 2.0 (five areas, four levels each), computed from evidence and from nothing else.

Nobody can type a level. A criterion is met by something that stands in the ledger, its check lists, the settings or the records, and only
until that evidence expires: a copy until its next look is due, a restore drill for a year. What Ditich keeps no evidence of (a virus check,
a talk with a depositor) is never met here, however well it may be done. (NDSA: ndsa.org/publications/levels-of-digital-preservation)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.home import Home
from archive.integrity.evidence import Evidence, gather
from archive.integrity.month import instant
from archive.integrity.pace import DAY

LEVELS = (1, 2, 3, 4)
YEAR = 365 * DAY
MEDIUM_YEARS = 5
VOUCHER_DAYS = 45


class Area(StrEnum):
    """The rows of the matrix."""

    STORAGE = "storage"
    INTEGRITY = "integrity"
    CONTROL = "control"
    METADATA = "metadata"
    CONTENT = "content"


class State(StrEnum):
    """How far a cell of the matrix is proved."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not met"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a level asks for.

    Attributes:
        code: stable name; its sentences are the pipeline's.
        met: whether the evidence is there and has not expired.
        values: what the evidence says, for its sentence.
        until: when the evidence expires, RFC 3339; "" where it does not.
        provable: False where Ditich keeps no evidence of it.
    """

    code: str
    met: bool
    values: dict[str, str | int]
    until: str = ""
    provable: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One level of one area."""

    area: Area
    level: int
    state: State
    criteria: tuple[Criterion, ...]

    @property
    def until(self) -> str:
        """When the first of the evidence expires that it stands on; "" for never."""
        return min((one.until for one in self.criteria if one.met and one.until), default="")


@dataclass(frozen=True, slots=True)
class Levels:
    """The whole matrix at a moment."""

    when: str
    cells: tuple[Cell, ...]

    def reached(self, area: Area) -> int:
        """The highest level of an area that is met with all levels below it; 0 for none."""
        reached = 0
        for cell in (cell for cell in self.cells if cell.area is area):
            if cell.state is not State.MET:
                break
            reached = cell.level
        return reached

    def next_step(self, area: Area) -> Criterion | None:
        """The first criterion that is not met, one that can be proved before one that cannot; None where all are."""
        missing = [one for cell in self.cells if cell.area is area for one in cell.criteria if not one.met]
        return next((one for one in missing if one.provable), missing[0] if missing else None)


def levels(home: Home, now: datetime) -> Levels:
    """The matrix as it is proved at that moment.

    Raises:
        DamageError: the ledger is not readable.
    """
    found = gather(home, now)
    cells = []
    for area, rows in _MATRIX.items():
        for level, names in zip(LEVELS, rows, strict=True):
            criteria = tuple(_criterion(name, found) for name in names)
            cells.append(Cell(area, level, _state(criteria), criteria))
    return Levels(now.isoformat(timespec="seconds"), tuple(cells))


_UNPROVABLE = frozenset(
    {"virus", "write-blocker", "threat", "threats", "obsolescence-plan", "permissions", "creators", "watch", "migration"}
)
_MATRIX: dict[Area, tuple[tuple[str, ...], ...]] = {
    Area.STORAGE: (
        ("copies-two", "media-written"),
        ("copies-three", "places-two", "media-written"),
        ("media-kinds", "media-age", "threat"),
        ("copies-three", "places-three", "drill", "threats", "obsolescence-plan"),
    ),
    Area.INTEGRITY: (
        ("digests", "virus"),
        ("read-back", "ledger-elsewhere", "write-blocker"),
        ("in-time", "reports"),
        ("repaired", "drill"),
    ),
    Area.CONTROL: (("agents",), ("signed", "permissions"), ("logged",), ("reports",)),
    Area.METADATA: (("inventory", "ledger-elsewhere"), ("described",), ("gaps",), ("events",)),
    Area.CONTENT: (("formats",), ("second-opinion", "creators"), ("watch",), ("access", "migration")),
}


def _state(criteria: tuple[Criterion, ...]) -> State:
    met = sum(one.met for one in criteria)
    if met == len(criteria):
        return State.MET
    return State.PARTLY if met else State.NOT_MET


def _criterion(code: str, found: Evidence) -> Criterion:
    if code in _UNPROVABLE:
        return Criterion(code, met=False, values={}, provable=False)
    return next(one for one in _proved(found) if one.code == code)


def _proved(found: Evidence) -> Iterator[Criterion]:
    yield from _of_storage(found)
    yield from _of_integrity(found)
    yield from _of_control(found)
    yield from _of_records(found)


def _of_storage(found: Evidence) -> Iterator[Criterion]:
    whole, named = found.whole_copies, sum(bool(copy.medium and copy.place) for copy in found.copies)
    until = instant(found.copies_until)
    for code, wanted in (("copies-two", 2), ("copies-three", 3)):
        yield Criterion(code, len(whole) >= wanted, {"n": len(whole), "wanted": wanted}, until)
    yield Criterion("media-written", bool(found.copies) and named == len(found.copies), {"n": named, "of": len(found.copies)})
    places = 1 + len({copy.place for copy in found.copies if copy.place and copy.name in whole})  # the archive's own is one
    for code, wanted in (("places-two", 2), ("places-three", 3)):
        yield Criterion(code, places >= wanted, {"n": places, "wanted": wanted}, until)
    kinds = len({copy.medium for copy in found.copies if copy.medium and copy.name in whole})
    yield Criterion("media-kinds", kinds >= 2, {"n": kinds, "wanted": 2}, until)
    oldest = min((copy.added for copy in found.copies if copy.added), default=0.0)
    end = oldest + MEDIUM_YEARS * YEAR if oldest else 0.0
    yield Criterion("media-age", end > found.now, {"when": instant(oldest)[:10], "years": MEDIUM_YEARS}, instant(end))
    yield _dated("drill", found, found.drilled, YEAR)


def _of_integrity(found: Evidence) -> Iterator[Criterion]:
    yield _share("digests", found.logged, found.kept)
    yield _dated("read-back", found, found.read_back, YEAR)
    yield _dated("ledger-elsewhere", found, found.vouched, VOUCHER_DAYS * DAY)
    in_time = found.looks - found.overdue
    yield Criterion("in-time", 0 < found.looks == in_time, {"n": in_time, "of": found.looks}, instant(found.next_due))
    yield Criterion("reports", found.review_until > found.now, {"month": found.closed or "–"}, instant(found.review_until))
    yield Criterion(
        "repaired", found.objects > 0 and not found.damaged, {"n": found.damaged, "repairs": found.repairs}, instant(found.next_due)
    )


def _of_control(found: Evidence) -> Iterator[Criterion]:
    yield Criterion("agents", found.agents > 0, {"n": found.agents})
    yield Criterion("signed", found.sound, {"n": found.entries if found.sound else 0, "of": found.entries})
    yield Criterion("logged", 0 < found.entries == found.with_agent, {"n": found.with_agent, "of": found.entries})


def _of_records(found: Evidence) -> Iterator[Criterion]:
    yield _share("inventory", found.logged, found.kept)
    yield _share("described", found.described, found.assets)
    yield _share("gaps", found.complete, found.assets)
    yield _share("events", found.logged, found.kept)
    yield _share("formats", found.identified, found.files)
    yield _share("second-opinion", found.confirmed, found.files)
    yield _share("access", found.published, found.sites)


def _share(code: str, part: int, whole: int) -> Criterion:
    return Criterion(code, 0 < whole == part, {"n": part, "of": whole})


def _dated(code: str, found: Evidence, when: float, holds: float) -> Criterion:
    """Something that counts for a time after it happened."""
    end = when + holds if when else 0.0
    return Criterion(code, end > found.now, {"when": instant(when)[:10] or "–"}, instant(end))
