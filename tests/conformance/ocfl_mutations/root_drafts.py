"""Small storage roots made from nothing: objects at the places of a layout, a declaration, a layout file."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

from tests.conformance.ocfl_mutations.cases import Case
from tests.conformance.ocfl_mutations.drafts import Draft, digest, draft

FLAT = "0002-flat-direct-storage-layout"
HASH_AND_ID = "0003-hash-and-id-n-tuple-storage-layout"
HASHED = "0004-hashed-n-tuple-storage-layout"
FLAT_WITHOUT_PREFIX = "0006-flat-omit-prefix-storage-layout"
TUPLES_WITHOUT_PREFIX = "0007-n-tuple-omit-prefix-storage-layout"
TUPLES_OF_SIZES = "0010-differential-n-tuple-omit-prefix-storage-layout"
HASH_AND_ID_WITHOUT_PREFIX = "0012-hash-and-no-prefix-id-n-tuple-storage-layout"
LAYOUT_FILE = "ocfl_layout.json"
IDENTIFIERS = ("urn:example:one", "urn:example:two", "urn:example:three")
_SAFE = set(ascii_letters + digits + "-_")
RootEdit = Callable[["RootDraft"], object]


def _tuples(text: str, size: int, count: int) -> list[str]:
    return [text[start : start + size] for start in range(0, size * count, size)] if size else []


def _encoded(identifier: str) -> str:
    return "".join(chr(byte) if chr(byte) in _SAFE else f"%{byte:02x}" for byte in identifier.encode())


def _hash_and_id(identifier: str, config: dict[str, Any]) -> str:
    """Extension 0003."""
    hashed = digest(identifier.encode(), config.get("digestAlgorithm", "sha256"))
    name = _encoded(identifier)
    name = name if len(name) <= 100 else f"{name[:100]}-{hashed}"
    return "/".join([*_tuples(hashed, config.get("tupleSize", 3), config.get("numberOfTuples", 3)), name])


def _hashed(identifier: str, config: dict[str, Any]) -> str:
    """Extension 0004."""
    hashed = digest(identifier.encode(), config.get("digestAlgorithm", "sha256"))
    tuples = _tuples(hashed, config.get("tupleSize", 3), config.get("numberOfTuples", 3))
    return "/".join([*tuples, hashed[sum(map(len, tuples)) :] if config.get("shortObjectRoot") else hashed])


def _without_prefix(identifier: str, config: dict[str, Any]) -> str:
    """Extension 0006; the delimiter is found in either case."""
    delimiter = config.get("delimiter", ":")
    at = identifier.lower().rfind(delimiter.lower())
    return identifier if at < 0 else identifier[at + len(delimiter) :]


def _tuples_without_prefix(identifier: str, config: dict[str, Any]) -> str:
    """Extension 0007."""
    name = _without_prefix(identifier, config)
    size, count = config.get("tupleSize", 3), config.get("numberOfTuples", 3)
    padded = name.ljust(size * count, "0") if config.get("zeroPadding") == "right" else name.rjust(size * count, "0")
    return "/".join([*_tuples(padded[::-1] if config.get("reverseObjectRoot") else padded, size, count), name])


def _tuples_of_sizes(identifier: str, config: dict[str, Any]) -> str:
    """Extension 0010, without the identifier as the last folder."""
    name = _without_prefix(identifier, config)
    ends = list(accumulate(config["tupleSegmentSizes"]))
    return "/".join(name[start:end] for start, end in pairwise([0, *ends]))


def _hash_and_id_without_prefix(identifier: str, config: dict[str, Any]) -> str:
    """Extension 0012, for identifiers that do not end with the one delimiter."""
    (delimiter,) = config["delimiters"]
    return _hash_and_id(identifier.rpartition(delimiter)[2], config)


LAYOUTS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    FLAT: lambda identifier, _config: identifier,
    HASH_AND_ID: _hash_and_id,
    HASHED: _hashed,
    FLAT_WITHOUT_PREFIX: _without_prefix,
    TUPLES_WITHOUT_PREFIX: _tuples_without_prefix,
    TUPLES_OF_SIZES: _tuples_of_sizes,
    HASH_AND_ID_WITHOUT_PREFIX: _hash_and_id_without_prefix,
}


@dataclass(slots=True)
class RootDraft:
    """A storage root that is not written yet.

    Attributes:
        ocfl: version of the specification that it declares.
        files: path → bytes, besides those of the objects.
        folders: empty folders to make.
        objects: path → object.
        after: what is done to the folder after everything is written.
    """

    ocfl: str = "1.1"
    files: dict[str, bytes] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    objects: dict[str, Draft] = field(default_factory=dict)
    after: list[Callable[[Path], object]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write everything into a folder that is not there yet."""
        folder.mkdir(parents=True)
        for path, made in self.objects.items():
            made.write(folder / path)
        for path, content in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        for path in self.folders:
            (folder / path).mkdir(parents=True)
        for step in self.after:
            step(folder)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the objects of a root lie, and what the root says about it.

    Attributes:
        layout: the extension that places them.
        config: its parameters, besides the defaults; written when there are any.
        identifiers: of the objects.
        told: whether the root has a layout file.
        ocfl: version that the root declares.
        object_ocfl: version that its objects declare.
    """

    layout: str = HASH_AND_ID
    config: dict[str, Any] = field(default_factory=dict)
    identifiers: Iterable[str] = IDENTIFIERS
    told: bool = True
    ocfl: str = "1.1"
    object_ocfl: str = "1.1"


def root_draft(arrangement: Arrangement) -> RootDraft:
    """A good root."""
    made = RootDraft(arrangement.ocfl)
    made.files[f"0=ocfl_{arrangement.ocfl}"] = f"ocfl_{arrangement.ocfl}\n".encode()
    if arrangement.told:
        made.files[LAYOUT_FILE] = json.dumps({"extension": arrangement.layout, "description": "objects by their identifiers"}).encode()
    if arrangement.config:
        config = {"extensionName": arrangement.layout, **arrangement.config}
        made.files[f"extensions/{arrangement.layout}/config.json"] = json.dumps(config).encode()
    for identifier in arrangement.identifiers:
        path = LAYOUTS[arrangement.layout](identifier, arrangement.config)
        made.objects[path] = draft(identifier=identifier, ocfl=arrangement.object_ocfl)
    return made


def of_root(name: str, section: str, why: str, *edits: RootEdit, **arrangement: Any) -> Case:
    """A case made of a good root with this arrangement, changed by the edits in turn."""

    def write(folder: Path) -> None:
        made = root_draft(Arrangement(**arrangement))
        for edit in edits:
            edit(made)
        made.write(folder)

    return Case(name, "root", section, why, write)


def at(path: str, identifier: str = "urn:example:more", **options: Any) -> RootEdit:
    """One object more, at a path."""
    return lambda root: root.objects.update({path: draft(identifier=identifier, **options)})


def first_object(edit: Callable[[Draft], object]) -> RootEdit:
    """Change the first object."""
    return lambda root: edit(next(iter(root.objects.values())))


def holds(path: str, content: bytes = b"stray\n") -> RootEdit:
    """A file more, or another content for one."""
    return lambda root: root.files.update({path: content})


def lacks(path: str) -> RootEdit:
    """A file less."""
    return lambda root: root.files.pop(path)


def holds_folder(path: str) -> RootEdit:
    """An empty folder."""
    return lambda root: root.folders.append(path)


def layout_says(value: Any) -> RootEdit:
    """Another content for the layout file: bytes, or anything as JSON."""
    return holds(LAYOUT_FILE, value if isinstance(value, bytes) else json.dumps(value).encode())


def afterwards(step: Callable[[Path], object]) -> RootEdit:
    """Do something to the folder when everything is written."""
    return lambda root: root.after.append(step)
