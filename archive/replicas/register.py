"""Which replicas an archive has: added and dropped in its settings. Dropping never deletes a file."""

import re
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive.errors import ConflictError, NotFoundError, UsageError
from archive.home import FOLDERS, Home, open_home, save_config
from archive.ledger.keys import save_keys
from archive.ledger.witness import load_witness, new_witness
from archive.records.events import DROPPED, Event, EventType, Outcome
from archive.replicas.device import on_one_disk
from archive.settings import CONFIG, ReplicaConfig, config_toml, read_config
from archive.storage.base import Kind, Storage, make_folders, put_file
from archive.storage.local import LocalStorage
from archive.storage.refusals import Refusals
from archive.transaction import LOCKS

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_NEEDED = tuple(folder for folder in FOLDERS if folder.partition("/")[0] in {"storage", "ledger", "work"})


@dataclass(frozen=True, slots=True)
class NewReplica:
    """What somebody wants to add.

    Attributes:
        folder: absent, empty, or an earlier replica of this archive.
        name: small letters, digits, hyphens; "" makes one from the folder's name.
        medium, place, owner: in words.
        same_disk: accept it on the disk of the archive.
    """

    folder: Path
    name: str = ""
    medium: str = ""
    place: str = ""
    owner: str = ""
    same_disk: bool = False


def add_replica(home: Home, wanted: NewReplica, now: datetime) -> tuple[Home, ReplicaConfig]:
    """Enter a replica in the settings and prepare its folder; ``replicate`` fills it.

    Args:
        home: the archive.
        wanted: what to add.
        now: with a time zone.

    Returns:
        the home with its new settings, and the replica.

    Raises:
        UsageError: a name that cannot be one, or is taken.
        ConflictError: the folder holds something else, belongs to another archive, overlaps with this one, or is on the same disk.
        StorageError: the folder cannot be written.
    """
    home.signers()  # only who may write in the archive adds copies of it, and never a copy of a copy
    folder = wanted.folder.expanduser().absolute()
    shared = on_one_disk(home.root, folder)
    _require_apart(home, folder)
    _require_ours_or_empty(home, folder)
    if shared and not wanted.same_disk:
        raise ConflictError(
            f"{folder} is on the same disk as the archive: one failure would take both.",
            advice="Choose a folder on another disk; only to try things out, add --same-disk.",
            code="replica-same-disk",
            values={"folder": folder},
        )
    with home.tree.lock(f"{LOCKS}/settings"):
        home = open_home(home.root, home.keys)
        name = _free_name(home, wanted)
        config = ReplicaConfig(
            name=name,
            path=str(folder),
            medium=wanted.medium,
            place=wanted.place,
            owner=wanted.owner,
            witness=_witness(home, folder, name),
            same_device=shared,
            added=now.isoformat(timespec="seconds"),
            beside="" if shared else _beside(home, folder),
        )
        home = save_config(home, replace(home.config, replicas=(*home.config.replicas, config)))
        prepare_folder(home, config)
    return home, config


def _beside(home: Home, folder: Path) -> str:
    """The first replica until now that lies on the disk of this folder: one failure would take both."""
    there = [found for found in home.config.replicas if not found.same_device and Path(found.path).is_dir()]
    return next((found.name for found in there if on_one_disk(Path(found.path), folder)), "")


def drop_replica(home: Home, name: str, now: datetime) -> Home:
    """Take a replica out of the settings and say so in the ledger: from there on nothing there is due. Its files stay where they are.

    Args:
        home: the archive.
        name: of the replica.
        now: with a time zone.

    Raises:
        UsageError: there is none of that name.
    """
    home.signers()
    with home.tree.lock(f"{LOCKS}/settings"):
        home = open_home(home.root, home.keys)
        rest = tuple(found for found in home.config.replicas if found.name != name)
        if len(rest) == len(home.config.replicas):
            names = ", ".join(found.name for found in rest) or "–"
            raise UsageError(f"This archive has no replica “{name}”.", advice=f"It has: {names}.")
        home.log.append((_dropped(home, name, now),), home.signers(), now)
        return save_config(home, replace(home.config, replicas=rest))


def _dropped(home: Home, name: str, now: datetime) -> Event:
    return Event(
        identifier=f"urn:uuid:{uuid.uuid4()}",
        type=EventType.METADATA_MODIFICATION,
        when=now.isoformat(timespec="seconds"),
        outcome=Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=(),
        detail="replica dropped",
        extra={DROPPED: f"replica:{name}"},
    )


def prepare_folder(home: Home, config: ReplicaConfig) -> None:
    """Make the replica's folders. Its settings come first: a folder with them is known again as this archive's."""
    root = Path(config.path)
    with Refusals(str(root)):
        root.mkdir(parents=True, exist_ok=True)
    tree = LocalStorage(root)
    put_file(tree, CONFIG, config_toml(replace(home.config, replica=config.name)))
    make_replica_folders(tree)


def make_replica_folders(tree: Storage) -> None:
    """Make what of a replica's folders is missing."""
    for folder in _NEEDED:
        make_folders(tree, folder)


def _require_apart(home: Home, folder: Path) -> None:
    taken = (home.root, *(Path(found.path) for found in home.config.replicas))
    for other in (path.resolve() for path in taken):
        if folder.resolve().is_relative_to(other) or other.is_relative_to(folder.resolve()):
            raise ConflictError(
                f"{folder} and {other} lie in one another.",
                advice="Give every copy of the archive a folder of its own.",
                code="replica-overlaps",
                values={"folder": folder, "other": other},
            )


def _require_ours_or_empty(home: Home, folder: Path) -> None:
    tree = LocalStorage(folder)
    if tree.kind(CONFIG) is Kind.FILE:
        found = read_config(tree.read(CONFIG))
        if found.identifier == home.config.identifier:
            return
        raise ConflictError(
            f"{folder} holds another archive, “{found.name}”.",
            advice="Choose another folder.",
            code="replica-of-another",
            values={"folder": folder, "name": found.name},
        )
    with Refusals(str(folder)):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConflictError(
                f"{folder} holds something else.",
                advice="Name a new folder on that disk; it will be made.",
                code="replica-not-empty",
                values={"folder": folder},
            )


def _witness(home: Home, folder: Path, name: str) -> str:
    """The verifier key with which the replica cosigns: the one that it had before, where its private half is still here, or a new one."""
    tree = LocalStorage(folder)
    if tree.kind(CONFIG) is Kind.FILE:
        before = read_config(tree.read(CONFIG))
        known = next((found.witness for found in before.replicas if found.name == before.replica and found.witness), "")
        with suppress(NotFoundError):
            if known:
                return load_witness(home.keys, known).public.vkey()
    witness = new_witness(f"{home.config.origin}/{name}")
    save_keys(home.keys, (witness,))
    return witness.public.vkey()


def _free_name(home: Home, wanted: NewReplica) -> str:
    taken = {found.name for found in home.config.replicas}
    if wanted.name:
        if not _NAME.fullmatch(wanted.name) or wanted.name in taken:
            raise UsageError(
                f"“{wanted.name}” cannot be the name of a replica.",
                advice="Small letters, digits and hyphens, and no name that another replica has.",
            )
        return wanted.name
    made = re.sub("[^a-z0-9]+", "-", wanted.folder.name.lower()).strip("-")[:24] or "copy"
    return next(name for name in (made, *(f"{made}-{number}" for number in range(2, 1000))) if name not in taken)
