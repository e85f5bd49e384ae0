"""What is asked of the judgement of a bag, and what it says."""

from dataclasses import dataclass

from archive.bagit.tags import FetchLine
from archive.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a bag is judged.

    Attributes:
        conformance_suite: a listed file that is not there is only a warning where a file whose name differs in case or Unicode form
            stands in for it, or where it is a leaving of an operating system: as the Library of Congress's suite wants it.
        keep: also compute these digests of every payload file, from the same read.
        from_device: have the system forget what it holds of a file before it is read.
    """

    conformance_suite: bool = False
    keep: tuple[str, ...] = ()
    from_device: bool = False


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A payload file as it was read, with the digests that ``Wishes.keep`` asked for."""

    path: str
    size: int
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BagReport:
    """What a bag is, and everything that is wrong with it.

    Attributes:
        name: the folder or ZIP.
        version: of BagIt, "" when it could not be told.
        algorithms: of the payload manifests.
        info: what the sender says, in order, repeated labels kept.
        payload: every payload file that could be read, sorted.
        tag_files: every other file, sorted.
        fetch: what the sender left to be fetched.
        findings: the gravest first.
    """

    name: str
    version: str
    algorithms: tuple[str, ...]
    info: tuple[tuple[str, str], ...]
    payload: tuple[ReadFile, ...]
    tag_files: tuple[str, ...]
    fetch: tuple[FetchLine, ...]
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Whether nothing speaks against taking it in."""
        return all(finding.severity is not Severity.REFUSE for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings somebody should look at before it is taken in."""
        return sum(finding.severity is Severity.WARN for finding in self.findings)

    @property
    def bytes(self) -> int:
        """Bytes of the payload."""
        return sum(file.size for file in self.payload)
