"""Where a bag lies: a folder, or a ZIP that holds one. Only what stands inside is listed, and only regular files are opened."""

import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self, cast

from archive.bagit.faults import BROKEN_ZIP, LINK, NOT_A_BAG, TOO_MUCH, UNREADABLE, UNSAFE_PATH, ZIP_LOCKED, ZIP_TWICE
from archive.bagit.notes import Notes
from archive.bagit.paths import leads_outside
from archive.errors import NotFoundError, UnreadableError

DECLARATION = "bagit.txt"
MAX_FILES = 5_000_000
MAX_RATIO = 250
"""Deflate reaches 1032:1 on zeros; a tree of photos and scans stays below 20:1."""
ALWAYS_ALLOWED = 256 * 2**20
"""Unpacked bytes below which no ratio matters."""
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    MemoryError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)
"""what zipfile raises at damaged or hostile entries, the four ways of packing included"""
_ENCRYPTED = 0x1
_UTF8 = 0x800


class BagSource(Protocol):
    """A bag that can be listed and read."""

    name: str
    """as the user named it"""

    def files(self, notes: Notes) -> dict[str, int]:
        """Path below the bag's top → bytes, of every regular file; what cannot be taken is noted."""
        ...

    def has_folder(self, path: str) -> bool:
        """Whether there is such a folder; to be asked after ``files``."""
        ...

    def open(self, path: str, *, from_device: bool = False) -> BinaryIO:
        """One listed file, unbuffered. Raises UnreadableError."""
        ...


class BagFolder:
    """A bag in a folder."""

    def __init__(self, root: Path) -> None:
        self.name = str(root)
        self.root = root
        self._root = os.fspath(root)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing stays open."""

    def files(self, notes: Notes) -> dict[str, int]:
        """Every regular file; links and devices are noted and never opened."""
        found: dict[str, int] = {}
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(f"{self._root}/{folder}") as entries:
                    for entry in entries:
                        self._sort(entry, folder + entry.name, (found, folders), notes)
            except OSError as error:
                notes.add(UNREADABLE, folder, str(error))
            if len(found) > MAX_FILES:
                notes.add(TOO_MUCH, what=f"{len(found)}…")
                break
        return found

    def has_folder(self, path: str) -> bool:
        """Whether there is such a folder (not a link to one)."""
        place = f"{self._root}/{path}"
        return os.path.isdir(place) and not os.path.islink(place)  # noqa: PTH112, PTH114 - text paths

    def open(self, path: str, *, from_device: bool = False) -> BinaryIO:
        """One file, without following a link."""
        try:
            descriptor = os.open(f"{self._root}/{path}", _READ)
        except OSError as error:
            raise UnreadableError(f"{path} cannot be read.", detail=str(error)) from error
        if from_device and hasattr(os, "posix_fadvise"):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        return cast("BinaryIO", os.fdopen(descriptor, "rb", buffering=0))

    @staticmethod
    def _sort(entry: "os.DirEntry[str]", path: str, found: tuple[dict[str, int], list[str]], notes: Notes) -> None:
        state = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(state.st_mode):
            found[0][path] = state.st_size
        elif stat.S_ISDIR(state.st_mode):
            found[1].append(f"{path}/")
        else:
            notes.add(LINK, path, what="symbolic link" if stat.S_ISLNK(state.st_mode) else "special file")


class BagZip:
    """A bag in a ZIP, at its top or in its only folder; nothing is unpacked."""

    def __init__(self, file: Path) -> None:
        self.name = str(file)
        self._file = file
        self._archive: zipfile.ZipFile | None = None
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._folders: set[str] = set()
        self._top = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._archive is not None:
            self._archive.close()

    def files(self, notes: Notes) -> dict[str, int]:
        """Every file of the bag, checked as a whole before a byte is unpacked."""
        try:
            self._archive = zipfile.ZipFile(self._file)
            infos = self._archive.infolist()
        except _BROKEN as error:
            notes.add(BROKEN_ZIP, "", str(error))
            return {}
        unpacked = sum(info.file_size for info in infos)
        if len(infos) > MAX_FILES or unpacked > max(ALWAYS_ALLOWED, MAX_RATIO * self._file.stat().st_size):
            notes.add(TOO_MUCH, what=f"{len(infos)} files, {unpacked} bytes")
            return {}
        named = dict(self._named(infos, notes))
        top = _top(named)
        if top is None:
            notes.add(NOT_A_BAG)
            return {}
        self._top = top
        inside = ((path.removeprefix(top), info) for path, info in named.items())
        self._infos = {path: info for path, info in inside if _stays(path, notes)}  # "top/C:/x" leads outside only without its top
        return {path: info.file_size for path, info in self._infos.items()}

    def has_folder(self, path: str) -> bool:
        """Whether an entry lies in such a folder or names it."""
        return any(name.startswith(f"{path}/") for name in self._infos) or f"{self._top}{path}/" in self._folders

    def open(self, path: str, *, from_device: bool = False) -> BinaryIO:  # noqa: ARG002 - the ZIP's own bytes are read in any case
        """One entry, unpacked as it is read."""
        if self._archive is None:
            raise UnreadableError(f"{path} cannot be read.", detail="the ZIP is not open")
        try:
            return cast("BinaryIO", _Unpacking(self._archive.open(self._infos[path]), self._infos[path].file_size))
        except _BROKEN as error:
            raise UnreadableError(f"{path} cannot be unpacked.", detail=str(error)) from error

    def _named(self, infos: list[zipfile.ZipInfo], notes: Notes) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        seen: set[str] = set()
        for info in infos:
            path = _entry_name(info)
            mode = info.external_attr >> 16
            if not _stays(path, notes):
                continue
            if info.is_dir():
                self._folders.add(path)
            elif stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
                notes.add(LINK, path, what="symbolic link" if stat.S_ISLNK(mode) else "special file")
            elif info.flag_bits & _ENCRYPTED:
                notes.add(ZIP_LOCKED, path)
            elif path in seen:
                notes.add(ZIP_TWICE, path)
            else:
                seen.add(path)
                yield path, info


class _Unpacking:
    """A stream whose every fault is an UnreadableError, and that ends when more comes out than was declared."""

    def __init__(self, stream: object, declared: int) -> None:
        self._stream = cast("BinaryIO", stream)
        self._left = declared

    def read(self, count: int = -1) -> bytes:
        """The next bytes."""
        try:
            block = self._stream.read(count)
        except _BROKEN as error:
            raise UnreadableError("The ZIP entry is damaged.", detail=str(error)) from error
        self._left -= len(block)
        if self._left < 0:
            raise UnreadableError("The ZIP entry unpacks to more than it declares.")
        return block

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def open_bag(place: Path) -> BagFolder | BagZip:
    """The bag in a folder or a ZIP.

    Raises:
        NotFoundError: nothing is there.
    """
    if place.is_dir():
        return BagFolder(place)
    if not place.is_file():
        raise NotFoundError(f"“{place}” is not there.", advice="Check the spelling.", code="no-folder", values={"folder": place})
    return BagZip(place)


def _stays(path: str, notes: Notes) -> bool:
    """Whether an entry's name leads to one place inside, on any system; noted where it does not."""
    parts = path.removesuffix("/").split("/")
    if leads_outside(path) or "\\" in path or "" in parts or "." in parts:
        notes.add(UNSAFE_PATH, path, where="ZIP", name=path.replace("\0", "␀"))
        return False
    return True


def _top(names: dict[str, zipfile.ZipInfo]) -> str | None:
    """What stands before ``bagit.txt``: nothing, or the one folder that everything lies in."""
    if DECLARATION in names:
        return ""
    tops = {path.partition("/")[0] for path in names}
    if len(tops) == 1 and f"{next(iter(tops))}/{DECLARATION}" in names:
        return f"{next(iter(tops))}/"
    return None


def _entry_name(info: zipfile.ZipInfo) -> str:
    """The name as it stands in the ZIP: UTF-8 by flag; without the flag most writers meant UTF-8 all the same."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    exact = info.orig_filename.encode("cp437")
    try:
        return exact.decode()
    except UnicodeDecodeError:
        return info.orig_filename
