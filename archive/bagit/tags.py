"""The bag's own files: the declaration, the lists of digests, the list of files to fetch, and what the sender says about the bag."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from archive.bagit.faults import (
    BAD_LINE,
    BOM,
    DECLARATION_MALFORMED,
    DOT_SLASH,
    ENCODING_NOT_UTF8,
    ENCODING_UNKNOWN,
    INFO_MALFORMED,
    LISTED_DIFFERENTLY,
    LISTED_TWICE,
    LISTED_TWICE_IN_1,
    OUT_OF_PLACE,
    PERCENT,
    STAR,
    UNSAFE_PATH,
    VERSION_UNKNOWN,
)
from archive.bagit.notes import Notes
from archive.bagit.paths import PAYLOAD, decoded, has_stray_percent, is_plain, leads_outside
from archive.bagit.sums import WIDTHS
from archive.bagit.text import UTF8, text_codec

VERSIONS = ((0, 93), (0, 94), (0, 95), (0, 96), (0, 97), (1, 0))
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_BOM = "\ufeff"
_END = r"(?:\r\n|\r|\n)"
_LOOSE = re.compile(rf"BagIt-Version[ \t]*:[ \t]*(\S*)[ \t]*{_END}Tag-File-Character-Encoding[ \t]*:[ \t]*(\S+)[ \t]*{_END}?")
_EXACT = re.compile(rf"BagIt-Version: (\d+\.\d+){_END}Tag-File-Character-Encoding: (\S+){_END}?")
_NUMBER = re.compile(r"\d+\.\d+")
_LINE = re.compile(r"(\S+)[ \t]+(.+)", re.DOTALL)
_HEX = re.compile("[0-9a-fA-F]+")
_FETCH = re.compile(r"(\S+)[ \t]+([0-9]{1,20}|-)[ \t]+(.+)", re.DOTALL)
_OXUM = re.compile(r"([0-9]{1,20})\.([0-9]{1,20})")
"""twenty digits: more bytes than there are, and no number that takes long to read"""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What ``bagit.txt`` says."""

    version: tuple[int, int] = (1, 0)
    encoding: str = "UTF-8"
    codec: str = UTF8

    @property
    def is_one(self) -> bool:
        """Whether the rules of RFC 8493 hold, and not those of a draft."""
        return self.version >= (1, 0)

    def __str__(self) -> str:
        return f"{self.version[0]}.{self.version[1]}"


@dataclass(slots=True)
class Manifest:
    """One list of digests.

    Attributes:
        name: of its file.
        algorithm: a key of WIDTHS.
        digests: path → digest in lower case.
        literal: paths that were decoded → as they were written.
    """

    name: str
    algorithm: str
    digests: dict[str, str] = field(default_factory=dict)
    literal: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FetchLine:
    """One file that the sender left to be fetched. ``size`` is None where it is not said."""

    url: str
    size: int | None
    path: str


def read_declaration(content: bytes, notes: Notes) -> Declaration | None:
    """What ``bagit.txt`` says; None when not even the version can be told. From 1.0 on white space is exact (RFC 8493 section 2.1.1)."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        notes.add(DECLARATION_MALFORMED, "bagit.txt", str(error))
        return None
    match = _LOOSE.fullmatch(text)
    if match is None:
        notes.add(DECLARATION_MALFORMED, "bagit.txt", repr(text[:200]))
        return None
    version = tuple(map(int, match[1].split("."))) if _NUMBER.fullmatch(match[1]) else ()
    if version not in VERSIONS:
        notes.add(VERSION_UNKNOWN, "bagit.txt", version=match[1])
        return None
    if version == (1, 0) and _EXACT.fullmatch(text) is None:
        notes.add(DECLARATION_MALFORMED, "bagit.txt", repr(text))
    return _with_codec(version, match[2], notes)


def _with_codec(version: tuple[int, int], encoding: str, notes: Notes) -> Declaration | None:
    codec = text_codec(encoding)
    if codec is None:
        notes.add(ENCODING_UNKNOWN, "bagit.txt", encoding=encoding)
        return None
    if codec not in {UTF8, "ascii"}:
        notes.add(ENCODING_NOT_UTF8, "bagit.txt", encoding=encoding)
    return Declaration(version, encoding, codec)


class ManifestReader:
    """Reads the lines of one list of digests."""

    def __init__(self, manifest: Manifest, declaration: Declaration, notes: Notes, *, of_payload: bool) -> None:
        self._manifest = manifest
        self._declaration = declaration
        self._notes = notes
        self._of_payload = of_payload
        self._width = WIDTHS[manifest.algorithm]
        self._stars = self._dots = self._percents = 0

    def read(self, lines: Iterable[str]) -> None:
        """Take all lines."""
        name = self._manifest.name
        for number, line in enumerate(_without_bom(lines, name, self._notes), start=1):
            if line.strip():
                self._line(number, line)
        for fault, count in ((STAR, self._stars), (DOT_SLASH, self._dots), (PERCENT, self._percents)):
            if count:
                self._notes.add(fault, name, where=name, count=count)

    def _line(self, number: int, line: str) -> None:
        match = _LINE.fullmatch(line)
        if match is None or len(match[1]) != self._width or not _HEX.fullmatch(match[1]):
            self._notes.add(BAD_LINE, self._manifest.name, repr(line[:200]), number=number)
            return
        written = match[2]
        if written.startswith("*"):
            self._stars += 1
            written = written[1:]
        if written.startswith("./"):
            self._dots += 1
            written = written[2:]
        path = written if is_plain(written) else self._decoded(written)
        if path is not None and self._belongs(path):
            self._put(path, match[1].lower())

    def _decoded(self, written: str) -> str | None:
        """The path that the written one means; None (and noted) when it leads out of the bag or is no path."""
        name = self._manifest.name
        path = decoded(written, percent=self._declaration.is_one)
        if leads_outside(written) or leads_outside(path):
            self._notes.add(UNSAFE_PATH, name, where=name, name=written)
            return None
        if self._declaration.is_one and has_stray_percent(written):
            self._percents += 1
        if path != written:
            self._manifest.literal[path] = written
        return path

    def _belongs(self, path: str) -> bool:
        fits = path.startswith(PAYLOAD) == self._of_payload
        if not fits:
            self._notes.add(OUT_OF_PLACE, path, where=self._manifest.name)
        return fits

    def _put(self, path: str, digest: str) -> None:
        before = self._manifest.digests.setdefault(path, digest)
        if before is digest:
            return
        fault = LISTED_DIFFERENTLY if before != digest else LISTED_TWICE_IN_1 if self._declaration.is_one else LISTED_TWICE
        self._notes.add(fault, path, where=self._manifest.name)


def read_fetch(lines: Iterable[str], declaration: Declaration, notes: Notes) -> Iterator[FetchLine]:
    """The files to fetch; paths that lead out of the bag are noted and left out. Nothing is fetched."""
    for number, line in enumerate(_without_bom(lines, "fetch.txt", notes), start=1):
        match = _FETCH.fullmatch(line)
        if match is None:
            if line.strip():
                notes.add(BAD_LINE, "fetch.txt", repr(line[:200]), number=number)
            continue
        path = decoded(match[3].removeprefix("./"), percent=declaration.is_one)
        if leads_outside(match[3]) or leads_outside(path):
            notes.add(UNSAFE_PATH, "fetch.txt", where="fetch.txt", name=match[3])
        elif not path.startswith(PAYLOAD):
            notes.add(OUT_OF_PLACE, path, where="fetch.txt")
        else:
            yield FetchLine(match[1], int(match[2]) if match[2] != "-" else None, path)


def read_info(lines: Iterable[str], name: str, notes: Notes) -> tuple[tuple[str, str], ...]:
    """(label, value) in order, repeated ones kept; lines that go on with white space belong to the value before."""
    found: list[tuple[str, list[str]]] = []
    for number, line in enumerate(_without_bom(lines, name, notes), start=1):
        label, colon, value = line.partition(":")
        if line[:1] in {" ", "\t"} and found and line.strip():
            found[-1][1].append(line.strip())
        elif colon and label[:1].strip():
            found.append((label.rstrip(" \t"), [value.strip(" \t").rstrip()]))
        elif line.strip():
            notes.add(INFO_MALFORMED, name, repr(line[:200]), number=number)
    return tuple((label, " ".join(parts)) for label, parts in found)


def oxum_of(info: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Every Payload-Oxum that is stated: the text, and (bytes, files) where it can be read."""
    for label, value in info:
        if label.lower() == "payload-oxum":
            match = _OXUM.fullmatch(value.strip())
            yield value, (int(match[1]), int(match[2])) if match else None


def info_text(info: Iterable[tuple[str, str]]) -> bytes:
    """``bag-info.txt``; line breaks in a value become spaces."""
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in info).encode()


def manifest_text(digests: Iterable[tuple[str, str]], encode: Callable[[str], str]) -> bytes:
    """A list of (path, digest), sorted by path."""
    return "".join(f"{digest}  {encode(path)}\n" for path, digest in sorted(digests)).encode()


def _without_bom(lines: Iterable[str], name: str, notes: Notes) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0 and line.startswith(_BOM):
            notes.add(BOM, name)
            yield line[1:]
        else:
            yield line
