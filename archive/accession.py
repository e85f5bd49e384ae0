"""Taking versions into the archive, so that what is acknowledged survives a power cut.

The order is that of docs/decisions/0010: locks; intent; everything into ``work/``; one sync; look again at the base; renames; sync; ledger
and checkpoint; acknowledge. Many small objects go together, up to GROUP at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from archive.errors import DitichError, UsageError
from archive.home import Home
from archive.ledger.note import Signer
from archive.ocfl.digests import digest_of_stream
from archive.ocfl.inventory import Version
from archive.ocfl.object import read_inventory, stored_files
from archive.ocfl.update import UpdatePlan, plan_update
from archive.records.events import Event
from archive.records.package import ArchivalPackage, VersionDraft
from archive.recovery import recover
from archive.transaction import LOCKS, Intent, Sources, Transaction, intend, new_name, place

GROUP = 200
"""Objects that are written together; each holds one open lock file."""

__all__ = ["accession", "recover", "verify_from_device"]


def accession(  # noqa: PLR0913 - what, by whom, when, and what is told of it: the archive's one door
    home: Home,
    drafts: Sequence[VersionDraft],
    *,
    agent: str,
    now: datetime,
    events: Sequence[Event] = (),
    progress: Callable[[int], None] | None = None,
) -> tuple[ArchivalPackage, ...]:
    """Keep these versions; when it returns they are durable, in the ledger, and under a signed checkpoint.

    Args:
        home: the archive.
        drafts: one version each of different objects. Sources to be moved lie on the archive's file system.
        agent: id of the agent who wants it (``ditich.toml``).
        now: when it happens; with a time zone.
        events: what else the ledger should say, entered after the versions.
        progress: told how many versions were kept since the last call.

    Returns:
        One package for each draft, in order.

    Raises:
        ConflictError: a base is not the head, or someone else is writing the same object.
        DamageError: a source does not have the digests that the draft says.
        StorageError: the file system refused. Nothing of the group at hand is acknowledged; groups before it are safe.
        NotFoundError: this user has no signing key for this archive.
        UsageError: the drafts contradict each other, or the time has no zone.
    """
    _require_sane(drafts, now)
    signers = home.signers()
    sources = Sources.of(drafts)
    packages: list[ArchivalPackage] = []
    groups = [drafts[start : start + GROUP] for start in range(0, len(drafts), GROUP)] or [()]
    for group in groups:
        last = group is groups[-1]
        wanted = Intent(agent, now.isoformat(timespec="seconds"), 0, (), events=tuple(events) if last else ())
        packages += _keep_group(home, group, wanted, (signers, sources, now))
        if progress is not None and group:
            progress(len(group))
    return tuple(packages)


def verify_from_device(home: Home, packages: Sequence[ArchivalPackage], progress: Callable[[int], None] | None = None) -> tuple[str, ...]:
    """Read the packages back from the device, not from memory, and compare digests.

    Args:
        home: the archive.
        packages: what ``accession`` returned.
        progress: told the bytes of every block read.

    Returns:
        A sentence for every file or inventory that does not match; nothing when all is well.
    """
    return tuple(fault for package in packages for fault in _faults(home, package, progress))


def lock_of(object_id: str) -> str:
    """The lock that a writer of this object holds."""
    return f"{LOCKS}/{sha256(object_id.encode()).hexdigest()}"


def _keep_group(
    home: Home, drafts: Sequence[VersionDraft], wanted: Intent, means: tuple[Sequence[Signer], Sources, datetime]
) -> list[ArchivalPackage]:
    signers, sources, now = means
    name = new_name()
    with ExitStack() as held:
        held.enter_context(home.tree.lock(f"{LOCKS}/tx-{name}"))
        for object_id in sorted(draft.object_id for draft in drafts):
            held.enter_context(home.tree.lock(lock_of(object_id)))
        made = Version(wanted.when, "", wanted.agent, wanted.agent, {})
        plans = [plan_update(home.objects, draft, made) for draft in drafts]
        placements, leftovers = place(plans, name, drafts, sources)
        intent = Intent(
            agent=wanted.agent,
            when=wanted.when,
            ledger_size=home.log.checkpoint().size,
            versions=intend(plans, name),
            moves=tuple(
                (_seen_from(home, placed.file.source), placed.path) for placed in placements if placed.moved and placed.file.source
            ),
            events=wanted.events,
        )
        transaction = Transaction(home.tree, plans, name)
        transaction.stage(intent, placements)
        transaction.install()
        home.log.append(intent.all_events(draft.object_id for draft in drafts), signers, now)
        transaction.finish(leftovers)
    return [_package(plan) for plan in plans]


def _seen_from(home: Home, source: Path) -> str:
    """The source's path from the home, which may be mounted elsewhere when it is mended; absolute where it lies outside."""
    absolute, root = source.absolute(), home.root.absolute()
    return str(absolute.relative_to(root) if absolute.is_relative_to(root) else absolute)


def _package(plan: UpdatePlan) -> ArchivalPackage:
    return ArchivalPackage(plan.object_id, plan.version, plan.inventory_sha512, plan.files)


def _faults(home: Home, package: ArchivalPackage, progress: Callable[[int], None] | None) -> Iterator[str]:
    folder = home.objects.folder_of(package.object_id)
    where = f"{folder}/{package.version}"
    try:
        stored = read_inventory(home.tree, where)
    except DitichError as error:
        yield str(error)
        return
    if stored.sha512 != package.inventory_sha512:
        yield f"{where}/inventory.json is not the one that was written."
        return
    for file in stored_files(stored.inventory, folder, package.version):
        try:
            with home.tree.open(file.path, from_device=True) as stream:
                digest = digest_of_stream(stream, "sha256", progress)
        except (DitichError, OSError) as error:
            yield f"{file.path} cannot be read back: {error}"
            continue
        if digest != file.sha256:
            yield f"{file.path} does not match what was read from the card."


def _require_sane(drafts: Sequence[VersionDraft], now: datetime) -> None:
    if now.tzinfo is None:
        raise UsageError("The time of an accession needs its time zone.")
    ids = [draft.object_id for draft in drafts]
    if len(set(ids)) != len(ids):
        raise UsageError("Two versions of one object cannot be taken in together.", advice="Take them in one after the other.")
