"""Who may see what. Separate from rights: a free licence does not make a thing public."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AccessLevel(StrEnum):
    """From open to closed. The default of everything is RESTRICTED."""

    PUBLIC = "public"
    REDUCED = "reduced"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class AccessDecision:
    """An access level, why, who decided (an agent id, never a name) and when to look again."""

    level: AccessLevel = AccessLevel.RESTRICTED
    reason: str = "default"
    decided_by: str = ""
    review: date | None = None


OPEN_LICENCES = (
    "http://creativecommons.org/",
    "https://creativecommons.org/",
    "http://rightsstatements.org/vocab/NoC",
    "https://rightsstatements.org/vocab/NoC",
)
"""Beginnings of the rights statements under which a copy may be handed out."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What others may do: a rights statement or licence by its URI, with the words for the credit line."""

    statement: str = ""
    holder: str = ""
    credit: str = ""

    @property
    def lets_others_copy(self) -> bool:
        """Whether a copy may be handed out under the statement."""
        return self.statement.startswith(OPEN_LICENCES)
