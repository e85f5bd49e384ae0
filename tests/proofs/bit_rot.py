"""The archive that rots, and the ways in which it does: every fault says what an audit has to call it."""

import gzip
import random
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from archive.accession import accession
from archive.audit import audit
from archive.audit.standings import standings
from archive.home import Home, open_home
from archive.ocfl.inventory import INVENTORY, SIDECAR
from archive.replicas.place import Replica, open_replica
from archive.replicas.register import NewReplica, add_replica
from archive.replicas.replicate import Wishes, replicate
from tests.archive.builders import NOW, draft, new_home

PAGE = 4096
OBJECTS = 24
LATER = NOW + timedelta(days=40)
"""In another month: the ledger has two segments, with a kept checkpoint between them."""

Named = tuple[str, str, str]
"""(object id or "archive", path, condition)"""


@dataclass(frozen=True)
class Rotting:
    """An archive and its replica that can be put back to how they were."""

    home: Home
    replica: Replica
    pristine: Path

    def renew(self) -> None:
        """Everything as it was before the faults."""
        for root in (self.home.root, self.replica.root):
            shutil.rmtree(root)
            shutil.copytree(self.pristine / root.name, root, symlinks=True)


def rotting(folder: Path) -> Rotting:
    """An archive of some dozens of objects with one to three versions, copied and checked; seeded."""
    chance = random.Random(1)
    home = new_home(folder)
    ids = [f"ark:99999/dtrot{number:03d}" for number in range(OBJECTS)]
    contents = {object_id: {f"original__{name}": _bytes(chance) for name in ("a.jpg", "ảnh-đình.tif", "c")} for object_id in ids}
    accession(home, [draft(one, **contents[one], record_json=one.encode()) for one in ids], agent=home.config.agent, now=NOW)
    for version, share in (("v1", 2), ("v2", 4)):
        again = [draft(one, version, **contents[one], record_json=f"{one}{version}".encode()) for one in ids[::share]]
        accession(home, again, agent=home.config.agent, now=LATER)
    home, _config = add_replica(home, NewReplica(folder / "replica", "copy", same_disk=True), NOW)
    replica = open_replica(home, "copy")
    audit(home, now=LATER)
    replicate(home, replica, Wishes(LATER, {}))
    # the second time the archive's ledger and the replica's are equal, with the copy of what the replica cosigned
    verified = {one.object_id: one.checked_version for one in standings(home).objects.values() if one.location == replica.location}
    replicate(home, replica, Wishes(LATER, verified))
    pristine = folder / "pristine"
    for root in (home.root, replica.root):
        shutil.copytree(root, pristine / root.name, symlinks=True)
    return Rotting(open_home(home.root, home.keys), replica, pristine)


def files_below(root: Path) -> dict[str, bytes]:
    """Every file below a folder; links by what they say."""
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_symlink():
            found[str(path.relative_to(root))] = b"-> " + str(path.readlink()).encode()
        elif path.is_file():
            found[str(path.relative_to(root))] = path.read_bytes()
    return found


class Faults:
    """Does damage to one object at a time below a root, and says what an audit has to call it."""

    def __init__(self, root: Path, home: Home, chance: random.Random) -> None:
        self.root, self.home, self.chance = root, home, chance

    def on_object(self, object_id: str, kind: str) -> set[Named]:
        """One fault of this kind; what it has to be called."""
        folder = self.root / self.home.objects.folder_of(object_id)
        return {(object_id, path, what) for path, what in _KINDS[kind](folder, self.chance)}

    def stray_outside(self) -> set[Named]:
        """A file that lies beside the objects."""
        folders = [path for path in (self.root / "storage").rglob("*") if path.is_dir() and len(path.name) == 3]
        target = self.chance.choice([self.root / "storage", *folders]) / f"stray-{self.chance.randrange(10**6)}"
        target.write_bytes(b"stray")
        return {("archive", str(target.relative_to(self.root)), "extra")}

    def on_root_file(self) -> set[Named]:
        """A file of the storage root itself."""
        target = self.root / "storage" / self.chance.choice(["0=ocfl_1.1", "README.txt", "ocfl_layout.json"])
        _flip(target, self.chance)
        return {("archive", str(target.relative_to(self.root)), "changed")}

    def on_ledger(self) -> str:
        """A segment, a checkpoint or a check list: flipped, cut, gone, or a page of it zeroed; its path.

        Of the copy of what a witness holds only what the archive itself signed is harmed: the witness's own line, and the whole file, come
        again with the next replication. A bit of a compressed list that changes none of its lines (a date in its header) harms nothing.
        """
        names = [path for path in sorted((self.root / "ledger").rglob("*")) if path.is_file()]
        target = self.chance.choice([path for path in names if path.name not in {"frontier.json", "witnessed"}])
        before = target.read_bytes()
        if target.parent.name == "witnesses":
            _flip(target, self.chance, within=target.read_bytes().rstrip().rfind(b"\n"))
        else:
            self.chance.choice([_flip, _cut, _lose, _zero_page, _flip])(target, self.chance)
        if target.suffix == ".gz" and target.exists() and _lines(target.read_bytes()) == _lines(before):
            _overwrite(target, before)
            return self.on_ledger()
        return str(target.relative_to(self.root))


def _lines(packed: bytes) -> bytes:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return b""


def _flip(path: Path, chance: random.Random, within: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(within or len(content))] ^= 1 << chance.randrange(8)
    _overwrite(path, bytes(content))


def _zero_page(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    start = chance.randrange(0, len(content), PAGE)
    page = content[start : start + PAGE]
    content[start : start + PAGE] = bytes(len(page))
    _overwrite(path, bytes(content))


def _cut(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    _overwrite(path, content[: chance.randrange(len(content))])


def _lose(path: Path, _chance: random.Random) -> None:
    path.unlink()


def _overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def _any_file(folder: Path, chance: random.Random) -> Path:
    return chance.choice([path for path in sorted(folder.rglob("*")) if path.is_file()])


def _original(folder: Path, chance: random.Random) -> Path:
    return chance.choice([path for path in sorted((folder / "v1/content").rglob("*")) if path.is_file()])


def _on(choose: Callable[[Path, random.Random], Path], harm: Callable[[Path, random.Random], None], what: str) -> "Kind":
    def fault(folder: Path, chance: random.Random) -> Iterator[tuple[str, str]]:
        path = choose(folder, chance)
        harm(path, chance)
        yield (str(path.relative_to(folder)), what)

    return fault


def _swap(folder: Path, chance: random.Random) -> Iterator[tuple[str, str]]:
    one, other = chance.sample([path for path in sorted((folder / "v1/content").rglob("*")) if path.is_file()], 2)
    first, second = one.read_bytes(), other.read_bytes()
    _overwrite(one, second)
    _overwrite(other, first)
    yield from ((str(path.relative_to(folder)), "moved") for path in (one, other))


def _old_inventory(folder: Path, _chance: random.Random) -> Iterator[tuple[str, str]]:
    """The inventory of the version before, with its digest file: it agrees with itself."""
    before = sorted(path.name for path in folder.glob("v*"))[-2]
    for name in (INVENTORY, SIDECAR):
        _overwrite(folder / name, (folder / before / name).read_bytes())
        yield (name, "changed")


def _stray(folder: Path, chance: random.Random) -> Iterator[tuple[str, str]]:
    inside = chance.choice([path for path in (folder, *sorted(folder.rglob("*"))) if path.is_dir()])
    target = inside / f"Thumbs-{chance.randrange(10**6)}.db"
    target.write_bytes(b"stray")
    yield (str(target.relative_to(folder)), "extra")


def _link(folder: Path, chance: random.Random) -> Iterator[tuple[str, str]]:
    path = _original(folder, chance)
    path.unlink()
    path.symlink_to("/etc/hostname")
    yield (str(path.relative_to(folder)), "unreadable")


def _whole_object(folder: Path, _chance: random.Random) -> Iterator[tuple[str, str]]:
    shutil.rmtree(folder)
    yield ("", "missing")


Kind = Callable[[Path, random.Random], Iterator[tuple[str, str]]]
_KINDS: dict[str, Kind] = {
    "flip": _on(_any_file, _flip, "changed"),
    "flip-original": _on(_original, _flip, "changed"),
    "zeroed-page": _on(_original, _zero_page, "changed"),
    "zeroed-page-anywhere": _on(_any_file, _zero_page, "changed"),
    "truncation": _on(_any_file, _cut, "changed"),
    "missing": _on(_any_file, _lose, "missing"),
    "missing-original": _on(_original, _lose, "missing"),
    "swapped": _swap,
    "old-inventory": _old_inventory,
    "stray": _stray,
    "link": _link,
    "whole-object": _whole_object,
}
KINDS = tuple(_KINDS)


def _bytes(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice([17, 900, PAGE, 3 * PAGE + 5, 60_000]))
