"""What a validation finds, as values: a code of the specification, a place, and what was got there."""

from dataclasses import dataclass, field
from typing import Self

MOST_KEPT = 20_000
"""findings kept of one validation: the codes stay complete, a disk full of faults does not fill the memory"""


@dataclass(frozen=True, slots=True)
class OcflFinding:
    """One rule that is broken, or one place that could not be looked at.

    Attributes:
        code: of the specification ("E092", "W004"); "" where something could not be checked.
        path: the place, relative to the path that was validated; "" for that path itself.
        detail: got and expected, for the log.
        object: folder of the object it belongs to, relative to the path that was validated; "" for that path itself.
    """

    code: str
    path: str
    detail: str
    object: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """The judgement of one path.

    Attributes:
        path: as it was asked for.
        kind: "object", "root", or "folder" where not even that could be found out.
        findings: rules that are broken, in the order in which they were found; at most MOST_KEPT.
        unchecked: what could not be read. Nothing is known of it.
        codes: every code that occurs, sorted, also those of findings that were not kept.
        left_out: how many findings were not kept.
        objects: how many objects were judged.
        files: how many content files were read.
        bytes: of content that were read.
    """

    path: str
    kind: str
    findings: tuple[OcflFinding, ...]
    unchecked: tuple[OcflFinding, ...]
    codes: tuple[str, ...]
    left_out: int = 0
    objects: int = 0
    files: int = 0
    bytes: int = 0

    @property
    def broken(self) -> bool:
        """Whether the specification is broken for certain."""
        return any(code.startswith("E") for code in self.codes)

    @property
    def valid(self) -> bool:
        """Whether everything was checked and no requirement is broken; warnings are allowed."""
        return not self.broken and not self.unchecked


@dataclass(slots=True)
class Tally:
    """Everything that one validation has found so far."""

    findings: list[OcflFinding] = field(default_factory=list)
    unchecked: list[OcflFinding] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    left_out: int = 0
    objects: int = 0
    files: int = 0
    bytes: int = 0

    def validation(self, path: str, kind: str) -> Validation:
        """The result."""
        found = (tuple(self.findings), tuple(self.unchecked), tuple(sorted(self.codes)))
        return Validation(path, kind, *found, self.left_out, self.objects, self.files, self.bytes)


@dataclass(frozen=True, slots=True)
class Notes:
    """Where the rules write down what they find in one object, or in the root around the objects.

    Attributes:
        tally: shared by all objects of a root.
        folder: of the object, relative to the path that is validated.
    part: folder inside the object that paths are relative to.
    """

    tally: Tally
    folder: str = ""
    part: str = ""

    def found(self, code: str, path: str, detail: str = "") -> None:
        """A rule is broken at a path relative to the object's folder."""
        self.tally.codes.add(code)
        self._keep(self.tally.findings, OcflFinding(code, self._placed(path), detail, self.folder))

    def unread(self, path: str, error: Exception) -> None:
        """Something could not be read."""
        self._keep(self.tally.unchecked, OcflFinding("", self._placed(path), f"{type(error).__name__}: {error}", self.folder))

    def below(self, folder: str) -> Self:
        """The notes of an object in a folder of this one."""
        return type(self)(self.tally, self._placed(folder))

    def inside(self, part: str) -> Self:
        """The notes of the same object, for paths relative to a folder inside it."""
        return type(self)(self.tally, self.folder, part)

    def _placed(self, path: str) -> str:
        return "/".join(part for part in (self.folder, self.part, path) if part)

    def _keep(self, kept: list[OcflFinding], finding: OcflFinding) -> None:
        if len(kept) < MOST_KEPT:
            kept.append(finding)
        else:
            self.tally.left_out += 1
