"""Writes a bag of version 1.0: sha512 and sha256 manifests of everything, the payload's sum, what the sender says (RFC 8493)."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from archive.bagit.paths import PAYLOAD, encoded
from archive.bagit.tags import DECLARED, info_text, manifest_text
from archive.bagit.target import Target

ALGORITHMS = ("sha512", "sha256")


class BagWriter:
    """One bag that is being written; ``close`` makes it one.

    Args:
        target: where; nothing stands there yet.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._payload: dict[str, tuple[str, ...]] = {}
        self._tags: dict[str, tuple[str, ...]] = {}
        self._bytes = 0
        self.tag("bagit.txt", DECLARED)

    def keep(self, path: str, source: Path, progress: Callable[[int], None] | None = None) -> tuple[str, ...]:
        """Copy a file into the payload as ``data/<path>``; its sha512 and sha256 as they were written."""
        sums = [hashlib.new(name) for name in ALGORITHMS]

        def watch(block: bytes) -> None:
            for one in sums:
                one.update(block)
            self._bytes += len(block)
            if progress is not None:
                progress(len(block))

        self._target.copy(PAYLOAD + path, source, watch)
        self._payload[PAYLOAD + path] = digests = tuple(one.hexdigest() for one in sums)
        return digests

    def tag(self, path: str, content: bytes) -> None:
        """Write a file beside the payload."""
        self._target.write(path, content)
        self._tags[path] = tuple(hashlib.new(name, content).hexdigest() for name in ALGORITHMS)

    def close(self, info: Iterable[tuple[str, str]]) -> None:
        """Write ``bag-info.txt`` (the payload's sum added) and the manifests."""
        self.tag("bag-info.txt", info_text((*info, ("Payload-Oxum", f"{self._bytes}.{len(self._payload)}"))))
        for number, name in enumerate(ALGORITHMS):
            self.tag(f"manifest-{name}.txt", _list(self._payload, number))
        covered = dict(self._tags)
        for number, name in enumerate(ALGORITHMS):
            self._target.write(f"tagmanifest-{name}.txt", _list(covered, number))


def _list(digests: dict[str, tuple[str, ...]], number: int) -> bytes:
    return manifest_text(((path, found[number]) for path, found in digests.items()), encoded)
