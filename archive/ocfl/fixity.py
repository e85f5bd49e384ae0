"""Whether an object's files are what they were: every file read, every inventory and digest file compared, nothing missing, nothing extra.

The digests of the inventories are those that the ledger has. So an inventory that was changed together with its digest file is found,
and where the two disagree it is known which of them is damaged.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from archive.errors import DitichError, NotFoundError
from archive.ocfl.comparing import Condition, FileProblem, Reading, compare, digests_at, read_all
from archive.ocfl.digests import sha512_of
from archive.ocfl.inventory import (
    INVENTORY,
    NAMASTE,
    NAMASTE_CONTENT,
    SIDECAR,
    Inventory,
    parse_inventory,
    parse_sidecar,
    version_number,
)
from archive.storage.base import Kind, Storage, files_under

__all__ = ["Condition", "FileProblem", "ObjectCheck", "OpenCheck", "Reading", "begin_check", "check_object", "content_problem"]

_Result = FileProblem | None


@dataclass(slots=True)
class ObjectCheck:
    """What the check of one object found.

    Attributes:
        version: the newest version, "" when not even that could be found out.
        intact: files that are what they were.
        problems: all others.
    """

    version: str = ""
    intact: int = 0
    problems: list[FileProblem] = field(default_factory=list)


class OpenCheck:
    """The check of one object whose large files are still being read by other threads."""

    def __init__(self) -> None:
        self._results: list[_Result | Future[_Result]] = []
        self.version = ""

    def add(self, result: _Result | Future[_Result]) -> None:
        """Take what was found of the next file: None where it is intact."""
        self._results.append(result)

    def done(self) -> bool:
        """Whether everything has been read."""
        return all(result.done() for result in self._results if isinstance(result, Future))

    def finish(self) -> ObjectCheck:
        """Wait for the rest. Raises whatever a reading thread raised."""
        found = ObjectCheck(self.version)
        for result in self._results:
            problem = result.result() if isinstance(result, Future) else result
            if problem is None:
                found.intact += 1
            else:
                found.problems.append(problem)
        found.problems = _with_moves(found.problems)
        return found


def check_object(storage: Storage, folder: str, logged: Mapping[str, str], reading: Reading) -> ObjectCheck:
    """Read everything that an object has and compare.

    Args:
        storage: where it is kept.
        folder: of the object.
        logged: version → sha512 of its inventory, from the ledger; empty where the ledger does not know the object.
        reading: how.
    """
    return begin_check(storage, folder, logged, reading).finish()


def begin_check(storage: Storage, folder: str, logged: Mapping[str, str], reading: Reading) -> OpenCheck:
    """The same, without waiting for the files that other threads read."""
    found = OpenCheck()
    try:
        if storage.kind(folder) is not Kind.FOLDER:
            found.add(FileProblem("", Condition.MISSING, "the whole object"))
            return found
        present = set(files_under(storage, folder))
    except DitichError as error:
        found.add(FileProblem("", Condition.UNREADABLE, error.detail or str(error)))
        return found
    check = _Check(storage, folder, reading, found)
    check.small(NAMASTE, NAMASTE_CONTENT)
    inventory = check.inventories(logged or _from_sidecars(storage, folder))
    if inventory is not None:
        found.version = inventory.head
        check.content(inventory)
    check.rest(sorted(present - check.expected), known=inventory is not None)
    return found


def content_problem(storage: Storage, path: str, sha512: str) -> tuple[Condition, str] | None:
    """What is wrong with a small file that should have this sha512, or None."""
    problem = compare(storage, (path, path), sha512, Reading("sha512"))
    return None if problem is None else (problem.what, problem.detail)


@dataclass(slots=True)
class _Check:
    """One object while its files are gone through."""

    storage: Storage
    folder: str
    reading: Reading
    found: OpenCheck
    expected: set[str] = field(default_factory=set)

    def small(self, path: str, content: bytes) -> None:
        """Check a small file whose content is known."""
        self._take(path, sha512_of(content))

    def inventories(self, logged: Mapping[str, str]) -> Inventory | None:
        """Check the inventory and digest file of every version and of the top; the newest inventory that holds."""
        versions = sorted(logged, key=version_number)
        best: Inventory | None = None
        good = ""
        for place, version in (*((f"{version}/", version) for version in versions), ("", versions[-1] if versions else "")):
            digest = logged.get(version, "")
            content = self._inventory(f"{place}{INVENTORY}", digest, logged)
            self.small(f"{place}{SIDECAR}", f"{digest} {INVENTORY}\n".encode())
            if content is not None and digest != good:
                best, good = _parsed(content) or best, digest
        return best

    def content(self, inventory: Inventory) -> None:
        """Check every content file; by the second digest where that is asked for and there."""
        second = inventory.sha256_by_content_path() if self.reading.algorithm == "sha256" else {}
        for path, sha512 in sorted(inventory.sha512_by_content_path().items()):
            digest, algorithm = (second[path], "sha256") if path in second else (sha512, "sha512")
            self._take(path, digest, algorithm)

    def rest(self, paths: list[str], *, known: bool) -> None:
        """What lies there and is in no inventory; without any inventory nothing is known of it."""
        for path in paths:
            short = path.removeprefix(f"{self.folder}/")
            if known:
                self.found.add(FileProblem(short, Condition.EXTRA, digests=digests_at(self.storage, path, self.reading)))
            else:
                self.found.add(FileProblem(short, Condition.UNREADABLE, "no inventory says what it should be"))

    def _take(self, path: str, digest: str, algorithm: str = "sha512") -> None:
        place = f"{self.folder}/{path}"
        self.expected.add(place)
        self.found.add(self.reading.readers.compare(self.storage, (place, path), digest, self.reading.by(algorithm)))

    def _inventory(self, path: str, digest: str, logged: Mapping[str, str]) -> bytes | None:
        """The bytes of an inventory that holds, else None and a problem is noted."""
        place = f"{self.folder}/{path}"
        self.expected.add(place)
        if not digest:
            self.found.add(FileProblem(path, Condition.UNREADABLE, "no digest is known of it"))
            return None
        content = read_all(self.storage, (place, path), self.reading)
        if isinstance(content, FileProblem):
            self.found.add(content)
            return None
        got = sha512_of(content)
        if got == digest:
            self.found.add(None)
            return content
        older = next((f"; it is the inventory of {version}" for version, known in logged.items() if known == got), "")
        self.found.add(FileProblem(path, Condition.CHANGED, f"sha512 {got}, expected {digest}{older}", digest, (got,)))
        return None


def _with_moves(problems: list[FileProblem]) -> list[FileProblem]:
    """Where the bytes that a file should have lie at another place of the object, say so."""
    return list(moved(problems, {digest: problem.path for problem in problems for digest in problem.digests}))


def moved(problems: list[FileProblem], lying: Mapping[str, str]) -> Iterator[FileProblem]:
    """The same problems, as moves where the expected bytes are found elsewhere.

    Args:
        problems: of one object.
        lying: digest of bytes that lie where they should not → where that is.
    """
    for problem in problems:
        elsewhere = lying.get(problem.expected) if problem.what in {Condition.CHANGED, Condition.MISSING} else None
        if elsewhere is None or problem.path.endswith((INVENTORY, SIDECAR)):
            yield problem
        else:
            yield FileProblem(problem.path, Condition.MOVED, f"its bytes lie at {elsewhere}", problem.expected, problem.digests)


def _parsed(content: bytes) -> Inventory | None:
    try:
        return parse_inventory(content)
    except DitichError:
        return None


def _from_sidecars(storage: Storage, folder: str) -> dict[str, str]:
    """The digests that an object's own digest files name: all there is where the ledger does not know the object."""
    digests: dict[str, str] = {}
    while True:
        version = f"v{len(digests) + 1}"
        try:
            digests[version] = parse_sidecar(storage.read(f"{folder}/{version}/{SIDECAR}"))
        except NotFoundError:
            return digests
        except DitichError:
            try:
                digests[version] = sha512_of(storage.read(f"{folder}/{version}/{INVENTORY}"))
            except DitichError:
                return digests
