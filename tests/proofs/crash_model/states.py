"""What a disk may hold after a power cut: every legal set of effects that were not synced.

A call has two kinds of effects: on names (a file or folder is there, is called so, is gone) and on the bytes of a file. Two models say
which of them must be there after the cut:

* ``ext4``: names are journalled in order, so that what is there is
  a beginning of all; any sync writes out the whole journal so far;
* ``any order``: the weakest that POSIX allows: each effect on a name may be there or not, whatever came after, unless its own folder was
  synced; ``sync_file`` promises the bytes and not the name.

In both, bytes that were not synced may be missing, half there or there: all of them alike, and each file by itself against all others.
A rename is one effect: it has happened or it has not.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from archive.storage.base import parent_of
from tests.proofs.crash_model.recording import ACKNOWLEDGED, CHANGES, Call, Nodes

NEVER = 1 << 60
FOLDER = -1
SHARES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
MODELS = ("ext4", "any order")


@dataclass
class File:
    """One file, whatever it is called: its bytes are synced by themselves."""

    content: bytearray


@dataclass(frozen=True)
class Effect:
    """What one call did: a change of names, of one file's bytes (``file``, counted through), or both."""

    position: int
    call: Call
    names: bool
    file: int


@dataclass(frozen=True)
class History:
    """The effects of a run, and from which call on each is durable by its names (by model) and by its bytes."""

    effects: tuple[Effect, ...]
    names_safe: dict[str, tuple[int, ...]]
    bytes_safe: tuple[int, ...]
    calls: tuple[Call, ...] = field(repr=False, default=())


def history_of(base: Nodes, calls: list[Call], *, syncs_count: bool = True) -> History:
    """Work out once what every sync made durable. ``syncs_count=False`` is a disk that ignores every sync."""
    at = {path: number for number, path in enumerate(path for path, content in base.items() if content is not None)}
    count = len(at)
    effects: list[Effect] = []
    synced_files: list[tuple[int, int]] = []
    for position, call in enumerate(calls):
        if call.name in CHANGES:
            made, count = _effect(at, position, call, count)
            effects.append(made)
        elif call.name == "sync_file" and syncs_count:
            synced_files.append((position, at[call.arguments[0]]))
    syncs = [(position, call) for position, call in enumerate(calls) if call.name.startswith("sync")] if syncs_count else []
    ordered = tuple(next((position for position, _ in syncs if position > made.position), NEVER) for made in effects)
    weakest = tuple(_name_safe(made, syncs) for made in effects)
    everything = [position for position, call in syncs if call.name == "sync"]
    safe = tuple(
        min(
            next((position for position in everything if position > made.position), NEVER),
            next((position for position, number in synced_files if position > made.position and number == made.file), NEVER),
        )
        for made in effects
    )
    return History(tuple(effects), {"ext4": ordered, "any order": weakest}, safe, tuple(calls))


def _effect(at: dict[str, int], position: int, call: Call, count: int) -> tuple[Effect, int]:
    """The effect of a call in the history that really was; ``at`` follows which file is called what."""
    path = call.arguments[0]
    if call.name == "write_new" or (call.name == "append" and path not in at):
        at[path] = count
        return Effect(position, call, names=True, file=count), count + 1
    if call.name in {"append", "truncate"}:
        return Effect(position, call, names=False, file=at[path]), count
    if call.name in {"rename", "replace"}:
        target = call.arguments[1]
        for name in [name for name in at if name == path or name.startswith(f"{path}/")]:
            at[target + name.removeprefix(path)] = at.pop(name)
    elif call.name == "remove_file":
        del at[path]
    return Effect(position, call, names=True, file=FOLDER), count


def _name_safe(made: Effect, syncs: list[tuple[int, Call]]) -> int:
    if not made.names:
        return -1  # there is no name to lose
    folders = {parent_of(path) for path in made.call.arguments if isinstance(path, str)}
    for position, call in syncs:
        if position > made.position and (call.name == "sync" or (call.name == "sync_folder" and call.arguments[0] in folders)):
            return position
    return NEVER


@dataclass
class Draw:
    """How many states are tried at one moment; where there are more, so many are drawn. Counts at how many moments it had to draw."""

    most: int
    chance: random.Random
    drawn_moments: int = 0
    whole_moments: int = 0


class Cut:
    """The power cut after ``moment`` calls of a history, under a model.

    ``made`` are the effects until then, ``free`` those of them whose names may be lost, ``loose`` those whose bytes may be.
    """

    def __init__(self, base: Nodes, history: History, moment: int, model: str) -> None:
        self.base = base
        self.effects = history.effects
        self.model = model
        safe = history.names_safe[model]
        self.made = [number for number, effect in enumerate(self.effects) if effect.position < moment]
        self.free = [number for number in self.made if self.effects[number].names and safe[number] >= moment]
        self.loose = [number for number in self.made if self.effects[number].file != FOLDER and history.bytes_safe[number] >= moment]

    def disks(self, draw: Draw) -> Iterator[Nodes]:
        """Every different disk that it may leave, or a draw of them where they are too many."""
        seen: set[bytes] = set()
        for lost, shares in self._choices(draw):
            disk = self._build(lost, {number: share for number, share in shares.items() if number not in lost})
            digest = _digest(disk)
            if digest not in seen:
                seen.add(digest)
                yield disk

    def _choices(self, draw: Draw) -> list[tuple[frozenset[int], dict[int, float]]]:
        sets, whole = self._lost_names(draw)
        policies = list(_byte_policies(self.loose))
        if whole and len(sets) * len(policies) <= draw.most:
            draw.whole_moments += 1
            return [(lost, shares) for lost in sets for shares in policies]
        draw.drawn_moments += 1
        ends = [(lost, shares) for lost in (sets[0], sets[-1]) for shares in policies[:3]]
        return [*ends, *((draw.chance.choice(sets), draw.chance.choice(policies)) for _ in range(draw.most - len(ends)))]

    def _lost_names(self, draw: Draw) -> tuple[list[frozenset[int]], bool]:
        """The sets of effects on names that are lost, and whether these are all that there can be."""
        free = self.free
        beginnings = [frozenset(free[count:]) for count in range(len(free), -1, -1)]
        if self.model == "ext4":
            return beginnings, True
        found = list(islice(self._legal_sets(frozenset(free)), draw.most + 1))
        if len(found) <= draw.most:
            return found, True
        # Objects of a batch do not know of one another: every set of one of them, with all the others there and with none of them.
        group = self._group_of(draw.chance.choice(free))
        of_one = list(islice(self._legal_sets(group), draw.most))
        others = frozenset(free) - group
        scattered = [frozenset(number for number in free if draw.chance.random() < share) for share in SHARES for _ in range(8)]
        return [beginnings[0], *of_one, *(lost | others for lost in of_one), *scattered, *beginnings[1:]], False

    def _group_of(self, number: int) -> frozenset[int]:
        """The free effects that concern the same staged object."""
        key = _staged(self.effects[number].call)
        return frozenset(other for other in self.free if _staged(self.effects[other].call) == key)

    def _legal_sets(self, may_go: frozenset[int]) -> Iterator[frozenset[int]]:
        """All sets of these effects that can be lost so that every kept one still finds what it needs, without repetitions."""

        def grow(index: int, names: dict[str, int], lost: tuple[int, ...]) -> Iterator[frozenset[int]]:
            for number in self.made[index:]:
                index += 1
                effect = self.effects[number]
                if not effect.names:
                    continue
                possible = _possible(names, effect.call)
                if number in may_go:
                    if not possible:
                        lost = (*lost, number)
                        continue
                    yield from grow(index, dict(names), (*lost, number))
                if possible:
                    _change_names(names, effect)
            yield frozenset(lost)

        yield from grow(0, {path: FOLDER if content is None else 0 for path, content in self.base.items()}, ())

    def _build(self, lost: frozenset[int], shares: dict[int, float]) -> Nodes:
        files: dict[int, bytearray] = {}
        tree: dict[str, int] = {path: FOLDER for path, content in self.base.items() if content is None}
        for number, (path, content) in enumerate((path, content) for path, content in self.base.items() if content is not None):
            files[number], tree[path] = content, number
        for number in self.made:
            effect = self.effects[number]
            if number not in lost or not effect.names:
                _apply(tree, files, effect, shares.get(number, 1.0))
        return {path: None if file == FOLDER else bytearray(files[file]) for path, file in tree.items()}


def _staged(call: Call) -> str:
    parts = call.arguments[0].split("/")
    return "/".join(parts[:4])


def _possible(names: dict[str, int], call: Call) -> bool:
    path = call.arguments[0]
    if call.name in {"make_folder", "write_new", "append"}:
        return path not in names and names.get(parent_of(path), 0) == FOLDER
    if call.name in {"rename", "replace"}:
        target = call.arguments[1]
        return path in names and names.get(parent_of(target), 0) == FOLDER and (call.name == "replace" or target not in names)
    if call.name == "remove_folder":
        return path in names and not any(name.startswith(f"{path}/") for name in names)
    return path in names


def _byte_policies(loose: list[int]) -> Iterator[dict[int, float]]:
    """How much of each unsynced change of bytes is there."""
    yield {}
    if not loose:
        return
    yield dict.fromkeys(loose, 0.0)
    yield dict.fromkeys(loose, 0.5)
    if len(loose) > 1:
        for one in loose:
            yield {one: 0.0}
            yield {**dict.fromkeys(loose, 0.0), one: 1.0}


def _apply(tree: dict[str, int], files: dict[int, bytearray], effect: Effect, share: float) -> None:
    call = effect.call
    path = call.arguments[0]
    if effect.names:
        if not _possible(tree, call):
            return
        _change_names(tree, effect)
    if effect.file == FOLDER or (not effect.names and effect.file not in tree.values()):
        return  # the file has no name any more, or never had one
    if call.name == "truncate":
        before = files[effect.file]
        files[effect.file] = before[: call.arguments[1]] if share > 0 else before
    elif path:
        before = files.get(effect.file, bytearray())
        files[effect.file] = before + call.arguments[1][: int(len(call.arguments[1]) * share)]


def _change_names(tree: dict[str, int], effect: Effect) -> None:
    call = effect.call
    path = call.arguments[0]
    if call.name in {"rename", "replace"}:
        for name in [name for name in tree if name == path or name.startswith(f"{path}/")]:
            tree[call.arguments[1] + name.removeprefix(path)] = tree.pop(name)
    elif call.name in {"remove_file", "remove_folder"}:
        del tree[path]
    else:
        tree[path] = effect.file


def _digest(disk: Nodes) -> bytes:
    total = blake2b(digest_size=16)
    for path in sorted(disk):
        content = disk[path]
        total.update(path.encode() + b"\0" + (b"folder" if content is None else blake2b(content, digest_size=16).digest()))
    return total.digest()


def acknowledged(history: History, moment: int) -> list[tuple[object, ...]]:
    """What had been acknowledged before that moment."""
    return [call.arguments for call in history.calls[:moment] if call.name == ACKNOWLEDGED]
