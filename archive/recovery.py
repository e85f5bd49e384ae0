"""Mending what an interrupted writer left. Idempotent; it deletes only scratch: what cannot be completed goes to ``work/quarantine/``.

Everything that can be half done stands beside an intent in ``work/tx/``; nothing else has to be looked at. A version whose bytes
are all in place is completed (its inventory installed, its ledger entry made); any other is taken back, and files that had been moved in
return to where they came from. Transactions of a writer that is alive are locked, and passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.errors import ConflictError, DamageError, DitichError, NotFoundError, RecordError
from archive.home import FOLDERS, Home
from archive.ledger.checks import remove_leftovers
from archive.ledger.log import QUARANTINE
from archive.ocfl.digests import digest_of_stream
from archive.ocfl.inventory import INVENTORY, NAMASTE, SIDECAR, version_number
from archive.ocfl.object import read_inventory
from archive.ocfl.update import install_inventory
from archive.records.serialise import from_json
from archive.storage.base import Kind, Storage, files_under, make_folders, parent_of, put_file
from archive.transaction import INTENT, LOCKS, TRANSACTIONS, IntendedVersion, Intent, make_durable, remove_scratch


@dataclass(frozen=True, slots=True)
class _Reached:
    """What recovery found of one intended version: in its place and whole, or not."""

    version: IntendedVersion
    whole: bool


def recover(home: Home) -> tuple[str, ...]:
    """Bring the archive to a state where every version is whole and in the ledger, or not there.

    Returns:
        A sentence for everything that was mended.

    Raises:
        DamageError: the ledger does not match its signed checkpoint. Nothing was touched.
        StorageError: the file system refused; run it again.
    """
    for name in FOLDERS:  # a copy of an archive need not have its empty and disposable folders
        make_folders(home.tree, name)
    mended = []
    aside = home.log.set_tail_aside()
    if aside:
        mended.append(f"Ledger lines that were never acknowledged were set aside in {aside}.")
    for entry in home.tree.entries(TRANSACTIONS):
        try:
            with home.tree.lock(f"{LOCKS}/tx-{entry.name}", seconds=0):
                if home.tree.kind(f"{TRANSACTIONS}/{entry.name}") is not None:  # else its writer has just finished
                    mended += _mend(home, f"{TRANSACTIONS}/{entry.name}")
        except ConflictError:
            continue  # its writer is alive
    remove_leftovers(home.tree)
    return tuple(mended)


def _mend(home: Home, folder: str) -> Iterator[str]:
    try:
        intent = from_json(Intent, home.tree.read(f"{folder}/{INTENT}"))
    except (NotFoundError, RecordError):
        # Without a readable intent nothing had been moved yet: the intent is durable before the first move.
        yield f"An interrupted transaction was set aside in {_set_aside(home.tree, folder)}."
        return
    reached = [_Reached(version, _completed(home.tree, version)) for version in intent.versions]
    whole = [found.version for found in reached if found.whole]
    returned = _return_moved(home, intent)
    yield from _enter(home, intent, whole)
    if len(whole) < len(reached):
        yield f"{len(reached) - len(whole)} versions that had not been acknowledged were taken back; run the same command again."
    if returned:
        yield f"{returned} received files were put back to where they came from."
    if _holds_content(home.tree, folder):
        yield f"What was left of it was set aside in {_set_aside(home.tree, folder)}."
    else:
        remove_scratch(home.tree, folder)


def _completed(storage: Storage, version: IntendedVersion) -> bool:
    """Whether the version is in its place and whole, after mending what can be mended."""
    in_place = f"{version.folder}/{version.version}"
    if storage.kind(in_place) is None:
        _restore_inventory(storage, version)
        return False
    if not _is_whole(storage, version):
        if version.base_sha512:
            _quarantine(storage, in_place)
            _restore_inventory(storage, version)
        else:
            _quarantine(storage, version.folder)
        return False
    if not _inventory_is(storage, version.folder, version.inventory_sha512):
        _install(storage, version)
    make_durable(storage, (version.folder, *_parents(version.folder)))
    return True


def _is_whole(storage: Storage, version: IntendedVersion) -> bool:
    """Whether the version's folder has the intended inventory and all bytes that it added."""
    try:
        stored = read_inventory(storage, f"{version.folder}/{version.version}")
        if stored.sha512 != version.inventory_sha512:
            return False
        # a new object may have come with earlier versions: then all of its content is the transaction's
        prefix = f"{version.version}/" if version.base_sha512 else ""
        added = {path: digest for path, digest in stored.inventory.sha512_by_content_path().items() if path.startswith(prefix)}
        if not version.base_sha512 and storage.kind(f"{version.folder}/{NAMASTE}") is not Kind.FILE:
            return False
        return all(_has_digest(storage, f"{version.folder}/{path}", digest) for path, digest in added.items())
    except (NotFoundError, DamageError):
        return False


def _has_digest(storage: Storage, path: str, digest: str) -> bool:
    with storage.open(path, from_device=True) as stream:
        return digest_of_stream(stream, "sha512") == digest


def _inventory_is(storage: Storage, folder: str, digest: str) -> bool:
    try:
        return read_inventory(storage, folder).sha512 == digest
    except (NotFoundError, DamageError):
        return False


def _install(storage: Storage, version: IntendedVersion) -> None:
    """Put the version's inventory at the object's top, from the staged copy or from the version itself."""
    if _inventory_is(storage, version.staged, version.inventory_sha512):
        touched = install_inventory(storage, version.folder, version.staged)
        make_durable(storage, touched)
    else:
        _copy_inventory(storage, f"{version.folder}/{version.version}", version.folder)


def _restore_inventory(storage: Storage, version: IntendedVersion) -> None:
    """Where the object's top already speaks of a version that is not there, put the one before back."""
    if version.base_sha512 and not _inventory_is(storage, version.folder, version.base_sha512):
        _copy_inventory(storage, f"{version.folder}/v{version_number(version.version) - 1}", version.folder)


def _copy_inventory(storage: Storage, source: str, folder: str) -> None:
    """By way of ``work/``: nothing else may lie in an object's folder, not even for a moment."""
    for name in (INVENTORY, SIDECAR):
        scratch = f"work/{name}"
        put_file(storage, scratch, storage.read(f"{source}/{name}"))
        storage.replace(scratch, f"{folder}/{name}")
    make_durable(storage, (folder, "work"))


def _enter(home: Home, intent: Intent, whole: list[IntendedVersion]) -> Iterator[str]:
    """Make the ledger entries that are missing."""
    if not whole and intent.versions:
        return
    known = {entry.event.identifier for entry in home.log.entries(intent.ledger_size)}
    missing = [event for event in intent.all_events(version.object_id for version in whole) if event.identifier not in known]
    if missing:
        home.log.append(missing, home.signers(), datetime.now(UTC))
        yield f"{len(missing)} entries of finished work were missing in the ledger and were added."


def _return_moved(home: Home, intent: Intent) -> int:
    """Give every moved file that is still staged back to its source; how many. Durably: the intent that tells of them goes next."""
    returned = []
    for source, staged in intent.moves:
        target = home.root / source  # an absolute source stays what it is
        if home.tree.kind(staged) is not None and not target.exists():
            try:
                home.tree.release(staged, target)
            except DitichError:
                continue  # its folder is gone: it stays with the rest and is set aside
            returned.append(source)
    if returned:
        home.tree.sync({parent_of(source) for source in returned if not source.startswith("/")})
    return len(returned)


def _holds_content(storage: Storage, folder: str) -> bool:
    return any(not path.endswith(f"/{INTENT}") for path in files_under(storage, folder))


def _quarantine(storage: Storage, path: str) -> str:
    """Move something out of the storage root, under a name that says where it was."""
    make_folders(storage, QUARANTINE)
    target = _free(storage, f"{QUARANTINE}/{'+'.join(path.split('/')[-2:])}")
    storage.rename(path, target)
    make_durable(storage, (parent_of(path), QUARANTINE))
    return target


def _set_aside(storage: Storage, folder: str) -> str:
    target = _free(storage, f"{QUARANTINE}/{folder.rpartition('/')[2]}")
    make_folders(storage, QUARANTINE)
    storage.rename(folder, target)
    make_durable(storage, (TRANSACTIONS, QUARANTINE))
    return target


def _free(storage: Storage, path: str) -> str:
    number, free = 1, path
    while storage.kind(free) is not None:
        number += 1
        free = f"{path}-{number}"
    return free


def _parents(folder: str) -> Iterator[str]:
    while folder := parent_of(folder):
        yield folder
