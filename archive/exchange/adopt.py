"""Takes whole objects of a package into the archive, by the write protocol: the same ARKs, versions, inventories and bytes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha512
from itertools import zip_longest

from archive.accession import GROUP, lock_of
from archive.errors import DitichError
from archive.exchange.arrivals import Arrival
from archive.exchange.contents import TAG_MANIFEST
from archive.exchange.room import require_room
from archive.exchange.tree import ObjectTree, TreeFile, read_tree
from archive.home import Home
from archive.ledger.note import Signer
from archive.ocfl.digests import digest_of_stream, sha512_of
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
        arrivals: objects that the archive does not have (Fate.TAKE), or of which it lacks the newest versions (Fate.GROW).
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
        rounds = list(zip_longest(*(_plans(home, bag, tree, one.here) for tree, one in zip(trees, group, strict=True))))
        for plans in rounds:
            last = group is groups[-1] and plans is rounds[-1]
            _keep(home, [plan for plan in plans if plan], adoption if last else replace(adoption, events=()), signers)
        for tree in trees:
            faults += _read_back(home, tree)
            if progress is not None:
                progress(tree.size)
    return tuple(faults)


def _keep(home: Home, plans: Sequence[UpdatePlan], adoption: Adoption, signers: Sequence[Signer]) -> None:
    drafts = [VersionDraft(plan.object_id, "", tuple(new.file for new in plan.new_files), "") for plan in plans]
    name = new_name()
    with ExitStack() as held:
        held.enter_context(home.tree.lock(f"{LOCKS}/tx-{name}"))
        for object_id in sorted(plan.object_id for plan in plans):
            held.enter_context(home.tree.lock(lock_of(object_id)))
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
        home.log.append(intent.all_events(plan.object_id for plan in plans), signers, adoption.now)
        transaction.finish(leftovers)


def _plans(home: Home, bag: Storage, tree: ObjectTree, here: str) -> Iterator[UpdatePlan]:
    """The steps to the object's newest version: one for a new object with all its past, else one for each version that is not here."""
    names = [version for version, _ in tree.versions]
    start = names.index(here) + 1 if here else len(names) - 1
    for number in range(start, len(names)):
        version, inventory = tree.versions[number]
        prefix = f"{version}/" if here else ""
        yield UpdatePlan(
            object_id=tree.object_id,
            folder=home.objects.folder_of(tree.object_id),
            version=version,
            base_sha512=sha512_of(tree.versions[number - 1][1]) if here else "",
            inventory=inventory,
            new_files=tuple(_new_file(bag, tree, file) for file in tree.content if file.path.startswith(prefix)),
            files=(),
            earlier=() if here else tree.versions[:number],
        )


def _new_file(bag: Storage, tree: ObjectTree, file: TreeFile) -> NewFile:
    """A content file under its content path: what it is called is in the inventories."""
    source = bag.path_of(f"{tree.folder}/{file.path}")
    return NewFile(file.path, FileToKeep(file.path, file.sha512, file.sha256, file.size, source=source))


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
