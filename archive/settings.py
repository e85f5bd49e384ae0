"""What an archive home says of itself in ``ditich.toml``: nothing in it is secret."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.errors import RecordError, UsageError
from archive.ledger.note import PublicKey, parse_vkey
from archive.records.access import AccessLevel
from archive.records.identifiers import TEST_NAAN
from archive.records.serialise import from_values, plain

CONFIG = "ditich.toml"
LEDGER_ROLE = "ledger"
RETIRED_ROLE = "ledger-before"
"""An agent of this role holds keys that signed the ledger once."""
OFFICER_ROLE = "officer"
PRIMARY = "storage"
"""The location of the archive itself, in check lines and due dates."""


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
class ReplicaConfig:
    """One more copy of the archive: a folder with ``storage/``, ``ledger/`` and ``ditich.toml``, readable alone.

    Attributes:
        name: small letters, digits, hyphens ("disk-2").
        path: its folder.
        medium: what it lies on ("usb-disk", "nas").
        place: where it stands, in words.
        owner: who answers for it, in words; no person's name is needed.
        witness: verifier key that cosigns checkpoints for it; "" for none.
        same_device: it lies on the same device as the archive and was accepted all the same: loudly marked everywhere.
        added: when, RFC 3339.
        beside: name of an older replica on the same disk: both go when that disk goes; "" for none.
    """

    name: str
    path: str
    medium: str = ""
    place: str = ""
    owner: str = ""
    witness: str = ""
    same_device: bool = False
    added: str = ""
    beside: str = ""

    @property
    def location(self) -> str:
        """Its location in check lines and due dates."""
        return f"replica:{self.name}"


@dataclass(frozen=True, slots=True)
class Warnings:
    """Who is told of what falls due: a mail address by way of this computer's ``sendmail``, an address that takes a POST; "" for nobody."""

    mail: str = ""
    webhook: str = ""


@dataclass(frozen=True, slots=True)
class HomeConfig:
    """``ditich.toml``: nothing in it is secret.

    Attributes:
        identifier: a UUID; the log's name contains it.
        naan: of new ARKs; 99999 is for tests.
        agent: id of the agent that acts when nobody else is named.
        replicas: the other copies that Ditich keeps.
        warnings: who is told of what falls due.
        address: where visitors find the viewer ("https://…"), printed on signs; "" where it is not public yet.
        second_location: where the next copy of the archive is kept, in words or as an address; "" is nagged about.
        replica: the name of this copy, where this folder is one: nothing but replication writes to it. "" in the archive itself.
    """

    identifier: str
    name: str
    agent: str
    agents: tuple[Agent, ...]
    naan: str = TEST_NAAN
    second_location: str = ""
    cadence: Cadence = Cadence()
    rights: RightsDefaults = RightsDefaults()
    replicas: tuple[ReplicaConfig, ...] = ()
    warnings: Warnings = Warnings()
    replica: str = ""
    address: str = ""
    schema: int = 1

    @property
    def origin(self) -> str:
        """The name of the ledger, first line of its checkpoints."""
        return f"ditich-archive/{self.identifier}"

    @property
    def copies_apart(self) -> tuple[ReplicaConfig, ...]:
        """Replicas that count as copies: neither on the archive's own disk nor on that of another replica that is counted already."""
        counted: list[ReplicaConfig] = []
        for replica in self.replicas:
            if not replica.same_device and replica.beside not in {other.name for other in counted}:
                counted.append(replica)
        return tuple(counted)

    @property
    def ledger_keys(self) -> tuple[PublicKey, ...]:
        """The keys whose signatures of the ledger count."""
        return tuple(parse_vkey(key) for agent in self.agents if agent.role == LEDGER_ROLE for key in agent.keys)

    @property
    def retired_keys(self) -> tuple[tuple[PublicKey, ...], ...]:
        """The keys before them, one set for each change, oldest first: they vouch for the checkpoints of their days."""
        return tuple(tuple(parse_vkey(key) for key in agent.keys) for agent in self.agents if agent.role == RETIRED_ROLE)


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
