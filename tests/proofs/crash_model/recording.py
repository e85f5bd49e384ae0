"""A storage in memory that remembers every call that changes something, and every sync, in the order in which they were made.

Several writers can share one: each call is then a turn, and a seeded draw decides whose turn comes next, so that a schedule can be
played again by its number.
"""

import random
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ConflictError, NotFoundError
from archive.storage.base import Entry, Kind, parent_of
from archive.storage.memory import MemoryStorage

Nodes = dict[str, bytearray | None]
CHANGES = ("make_folder", "write_new", "rename", "replace", "append", "truncate", "remove_file", "remove_folder")
SYNCS = ("sync", "sync_file", "sync_folder")
ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True)
class Call:
    """One call on the storage; or, by the name ACKNOWLEDGED, the moment at which somebody was told that something is kept."""

    name: str
    arguments: tuple[Any, ...]


class _Tree(dict[str, bytearray | None]):
    """Nodes that know what lies in each folder, so that large trees are listed quickly."""

    def __init__(self, nodes: Nodes) -> None:
        super().__init__(nodes)
        self._listed: dict[str, list[str]] = {}

    def __setitem__(self, path: str, content: bytearray | None) -> None:
        self._listed = {}
        super().__setitem__(path, content)

    def __delitem__(self, path: str) -> None:
        self._listed = {}
        super().__delitem__(path)

    def pop(self, path: str) -> bytearray | None:  # type: ignore[override]  # the one form that the storage uses
        self._listed = {}
        return super().pop(path)

    def below(self, folder: str) -> list[str]:
        """The paths of what lies in a folder."""
        if not self._listed:
            for path in self:
                self._listed.setdefault(parent_of(path) if path else "/", []).append(path)
        return self._listed.get(folder, [])


class HomeInMemory(MemoryStorage):
    """A home's tree in memory, with ``incoming/`` in it: files are taken from there and given back as on one disk."""

    nodes: _Tree

    def __init__(self, nodes: Nodes, root: Path) -> None:
        super().__init__()
        self.nodes = _Tree({path: None if content is None else bytearray(content) for path, content in nodes.items()})
        self.root = root

    def entries(self, path: str) -> tuple[Entry, ...]:
        if self.kind(path) is not Kind.FOLDER:
            raise NotFoundError(f"{path} is not there.")
        return tuple(sorted(Entry(below.rpartition("/")[2], self.kind(below) or Kind.OTHER) for below in self.nodes.below(path)))

    def path_of(self, path: str) -> Path:
        return self.root / path

    def adopt(self, source: Path, path: str) -> int:
        self.rename(self._inside(source), path)
        return self.size(path)

    def release(self, path: str, target: Path) -> None:
        self.rename(path, self._inside(target))

    def discard(self, source: Path) -> None:
        self.remove_file(self._inside(source))

    def copy_in(self, source: Path, path: str, watch: Callable[[bytes], object]) -> None:
        content = self.read(self._inside(source)) if source.is_relative_to(self.root) else source.read_bytes()
        watch(content)
        self.write_new(path, content)

    def _inside(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


class RecordingStorage(HomeInMemory):
    """Remembers its calls in ``calls``; several that share a ``clock`` say there whose call each was."""

    def __init__(self, nodes: Nodes, root: Path, clock: "list[RecordingStorage] | None" = None) -> None:
        super().__init__(nodes, root)
        self.calls: list[Call] = []
        self.clock = clock if clock is not None else []
        self.turns: Turns | None = None

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in CHANGES and name not in SYNCS:
            return found

        def recorded(*arguments: Any) -> Any:
            if self.turns is not None:
                self.turns.next()
            kept = tuple(bytes(value) if isinstance(value, bytes | bytearray) else value for value in arguments)
            made = found(*arguments)
            self.calls.append(Call(name, kept if name != "sync" else ()))
            self.clock.append(self)
            return made

        return recorded

    def acknowledge(self, *what: Any) -> None:
        """Note the moment at which a writer was told that this is kept."""
        self.calls.append(Call(ACKNOWLEDGED, what))
        self.clock.append(self)

    @contextmanager
    def lock(self, path: str, *, seconds: float = 0.0) -> Iterator[None]:
        """As on a disk: who finds it taken waits for his turn again."""
        waited = 0
        while path in self._held and self.turns is not None and self.turns.others_live() and waited < 100_000:
            self.turns.next()
            waited += 1
        with super().lock(path, seconds=seconds):
            yield


class Turns:
    """Lets one of several threads run at a time, from call to call, as a seed draws it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._gate = threading.Condition()
        self._alive: list[int] = []
        self._whose = -1

    def others_live(self) -> bool:
        """Whether anybody else could still let go of a lock."""
        return len(self._alive) > 1

    def next(self) -> None:
        """Give the turn away and wait until it comes back."""
        me = threading.get_ident()
        if me not in self._alive:
            return
        with self._gate:
            self._whose = self._chance.choice(self._alive)
            self._gate.notify_all()
            self._gate.wait_for(lambda: self._whose == me)

    def run(self, works: Iterable[Callable[[], None]]) -> None:
        """Run all to their ends. What one of them raises, other than that somebody was quicker, is raised here."""
        wrong: list[BaseException] = []
        ready = threading.Barrier(len(works := list(works)) + 1)

        def live(work: Callable[[], None]) -> None:
            me = threading.get_ident()
            ready.wait()
            with self._gate:
                self._gate.wait_for(lambda: self._whose == me)
            try:
                work()
            except ConflictError:
                pass  # another writer was quicker: nothing of ours was acknowledged
            except BaseException as error:  # noqa: BLE001 - shown by the main thread
                wrong.append(error)
            with self._gate:
                self._alive.remove(me)
                self._whose = self._chance.choice(self._alive) if self._alive else -1
                self._gate.notify_all()

        threads = [threading.Thread(target=live, args=(work,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        self._alive = [thread.ident for thread in threads if thread.ident is not None]
        ready.wait()
        with self._gate:
            self._whose = self._chance.choice(self._alive)
            self._gate.notify_all()
        for thread in threads:
            thread.join(60)
        if wrong:
            raise wrong[0]


def nodes_of(root: Path) -> Nodes:
    """A home on disk as nodes."""
    nodes: Nodes = {"": None}
    for path in sorted(root.rglob("*")):
        nodes[path.relative_to(root).as_posix()] = None if path.is_dir() else bytearray(path.read_bytes())
    return nodes
