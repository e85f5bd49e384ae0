"""What the public may see. These types cannot hold a restricted field: they have no place for one.

Everything that a page, manifest, export, feed or search index shows passes through these, and they are made by one function
(pipeline.publish.public_record).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile
from archive.records.identifiers import identifier_of
from archive.records.text import LocalText
from archive.records.tour import Tour

PUBLICATION_SCHEMA = 2
LEVELS = ("listed", "described", "photographed", "tour", "measured")
"""Evidence of digitisation, from least to most."""


@dataclass(frozen=True, slots=True)
class PublicFact:
    """One statement about a site or asset with its source. Conflicting statements stand side by side under one ``name``."""

    name: str
    value: LocalText
    source: str = ""
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class PublicText:
    """A longer text of a site (``texts/<lang>/<name>.md``), Markdown by language."""

    name: str
    title: LocalText
    body: LocalText


@dataclass(frozen=True, slots=True)
class PublicFile:
    """An original or access copy that is offered for download."""

    name: str
    label: str
    media_type: str
    size: int
    sha512: str


@dataclass(frozen=True, slots=True)
class PublicAsset:
    """A public asset. ``files`` live in the publication under ``media/<asset id>/<file name>``.

    Attributes:
        id: the ARK's blade and check character ("dt3k9…"), used in addresses and folder names.
        facts: measured values that pages show and viewers need, JSON only (width, height, points, triangles, crop …).
        downloads: originals offered; ``media/<asset id>/original/<name>``. Empty when location or people are not public.
        paradata: how it was made and what it stands on (device, method, operator, software, accuracy, sources), each with its source.
        archived: date on which the archive took it in, "2026-11-22"; "" where it is not known.
    """

    ark: str
    id: str
    kind: AssetKind
    nature: Nature
    title: LocalText
    description: LocalText
    creator: str
    captured: str
    rights: str
    credit: str
    subject: tuple[str, ...]
    files: tuple[DerivedFile, ...]
    facts: dict[str, Any] = field(hash=False)
    downloads: tuple[PublicFile, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    paradata: tuple[PublicFact, ...] = ()
    archived: str = ""


@dataclass(frozen=True, slots=True)
class PublicLabel:
    """A printed sign: its short code leads, for as long as the sign hangs, to ``path`` below a language, or to its story.

    Attributes:
        code: what is printed after ``/q/``; never used twice.
        path: of the page it leads to, below the language ("dinh-mau/", "dinh-mau/scene/dt…"); "" for a retired sign.
        issued: date, EDTF. ``retired``: date or "".
        story: what became of what the sign stood for, shown where it is retired.
        withdrawn: date on which what it stands for was taken from the public, "" where it was not.
    """

    code: str
    path: str
    title: LocalText
    issued: str = ""
    retired: str = ""
    story: LocalText = LocalText()
    withdrawn: str = ""


class Resolution(StrEnum):
    """What an ARK leads to."""

    PUBLIC = "public"
    NOT_PUBLIC = "not-public"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ResolverEntry:
    """Where an ARK leads: a page of this publication, or a sentence that it is not public, or its tombstone."""

    ark: str
    resolution: Resolution
    path: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class PublicSite:
    """One published site, whole. ``generation`` goes up with every publication that changes something or withdraws something.

    ``nature`` is SIMULATED for the rehearsal's model house. ``level`` is the evidence of digitisation, computed:
    "listed", "described", "photographed", "tour", "measured". ``files`` are the site's own (plans, narrations, captions); they live under
    ``media/<site id>/<file name>``. ``labels`` are the signs that were ever issued for it.
    """

    ark: str
    slug: str
    generation: int
    name: LocalText
    summary: LocalText
    nature: Nature
    level: str
    facts: tuple[PublicFact, ...]
    texts: tuple[PublicText, ...]
    assets: tuple[PublicAsset, ...]
    tour: Tour | None
    resolver: tuple[ResolverEntry, ...]
    cover: str = ""
    latitude: float | None = None
    longitude: float | None = None
    published: str = ""
    files: tuple[DerivedFile, ...] = ()
    labels: tuple[PublicLabel, ...] = ()
    schema: int = PUBLICATION_SCHEMA

    @property
    def id(self) -> str:
        """The blade and check character of the site's ARK."""
        return identifier_of(self.ark)
