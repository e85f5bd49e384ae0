"""The record of a deposit: everything that was received, byte-exact, and what became of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DEPOSIT_SCHEMA = 1
UNREAD_REASONS = frozenset({"unreadable", "zip-encrypted", "zip-unsafe-name", "same-name-twice"})
"""Why a file of a card was left out although somebody wanted it: it could not be read."""


class Fate(StrEnum):
    """What became of a received file."""

    ARCHIVED = "archived"
    ALREADY_ARCHIVED = "already-archived"
    REFUSED = "refused"
    DESCRIBES = "describes"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class DepositLine:
    """One received file: path byte-exact (``path_hex``), digests, and its fate with the asset it went to."""

    path: str
    path_hex: str
    size: int
    sha512: str
    sha256: str
    modified: str
    format: str
    fate: Fate
    asset: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DepositRecord:
    """``deposit.json``: the received list, the survey it belongs to, and the versions it created."""

    ark: str
    site: str
    origin: str
    received: str
    lines: tuple[DepositLine, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    survey: str = ""
    created: tuple[tuple[str, str], ...] = ()
    """(asset ARK, version) that this deposit wrote"""
    undone: str = ""
    totals: dict[str, Any] = field(default_factory=dict, hash=False)
    schema: int = DEPOSIT_SCHEMA
