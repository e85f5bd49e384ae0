"""Printed signs: what was issued, for what, and what became of it. A code is given once and never again.

``labels.json`` in the object of a site. The code is betanumeric (no vowels, no letters that look like digits), six characters and the
NOID check character over them, so that a mistyped one is noticed before anything is looked up.
"""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from archive.errors import NotFoundError
from archive.records.identifiers import blade_of, check_character
from archive.records.text import LocalText

LABEL_SCHEMA = 1
LABELS = "labels.json"
CODE_LENGTH = 7
_PREFIX = "q/"


class LabelPlace(StrEnum):
    """What a sign hangs at: it leads to the page of the site, of a standpoint of its tour, or of one asset."""

    SITE = "site"
    SCENE = "scene"
    ASSET = "asset"


@dataclass(frozen=True, slots=True)
class Label:
    """One sign.

    Attributes:
        code: what stands after ``/q/``; never used twice.
        ark: of the site or asset that it stands for; of a scene, that of its panorama.
        title: as it was printed.
        issued: date, EDTF; ``retired``: date or "".
        story: what became of it, shown to whoever scans it afterwards.
        practice: printed for an exercise under the test NAAN.
        address: public address of the viewer that was printed, "" where it was not written down.
    """

    code: str
    ark: str
    place: LabelPlace
    title: LocalText
    issued: str
    retired: str = ""
    story: LocalText = LocalText()
    practice: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class LabelRegister:
    """All signs that were ever issued for a site, in the order of issue."""

    site: str
    labels: tuple[Label, ...] = ()
    schema: int = LABEL_SCHEMA

    def hanging(self, ark: str, place: LabelPlace) -> Label | None:
        """The sign that hangs there now."""
        return next((label for label in self.labels if (label.ark, label.place, label.retired) == (ark, place, "")), None)

    def with_label(self, label: Label) -> "LabelRegister":
        """With one more sign."""
        return replace(self, labels=(*self.labels, label))

    def retire(self, code: str, when: str, story: LocalText) -> "LabelRegister":
        """With that sign taken down.

        Raises:
            NotFoundError: it was not issued for this site.
        """
        if all(label.code != code for label in self.labels):
            raise NotFoundError(f"No sign “{code}” was issued for this site.", advice="Compare it with the sign, character by character.")
        changed = (replace(label, retired=label.retired or when, story=story) if label.code == code else label for label in self.labels)
        return replace(self, labels=tuple(changed))


def code_for(archive: str, ark: str, place: LabelPlace, ordinal: int) -> str:
    """The code that a sign gets: the same for the same archive, thing and number of the attempt.

    Args:
        archive: identifier of the archive.
        ark: what it stands for.
        place: where it leads.
        ordinal: 0 for the first try; the next where that code was given to something else, or its sign is retired.
    """
    blade = blade_of(hashlib.sha512(f"sign\n{archive}\n{ark}\n{place}\n{ordinal}".encode()).digest())[: CODE_LENGTH - 1]
    return blade + check_character(_PREFIX + blade)


def is_code(text: str) -> bool:
    """Whether the text is a code with the right check character; one wrong or two swapped characters are noticed."""
    return len(text) == CODE_LENGTH and check_character(_PREFIX + text[:-1]) == text[-1]
