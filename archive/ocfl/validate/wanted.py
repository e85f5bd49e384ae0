"""The digests that content files must have, gathered from every inventory of an object before any file is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.ocfl.algorithms import ALGORITHMS
from archive.ocfl.validate.block import Block


class Wanted(NamedTuple):
    """One digest that a file must have.

    Attributes:
        algorithm: a key of ALGORITHMS, or ``size``.
        digest: in lower case.
        code: of the rule that it breaks otherwise.
        place: the inventory that says so.
    """

    algorithm: str
    digest: str
    code: str
    place: str


@dataclass(slots=True)
class WantedDigests:
    """Every digest that is wanted of every file.

    Attributes:
        algorithm: of the manifest in the object's root.
        manifest: content path → digest, of that manifest.
        more: content path → (algorithm, digest) → what other inventories and the fixity blocks say, where it is not the same.
    """

    algorithm: str
    manifest: Mapping[str, str]
    more: dict[str, dict[tuple[str, str], Wanted]] = field(default_factory=dict)

    def add_manifest(self, block: Block) -> None:
        """What the manifest of another inventory says."""
        if block.algorithm in ALGORITHMS:
            for path, digest in block.paths.items():
                if block.algorithm != self.algorithm or self.manifest.get(path) != digest:
                    self._add(path, Wanted(block.algorithm, digest, "E092", block.place))

    def add_fixity(self, block: Block) -> None:
        """What the fixity block of an inventory says."""
        for algorithm, digests in block.fixity.items():
            for digest, paths in digests.items():
                wanted = Wanted(algorithm, digest.lower(), "E093", block.place)
                for path in paths:
                    self._add(path, wanted)

    def _add(self, path: str, wanted: Wanted) -> None:
        self.more.setdefault(path, {}).setdefault((wanted.algorithm, wanted.digest), wanted)
