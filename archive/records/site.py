"""A site: what is known about a relic, each fact with its source and its certainty, conflicts kept side by side."""

from dataclasses import dataclass

from archive.records.access import AccessDecision, AccessLevel, Rights
from archive.records.asset import Nature
from archive.records.text import LocalText

SITE_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement. Several facts may share a ``name``: sources that conflict are both kept.

    Attributes:
        name: field of the record, a key of the glossary ("rank", "decision", "dating", "custodian" …).
        certainty: "A" several independent sources or one official text, "B" one source, "C" to be verified, "?" unknown.
        access: who may see it; facts have the site's level unless they say so.
    """

    name: str
    value: LocalText
    source: str = ""
    certainty: str = ""
    valid_from: str = ""
    valid_to: str = ""
    note: LocalText = LocalText()
    access: AccessLevel = AccessLevel.PUBLIC


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Where the site is. ``latitude`` and ``longitude`` (WGS84 degrees) stay None with status "to be surveyed" until measured."""

    status: str = "to be surveyed"
    latitude: float | None = None
    longitude: float | None = None
    crs: str = ""
    method: str = ""
    accuracy_m: float | None = None
    access: AccessLevel = AccessLevel.RESTRICTED
    public_decimals: int | None = None


@dataclass(frozen=True, slots=True)
class SiteDefaults:
    """What an asset of the site has unless somebody says otherwise."""

    access: AccessDecision = AccessDecision()
    location_access: AccessDecision = AccessDecision()
    rights: Rights = Rights()
    creator: str = ""
    nature: Nature = Nature.SURVEY


@dataclass(frozen=True, slots=True)
class Site:
    """The record of a site (``site.json``). ``slug`` is the short name in addresses and on the command line."""

    ark: str
    slug: str
    name: LocalText
    summary: LocalText
    nature: Nature
    facts: tuple[Fact, ...]
    coordinates: Coordinates = Coordinates()
    defaults: SiteDefaults = SiteDefaults()
    access: AccessDecision = AccessDecision()
    texts: tuple[str, ...] = ()
    """names of the texts, in order; bodies are ``texts/<lang>/<name>.md`` in the object"""
    schema: int = SITE_SCHEMA
