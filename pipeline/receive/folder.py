"""List a folder: regular files only; links, pipes, devices and sockets are named and never opened."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archive.errors import UnreadableError
from archive.findings import Finding
from pipeline.receive.left_out import folder_reason, reason_to_leave_out
from pipeline.receive.listing import Entry, Listing
from pipeline.receive.words import COULD_NOT_READ
from pipeline.sip import LeftOut

# O_NONBLOCK: should a pipe take the file's place after it was listed, opening it must not wait for a writer.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SPECIAL = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFBLK: "device", stat.S_IFCHR: "device"}


class FolderEntry(Entry):
    """A file of a folder; what was listed is recognised again by device, inode, size and time of change."""

    def __init__(self, name: bytes, place: Path, listed: os.stat_result) -> None:
        super().__init__(name, listed.st_size, _when(listed), place)
        self._listed = listed

    def open(self) -> BinaryIO:
        """Open without following a link; refuse what is no longer the listed file."""
        descriptor = os.open(os.fsencode(self.place or b""), _FLAGS)
        if not _same(self._listed, os.fstat(descriptor)):
            os.close(descriptor)
            raise UnreadableError("The file was replaced after it was listed.")
        return os.fdopen(descriptor, "rb", buffering=0)

    def unchanged(self, stream: BinaryIO, read: int) -> bool:
        """Compare with the file's state after the last byte."""
        return read == self.size and _same(self._listed, os.fstat(stream.fileno()))


def list_folder(root: Path) -> Listing:
    """Everything below ``root``, sorted by exact name. Nothing is opened but directories."""
    entries: list[Entry] = []
    left_out: list[LeftOut] = []
    findings: list[Finding] = []
    folders = [b""]
    while folders:
        folder = folders.pop()
        try:
            found = list(os.scandir(_join(os.fsencode(root), folder) if folder else os.fsencode(root)))
        except OSError as error:
            findings.append(COULD_NOT_READ.finding(_text(folder), str(error)))
            left_out.append(LeftOut(_text(folder), "unreadable"))
            continue
        for name, entry in sorted((_join(folder, item.name), item) for item in found):
            if reason := _place(name, entry, folders, entries):
                left_out.append(LeftOut(_text(name), reason))
    entries.sort(key=lambda entry: entry.name)
    return Listing(str(root), tuple(entries), tuple(sorted(left_out, key=lambda one: one.path)), tuple(findings))


def list_single(file: Path) -> Listing:
    """A deposit of one file."""
    return Listing(str(file), (FolderEntry(os.fsencode(file.name), file, os.lstat(file)),))


def _place(name: bytes, entry: "os.DirEntry[bytes]", folders: list[bytes], entries: list[Entry]) -> str:
    """Put one thing where it belongs; returns why it is left out, or ""."""
    try:
        state = entry.stat(follow_symlinks=False)
    except OSError:
        return "unreadable"
    if stat.S_ISDIR(state.st_mode):
        if not (reason := folder_reason(entry.name)):
            folders.append(name)
        return reason
    if reason := _not_material(name, state):
        return reason
    # Windows gives neither inode nor device through scandir; the full stat does.
    state = state if state.st_ino else os.lstat(entry.path)
    entries.append(FolderEntry(name, Path(os.fsdecode(entry.path)), state))
    return ""


def _not_material(name: bytes, state: os.stat_result) -> str:
    if stat.S_ISLNK(state.st_mode):
        return "symbolic-link"
    if not stat.S_ISREG(state.st_mode):
        return _SPECIAL.get(stat.S_IFMT(state.st_mode), "special-file")
    return reason_to_leave_out(name)


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return stat.S_ISREG(other.st_mode) and all(
        getattr(one, name) == getattr(other, name) for name in ("st_dev", "st_ino", "st_size", "st_mtime_ns")
    )


def _when(state: os.stat_result) -> str:
    try:
        return datetime.fromtimestamp(state.st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return ""


def _join(folder: bytes, name: bytes) -> bytes:
    return folder + b"/" + name if folder else name


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
