"""The ways in which Ditich writes, each recorded from its first call to its acknowledgement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from archive.accession import accession
from archive.exchange.adopt import Adoption, adopt, origin_of
from archive.exchange.arrivals import Fate, plan_arrivals
from archive.exchange.export import Form, export
from archive.exchange.selection import select
from archive.home import Home
from archive.ocfl.digests import sha512_of
from archive.ocfl.inventory import INVENTORY, SIDECAR, Version, inventory_json, sidecar
from archive.ocfl.object import read_inventory
from archive.records.package import VersionDraft
from archive.storage.base import make_folders
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW, asset_draft, draft, file_of, keep, kept_file, new_home, received_file, site_draft
from tests.proofs.crash_model.recording import Call, Nodes, RecordingStorage, Turns, nodes_of

OLD, NEW = "ark:99999/dtold", "ark:99999/dtnew"


@dataclass(frozen=True)
class Recorded:
    """A home, what its disk held before, the calls that were made on it, and the received bytes that were in play."""

    home: Home
    base: Nodes
    calls: list[Call]
    received: frozenset[bytes]


def start(folder: Path) -> Home:
    """A home with one object of one version."""
    home = new_home(folder)
    keep(home, draft(OLD, a=b"one", record_json=b"1"))
    return home


def create(folder: Path) -> Recorded:
    """A new object: one file that is moved in from ``incoming/``, one record."""
    home = start(folder)
    moved = received_file(home, "original/a.jpg", b"picture" * 20)
    first = VersionDraft(NEW, "", (moved, *draft(NEW, record_json=b"{}").files), "")
    return _accessions(home, [(first,)])


def new_version(folder: Path) -> Recorded:
    """A second version of an object that is there, with one file more."""
    home = start(folder)
    return _accessions(home, [(draft(OLD, "v1", a=b"one", record_json=b"2"),)])


def batch(folder: Path, count: int = 64) -> Recorded:
    """So many objects in one transaction, one of them a new version."""
    home = start(folder)
    drafts = [draft(OLD, "v1", a=b"one", record_json=b"2"), *(draft(f"{NEW}{number}", a=b"%d" % number) for number in range(1, count))]
    return _accessions(home, [tuple(drafts)])


def concurrent(folder: Path, seed: int) -> Recorded:
    """Three writers at once: two want the next version of the same object, one makes another object."""
    home = start(folder)
    wishes = [
        (draft(OLD, "v1", a=b"one", record_json=b"2"),),
        (draft(OLD, "v1", a=b"one", record_json=b"3"),),
        (draft(NEW, a=b"new"),),
    ]
    return _accessions(home, wishes, Turns(seed))


def foreign_order(folder: Path) -> Recorded:
    """The control: the order in which rocfl and ocfl-java add a version.

    The staged folder is renamed, the inventory and its digest file are copied over the old ones in place, and nothing is synced.
    """
    home = start(folder)
    tree = RecordingStorage(nodes_of(home.root), home.root)
    base = {path: None if content is None else bytearray(content) for path, content in tree.nodes.items()}
    where = home.objects.folder_of(OLD)
    before = read_inventory(tree, where).inventory
    content = b"2" * 100
    digest = sha512_of(content)
    made = Version("2026-11-22T00:00:00Z", "", "x", "urn:x", {**before.versions["v1"].state, digest: ("c",)})
    after = inventory_json(
        replace(before, head="v2", manifest={**before.manifest, digest: ("v2/content/c",)}, versions={**before.versions, "v2": made})
    )
    make_folders(tree, "work/stage/v2/content")
    tree.write_new("work/stage/v2/content/c", content)
    tree.write_new(f"work/stage/v2/{INVENTORY}", after)
    tree.write_new(f"work/stage/v2/{SIDECAR}", sidecar(after))
    tree.rename("work/stage/v2", f"{where}/v2")
    for name, new in ((INVENTORY, after), (SIDECAR, sidecar(after))):
        tree.truncate(f"{where}/{name}", 0)
        tree.append(f"{where}/{name}", new)
    tree.acknowledge(OLD, "v2")
    return Recorded(home, base, tree.calls, frozenset())


def imported(folder: Path) -> Recorded:
    """An object of two versions that comes in a bag from another archive of ours."""
    other = new_home(folder / "other")
    site = site_draft()
    keep(other, site, asset := asset_draft(b"picture" * 20, "Cổng", site=site.object_id))
    changed = b"".join(file.content or b"" for file in asset.files if file.logical_path == "record.json") + b"\n"
    kept = [kept_file(file.logical_path, b"picture" * 20) for file in asset.files if file.logical_path.startswith("original")]
    keep(other, VersionDraft(asset.object_id, "v1", (*kept, file_of("record.json", changed)), ""))
    export(other, select(other, asset.object_id), folder / "bag", Form.BAG)
    home = start(folder)
    keep(home, site)
    bag = LocalStorage(folder / "bag")
    arrivals = tuple(one for one in plan_arrivals(home, bag) if one.fate is Fate.TAKE)

    def work(recording: Home, tree: RecordingStorage) -> None:
        assert adopt(recording, bag, arrivals, Adoption(home.config.agent, NOW, origin_of(bag))) == ()
        tree.acknowledge(asset.object_id, "v2")

    return _recorded(home, work)


PROTOCOLS: dict[str, Callable[[Path], Recorded]] = {"create": create, "new version": new_version, "batch of 64": batch, "import": imported}


def _recorded(home: Home, work: Callable[[Home, RecordingStorage], None]) -> Recorded:
    base = nodes_of(home.root)
    tree = RecordingStorage(base, home.root)
    work(replace(home, tree=tree), tree)
    received = frozenset(bytes(content) for path, content in base.items() if path.startswith("incoming/") and content is not None)
    return Recorded(home, base, tree.calls, received)


def _accessions(home: Home, wishes: Sequence[tuple[VersionDraft, ...]], turns: Turns | None = None) -> Recorded:
    """One writer for each wish; at once, where there are turns."""

    def work(recording: Home, tree: RecordingStorage) -> None:
        def write(drafts: tuple[VersionDraft, ...]) -> None:
            for package in accession(recording, drafts, agent=home.config.agent, now=NOW):
                tree.acknowledge(package.object_id, package.version)

        if turns is None:
            write(wishes[0])
        else:
            tree.turns = turns
            turns.run(partial(write, drafts) for drafts in wishes)

    return _recorded(home, work)
