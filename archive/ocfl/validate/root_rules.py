"""All rules for a storage root, in order (section 4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from archive.ocfl.validate.block import INVENTORY
from archive.ocfl.validate.declarations import ROOT, judge_declaration
from archive.ocfl.validate.extensions import OF_ROOT, judge_extensions
from archive.ocfl.validate.file_digests import FileReader
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import Entries, EntryKind, read_whole
from archive.ocfl.validate.hierarchy import Hierarchy
from archive.ocfl.validate.json_text import NotJsonError, parse_json
from archive.ocfl.validate.layout import Layout, read_layout
from archive.ocfl.validate.links import note_odd
from archive.ocfl.validate.object_ids import ObjectIds, short_digest
from archive.ocfl.validate.object_rules import LARGEST_INVENTORY, ObjectFacts, judge_object

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Root:
    """A root while it is judged.

    Attributes:
        path: where it lies.
        notes: what is found.
        layout: None when objects may lie anywhere.
        spec: that it declares.
        ids: of its objects.
        depths: folders from the root to an object, each one that occurs.
        astray: whether an object does not lie where the layout says.
    """

    path: str
    notes: Notes
    layout: Layout | None
    spec: str
    ids: ObjectIds = field(default_factory=ObjectIds)
    depths: set[int] = field(default_factory=set)
    astray: bool = False


def judge_root(path: str, entries: Entries, notes: Notes, progress: Progress) -> None:
    """Judge a storage root and every object in it.

    Args:
        path: where it lies.
        entries: of its folder.
        notes: what is found goes there.
        progress: told (done, all) of the folders directly below the root.
    """
    spec = judge_declaration(path, entries, ROOT, notes)
    root = _Root(path, notes, read_layout(path, entries, notes), spec)
    for name, kind in entries.items():
        if kind in {EntryKind.LINK, EntryKind.OTHER}:
            note_odd(name, notes, link=kind is EntryKind.LINK)
    if entries.get("extensions") is EntryKind.FOLDER:
        judge_extensions(path, OF_ROOT, notes)
    reader = FileReader()
    for folder in _object_folders(root, entries, progress):
        facts = judge_object(f"{path}/{folder}", notes.below(folder), reader)
        _judge_place(root, folder, facts)
    _judge_pattern(root)
    _judge_ids(root, entries)


def _object_folders(root: _Root, entries: Entries, progress: Progress) -> Iterator[str]:
    tops = [name for name, kind in entries.items() if kind is EntryKind.FOLDER and name != "extensions"]
    for done, top in enumerate(tops):
        progress(done, len(tops))
        yield from Hierarchy(root.path, root.notes).objects(top)


def _judge_place(root: _Root, folder: str, facts: ObjectFacts) -> None:
    """Judge that an object lies where the layout says, and follows no newer specification than the root."""
    root.depths.add(folder.count("/"))
    if facts.spec > root.spec and root.spec:
        root.notes.below(folder).found("E081", "", f"the object declares {facts.spec}, the root {root.spec}")
    if not facts.object_id:
        return
    root.ids.add(facts.object_id)
    if root.layout is not None:
        wanted = _folder_by(root.layout, facts.object_id)
        if wanted != folder:
            root.astray = True
            root.notes.below(folder).found("E083", "", f"{root.layout.name} says {wanted or 'that it has no place'}")


def _folder_by(layout: Layout, object_id: str) -> str:
    try:
        return layout.folder(object_id).lstrip("/")
    except ValueError:
        return ""


def _judge_pattern(root: _Root) -> None:
    """Judge that all objects lie equally deep, unless the layout says where each of them lies."""
    if root.layout is not None and not root.astray:
        return
    if len(root.depths - {0}) > 1:
        found = ", ".join(str(depth + 1) for depth in sorted(root.depths))
        root.notes.found("W014", "", f"objects lie {found} folders below the root")
    if root.depths > {0}:
        root.notes.found("W015", "", "some objects lie directly in the root, others do not")


def _judge_ids(root: _Root, entries: Entries) -> None:
    """Name the objects that share an id: a second walk, only where there are any."""
    repeated = root.ids.repeated()
    if not repeated:
        return
    first: dict[str, str] = {}
    silent = _Root(root.path, Notes(type(root.notes.tally)()), None, "")
    for folder in _object_folders(silent, entries, lambda _done, _all: None):
        found = _id_in(f"{root.path}/{folder}")
        if found and short_digest(found) in repeated:
            other = first.setdefault(found, folder)
            if other != folder:
                for code in ("E037", "E083"):
                    root.notes.below(folder).found(code, "", f"{found!r:.200} is the id of {other} too")


def _id_in(folder: str) -> str:
    try:
        value = parse_json(read_whole(f"{folder}/{INVENTORY}", LARGEST_INVENTORY)[0]).value
    except (OSError, NotJsonError, MemoryError):
        return ""
    found = value.get("id") if isinstance(value, dict) else ""
    return found if isinstance(found, str) else ""
