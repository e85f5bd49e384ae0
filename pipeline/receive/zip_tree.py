"""List a ZIP: checked as a whole before a byte of it is unpacked, and counted again while it is.

Sources: APPNOTE.TXT 6.3.10 (4.4.4 bit 0 encryption, bit 11 UTF-8; 4.4.15 Unix mode in the external attributes). Entries that overlap
(Fifield, "A better zip bomb", 2019) are refused by the standard library, and here by the ratio of the whole.
"""

import stat
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Self, cast

from archive.errors import UnreadableError
from archive.findings import Finding
from pipeline.receive.left_out import reason_to_leave_out
from pipeline.receive.listing import Entry, Listing
from pipeline.receive.words import BOMB, BROKEN_ZIP, ENCRYPTED, SAME_NAME_TWICE, UNSAFE_NAME
from pipeline.sip import LeftOut

MAX_ENTRIES = 200_000
MAX_RATIO = 250
"""Deflate reaches 1032:1 on zeros; a tree of photos and scans stays below 20:1."""
ALWAYS_ALLOWED = 256 * 2**20
"""Unpacked bytes below which no ratio matters."""
_ENCRYPTED = 0x1
_UTF8 = 0x800


class ZipEntry(Entry):
    """A file of a ZIP. Its stream ends at the declared size plus one byte, so an entry that lies about its size is caught."""

    def __init__(self, name: bytes, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        super().__init__(name, info.file_size, _when(info), None)
        self._archive = archive
        self._info = info

    def open(self) -> BinaryIO:
        """Open the entry for unpacking."""
        try:
            stream = self._archive.open(self._info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
            raise UnreadableError(f"The ZIP entry cannot be unpacked: {error}") from error
        return cast("BinaryIO", _Unpacking(stream, self.size))

    def unchanged(self, stream: BinaryIO, read: int) -> bool:
        """Whether as many bytes came out as the ZIP declares (its CRC was checked on the way)."""
        del stream
        return read == self.size


class _Unpacking:
    """A stream whose every fault is an UnreadableError."""

    def __init__(self, stream: object, declared: int) -> None:
        self._stream = cast("BinaryIO", stream)
        self._left = declared

    def readinto(self, buffer: memoryview) -> int:
        try:
            chunk = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, EOFError, zlib.error, OSError, ValueError) as error:
            raise UnreadableError(f"The ZIP entry is damaged: {error}") from error
        self._left -= len(chunk)
        if self._left < 0:
            raise UnreadableError("The ZIP entry unpacks to more than it declares.")
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def list_zip(file: Path) -> Listing:
    """Everything in a ZIP tree, sorted by exact name; nested ZIPs stay files."""
    listing = Listing(str(file), (), container_bytes=file.stat().st_size)
    try:
        archive = zipfile.ZipFile(file)
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        return replace(listing, findings=(BROKEN_ZIP.finding("", str(error)),))
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MAX_ENTRIES or unpacked > max(ALWAYS_ALLOWED, MAX_RATIO * listing.container_bytes):
        detail = f"{len(infos)} entries, {unpacked} bytes declared"
        return replace(listing, findings=(BOMB.finding("", detail, unpacked=unpacked, packed=listing.container_bytes),))
    return _sorted_out(listing, archive, infos)


def _sorted_out(listing: Listing, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Listing:
    entries: dict[bytes, Entry] = {}
    left_out: list[LeftOut] = []
    findings: list[Finding] = []
    for info in infos:
        name = exact_name(info)
        text = name.decode("utf-8", "surrogateescape")
        finding = _fault(info, name, text)
        reason = finding.code if finding else _reason(info, name)
        if not reason and name in entries:
            finding = SAME_NAME_TWICE.finding(text, name=text)
            reason = finding.code
        if finding:
            findings.append(finding)
        if reason:
            left_out.append(LeftOut(text, reason))
        else:
            entries[name] = ZipEntry(name, archive, info)
    return replace(listing, entries=tuple(entries[name] for name in sorted(entries)), left_out=tuple(left_out), findings=tuple(findings))


def exact_name(info: zipfile.ZipInfo) -> bytes:
    """The bytes of the entry's name as they stand in the ZIP (the library decodes them as UTF-8 by flag, else as code page 437)."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _fault(info: zipfile.ZipInfo, name: bytes, text: str) -> Finding | None:
    if info.flag_bits & _ENCRYPTED:
        return ENCRYPTED.finding(text)
    parts = name.replace(b"\\", b"/").split(b"/")
    if b".." in parts or b"." in parts or b"" in parts or b"\0" in name or parts[0].endswith(b":"):
        return UNSAFE_NAME.finding(text, f"name bytes {name.hex()}", name=text.replace("\0", "␀"))
    return None


def _reason(info: zipfile.ZipInfo, name: bytes) -> str:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "symbolic-link"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return "special-file"
    return reason_to_leave_out(name)


def _when(info: zipfile.ZipInfo) -> str:
    """Local time of an unknown zone, so without "Z"."""
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*info.date_time)
