"""What the officer may say about a whole deposit when handing it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.records.access import AccessLevel
from archive.records.package import FileToKeep
from archive.records.text import Language


@dataclass(frozen=True, slots=True)
class Material:
    """What is ingested, and what is known of it before it is read.

    Attributes:
        folder: or ZIP, or single file.
        origin: how the deposit's record names it; "" takes the folder.
        expected: sha512 by the hexadecimal of a path's bytes, where the material was read and judged before: then it must still be that.
        companions: files that the deposit's own object keeps beside its record (the lists of a bag).
    """

    folder: Path
    origin: str = ""
    expected: Mapping[str, str] = field(default_factory=dict)
    companions: tuple[FileToKeep, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Options of ``check`` and ``ingest``.

    Attributes:
        survey: name of the campaign that this deposit belongs to.
        access: access level for every asset of the deposit that no sheet says otherwise of; None takes the site's default.
        rights, creator: for every asset that no source says otherwise of.
        replaces: ARK of the asset that the (single) asset of this deposit corrects.
        as_new: give every asset a new ARK even where its principal is known at the site.
        all_or_nothing: one refused asset refuses the deposit.
        language: of the report.
    """

    survey: str = ""
    access: AccessLevel | None = None
    rights: str = ""
    creator: str = ""
    replaces: str = ""
    as_new: bool = False
    all_or_nothing: bool = False
    language: Language = Language.VI
