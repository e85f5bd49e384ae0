"""Rules for where content paths lead: below the content directory of a version that the inventory has (sections 3.3 and 3.5.2)."""

from archive.ocfl.validate.block import DEFAULT_CONTENT, Block
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.path_rules import is_backslashed
from archive.ocfl.validate.version_names import in_order, version_number


def judge_content_paths(block: Block, notes: Notes) -> None:
    """Judge every content path of the manifest."""
    content = f"{block.content_name}/" if block.content_directory != "" else ""
    for path in block.paths:
        version, _slash, rest = path.partition("/")
        if version not in block.versions or not rest.startswith(content):
            _judge_astray(path, block, notes)


def _judge_astray(path: str, block: Block, notes: Notes) -> None:
    notes.found("E042", block.place, f"{path!r} is not below the content directory of a version")
    if is_backslashed(path):
        notes.found("E035", block.place, f"{path!r} has a backslash where a slash should be")
    version, _slash, rest = path.partition("/")
    directory, _slash, below = rest.partition("/")
    if version not in block.versions and _otherwise_named(version, block):
        notes.found("E014", block.place, f"{path!r} names a version otherwise than its folder is named")
    if version in block.versions and below and block.content_directory is None and directory not in {DEFAULT_CONTENT, ".", "..", ""}:
        notes.found("E021", block.place, f"{path!r} is not below {version}/{DEFAULT_CONTENT}")


def _otherwise_named(version: str, block: Block) -> bool:
    """Whether there is a version of this number under a name with more or fewer zeros."""
    number = str(version_number(version))
    head = in_order(block.versions)[:1]
    return number != "0" and any(f"v{number.zfill(len(name) - 1)}" in block.versions for name in (*head, "v"))
