"""The folders of a storage root that lead to its objects (section 4.3): every one looked at once, no link followed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.ocfl.validate.declarations import OBJECT, ROOT, declarations_in, declared_spec, is_object
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import Entries, EntryKind, entries_of
from archive.ocfl.validate.links import note_odd
from archive.ocfl.validate.version_names import version_number


@dataclass(slots=True)
class _Step:
    """A folder on the way down, with the folders in it that were not looked at yet."""

    path: str
    left: Iterator[str]
    leads_to_object: bool = False


@dataclass(slots=True)
class Hierarchy:
    """Walks through the folders of one root.

    Attributes:
        root: where it lies.
        notes: of the root.
    """

    root: str
    notes: Notes
    _steps: list[_Step] = field(default_factory=list)

    def objects(self, top: str) -> Iterator[str]:
        """The folders of all objects below one folder of the root, relative to it; judges what lies between.

        Args:
            top: name of the folder.
        """
        yield from self._enter(top)
        while self._steps:
            step = self._steps[-1]
            name = next(step.left, None)
            if name is not None:
                yield from self._enter(f"{step.path}/{name}")
                continue
            self._steps.pop()
            if self._steps:
                self._steps[-1].leads_to_object |= step.leads_to_object
            elif not step.leads_to_object:
                self.notes.found("E088", step.path, "no object below this folder")

    def _enter(self, path: str) -> Iterator[str]:
        """Step into a folder: the object's, or one on the way."""
        try:
            entries = entries_of(f"{self.root}/{path}")
        except OSError as error:
            self.notes.unread(path, error)
            self._mark()
            return
        if is_object(entries):
            self._mark()
            if not declarations_in(entries, OBJECT):
                for code in ("E072", "E085"):
                    self.notes.found(code, path, "an inventory, but nothing declares that this is an object")
            self._judge_nested(path, entries)
            yield path
            return
        self._judge_between(path, entries)
        self._steps.append(_Step(path, iter([name for name, kind in entries.items() if kind is EntryKind.FOLDER])))

    def _mark(self) -> None:
        """The folder that this one lies in leads to an object."""
        if self._steps:
            self._steps[-1].leads_to_object = True

    def _judge_between(self, path: str, entries: Entries) -> None:
        if declared_spec(entries, ROOT):
            self.notes.found("E074", path, "a storage root inside a storage root")
        if not entries:
            self.notes.found("E073", path, "empty")
        elif EntryKind.FOLDER not in entries.values():
            self.notes.found("E085", path, "ends without an object")
        for name, kind in entries.items():
            if kind is EntryKind.FILE:
                for code in ("E072", "E084"):
                    self.notes.found(code, f"{path}/{name}", "a file between the root and its objects")
            elif kind is not EntryKind.FOLDER:
                note_odd(f"{path}/{name}", self.notes, link=kind is EntryKind.LINK)

    def _judge_nested(self, path: str, entries: Entries) -> None:
        """Look for objects in folders of an object that are none of its own (E082)."""
        odd = (name for name, kind in entries.items() if kind is EntryKind.FOLDER and not version_number(name))
        waiting = [f"{path}/{name}" for name in odd if name not in {"logs", "extensions"}]
        while waiting:
            here = waiting.pop()
            try:
                below = entries_of(f"{self.root}/{here}")
            except OSError:
                continue  # the judgement of the object says that it could not be read
            if is_object(below):
                self.notes.found("E082", here, f"an object inside the object {path}")
            waiting += [f"{here}/{name}" for name, kind in below.items() if kind is EntryKind.FOLDER]
