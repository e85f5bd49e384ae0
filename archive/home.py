"""The archive home: one folder with everything in it, and what its ``ditich.toml`` says."""

import os
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import ConflictError, NotFoundError, UsageError
from archive.ledger.keys import load_signers, new_signers, save_keys
from archive.ledger.log import Ledger
from archive.ledger.note import Signer
from archive.ocfl.digests import sha512_of
from archive.ocfl.root import StorageRoot, create_root, root_files
from archive.records.events import Event, EventType, Outcome
from archive.records.identifiers import TEST_NAAN
from archive.settings import CONFIG, LEDGER_ROLE, OFFICER_ROLE, Agent, HomeConfig, config_toml, read_config
from archive.storage.base import Storage, make_folders, put_file
from archive.storage.local import LocalStorage
from archive.storage.refusals import Refusals

FOLDERS = ("storage", "ledger", "incoming", "work/locks", "work/tx", "work/quarantine", "derivatives", "publications")


@dataclass(frozen=True, slots=True)
class Home:
    """An archive home that is there.

    Attributes:
        root: its folder.
        config: what ``ditich.toml`` says.
        keys: the folder of the user that keeps the private keys.
        tree: its files, behind the one seam through which everything is written.
    """

    root: Path
    config: HomeConfig
    keys: Path
    tree: Storage

    @property
    def storage(self) -> Path:
        """The OCFL storage root."""
        return self.root / "storage"

    @property
    def ledger(self) -> Path:
        """The log of events, its checkpoints and the checks."""
        return self.root / "ledger"

    @property
    def incoming(self) -> Path:
        """Deposits as received."""
        return self.root / "incoming"

    @property
    def work(self) -> Path:
        """Transactions, locks and quarantine."""
        return self.root / "work"

    @property
    def catalogue(self) -> Path:
        """The index; disposable."""
        return self.root / "catalogue.sqlite"

    @property
    def derivatives(self) -> Path:
        """Everything made from originals; disposable."""
        return self.root / "derivatives"

    @property
    def publications(self) -> Path:
        """What the viewer serves; disposable."""
        return self.root / "publications"

    @property
    def objects(self) -> StorageRoot:
        """The objects of the storage root."""
        return StorageRoot(self.tree)

    @property
    def log(self) -> Ledger:
        """The ledger."""
        return Ledger(self.tree, self.config.origin, self.config.ledger_keys, retired=self.config.retired_keys)

    def signers(self) -> tuple[Signer, ...]:
        """The private keys of the ledger.

        Raises:
            ConflictError: this folder is a replica: an entry made here would split the ledger in two.
            NotFoundError: this user does not have them.
        """
        if self.config.replica:
            raise ConflictError(
                f"{self.root} is the copy “{self.config.replica}” of an archive: only `ditich replicate` writes to it.",
                advice="Work in the archive itself. If that is lost, restore it first: `ditich drill --restore COPY NEW_FOLDER`.",
                code="is-replica",
                values={"name": self.config.replica, "root": self.root},
            )
        return load_signers(self.keys, self.config.ledger_keys)


def key_folder() -> Path:
    """The user's folder for private keys: below the configuration folder of the system."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "~")).expanduser() / "ditich" / "keys"
    return Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "ditich" / "keys"


def create_home(root: Path, *, name: str, naan: str = TEST_NAAN, second_location: str = "", keys: Path) -> Home:
    """Make a new archive home with its keys, an empty storage root and the first entry of its ledger.

    Args:
        root: a folder that is not there yet or is empty.
        name: of the archive, for people.
        naan: Name Assigning Authority Number of its ARKs, five characters.
        second_location: where a second copy will be kept.
        keys: folder of the user that keeps the private keys.

    Raises:
        ConflictError: the folder holds something.
        UsageError: the NAAN is not five letters or digits.
    """
    if len(naan) != 5 or not naan.isascii() or not naan.isalnum() or naan != naan.lower():
        raise UsageError(f"“{naan}” is not a NAAN: five digits or small letters.", advice="Leave it out until your archive has its own.")
    with Refusals(str(root)):
        root.mkdir(parents=True, exist_ok=True)
        if any(root.iterdir()):
            raise ConflictError(
                f"{root} is not empty.", advice="Choose an empty folder for the archive.", code="home-exists", values={"root": root}
            )
    identifier = str(uuid.uuid4())
    officer = f"urn:uuid:{uuid.uuid4()}"
    origin = f"ditich-archive/{identifier}"
    signers = new_signers(origin)
    save_keys(keys, signers)
    ledger_agent = Agent(f"urn:uuid:{identifier}", LEDGER_ROLE, tuple(signer.public.vkey() for signer in signers))
    agents = (Agent(officer, OFFICER_ROLE), ledger_agent)
    config = HomeConfig(identifier, name, officer, agents, naan, second_location)
    home = Home(root, config, keys, LocalStorage(root))
    _furnish(home, signers, datetime.now(UTC))
    return home


def open_home(root: Path, keys: Path | None = None) -> Home:
    """The archive home in a folder.

    Args:
        root: its folder.
        keys: where the private keys are; the user's own folder when None.

    Raises:
        NotFoundError: there is none.
        UsageError: its ``ditich.toml`` is not readable.
        RecordError: it was written by a newer Ditich.
    """
    tree = LocalStorage(root)
    try:
        content = tree.read(CONFIG)
    except NotFoundError as error:
        advice = "Make one with `ditich init`, or name its folder with --home."
        raise NotFoundError(f"There is no archive in {root}.", advice=advice, code="no-home", values={"root": root}) from error
    return Home(root, read_config(content), keys or key_folder(), tree)


def save_config(home: Home, config: HomeConfig) -> Home:
    """Write the settings of a home durably; the home with them."""
    put_file(home.tree, CONFIG, config_toml(config))
    return Home(home.root, config, home.keys, home.tree)


def _furnish(home: Home, signers: Sequence[Signer], now: datetime) -> None:
    for folder in FOLDERS:
        make_folders(home.tree, folder)
    create_root(home.tree, "storage")
    home.log.create(signers, now)
    fixed = {path: sha512_of(content) for path, content in root_files().items()}
    first = Event(
        identifier=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, home.config.origin)}",
        type=EventType.INGESTION,
        when=now.isoformat(timespec="seconds"),
        outcome=Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=(),
        detail="archive created",
        extra={"archive": home.config.identifier, "storage": fixed},
    )
    home.log.append((first,), signers, now)
    home.tree.sync((*FOLDERS, *(f"storage/{path}" for path in fixed)))
    # Last: a folder with settings in it is an archive that is whole.
    put_file(home.tree, CONFIG, config_toml(home.config))
