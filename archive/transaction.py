"""One transaction: the versions that are written together, from the intent to the acknowledgement.

``work/tx/<name>/intent.json`` says what is about to be written and which files were moved in from where, before anything moves;
``work/tx/<name>/<n>/`` is the staged version n. The intent goes when the ledger has the versions: whatever is found beside an
intent at the next start was not acknowledged.
"""

import secrets
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import DamageError, DitichError, StorageError
from archive.ocfl.digests import Digester, Digests, digests_of, sha512_of
from archive.ocfl.update import UpdatePlan, install_folder, install_inventory, require_base, stage_frame
from archive.records.events import Event, EventType, Outcome
from archive.records.package import FileToKeep, VersionDraft
from archive.records.serialise import to_line
from archive.storage.base import Storage, files_under, folders_under

TRANSACTIONS = "work/tx"
LOCKS = "work/locks"
INTENT = "intent.json"
FEW_FOLDERS = 16
"""Up to so many folders are synced one by one; for more, one sync of everything is cheaper."""


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A version that comes into the archive together with a newer one of the same object: an object that another archive of ours kept."""

    version: str
    inventory_sha512: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class IntendedVersion:
    """One version of an intent. ``files`` and ``bytes`` count what the version adds; ``origin`` names the bag that it came in."""

    object_id: str
    folder: str
    staged: str
    version: str
    base_sha512: str
    inventory_sha512: str
    files: int
    bytes: int
    earlier: tuple[EarlierVersion, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a transaction is about to do. ``moves`` are (source, staged path); sources from the archive home, absolute where outside."""

    agent: str
    when: str
    ledger_size: int
    versions: tuple[IntendedVersion, ...]
    moves: tuple[tuple[str, str], ...] = ()
    events: tuple[Event, ...] = ()
    schema: int = 1

    def all_events(self, objects: Iterable[str]) -> tuple[Event, ...]:
        """The ledger entries of these objects' versions, and of what else concerns no others."""
        kept = set(objects)
        lost = {version.object_id for version in self.versions} - kept
        taken = (version for version in self.versions if version.object_id in kept)
        versions = (event for version in taken for event in version_events(version, self.agent, self.when))
        return (*versions, *(event for event in self.events if not lost & set(event.objects)))


@dataclass(slots=True)
class Sources:
    """Which source files are still wanted how often: a file that goes to two objects is copied first and moved last."""

    _uses: Counter[Path] = field(default_factory=Counter)
    _movable: set[Path] = field(default_factory=set)

    @classmethod
    def of(cls, drafts: Iterable[VersionDraft]) -> "Sources":
        """The sources of all drafts of a batch."""
        files = [file for draft in drafts for file in draft.files if file.source is not None]
        return cls(Counter(file.source for file in files if file.source), {file.source for file in files if file.source and file.move})

    def used(self, source: Path) -> bool:
        """Count one use; whether it was the last one and the file may be taken away with it."""
        self._uses[source] -= 1
        return not self._uses[source] and source in self._movable


@dataclass(frozen=True, slots=True)
class _Placement:
    """One new file and where it is staged; ``moved`` when its source is taken away for it."""

    file: FileToKeep
    path: str
    moved: bool


class Transaction:
    """Versions that are written together; one use.

    Args:
        storage: the archive home's tree.
        plans: what to write, one plan an object, under the locks of all of them.
        name: of this transaction (``new_name``), locked by the caller.
    """

    def __init__(self, storage: Storage, plans: Sequence[UpdatePlan], name: str) -> None:
        self._storage = storage
        self._folder = f"{TRANSACTIONS}/{name}"
        self._staged = [(plan, f"{self._folder}/{number}") for number, plan in enumerate(plans)]
        self._moved: list[_Placement] = []

    def stage(self, intent: Intent, placements: Sequence[_Placement]) -> None:
        """Write everything into the transaction's folder and make it durable.

        Raises:
            DamageError: a source does not have the digests or the size that the draft says.
            StorageError: the file system refused.
            ConflictError: an object changed meanwhile.
        """
        storage = self._storage
        try:
            storage.make_folder(self._folder)
            storage.write_new(f"{self._folder}/{INTENT}", to_line(intent))
            storage.sync_file(f"{self._folder}/{INTENT}")
            storage.sync_folder(self._folder)
            storage.sync_folder(TRANSACTIONS)
            for plan, staged in self._staged:
                stage_frame(storage, plan, staged)
            for placement in placements:
                self._bring_in(placement)
            storage.sync(self._everything())
            for plan, _staged in self._staged:
                require_base(storage, plan)
        except BaseException:
            self._undo()
            raise

    def install(self) -> None:
        """Put every staged version in its place, durably. From here on only ``recover`` can tell what was reached."""
        touched: list[str] = []
        for plan, staged in self._staged:
            touched += install_folder(self._storage, plan, staged)
        updates = [(plan, staged) for plan, staged in self._staged if plan.base_sha512]
        if updates:
            make_durable(self._storage, touched)
            touched = [folder for plan, staged in updates for folder in install_inventory(self._storage, plan.folder, staged)]
        make_durable(self._storage, touched)

    def finish(self, leftovers: Iterable[Path]) -> None:
        """After the ledger has it: take away the sources whose bytes were kept already, and the transaction's own folder.

        It cannot fail: what was acknowledged stays so, and what is not tidied now is left to ``recover``.
        """
        with suppress(DitichError):
            for source in leftovers:
                self._storage.discard(source)
            remove_scratch(self._storage, self._folder)

    def _bring_in(self, placement: _Placement) -> None:
        file, path = placement.file, placement.path
        if file.content is not None:
            _require_digests(file, digests_of(file.content))
            self._storage.write_new(path, file.content)
        elif placement.moved and file.source is not None:
            self._moved.append(placement)
            if self._storage.adopt(file.source, path) != file.size:
                raise DamageError(f"{file.source} changed after it was read.", advice="Receive it again.")
        elif file.source is not None:
            digester = Digester()
            self._storage.copy_in(file.source, path, digester.update)
            _require_digests(file, digester.digests())
        else:
            raise StorageError(f"{file.logical_path} has neither bytes nor a source.", advice="This is a fault of Ditich: report it.")

    def _everything(self) -> Iterable[str]:
        yield from files_under(self._storage, self._folder)
        yield from folders_under(self._storage, self._folder)

    def _undo(self) -> None:
        """Give every moved file back and remove what was staged; what cannot be undone now is left to ``recover``."""
        try:
            for placement in self._moved:
                if placement.file.source is not None and self._storage.kind(placement.path) is not None:
                    self._storage.release(placement.path, placement.file.source)
            for path in files_under(self._storage, self._folder):
                if not path.endswith(f"/{INTENT}"):
                    self._storage.remove_file(path)
            remove_scratch(self._storage, self._folder)
        except DitichError:
            return


def new_name() -> str:
    """A name for a transaction that no other has."""
    return secrets.token_hex(8)


def place(plans: Sequence[UpdatePlan], name: str, drafts: Sequence[VersionDraft], sources: Sources) -> tuple[list[_Placement], list[Path]]:
    """Where every new file is staged, and the sources that only have to be taken away because their bytes are kept already."""
    placements, leftovers = [], []
    for number, (plan, draft) in enumerate(zip(plans, drafts, strict=True)):
        new = {new.file.logical_path: new.path for new in plan.new_files}
        for file in draft.files:
            last = file.source is not None and sources.used(file.source)
            path = new.get(file.logical_path)
            if path is not None:
                placements.append(_Placement(file, f"{TRANSACTIONS}/{name}/{number}/{path}", last))
            elif last and file.source is not None:
                leftovers.append(file.source)
    return placements, leftovers


def intend(plans: Sequence[UpdatePlan], name: str, origin: str = "") -> tuple[IntendedVersion, ...]:
    """The versions of an intent; ``origin`` names the bag that they came in."""
    return tuple(
        IntendedVersion(
            object_id=plan.object_id,
            folder=plan.folder,
            staged=f"{TRANSACTIONS}/{name}/{number}",
            version=plan.version,
            base_sha512=plan.base_sha512,
            inventory_sha512=plan.inventory_sha512,
            files=len(_added(plan, plan.version)),
            bytes=sum(_added(plan, plan.version)),
            earlier=tuple(
                EarlierVersion(version, sha512_of(inventory), len(_added(plan, version)), sum(_added(plan, version)))
                for version, inventory in plan.earlier
            ),
            origin=origin,
        )
        for number, plan in enumerate(plans)
    )


def _added(plan: UpdatePlan, version: str) -> list[int]:
    """The bytes of every file that a version brings."""
    return [new.file.size for new in plan.new_files if new.path.startswith(f"{version}/")]


def version_events(version: IntendedVersion, agent: str, when: str) -> Iterator[Event]:
    """The ledger entries of one version and of those that come with it, oldest first.

    An entry's identifier is a function of what was written, so it cannot be entered as two.
    """
    first = not version.base_sha512
    newest = EarlierVersion(version.version, version.inventory_sha512, version.files, version.bytes)
    for one in (*version.earlier, newest):
        name = f"{version.object_id} {one.version} {one.inventory_sha512}"
        extra: dict[str, object] = {
            "version": one.version, "inventory_sha512": one.inventory_sha512, "files": one.files, "bytes": one.bytes,
        }  # fmt: skip
        yield Event(
            identifier=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}",
            type=EventType.INGESTION if first else EventType.MODIFICATION,
            when=when,
            outcome=Outcome.SUCCESS,
            agents=(agent,),
            objects=(version.object_id,),
            extra={**extra, "imported": version.origin} if version.origin else extra,
        )
        first = False


def make_durable(storage: Storage, folders: Iterable[str]) -> None:
    """Make the names in these folders durable: deepest first, or all at once where they are many."""
    distinct = sorted(set(folders), key=lambda folder: (-folder.count("/"), folder))
    if len(distinct) > FEW_FOLDERS:
        storage.sync(distinct)
        return
    for folder in distinct:
        storage.sync_folder(folder)


def remove_scratch(storage: Storage, folder: str) -> None:
    """Remove a transaction's folder that holds an intent, staged inventories that are installed, and empty folders."""
    intent = f"{folder}/{INTENT}"
    for below in folders_under(storage, folder)[:-1]:
        storage.remove_folder(below)
    if storage.kind(intent) is not None:
        storage.remove_file(intent)
    storage.remove_folder(folder)


def _require_digests(file: FileToKeep, found: Digests) -> None:
    if (found.sha512, found.sha256, found.size) != (file.sha512, file.sha256, file.size):
        raise DamageError(
            f"{file.logical_path} does not have the digests that were read from it.",
            advice="It changed, or the disk is failing: receive it again.",
            detail=f"expected {file.sha512}, got {found.sha512}",
        )
