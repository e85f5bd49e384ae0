"""One small deposit, the archive that takes it in, and what must hold of that archive whatever happened to the writer.

The deposit changes one object and makes another: bytes of its own, a received file that is moved in, one that is copied from a card, and
a received file whose bytes are kept already. What it says in the ledger beside its versions is one event.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.access import head_of, read_bytes
from archive.accession import accession
from archive.errors import NotFoundError
from archive.home import Home, create_home, open_home
from archive.ocfl.digests import digests_of
from archive.records.events import Event, EventType, Outcome
from archive.records.package import FileToKeep, VersionDraft
from archive.recovery import recover
from tests.archive.builders import kept_file
from tests.proofs.acknowledged import disagreements

NOW = datetime(2096, 12, 1, 8, 30, tzinfo=UTC)
"""later than any clock: the deposit opens a new month of the ledger"""
OLD, NEW = "ark:99999/dtold", "ark:99999/dtnew"
FINISHED = {OLD: "v2", NEW: "v1"}
EVENT = Event("urn:event", EventType.CAPTURE, "2026-11-01T00:00:00+00:00", Outcome.SUCCESS, ("camera",), (NEW,))
SCAN, PHOTO, KEPT = b"scan" * 30_000, b"photo" * 2_000, b"one"
"""received and moved; copied from the card (in several reads); received again although it is kept"""


@dataclass(frozen=True)
class Place:
    """The folders of one archive and one card."""

    folder: Path

    def home(self) -> Home:
        """The archive, opened anew."""
        return open_home(self.folder / "home", self.folder / "keys")

    def received(self, name: str) -> Path:
        """A received file."""
        return self.folder / "home" / "incoming" / "deposit" / name

    @property
    def card(self) -> Path:
        """The file on the card."""
        return self.folder / "card" / "photo.bin"


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """An empty folder, gone afterwards; in memory where there is some: a sync there does not wait for a disk that others use."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own below it
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    folder = Path(tempfile.mkdtemp(prefix=f"ditich-{name}-", dir=memory if usable else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def prepare(folder: Path) -> Place:
    """An archive with one object, a received deposit, and a card."""
    place = Place(folder)
    home = create_home(folder / "home", name="Kho thử nghiệm", keys=folder / "keys")
    first = VersionDraft(OLD, "", (_own("a", KEPT), _own("record.json", b"1")), "")
    accession(home, [first], agent=home.config.agent, now=datetime.now(UTC))
    place.received("scan.bin").parent.mkdir()
    place.received("scan.bin").write_bytes(SCAN)
    place.received("again.bin").write_bytes(KEPT)
    place.card.parent.mkdir()
    place.card.write_bytes(PHOTO)
    return place


def copy_of(template: Place, folder: Path) -> Place:
    """The same again in a folder of its own, in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template.folder, folder)
    return Place(folder)


def take_in(place: Place) -> list[str]:
    """What the proofs interrupt: recovery, then the accession of what is not kept yet. Running it again completes it.

    Returns:
        "object version" for everything that this call acknowledges.
    """
    home = place.home()
    recover(home)
    drafts = list(_missing(home, place))
    done = accession(home, drafts, agent=home.config.agent, now=NOW, events=_events(home)) if drafts else ()
    with suppress(NotFoundError):  # a deposit whose accession was cut off just before its end
        home.tree.discard(place.received("again.bin"))
    return [f"{package.object_id} {package.version}" for package in done]


def faults(place: Place, *, acknowledged: Iterable[str] = ()) -> Iterator[str]:
    """Everything that does not hold of the archive after recovery; nothing when all is well."""
    home = place.home()
    if recover(home):
        yield "recovery found work a second time"
    yield from _left_over(home)
    heads = {name: head_of(home, name) for name in FINISHED}
    yield from (f"{one} was acknowledged and is lost" for one in acknowledged if heads[one.split()[0]] != one.split()[1])
    yield from disagreements(home)
    yield from _received_faults(home, place)
    yield from _event_faults(home, heads)


def unfinished(place: Place) -> Iterator[str]:
    """What the deposit still lacks; nothing when it is complete."""
    home = place.home()
    found = {name: head_of(home, name) for name in FINISHED}
    if found != FINISHED:
        yield f"the archive holds {found}"
    received = place.received("scan.bin").parent
    if received.is_dir() and any(received.iterdir()):
        yield f"received files are left: {sorted(received.iterdir())}"
    if place.card.read_bytes() != PHOTO:
        yield "the card was changed"


def _missing(home: Home, place: Place) -> Iterator[VersionDraft]:
    if head_of(home, OLD) == "v1":
        again = _received("b", KEPT, place.received("again.bin"), move=True)
        yield VersionDraft(OLD, "v1", (kept_file("a", KEPT), again, _own("record.json", b"2")), "edit")
    if head_of(home, NEW) is None:
        scan = _received("original/scan.bin", SCAN, place.received("scan.bin"), move=True)
        photo = _received("original/Ảnh/photo.bin", PHOTO, place.card, move=False)
        yield VersionDraft(NEW, "", (scan, photo, _own("record.json", b"new")), "ingest")


def _events(home: Home) -> tuple[Event, ...]:
    return () if any(entry.event.identifier == EVENT.identifier for entry in home.log.entries()) else (EVENT,)


def _left_over(home: Home) -> Iterator[str]:
    found = [path.name for path in (home.work / "tx").iterdir()]
    if found:
        yield f"work/tx holds {found}"


def _received_faults(home: Home, place: Place) -> Iterator[str]:
    if head_of(home, NEW) is None:
        if place.received("scan.bin").read_bytes() != SCAN:
            yield "the received scan is gone"
    elif (read_bytes(home, NEW, "original/scan.bin"), read_bytes(home, NEW, "original/Ảnh/photo.bin")) != (SCAN, PHOTO):
        yield "the kept files are not the received ones"
    if read_bytes(home, OLD, "a") != KEPT:
        yield "an old file is lost"


def _event_faults(home: Home, heads: dict[str, str | None]) -> Iterator[str]:
    identifiers = [entry.event.identifier for entry in home.log.entries()]
    if len(set(identifiers)) != len(identifiers):
        yield "the ledger says something twice"
    if heads[NEW] and EVENT.identifier not in identifiers:
        yield "the event that came with the deposit is lost"


def _own(path: str, content: bytes) -> FileToKeep:
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, content=content)


def _received(path: str, content: bytes, source: Path, *, move: bool) -> FileToKeep:
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, source=source, move=move)
