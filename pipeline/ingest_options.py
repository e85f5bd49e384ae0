"""What the officer may say about a whole deposit when handing it in."""

from dataclasses import dataclass

from archive.records.access import AccessLevel
from archive.records.text import Language


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
