"""Rules for the content directories: every file in the manifest, every digest true, nothing empty, nothing linked (section 3.3.1)."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from archive.ocfl.algorithms import ALGORITHMS
from archive.ocfl.validate.file_digests import FileReader, intact_size
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.links import note_odd
from archive.ocfl.validate.wanted import Wanted, WantedDigests


@dataclass
class ContentCheck:
    """Reads the content of one object.

    Attributes:
        root: folder of the object.
        wanted: the digests.
        notes: of the object.
        reader: reads the files.
        seen: content paths that are there, of those that somebody wants.
        hidden: folders that could not be read.
        files: how many were read.
        bytes: that were read.
    """

    root: str
    wanted: WantedDigests
    notes: Notes
    reader: FileReader
    seen: set[str] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    _usual: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._usual = (self.wanted.algorithm,) if self.wanted.algorithm in ALGORITHMS else ()

    @cached_property
    def versions_with_content(self) -> frozenset[str]:
        """The version directories that the manifest has files in."""
        return frozenset(path.partition("/")[0] for path in self.wanted.manifest)

    def judge_directory(self, start: str) -> None:
        """Judge everything in a content directory.

        Args:
            start: the directory, relative to the object ("v1/content").
        """
        waiting = [start]
        while waiting:
            here = waiting.pop()
            try:
                with os.scandir(f"{self.root}/{here}") as entries:
                    empty = self._judge_entries(entries, here, waiting)
            except OSError as error:
                self.notes.unread(here, error)
                self.hidden.append(f"{here}/")
                continue
            if empty:
                self.notes.found("W003" if here == start else "E024", here, "empty")

    def judge_missing(self) -> None:
        """Judge what was not there; after all directories."""
        hidden = tuple(self.hidden)
        for path in sorted(self.wanted.manifest.keys() - self.seen):
            if not path.startswith(hidden):
                self.notes.found("E092", path, "there is no such file")
        for path in sorted(self.wanted.more.keys() - self.seen):
            if not path.startswith(hidden):
                for one in self.wanted.more[path].values():
                    self.notes.found(one.code, one.place, f"there is no file {path!r}")

    def _judge_entries(self, entries: Iterable[os.DirEntry[str]], here: str, waiting: list[str]) -> bool:
        """Judge the entries of one folder; whether there were none. The loop is plain on purpose: there are many files."""
        manifest, more, seen = self.wanted.manifest, self.wanted.more, self.seen
        new = ALGORITHMS.get(self.wanted.algorithm)
        empty = True
        for entry in entries:
            empty = False
            path = f"{here}/{entry.name}"
            if entry.is_file(follow_symlinks=False):
                size = intact_size(entry.path, new, manifest[path]) if new is not None and path in manifest and path not in more else -1
                if size < 0:
                    self._judge_file(path)
                else:
                    seen.add(path)
                    self.files += 1
                    self.bytes += size
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                seen.add(path)
                note_odd(path, self.notes, link=entry.is_symlink())
        return empty

    def _judge_file(self, path: str) -> None:
        """Judge a file by everything that is wanted of it."""
        digest = self.wanted.manifest.get(path)
        more = tuple(self.wanted.more.get(path, {}).values())
        if digest is None:
            self.notes.found("E023", path, "not in the manifest")
        if digest is not None or more:
            self.seen.add(path)
        algorithms = self._algorithms(digest, more)
        try:
            digests, links, size = self.reader.read(f"{self.root}/{path}", algorithms)
        except OSError as error:
            self.notes.unread(path, error)
            return
        self.files += 1
        self.bytes += size
        if links > 1:
            self.notes.found("E090", path, f"the file has {links} names")
        if more or digests != [digest]:
            self._compare(path, dict(zip(algorithms, digests, strict=True)), digest, more)

    def _algorithms(self, digest: str | None, more: Sequence[Wanted]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(self._usual if digest is not None else ()), *(one.algorithm for one in more))))

    def _compare(self, path: str, got: dict[str, str], digest: str | None, more: Sequence[Wanted]) -> None:
        algorithm = self.wanted.algorithm
        if digest is not None and got.get(algorithm, digest) != digest:
            self.notes.found("E092", path, f"{algorithm} is {got[algorithm]}, expected {digest}")
        for one in more:
            if got[one.algorithm] != one.digest:
                self.notes.found(one.code, path, f"{one.algorithm} is {got[one.algorithm]}, {one.place} says {one.digest}")
