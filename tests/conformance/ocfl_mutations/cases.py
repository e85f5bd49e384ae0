"""One case of the pack: how it is made, and what the specification demands of a validator that sees it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.conformance.ocfl_mutations.drafts import draft
from tests.conformance.ocfl_mutations.edits import Edit

Kind = Literal["object", "root"]
_CODE = re.compile(r"[EW]\d{3}")


@dataclass(frozen=True)
class Case:
    """One object or storage root.

    Attributes:
        name: the codes it must raise, then what is done to it ("E023_file_that_no_manifest_lists"); "or" between codes where the
            specification allows to name the fault either way; "good_…" when nothing at all may be raised.
        kind: what it is.
        section: of OCFL 1.1 that decides.
        why: what is done to it, and why the verdict follows.
        write: makes it in a folder that is not there yet.
        may: warnings that a validator may or may not give besides.
    """

    name: str
    kind: Kind
    section: str
    why: str
    write: Callable[[Path], None]
    may: frozenset[str] = frozenset()

    @property
    def named(self) -> tuple[str, ...]:
        """The codes of the name."""
        return tuple(part for part in self._heading if part != "or")

    @property
    def alternative(self) -> bool:
        """Whether one of the named codes is enough."""
        return "or" in self._heading

    @property
    def _heading(self) -> list[str]:
        parts = self.name.split("_")
        return parts[: next(position for position, part in enumerate(parts) if not _CODE.fullmatch(part) and part != "or")]

    @property
    def valid(self) -> bool:
        """The verdict: warnings are allowed."""
        return not any(code.startswith("E") for code in self.named)

    def names_right(self, codes: set[str]) -> bool:
        """Whether a validator's codes are right: the named ones among others when the case is bad, exactly those when it is valid."""
        if self.valid:
            return codes - self.may == set(self.named)
        return bool(codes & set(self.named)) if self.alternative else codes >= set(self.named)


def of_object(name: str, section: str, why: str, *edits: Edit, versions: tuple[Mapping[str, bytes], ...] = (), **options: Any) -> Case:
    """A case made of a good object draft with these versions and options, changed by the edits in turn."""

    def write(folder: Path) -> None:
        made = draft(*versions, **options)
        for edit in edits:
            edit(made)
        made.write(folder)

    return Case(name, "object", section, why, write)
