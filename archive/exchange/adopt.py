"""Takes whole objects of a package into the archive, by the write protocol: the same ARKs, versions, inventories and bytes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha512

from archive.accession import GROUP, lock_of
from archive.errors import DitichError
from archive.exchange.arrivals import Arrival
from archive.exchange.contents import TAG_MANIFEST
from archive.exchange.room import require_room
from archive.exchange.tree import ObjectTree, read_tree
from archive.home import Home
from archive.ledger.note import Signer
from archive.ocfl.digests import digest_of_stream
from archive.ocfl.update import NewFile, UpdatePlan
from archive.records.events import Event
from archive.records.package import FileToKeep, VersionDraft
from archive.storage.base import Storage
from archive.transaction import LOCKS, Intent, Sources, Transaction, intend, new_name, place


@dataclass(frozen=True, slots=True)
class Adoption:
    """Who adopts, and when.

    Attributes:
        now: with a time zone.
        origin: the bag, by ``origin_of``; every ledger entry names it.
        events: what else the ledger should say, entered after the last object.
    """

    agent: str
    now: datetime
    origin: str
    events: tuple[Event, ...] = ()


def origin_of(bag: Storage) -> str:
    """A name for a bag that no other has: the digest of its list of digests, which stands for every byte in it."""
    return f"sha512:{sha512(bag.read(TAG_MANIFEST)).hexdigest()}"


def adopt(
    home: Home, bag: Storage, arrivals: Sequence[Arrival], adoption: Adoption, progress: Callable[[int], None] | None = None
) -> tuple[str, ...]:
    """Keep these objects; when it returns they are durable, in the ledger with all their versions, and read back.

    Args:
        home: the archive.
        bag: the valid bag's own tree.
        arrivals: objects that the archive does not have.
        adoption: who, when, from where.
        progress: told the bytes of every object that was kept.

    Returns:
        A sentence for every file that did not match when it was read back from the device; nothing when all is well.

    Raises:
        ConflictError: someone else has brought the same object meanwhile.
        DamageError: a file of the bag is not what the object's inventory says; nothing of the group at hand was acknowledged.
        StorageError: there is no room (then nothing was written), or the file system refused; groups before the one at hand are safe.
        NotFoundError: this user has no signing key for this archive.
    """
    signers = home.signers()
    require_room(home.root, sum(one.bytes for one in arrivals))
    faults: list[str] = []
    groups = [arrivals[start : start + GROUP] for start in range(0, len(arrivals), GROUP)]
    for group in groups:
        trees = [read_tree(bag, one.folder, one.ark) for one in group]
        _keep(home, bag, trees, adoption if group is groups[-1] else Adoption(adoption.agent, adoption.now, adoption.origin), signers)
        for tree in trees:
            faults += _read_back(home, tree)
            if progress is not None:
                progress(tree.size)
    return tuple(faults)


def _keep(home: Home, bag: Storage, trees: Sequence[ObjectTree], adoption: Adoption, signers: Sequence[Signer]) -> None:
    drafts = [_draft(bag, tree) for tree in trees]
    name = new_name()
    with ExitStack() as held:
        held.enter_context(home.tree.lock(f"{LOCKS}/tx-{name}"))
        for tree in sorted(trees, key=lambda tree: tree.object_id):
            held.enter_context(home.tree.lock(lock_of(tree.object_id)))
        plans = [_plan(home, tree, draft) for tree, draft in zip(trees, drafts, strict=True)]
        placements, leftovers = place(plans, name, drafts, Sources.of(drafts))
        intent = Intent(
            agent=adoption.agent,
            when=adoption.now.isoformat(timespec="seconds"),
            ledger_size=home.log.checkpoint().size,
            versions=intend(plans, name, adoption.origin),
            events=adoption.events,
        )
        transaction = Transaction(home.tree, plans, name)
        transaction.stage(intent, placements)
        transaction.install()
        home.log.append(intent.all_events(tree.object_id for tree in trees), signers, adoption.now)
        transaction.finish(leftovers)


def _draft(bag: Storage, tree: ObjectTree) -> VersionDraft:
    """The content files, each under its content path: what they are called is in the inventories."""
    files = (
        FileToKeep(file.path, file.sha512, file.sha256, file.size, source=bag.path_of(f"{tree.folder}/{file.path}"))
        for file in tree.content
    )
    return VersionDraft(tree.object_id, "", tuple(files), "")


def _plan(home: Home, tree: ObjectTree, draft: VersionDraft) -> UpdatePlan:
    *earlier, (version, inventory) = tree.versions
    return UpdatePlan(
        object_id=tree.object_id,
        folder=home.objects.folder_of(tree.object_id),
        version=version,
        base_sha512="",
        inventory=inventory,
        new_files=tuple(NewFile(file.logical_path, file) for file in draft.files),
        files=(),
        earlier=tuple(earlier),
    )


def _read_back(home: Home, tree: ObjectTree) -> Iterator[str]:
    folder = home.objects.folder_of(tree.object_id)
    for file in tree.files:
        try:
            with home.tree.open(f"{folder}/{file.path}", from_device=True) as stream:
                digest = digest_of_stream(stream, "sha256")
        except (DitichError, OSError) as error:
            yield f"{folder}/{file.path} cannot be read back: {error}"
            continue
        if digest != file.sha256:
            yield f"{folder}/{file.path} does not match the bag."
