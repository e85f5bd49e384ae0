"""Mutations of a draft: what the inventories say, how they are written, which files lie where."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conformance.ocfl_mutations.drafts import INVENTORY, Alter, Change, Draft, Inventory, digest

Edit = Callable[[Draft], object]


def everywhere(change: Change) -> Edit:
    """Change every inventory."""

    def edit(draft: Draft) -> None:
        for inventory in draft.inventories.values():
            change(inventory)

    return edit


def newest(change: Change) -> Edit:
    """Change the newest inventory: in the object's folder and in its version's."""
    return lambda draft: change(draft.inventories[draft.head])


def oldest(change: Change) -> Edit:
    """Change the inventory of the first version."""
    return lambda draft: change(next(iter(draft.inventories.values())))


def key(name: str, value: Any) -> Edit:
    """Every inventory says this under a key."""
    return everywhere(lambda inventory: inventory.update({name: value}))


def without(name: str) -> Edit:
    """No inventory has this key."""
    return everywhere(lambda inventory: inventory.pop(name))


def version(change: Callable[[dict[str, Any]], object], name: str = "v1") -> Edit:
    """Change the block of a version in every inventory that has it."""
    return everywhere(lambda inventory: change(inventory["versions"][name]) if name in inventory["versions"] else None)


def version_key(name: str, value: Any) -> Edit:
    """The first version says this under a key."""
    return version(lambda block: block.update({name: value}))


def logical(old: str, new: Any) -> Edit:
    """Another logical path in the first version."""
    return version(lambda block: _replace(block["state"], old, new))


def stored(old: str, new: Any) -> Edit:
    """Another content path in every manifest; the file stays."""
    return everywhere(lambda inventory: _replace(inventory["manifest"], old, new))


def renamed_digest(content: bytes, new: str, *, blocks: tuple[str, ...] = ("manifest", "state"), algorithm: str = "sha512") -> Edit:
    """Another digest for a content, in the manifest, the states, or both."""

    def change(inventory: Inventory) -> None:
        old = digest(content, algorithm)
        places = [inventory["manifest"]] if "manifest" in blocks else []
        places += [block["state"] for block in inventory["versions"].values()] if "state" in blocks else []
        for place in places:
            if old in place:
                place[new] = place.pop(old)

    return everywhere(change)


def fixity(algorithm: str, entries: Any) -> Edit:
    """A fixity block for an algorithm."""
    return everywhere(lambda inventory: inventory.setdefault("fixity", {}).update({algorithm: entries}))


def true_fixity(*algorithms: str) -> Edit:
    """Right digests of the first file, by these algorithms."""

    def edit(draft: Draft) -> None:
        path, content = next((path, content) for path, content in draft.files.items() if "/" in path)
        for algorithm in algorithms:
            fixity(algorithm, {digest(content, algorithm): [path]})(draft)

    return edit


def bytes_of(alter: Alter, where: str = "all") -> Edit:
    """Alter the bytes of inventories before their digest is taken."""

    def edit(draft: Draft) -> None:
        before = draft.alterations.get(where, bytes)
        draft.alterations[where] = lambda content: alter(before(content))

    return edit


def text_of(old: str, new: str, where: str = "all") -> Edit:
    """Replace a text in inventories before their digest is taken."""

    def alter(content: bytes) -> bytes:
        assert old.encode() in content, old
        return content.replace(old.encode(), new.encode())

    return bytes_of(alter, where)


def sidecar(alter: Alter, where: str = "") -> Edit:
    """Alter the sidecar of the object's folder, or of a version folder."""

    def step(folder: Path) -> None:
        (path,) = (folder / where).glob(f"{INVENTORY}.*")
        path.write_bytes(alter(path.read_bytes()))

    return after(step)


def file(path: str, content: bytes = b"stray\n") -> Edit:
    """A file more, or another content for one; no inventory hears of it."""
    return lambda draft: draft.files.update({path: content})


def folder(path: str) -> Edit:
    """An empty folder."""
    return lambda draft: draft.folders.append(path)


def after(step: Callable[[Path], object]) -> Edit:
    """Do something to the folder when everything is written."""
    return lambda draft: draft.after.append(step)


def gone(path: str) -> Edit:
    """A file is missing."""
    return after(lambda place: (place / path).unlink())


def moved(old: str, new: str) -> Edit:
    """A file or folder has another name."""
    return after(lambda place: (place / old).rename(place / new))


def linked(path: str, target: str) -> Edit:
    """A symbolic link stands where a file or folder was (it moves aside to the link's target, if nothing is there), or in a new place."""

    def step(place: Path) -> None:
        link, aim = place / path, place / path
        if os.path.lexists(link):
            aim = link.parent / target
            link.rename(aim)
        link.symlink_to(target)

    return after(step)


def hard_linked(path: str, target: str) -> Edit:
    """Two names of one file."""

    def step(place: Path) -> None:
        (place / path).unlink(missing_ok=True)
        (place / path).hardlink_to(place / target)

    return after(step)


def declared(name: str, content: bytes | None = None) -> Edit:
    """A declaration file of this name instead of the right one; its content is the right one for the name unless given."""

    def edit(draft: Draft) -> None:
        del draft.files[f"0=ocfl_object_{draft.ocfl}"]
        draft.files[name] = f"{name.partition('=')[2]}\n".encode() if content is None else content

    return edit


def also_stored(path: str, content: bytes, at: str) -> Edit:
    """One more file in every manifest and in the state of the first version."""

    def edit(draft: Draft) -> None:
        draft.files[at] = content
        hashed = digest(content, draft.algorithm)
        for inventory in draft.inventories.values():
            inventory["manifest"].setdefault(hashed, []).append(at)
            inventory["versions"][next(iter(draft.inventories))]["state"].setdefault(hashed, []).append(path)

    return edit


def _replace(block: dict[str, list[Any]], old: str, new: Any) -> None:
    for paths in block.values():
        if old in paths:
            paths[paths.index(old)] = new
            return
    raise AssertionError(old)
