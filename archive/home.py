"""The archive home: one folder with everything in it, and what its ``ditich.toml`` says."""

import json
import os
import sys
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.errors import ConflictError, NotFoundError, RecordError, UsageError
from archive.ledger.keys import load_signers, new_signers, save_keys
from archive.ledger.log import Ledger
from archive.ledger.note import PublicKey, Signer, parse_vkey
from archive.ocfl.digests import sha512_of
from archive.ocfl.root import StorageRoot, create_root, root_files
from archive.records.access import AccessLevel
from archive.records.events import Event, EventType, Outcome
from archive.records.identifiers import TEST_NAAN
from archive.records.serialise import from_values, plain
from archive.storage.base import Storage, make_folders, put_file
from archive.storage.local import LocalStorage
from archive.storage.refusals import Refusals

CONFIG = "ditich.toml"
FOLDERS = ("storage", "ledger", "incoming", "work/locks", "work/tx", "work/quarantine", "derivatives", "publications")
LEDGER_ROLE = "ledger"
OFFICER_ROLE = "officer"


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody or something that acts: persons by id only, with the public keys (verifier keys) that it signs with."""

    id: str
    role: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often every object is checked: days between scrubs (sha256) and between full audits (sha512)."""

    scrub_days: int = 90
    full_days: int = 365


@dataclass(frozen=True, slots=True)
class RightsDefaults:
    """What a deposit has unless its officer says otherwise."""

    statement: str = ""
    holder: str = ""
    credit: str = ""
    access: AccessLevel = AccessLevel.RESTRICTED


@dataclass(frozen=True, slots=True)
class HomeConfig:
    """``ditich.toml``: nothing in it is secret.

    Attributes:
        identifier: a UUID; the log's name contains it.
        naan: of new ARKs; 99999 is for tests.
        agent: id of the agent that acts when nobody else is named.
        second_location: where the next copy of the archive is kept, in words or as an address; "" is nagged about.
    """

    identifier: str
    name: str
    agent: str
    agents: tuple[Agent, ...]
    naan: str = TEST_NAAN
    second_location: str = ""
    cadence: Cadence = Cadence()
    rights: RightsDefaults = RightsDefaults()
    schema: int = 1

    @property
    def origin(self) -> str:
        """The name of the ledger, first line of its checkpoints."""
        return f"ditich-archive/{self.identifier}"

    @property
    def ledger_keys(self) -> tuple[PublicKey, ...]:
        """The keys whose signatures of the ledger count."""
        return tuple(parse_vkey(key) for agent in self.agents if agent.role == LEDGER_ROLE for key in agent.keys)


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
        return Ledger(self.tree, self.config.origin, self.config.ledger_keys)

    def signers(self) -> tuple[Signer, ...]:
        """The private keys of the ledger. Raises NotFoundError when this user does not have them."""
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


def read_config(content: bytes) -> HomeConfig:
    """What the bytes of a ``ditich.toml`` say."""
    try:
        found = tomllib.loads(content.decode())
    except ValueError as error:
        raise UsageError(
            f"{CONFIG} is not readable: {error}.", advice="Correct it, or restore it from another copy of the archive."
        ) from error
    try:
        config = from_values(HomeConfig, found)
    except RecordError as error:
        advice = error.advice or "Correct it, or restore it from another copy of the archive."
        raise RecordError(f"{CONFIG}: {error.message}", advice=advice) from error
    if config.agent not in {agent.id for agent in config.agents} or not config.ledger_keys:
        raise RecordError(f"{CONFIG} names an agent it does not describe, or no key of the ledger.", advice="Restore it from another copy.")
    return config


def config_toml(config: HomeConfig) -> bytes:
    """A ``ditich.toml`` that says this: plain values first, tables after them."""
    values = plain(config)
    return ("\n".join(_table_lines("", values)).lstrip("\n") + "\n").encode()


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


def _table_lines(name: str, values: dict[str, Any]) -> Iterator[str]:
    tables = {key: value for key, value in values.items() if isinstance(value, dict)}
    lists = {key: value for key, value in values.items() if isinstance(value, list) and value and isinstance(value[0], dict)}
    if name:
        yield f"\n{name}"
    for key, value in values.items():
        if key not in tables and key not in lists:
            yield f"{key} = {_toml_value(value)}"
    for key, value in tables.items():
        yield from _table_lines(f"[{key}]", value)
    for key, rows in lists.items():
        for row in rows:
            yield from _table_lines(f"[[{key}]]", row)


def _toml_value(value: object) -> str:
    """A TOML value; JSON's text, numbers, booleans and lists are TOML's too, except DEL, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
