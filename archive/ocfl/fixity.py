"""Whether an object's files are what they were: every file read, every inventory and digest file compared, nothing missing, nothing extra.

The digests of the inventories are those that the ledger has. So an inventory that was changed together with its digest file is found,
and where the two disagree it is known which of them is damaged.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from archive.errors import DitichError, NotFoundError
from archive.ocfl.digests import digest_of_stream, sha512_of
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


class Condition(StrEnum):
    """What is wrong with a file. UNREADABLE was not checked: nothing is known of it."""

    DAMAGED = "damaged"
    MISSING = "missing"
    EXTRA = "extra"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One file of an object that is not as it should be; ``path`` is relative to the object's folder."""

    path: str
    what: Condition
    detail: str = ""


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


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: with which digest, and who is told of the bytes."""

    algorithm: str
    progress: Callable[[int], None] | None = None


def check_object(storage: Storage, folder: str, logged: Mapping[str, str], reading: Reading) -> ObjectCheck:
    """Read everything that an object has and compare.

    Args:
        storage: where it is kept.
        folder: of the object.
        logged: version → sha512 of its inventory, from the ledger; empty where the ledger does not know the object.
        reading: how.
    """
    found = ObjectCheck()
    try:
        if storage.kind(folder) is not Kind.FOLDER:
            found.problems.append(FileProblem("", Condition.MISSING, "the whole object"))
            return found
        present = set(files_under(storage, folder))
    except DitichError as error:
        found.problems.append(FileProblem("", Condition.UNREADABLE, error.detail or str(error)))
        return found
    expected = {f"{folder}/{NAMASTE}"}
    _note(found, NAMASTE, _content_problem(storage, f"{folder}/{NAMASTE}", NAMASTE_CONTENT))
    inventory = _check_inventories(storage, folder, logged or _from_sidecars(storage, folder), (found, expected))
    if inventory is not None:
        found.version = inventory.head
        for path, digest, algorithm in _content(inventory, reading.algorithm):
            expected.add(f"{folder}/{path}")
            _note(found, path, _digest_problem(storage, f"{folder}/{path}", digest, Reading(algorithm, reading.progress)))
    for path in sorted(present - expected):
        what = Condition.EXTRA if inventory is not None else Condition.UNREADABLE
        found.problems.append(
            FileProblem(path.removeprefix(f"{folder}/"), what, "" if inventory else "no inventory says what it should be")
        )
    return found


def content_problem(storage: Storage, path: str, sha512: str) -> tuple[Condition, str] | None:
    """What is wrong with a small file that should have this sha512, or None."""
    return _digest_problem(storage, path, sha512, Reading("sha512"))


def _check_inventories(storage: Storage, folder: str, logged: Mapping[str, str], notes: tuple[ObjectCheck, set[str]]) -> Inventory | None:
    """Check the inventory and digest file of the top and of every version; the newest inventory that holds."""
    found, expected = notes
    versions = sorted(logged, key=version_number)
    best: Inventory | None = None
    for place, version in (*((f"{version}/", version) for version in versions), ("", versions[-1] if versions else "")):
        digest = logged.get(version, "")
        path = f"{folder}/{place}{INVENTORY}"
        expected |= {path, f"{folder}/{place}{SIDECAR}"}
        problem = (
            _digest_problem(storage, path, digest, Reading("sha512")) if digest else (Condition.UNREADABLE, "no digest is known of it")
        )
        _note(found, f"{place}{INVENTORY}", problem)
        content = f"{digest} {INVENTORY}\n".encode()
        _note(found, f"{place}{SIDECAR}", _content_problem(storage, f"{folder}/{place}{SIDECAR}", content))
        if problem is None:
            best = _parsed(storage, path) or best
    return best


def _parsed(storage: Storage, path: str) -> Inventory | None:
    try:
        return parse_inventory(storage.read(path))
    except DitichError:
        return None


def _from_sidecars(storage: Storage, folder: str) -> dict[str, str]:
    """The digests that an object's own digest files name: all there is where the ledger does not know the object."""
    digests = {}
    number = 1
    while True:
        try:
            digests[f"v{number}"] = parse_sidecar(storage.read(f"{folder}/v{number}/{SIDECAR}"))
        except NotFoundError:
            return digests
        except DitichError:
            inventory = f"{folder}/v{number}/{INVENTORY}"
            digests[f"v{number}"] = sha512_of(storage.read(inventory))
        number += 1


def _content(inventory: Inventory, algorithm: str) -> Iterator[tuple[str, str, str]]:
    """(content path, digest, algorithm) of every content file; the second digest where it is asked for and there."""
    second = inventory.sha256_by_content_path() if algorithm == "sha256" else {}
    for path, sha512 in sorted(inventory.sha512_by_content_path().items()):
        yield (path, second[path], "sha256") if path in second else (path, sha512, "sha512")


def _digest_problem(storage: Storage, path: str, digest: str, reading: Reading) -> tuple[Condition, str] | None:
    try:
        with storage.open(path, from_device=True) as stream:
            got = digest_of_stream(stream, reading.algorithm, reading.progress)
    except NotFoundError:
        return Condition.MISSING, ""
    except (DitichError, OSError) as error:
        return Condition.UNREADABLE, str(error)
    return None if got == digest else (Condition.DAMAGED, f"{reading.algorithm} {got}, expected {digest}")


def _content_problem(storage: Storage, path: str, content: bytes) -> tuple[Condition, str] | None:
    return _digest_problem(storage, path, sha512_of(content), Reading("sha512"))


def _note(found: ObjectCheck, path: str, problem: tuple[Condition, str] | None) -> None:
    if problem is None:
        found.intact += 1
    else:
        found.problems.append(FileProblem(path, *problem))
