"""Which files an object has to have, and with which bytes: told by the ledger's digests of its inventories and nothing else."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from archive.errors import DitichError, NotFoundError, StorageError
from archive.ocfl.digests import digest_of_stream, sha512_of
from archive.ocfl.inventory import (
    FIXITY,
    INVENTORY,
    NAMASTE,
    NAMASTE_CONTENT,
    SIDECAR,
    Inventory,
    parse_inventory,
    version_number,
)
from archive.storage.base import Storage


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """One file of an object.

    Attributes:
        path: relative to the object's folder.
        digest, algorithm: of its bytes.
        content: the bytes themselves, where they follow from what is known.
    """

    path: str
    digest: str
    algorithm: str = "sha512"
    content: bytes | None = None

    def is_at(self, tree: Storage, path: str) -> bool:
        """Whether these very bytes lie there; read from the device. A file that cannot be read does not have them."""
        try:
            with tree.open(path, from_device=True) as stream:
                return digest_of_stream(stream, self.algorithm) == self.digest
        except (DitichError, OSError):
            return False

    def copy(self, source: tuple[Storage, str], target: tuple[Storage, str], watch: Callable[[int], object]) -> str:
        """Copy the file from a path of one tree to a free path of another, comparing every byte with the digest on the way.

        Args:
            source: tree and path.
            target: tree and path.
            watch: told the bytes of every block.

        Returns:
            "" when all is well; else what is wrong with the source. What was written has to be taken away then.

        Raises:
            StorageError: the target's disk refused.
        """
        (from_tree, from_path), (to_tree, to_path) = source, target
        digest = hashlib.new(self.algorithm)
        try:
            to_tree.copy_in(from_tree.path_of(from_path), to_path, partial(_take, digest.update, watch))
        except NotFoundError:
            return "missing"
        except StorageError as error:
            if self.is_at(from_tree, from_path):  # then it is the target that refused
                raise
            return str(error)
        found = digest.hexdigest()
        return "" if found == self.digest else f"{self.algorithm} {found}, expected {self.digest}"


def true_inventory(places: Iterable[tuple[Storage, str]], versions: Mapping[str, str]) -> tuple[Inventory, bytes] | None:
    """The newest inventory of an object, with its bytes, from the first place that has the bytes that the ledger signed.

    Args:
        places: trees, each with the object's folder in it.
        versions: version → sha512 of its inventory, as logged.
    """
    head = f"v{len(versions)}"
    for tree, folder in places:
        for path in (f"{folder}/{head}/{INVENTORY}", f"{folder}/{INVENTORY}"):
            try:
                content = tree.read(path)
                if sha512_of(content) == versions.get(head):
                    return parse_inventory(content), content
            except (DitichError, OSError):
                continue
    return None


def expected_files(inventory: Inventory, versions: Mapping[str, str], algorithm: str = FIXITY) -> Iterator[ExpectedFile]:
    """Every file of an object that has this newest inventory, those of a version together and those at the top last."""
    for version in sorted(versions, key=version_number):
        yield from version_files(inventory, versions, version, algorithm)
    yield ExpectedFile(NAMASTE, sha512_of(NAMASTE_CONTENT), content=NAMASTE_CONTENT)
    yield from _inventory_files("", versions[inventory.head])


def version_files(inventory: Inventory, versions: Mapping[str, str], version: str, algorithm: str = FIXITY) -> Iterator[ExpectedFile]:
    """The files in a version's folder; content by its second digest, which is read faster, where there is one and it is asked for."""
    second = inventory.sha256_by_content_path() if algorithm == FIXITY else {}
    for path, sha512 in sorted(inventory.sha512_by_content_path().items()):
        if path.startswith(f"{version}/"):
            yield ExpectedFile(path, second[path], FIXITY) if path in second else ExpectedFile(path, sha512)
    yield from _inventory_files(f"{version}/", versions[version])


def _inventory_files(place: str, sha512: str) -> tuple[ExpectedFile, ExpectedFile]:
    digest_file = f"{sha512} {INVENTORY}\n".encode()
    return (
        ExpectedFile(f"{place}{INVENTORY}", sha512),
        ExpectedFile(f"{place}{SIDECAR}", sha512_of(digest_file), content=digest_file),
    )


def _take(update: Callable[[bytes], object], watch: Callable[[int], object], block: bytes) -> None:
    update(block)
    watch(len(block))
