"""Copy what was listed into ``incoming/`` in one read, and give it its deposit ARK.

``incoming/receiving-…`` is a read under way; ``incoming/<deposit id>`` is complete (``received.json`` lists it). A read that was killed
leaves the first form: the next read of the same origin clears what it read again byte for byte and sets the rest aside.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archive.errors import StorageError, UnreadableError
from archive.findings import Finding
from archive.records.identifiers import identifier_of, mint_deposit
from archive.storage.refusals import CODES
from pipeline.receive.leftovers import clear_leftovers, mark_alive, origin_of
from pipeline.receive.listing import Entry, Listing
from pipeline.receive.words import CHANGED_WHILE_READ, COULD_NOT_READ
from pipeline.sip import Deposit, LeftOut, Progress, ReceivedFile

CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Intake:
    """Where a deposit goes.

    Attributes:
        site: ARK of the site.
        naan: the archive's NAAN.
        incoming: the home's ``incoming/``, or for a dry run of a ZIP a scratch folder; None hashes a folder in place.
    """

    site: str
    naan: str
    incoming: Path | None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(slots=True)
class _Reading:
    """What one read has gathered so far."""

    total: int
    progress: Progress | None
    files: list[ReceivedFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    done: int = 0

    def advance(self, count: int, path: str) -> None:
        self.done += count
        if self.progress:
            self.progress(self.done, self.total, path)


def receive(listing: Listing, intake: Intake, progress: Progress | None = None) -> Deposit:
    """Read every listed file once.

    Returns:
        The deposit; its ``stored`` paths lie in ``incoming/<deposit id>/``, or are the original places where ``incoming`` is None.

    Raises:
        StorageError: ``incoming/`` cannot be written (full, read-only).
    """
    folder = _begin(listing, intake.incoming) if intake.incoming else None
    reading = _Reading(listing.total, progress)
    for number, entry in enumerate(listing.entries, start=1):
        _receive_one(entry, _stored(folder, number, entry), reading)
    deposit = Deposit(
        ark=mint_deposit(intake.naan, intake.site, list_digest(reading.files)),
        site=intake.site,
        origin=listing.origin,
        received=intake.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        files=tuple(reading.files),
        left_out=(*listing.left_out, *reading.left_out),
        findings=(*listing.findings, *reading.findings),
    )
    if folder is None or intake.incoming is None:
        return deposit
    with _onto(folder):
        return _settle(deposit, folder, intake.incoming)


def list_digest(files: list[ReceivedFile]) -> str:
    """sha512 over the received list: one line "path bytes in hexadecimal, size, sha512" per file, sorted."""
    lines = sorted(f"{file.path_hex} {file.size} {file.sha512}\n" for file in files)
    return hashlib.sha512("".join(lines).encode("ascii")).hexdigest()


def forget(deposit: Deposit, incoming: Path) -> None:
    """Empty the deposit's folder in ``incoming/``, once all of it is archived and was read back from the device."""
    shutil.rmtree(incoming / identifier_of(deposit.ark), ignore_errors=True)


def _receive_one(entry: Entry, target: Path | None, reading: _Reading) -> None:
    try:
        file, steady = _copy(entry, target, reading)
    except (OSError, UnreadableError) as error:
        if isinstance(error, StorageError):
            raise
        if target is not None:
            target.unlink(missing_ok=True)
        reading.left_out.append(LeftOut(entry.path, "unreadable"))
        reading.findings.append(COULD_NOT_READ.finding(entry.path, str(error)))
        return
    if not steady:
        reading.findings.append(CHANGED_WHILE_READ.finding(entry.path, f"listed {entry.size} bytes, read {file.size}"))
    reading.files.append(file)


def _copy(entry: Entry, target: Path | None, reading: _Reading) -> tuple[ReceivedFile, bool]:
    with entry.open() as source:
        if target is None:
            sha512, sha256, size = _stream(source, None, entry, reading)
        else:
            sink = _create(target)
            try:
                sha512, sha256, size = _stream(source, sink, entry, reading)
            finally:
                with _onto(target):  # some disks say only here that they are full
                    sink.close()
        steady = entry.unchanged(source, size)
    stored = target or entry.place or Path(entry.path)
    return ReceivedFile(entry.path, entry.name.hex(), stored, size, sha512, sha256, entry.modified), steady


def _stream(source: BinaryIO, sink: BinaryIO | None, entry: Entry, reading: _Reading) -> tuple[str, str, int]:
    """One pass over the bytes: both digests, the size, and the copy."""
    sha512, sha256, size = hashlib.sha512(), hashlib.sha256(), 0
    buffer = memoryview(bytearray(CHUNK))
    # A file that grows without end (a recording under way) must not be followed for ever: more than was listed is a change.
    while size <= entry.size and (count := source.readinto(buffer)):  # type: ignore[attr-defined]  # raw files and our ZIP stream both have it
        chunk = buffer[:count]
        sha512.update(chunk)
        sha256.update(chunk)
        if sink is not None:
            _write(sink, chunk)
        size += count
        reading.advance(count, entry.path)
    return sha512.hexdigest(), sha256.hexdigest(), size


@contextmanager
def _onto(place: Path) -> Iterator[None]:
    """Errors in here are those of the archive's disk, never of the card."""
    try:
        yield
    except OSError as error:
        raise _refused(place, error) from error


def _create(target: Path) -> BinaryIO:
    with _onto(target):
        return target.open("xb", buffering=0)


def _write(sink: BinaryIO, chunk: memoryview) -> None:
    with _onto(Path(sink.name)):
        while len(chunk) > 0:
            chunk = chunk[sink.write(chunk) :]


def _refused(place: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The archive's disk refused to take a file ({error.strerror or error}): {place}.",
        advice="Nothing was archived and the card is untouched. Free some space or check the disk, then ingest again.",
        detail=f"{place}: {error!r}",
        code=CODES.get(error.errno or 0, ""),
        values={"path": place},
    )


def _stored(folder: Path | None, number: int, entry: Entry) -> Path | None:
    """A generated name: nothing of the card's names reaches the file system but a short plain extension."""
    if folder is None:
        return None
    extension = re.search(rb"\.[A-Za-z0-9]{1,8}$", entry.name)
    return folder / "files" / f"{number:06}{extension[0].decode().lower() if extension else ''}"


def _begin(listing: Listing, incoming: Path) -> Path:
    origin = hashlib.sha256(os.fsencode(Path(listing.origin).absolute())).hexdigest()[:16]
    folder = incoming / f"receiving-{origin}-{os.getpid()}-{os.urandom(4).hex()}"
    with _onto(folder):
        (folder / "files").mkdir(parents=True)
        mark_alive(folder)
    return folder


def _settle(deposit: Deposit, folder: Path, incoming: Path) -> Deposit:
    """Give the complete read its final name. An earlier complete read of the very same list holds no byte that this one has not."""
    files = [_moved(file, folder, incoming / identifier_of(deposit.ark)) for file in deposit.files]
    note = clear_leftovers(folder, deposit, incoming)
    lines = [{key: value for key, value in asdict(file).items() if key != "stored"} | {"stored": file.stored.name} for file in files]
    (folder / "received.json").write_text(
        json.dumps({"ark": deposit.ark, "origin": origin_of(folder), "files": lines}, indent=1), encoding="utf-8"
    )
    final = incoming / identifier_of(deposit.ark)
    if final.exists():
        superseded = folder.with_name(f"superseded-{folder.name}")
        final.rename(superseded)
        folder.rename(final)
        shutil.rmtree(superseded, ignore_errors=True)
    else:
        folder.rename(final)
    return Deposit(deposit.ark, deposit.site, deposit.origin, deposit.received, tuple(files), deposit.left_out, (*deposit.findings, *note))


def _moved(file: ReceivedFile, old: Path, new: Path) -> ReceivedFile:
    return ReceivedFile(file.path, file.path_hex, new / file.stored.relative_to(old), file.size, file.sha512, file.sha256, file.modified)
