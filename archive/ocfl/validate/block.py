"""What a usable inventory says, after its structure was judged: the parts that later rules compare with the disk and with each other."""

from dataclasses import dataclass, field
from typing import NamedTuple

INVENTORY = "inventory.json"
DEFAULT_CONTENT = "content"
Digests = dict[str, list[str]]


class VersionBlock(NamedTuple):
    """One version as an inventory describes it.

    Attributes:
        state: digest as written → logical paths.
        metadata: the texts of ``created``, ``message`` and ``user``.
    """

    state: Digests
    metadata: tuple[str, ...]


NOTHING = VersionBlock({}, ())
"""a version of which nothing is said, shared: an inventory may list a great many"""


@dataclass(slots=True)
class Block:
    """One inventory. Whatever is missing or of the wrong kind in the file is empty here.

    Attributes:
        place: "inventory.json" or "v1/inventory.json".
        object_id: "" when there is none.
        spec: "1.0" or "1.1"; "" when the type names neither.
        algorithm: as written.
        head: as written.
        content_directory: None when the key is not there, "" when its value is none that may stand there.
        manifest: digest as written → content paths.
        paths: content path → digest in lower case.
        versions: by name.
        fixity: algorithm → digest as written → content paths.
    """

    place: str
    object_id: str = ""
    spec: str = ""
    algorithm: str = ""
    head: str = ""
    content_directory: str | None = None
    manifest: Digests = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    versions: dict[str, VersionBlock] = field(default_factory=dict)
    fixity: dict[str, Digests] = field(default_factory=dict)

    @property
    def content_name(self) -> str:
        """The name of the content directories."""
        return self.content_directory or DEFAULT_CONTENT
