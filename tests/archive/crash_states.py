"""What a disk may hold after a power cut: every change that was recorded is there, or lost, or half there, unless it was synced.

The weakest promise of POSIX: ``sync`` makes everything before it durable; ``sync_file`` the bytes of one file, not its name;
``sync_folder`` the names in one folder; everything else may be kept or lost in any order.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.errors import DitichError
from archive.storage.base import parent_of
from archive.storage.memory import MemoryStorage

RECORDED = ("make_folder", "write_new", "rename", "replace", "append", "truncate", "remove_file", "remove_folder")
SYNCS = ("sync", "sync_file", "sync_folder")


@dataclass(frozen=True)
class Change:
    """One call, and after which of the later calls its name and its bytes are durable (a large number: never)."""

    name: str
    arguments: tuple[Any, ...]


class RecordingStorage(MemoryStorage):
    """A storage in memory that remembers every change and every sync."""

    def __init__(self, nodes: dict[str, bytearray | None]) -> None:
        super().__init__()
        self.nodes = {path: None if content is None else bytearray(content) for path, content in nodes.items()}
        self.changes: list[Change] = []

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in RECORDED and name not in SYNCS:
            return found

        def recorded(*arguments: Any) -> Any:
            position = len(self.changes)
            self.changes.append(Change(name, tuple(bytes(value) if isinstance(value, bytes) else value for value in arguments)))
            try:
                return found(*arguments)
            except BaseException:
                del self.changes[position:]
                raise

        return recorded


def crash_states(
    base: dict[str, bytearray | None], changes: list[Change], *, rounds: int, seed: int, syncs_count: bool = True
) -> Iterator[tuple[int, MemoryStorage]]:
    """(number of calls that were made, what the disk holds) for a sample of all states after a power cut.

    ``syncs_count=False`` is the control: a disk that ignores every sync, on which the tests must fail.
    """
    chance = random.Random(seed)
    for _ in range(rounds):
        # The end, where something was acknowledged, is drawn more often than any other moment.
        moment = len(changes) if chance.random() < 0.2 else chance.randrange(len(changes) + 1)
        keep = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        disk = MemoryStorage()
        disk.nodes = {path: None if content is None else bytearray(content) for path, content in base.items()}
        for position, change in enumerate(changes[:moment]):
            if change.name in SYNCS:
                continue
            name_durable, bytes_durable = _durable(changes[position:moment], change) if syncs_count else (False, False)
            if name_durable or chance.random() < keep:
                _apply(disk, change, 1.0 if bytes_durable else chance.choice((0.0, 0.5, 1.0)))
        yield moment, disk


def _durable(later: list[Change], change: Change) -> tuple[bool, bool]:
    first = change.arguments[0]
    target = change.arguments[1] if change.name in {"rename", "replace"} else first
    everything = any(sync.name == "sync" for sync in later)
    name = any(sync.name == "sync_folder" and sync.arguments[0] == parent_of(target) for sync in later)
    content = any(sync.name == "sync_file" and sync.arguments[0] == first for sync in later)
    if change.name in {"append", "truncate"}:
        name = name or content  # the file is there already, or its name is synced like any other
    return everything or name, everything or content


def _apply(disk: MemoryStorage, change: Change, share: float) -> None:
    arguments = list(change.arguments)
    if change.name in {"write_new", "append"}:
        arguments[1] = arguments[1][: int(len(arguments[1]) * share)]
    try:
        getattr(disk, change.name)(*arguments)
    except DitichError:
        return  # what it depends on was lost
