"""Rules for the content directories: every file in the manifest, every digest true, nothing empty, nothing linked (section 3.3.1)."""

import os
from dataclasses import dataclass, field

from archive.ocfl.validate.algorithms import ALGORITHMS
from archive.ocfl.validate.file_digests import FileReader
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.links import note_odd
from archive.ocfl.validate.wanted import Wanted, WantedDigests


@dataclass(slots=True)
class ContentCheck:
    """Reads the content of one object.

    Attributes:
        root: folder of the object.
        wanted: the digests.
        notes: of the object.
        reader: reads the files.
        seen: content paths that are there, of those that somebody wants.
        hidden: folders that could not be read.
    """

    root: str
    wanted: WantedDigests
    notes: Notes
    reader: FileReader
    seen: set[str] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)

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
        for path in self.wanted.manifest.keys() - self.seen:
            if not path.startswith(hidden):
                self.notes.found("E092", path, "there is no such file")
        for path in self.wanted.more.keys() - self.seen:
            if not path.startswith(hidden):
                for one in self.wanted.more[path]:
                    self.notes.found(one.code, one.place, f"there is no file {path!r}")

    def _judge_entries(self, entries: "os._ScandirIterator[str]", here: str, waiting: list[str]) -> bool:
        empty = True
        for entry in entries:
            empty = False
            path = f"{here}/{entry.name}"
            if entry.is_file(follow_symlinks=False):
                self._judge_file(path)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                self.seen.add(path)
                note_odd(path, self.notes, link=entry.is_symlink())
        return empty

    def _judge_file(self, path: str) -> None:
        digest = self.wanted.manifest.get(path)
        more = self.wanted.more.get(path)
        if digest is None:
            self.notes.found("E023", path, "not in the manifest")
        self.seen.add(path)
        algorithm = self.wanted.algorithm
        algorithms = [algorithm] if digest is not None and algorithm in ALGORITHMS else []
        if more is not None:
            algorithms += [one.algorithm for one in more if one.algorithm not in algorithms]
        try:
            facts = self.reader.read(f"{self.root}/{path}", algorithms)
        except OSError as error:
            self.notes.unread(path, error)
            return
        if facts.links > 1:
            self.notes.found("E090", path, f"the file has {facts.links} names")
        tally = self.notes.tally
        tally.files += 1
        tally.bytes += facts.size
        if not algorithms or (more is None and facts.digests[0] == digest):
            return
        self._compare(path, dict(zip(algorithms, facts.digests, strict=True)), digest, more or [])

    def _compare(self, path: str, got: dict[str, str], digest: str | None, more: list[Wanted]) -> None:
        algorithm = self.wanted.algorithm
        if digest is not None and got.get(algorithm, digest) != digest:
            self.notes.found("E092", path, f"{algorithm} is {got[algorithm]}, expected {digest}")
        for one in more:
            if got[one.algorithm] != one.digest:
                self.notes.found(one.code, path, f"{one.algorithm} is {got[one.algorithm]}, {one.place} says {one.digest}")
