"""Judges a bag: everything that is wrong with it, file by file, from one read of every file.

Payload-Oxum never ends the check: what differs is named. Left out: fetching, which Ditich does not do.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from archive.bagit.faults import (
    ALGORITHM_UNKNOWN,
    ALIKE,
    BACKSLASH,
    CHANGED,
    FETCH_INCOMPLETE,
    FETCH_NOT_LISTED,
    FETCH_PRESENT,
    MISSING,
    MISSING_SYSTEM,
    MISSING_TWIN,
    NO_MANIFEST,
    NO_PAYLOAD,
    NO_TAG_MANIFEST,
    NOT_A_BAG,
    NOT_LISTED,
    NOT_TEXT,
    OXUM,
    SYSTEM_FILE,
    TAG_NOT_COVERED,
    UNREADABLE,
    WEAK_DIGEST,
)
from archive.bagit.notes import Notes
from archive.bagit.paths import PAYLOAD, is_system_file, portable_name
from archive.bagit.report import BagReport, ReadFile, Wishes
from archive.bagit.source import DECLARATION, BagSource
from archive.bagit.sums import WEAK, WIDTHS, digests_of, normal_name
from archive.bagit.tags import Declaration, FetchLine, Manifest, ManifestReader, oxum_of, read_declaration, read_fetch, read_info
from archive.bagit.text import NotTextError, lines_of
from archive.errors import UnreadableError

FETCH = "fetch.txt"
INFO = ("bag-info.txt", "package-info.txt")
"""the second until version 0.95"""
_MANIFEST = re.compile(r"(tag)?manifest-([^/]+)\.txt")
_DECLARATION_BYTES = 4096


def validate_bag(source: BagSource, wishes: Wishes | None = None, progress: Callable[[int, int], None] | None = None) -> BagReport:
    """Read everything in a bag and compare.

    Args:
        source: the bag.
        wishes: how strictly, and what else to compute.
        progress: told (bytes read, bytes in all) of every block.
    """
    check = _Check(source, wishes or Wishes(), Notes())
    check.run(progress)
    return check.report()


@dataclass(slots=True)
class _Check:
    """One run over one bag."""

    source: BagSource
    wishes: Wishes
    notes: Notes
    files: dict[str, int] = field(default_factory=dict)
    declaration: Declaration | None = None
    manifests: list[Manifest] = field(default_factory=list)
    tag_manifests: list[Manifest] = field(default_factory=list)
    fetch: tuple[FetchLine, ...] = ()
    info: tuple[tuple[str, str], ...] = ()
    payload: list[ReadFile] = field(default_factory=list)
    excused: int = 0
    """listed files that are not there and that the conformance suite forgives"""

    def run(self, progress: Callable[[int, int], None] | None) -> None:
        self.files = dict(sorted(self.source.files(self.notes).items()))
        if DECLARATION not in self.files:
            if not self.notes.refused:
                self.notes.add(NOT_A_BAG)
            return
        self.declaration = read_declaration(self._small(DECLARATION), self.notes)
        if self.declaration is None:
            return
        self._read_manifests(self.declaration)
        self._read_tags(self.declaration)
        self._compare_names(self.declaration)
        self._compare_fetch()
        self._compare_bytes(progress)
        self._look_at_names()

    def report(self) -> BagReport:
        return BagReport(
            name=self.source.name,
            version=str(self.declaration or ""),
            algorithms=tuple(sorted({one.algorithm for one in self.manifests})),
            info=self.info,
            payload=tuple(self.payload),
            tag_files=tuple(path for path in self.files if not path.startswith(PAYLOAD)),
            fetch=self.fetch,
            findings=self.notes.findings(),
        )

    def _small(self, path: str) -> bytes:
        try:
            with self.source.open(path) as stream:
                return stream.read(_DECLARATION_BYTES)
        except (UnreadableError, OSError) as error:
            self.notes.add(UNREADABLE, path, str(error))
            return b""

    def _lines(self, path: str) -> Iterator[str]:
        """The lines of a list; a list that breaks off is noted and what was read of it counts."""
        codec, encoding = (self.declaration.codec, self.declaration.encoding) if self.declaration else ("utf-8", "UTF-8")
        try:
            with self.source.open(path) as stream:
                yield from lines_of(stream, codec)
        except NotTextError as error:
            self.notes.add(NOT_TEXT, path, str(error), encoding=encoding)
        except (UnreadableError, OSError) as error:
            self.notes.add(UNREADABLE, path, str(error))

    def _read_manifests(self, declaration: Declaration) -> None:
        for path in self.files:
            match = _MANIFEST.fullmatch(path)
            if match is None:
                continue
            algorithm = normal_name(match[2])
            if algorithm not in WIDTHS:
                self.notes.add(ALGORITHM_UNKNOWN, path, algorithm=match[2])
                continue
            manifest = Manifest(path, algorithm)
            ManifestReader(manifest, declaration, self.notes, of_payload=not match[1]).read(self._lines(path))
            (self.tag_manifests if match[1] else self.manifests).append(manifest)

    def _read_tags(self, declaration: Declaration) -> None:
        if FETCH in self.files:
            self.fetch = tuple(read_fetch(self._lines(FETCH), declaration, self.notes))
        name = next((name for name in INFO if name in self.files), "")
        if name:
            self.info = read_info(self._lines(name), name, self.notes)

    def _compare_names(self, declaration: Declaration) -> None:
        """Lists against lists and files: what is missing, what nobody listed."""
        if not self.source.has_folder("data"):
            self.notes.add(NO_PAYLOAD)
        if not self.manifests:
            self.notes.add(NO_MANIFEST)
            return
        algorithms = {one.algorithm for one in self.manifests}
        if algorithms <= WEAK:
            self.notes.add(WEAK_DIGEST, algorithms=", ".join(sorted(algorithms)))
        if not self.tag_manifests:
            self.notes.add(NO_TAG_MANIFEST)
        self._take_literally()
        self._missing()
        listed = [one.digests for one in self.manifests]
        for path in self.files:
            if path.startswith(PAYLOAD):
                self._listed(path, declaration, listed)
        self._compare_oxum()

    def _take_literally(self) -> None:
        """Writers that do not encode ``%`` name the file as it is written: where only that file is there, it is meant."""
        for manifest in (*self.manifests, *self.tag_manifests):
            for path, written in manifest.literal.items():
                if path not in self.files and written in self.files and written not in manifest.digests:
                    manifest.digests[written] = manifest.digests.pop(path, "")

    def _listed(self, path: str, declaration: Declaration, listed: list[dict[str, str]]) -> None:
        lacking = [one.name for one in self.manifests if path not in one.digests]
        if lacking and (declaration.is_one or len(lacking) == len(listed)):
            self.notes.add(NOT_LISTED, path, where=", ".join(lacking))

    def _missing(self) -> None:
        fetched = {line.path for line in self.fetch}
        twins: dict[str, str] | None = None
        wanted: dict[str, tuple[str, str]] = {}
        for manifest in (*self.manifests, *self.tag_manifests):
            for path, digest in manifest.digests.items():
                if path not in self.files and path not in fetched:
                    wanted.setdefault(path, (manifest.algorithm, digest))
        for path, (algorithm, digest) in sorted(wanted.items()):
            if twins is None:
                twins = {portable_name(one): one for one in self.files}
            self._note_missing(path, (algorithm, digest), twins.get(portable_name(path), ""))

    def _note_missing(self, path: str, digest: tuple[str, str], twin: str) -> None:
        if twin and any(digest == (one.algorithm, one.digests.get(twin, "")) for one in self.manifests):
            self.notes.add(MISSING_TWIN, path, name=twin)
        elif is_system_file(path):
            self.notes.add(MISSING_SYSTEM, path)
        else:
            self.notes.add(MISSING, path)
            return
        if self.wishes.conformance_suite:
            self.excused += 1
        else:
            self.notes.add(MISSING, path)

    def _compare_oxum(self) -> None:
        payload = [size for path, size in self.files.items() if path.startswith(PAYLOAD)]
        found = (sum(payload), len(payload))
        for text, stated in oxum_of(self.info):
            if stated == found or (self.excused and stated is not None and stated[1] == found[1] + self.excused):
                continue
            self.notes.add(OXUM, INFO[0], stated=text, found=f"{found[0]}.{found[1]}")

    def _compare_fetch(self) -> None:
        listed = [one.digests for one in self.manifests]
        for line in self.fetch:
            if not any(line.path in digests for digests in listed):
                self.notes.add(FETCH_NOT_LISTED, line.path, line.url)
            if line.path not in self.files:
                self.notes.add(FETCH_INCOMPLETE, line.path, url=line.url)
        if self.fetch and all(line.path in self.files for line in self.fetch):
            self.notes.add(FETCH_PRESENT, FETCH, count=len(self.fetch))

    def _compare_bytes(self, progress: Callable[[int, int], None] | None) -> None:
        tell = _counting(progress, sum(self.files.values())) if progress is not None else None
        for path, size in self.files.items():
            of_payload = path.startswith(PAYLOAD)
            lists = self.manifests if of_payload else self.tag_manifests
            expected = [(one.algorithm, one.digests[path]) for one in lists if path in one.digests]
            if not expected and not of_payload and self.tag_manifests and not path.startswith("tagmanifest-"):
                self.notes.add(TAG_NOT_COVERED, path)
            if expected or (of_payload and self.wishes.keep):
                self._compare_file((path, size), expected, tell)

    def _compare_file(self, file: tuple[str, int], expected: list[tuple[str, str]], tell: Callable[[int], None] | None) -> None:
        path, size = file
        of_payload = path.startswith(PAYLOAD)
        keep = self.wishes.keep if of_payload else ()
        try:
            with self.source.open(path, from_device=self.wishes.from_device) as stream:
                digests, read = digests_of(stream, [*(algorithm for algorithm, _ in expected), *keep], size, tell)
        except (UnreadableError, OSError) as error:
            self.notes.add(UNREADABLE, path, str(error))
            return
        if read != size:
            self.notes.add(UNREADABLE, path, f"{read} bytes came, {size} were there before")
            return
        for (algorithm, digest), found in zip(expected, digests, strict=False):
            if digest != found:
                self.notes.add(CHANGED, path, f"expected {digest}, found {found}", algorithm=algorithm)
                break  # one finding a file: the other lists only say it again
        if of_payload:
            self.payload.append(ReadFile(path, size, tuple(digests[len(expected) :])))

    def _look_at_names(self) -> None:
        """Names that other systems cannot keep apart, files that are no material."""
        listed: Iterable[str] = dict.fromkeys((*self.files, *(path for one in self.manifests for path in one.digests)))
        seen: dict[int, str] = {}  # by the hash of the portable name: half the memory of the names themselves
        for path in sorted(listed):
            name = portable_name(path)
            other = seen.setdefault(hash(name), path)
            if other is not path and portable_name(other) == name:
                self.notes.add(ALIKE, path, name=other)
            if path.startswith(PAYLOAD) and is_system_file(path):
                self.notes.add(SYSTEM_FILE, path)
            if "\\" in path:
                self.notes.add(BACKSLASH, path)


def _counting(progress: Callable[[int, int], None], total: int) -> Callable[[int], None]:
    """Takes the bytes of every block and tells how many were read in all."""
    done = 0

    def count(block: int) -> None:
        nonlocal done
        done += block
        progress(done, total)

    return count
