"""Receipts of deposits and assets: made from the archive, kept beside it, and compared with the depositor's own files."""

import hashlib
import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.access import head_of, read_bytes, record_kind
from archive.errors import DitichError, NotFoundError, UsageError
from archive.home import Home
from archive.ledger.receipt import INVENTORY, Receipt, make_receipt, state_of
from archive.ledger.segments import Entry
from archive.ledger.tlog_proof import unreadable
from archive.records.accession import DepositRecord, Fate
from archive.records.identifiers import identifier_of
from archive.records.serialise import from_json
from archive.storage.base import BLOCK, make_folders, put_file
from archive.storage.refusals import Refusals

FOLDER = "receipts"
_DEPOSIT = "deposit.json"
_ORIGINAL = "original/"
MOST_BYTES = 1 << 30
"""a receipt of a million files has about 400 MB"""
NOTES = (
    "Biên nhận của kho lưu trữ. Hãy giữ tệp này ở nơi khác với kho. Kiểm tra: ditich prove TỆP [--key KHÓA] [--files THƯ-MỤC]",
    "Receipt of an archive. Keep this file elsewhere than the archive. Verify it: ditich prove FILE [--key KEY] [--files FOLDER]",
    "ใบรับจากคลัง โปรดเก็บไฟล์นี้ไว้คนละที่กับคลัง ตรวจสอบได้ด้วย: ditich prove ไฟล์ [--key กุญแจ] [--files โฟลเดอร์]",
    "Without Ditich: docs/receipts.md describes the format and has a reader of it that needs nothing but Python.",
)


@dataclass(frozen=True, slots=True)
class ReceivedName:
    """One file that a receipt speaks of: its name byte-exact, its digest ("" when it was not read), and what became of it."""

    path: bytes
    sha512: str
    fate: Fate
    asset: str


class Match(StrEnum):
    """What a file of the depositor is to a receipt."""

    KEPT = "kept"
    KEPT_ELSEWHERE = "kept-under-another-name"
    REFUSED = "refused"
    LEFT_OUT = "left-out"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    ABSENT = "absent"


def brought(path: Path) -> bytes:
    """A receipt or checkpoint that somebody brought.

    Raises:
        NotFoundError: it is not there.
        UsageError: no ordinary file, or one that is far too large.
        StorageError: it cannot be read.
    """
    with Refusals(str(path)):
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            raise UsageError(f"{path} is no receipt and no checkpoint.", advice="Name the text file that the archive gave out.")
        return path.read_bytes()


def receipt_of(home: Home, ark: str, start: int = 0) -> bytes:
    """The receipt of a deposit or an asset, in its newest version.

    Args:
        home: the archive.
        ark: of the deposit or asset.
        start: number of the ledger entry from which to look for its entries first.

    Raises:
        NotFoundError: it is not in the archive, or the ledger does not speak of it.
        DamageError: the ledger is not what is signed.
    """
    version = head_of(home, ark)
    if version is None:
        raise NotFoundError(f"This archive has nothing under “{ark}”.", advice="Find it with `ditich search WORDS`.")
    files = {INVENTORY: home.tree.read(f"{home.objects.folder_of(ark)}/{version}/{INVENTORY}")}
    wanted = {(ark, version)}
    if record_kind(home, ark) == "deposit":
        files[_DEPOSIT] = read_bytes(home, ark, _DEPOSIT, version)
        wanted |= set(from_json(DepositRecord, files[_DEPOSIT]).created)
    found = _entries(home, wanted, start)
    if len(found) < len(wanted) and start:
        found = _entries(home, wanted, 0)
    if (ark, version) not in found:
        raise NotFoundError(f"The ledger says nothing of {ark} {version}.", advice="Run `ditich audit`.")
    last = found.pop((ark, version))
    return make_receipt(home.log, (*sorted(found.values(), key=lambda one: one.index), last), files=files, notes=NOTES)


def keep_receipt(home: Home, ark: str, start: int = 0) -> Path:
    """Write the receipt to the archive's ``receipts/``, which is disposable: it can be issued again at any time."""
    path = f"{FOLDER}/{identifier_of(ark)}.receipt"
    content = receipt_of(home, ark, start)
    make_folders(home.tree, FOLDER)
    put_file(home.tree, path, content)
    return home.tree.path_of(path)


def kept_receipt(home: Home, ark: str, start: int) -> str:
    """As :func:`keep_receipt`, for the end of an ingest: "" where it could not be written, since what was archived is safe all the same."""
    try:
        return str(keep_receipt(home, ark, start))
    except DitichError:
        return ""


def names_in(receipt: Receipt) -> tuple[ReceivedName, ...]:
    """The files that a receipt speaks of: all that was received, or the originals of an asset.

    Raises:
        DamageError: what it holds is not readable.
    """
    try:
        return _names_in(receipt)
    except (ValueError, IndexError) as error:  # signed, but by somebody whose names are none
        raise unreadable(str(error)) from error


def _names_in(receipt: Receipt) -> tuple[ReceivedName, ...]:
    if _DEPOSIT in receipt.files:
        record = from_json(DepositRecord, receipt.files[_DEPOSIT])
        lines = (ReceivedName(bytes.fromhex(one.path_hex), one.sha512, one.fate, one.asset) for one in record.lines)
        left_out = (ReceivedName(path.encode("utf-8", "surrogateescape"), "", Fate.LEFT_OUT, "") for path, _reason in record.left_out)
        return (*lines, *left_out)
    if INVENTORY not in receipt.files:
        return ()
    event = receipt.entries[-1].event
    state = state_of(receipt.files[INVENTORY], str(event.extra.get("version")))
    return tuple(
        ReceivedName(path.removeprefix(_ORIGINAL).encode("utf-8", "surrogateescape"), digest, Fate.ARCHIVED, event.objects[0])
        for path, digest in state.items()
        if path.startswith(_ORIGINAL)
    )


def compare_folder(receipt: Receipt, folder: Path) -> tuple[tuple[bytes, Match], ...]:
    """What each file in the depositor's folder is to the receipt, and which files of the receipt are not there.

    Raises:
        NotFoundError: no such folder.
        StorageError: a file cannot be read.
    """
    if not folder.is_dir():
        raise NotFoundError(f"{folder} is not a folder.", advice="Name the folder that was given to the archive.")
    names = names_in(receipt)
    by_path = {one.path: one for one in names}
    by_digest: dict[str, ReceivedName] = {}
    for one in sorted(names, key=lambda one: one.fate is not Fate.REFUSED):
        by_digest[one.sha512] = one
    found, seen = [], {""}
    for path in sorted(_files(folder)):
        name, digest = _relative(path, folder), _sha512(path)
        match = _match(by_path.get(name), by_digest.get(digest), digest)
        found.append((name, match))
        seen.add(digest)
    there = {name for name, _match in found}
    absent = [(one.path, Match.ABSENT) for one in names if one.sha512 not in seen and one.path not in there]
    return (*found, *absent)


def _match(same_name: ReceivedName | None, same_bytes: ReceivedName | None, digest: str) -> Match:
    if same_bytes is not None and same_bytes.fate is Fate.REFUSED:
        return Match.REFUSED
    if same_name is not None and same_name.sha512 == digest:
        return Match.KEPT
    if same_bytes is not None:
        return Match.KEPT_ELSEWHERE
    if same_name is None:
        return Match.UNKNOWN
    return Match.LEFT_OUT if same_name.fate is Fate.LEFT_OUT else Match.CHANGED


def _entries(home: Home, wanted: set[tuple[str, str]], start: int) -> dict[tuple[str, str], Entry]:
    """The entries of these versions. Plain JSON: a record for each of a hundred thousand lines would take seconds."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in home.log.entries(start):
        if b'"inventory_sha512"' not in entry.line:
            continue
        said = json.loads(entry.line)
        version = (next(iter(said["linkingObjectIdentifier"]), ""), said["eventDetailExtension"].get("version", ""))
        if version in wanted:
            found[version] = entry
    return found


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path


def _relative(path: Path, folder: Path) -> bytes:
    return path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape")


def _sha512(path: Path) -> str:
    digest = hashlib.sha512()
    with Refusals(str(path)), path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
