"""Rules for the inventories in the version directories, compared with the one in the object's root (section 3.7)."""

from itertools import pairwise

from archive.ocfl.validate.block import Block, VersionBlock
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.json_text import shown
from archive.ocfl.validate.version_names import version_number


def judge_prior(prior: Block, version: str, root: Block, notes: Notes) -> None:
    """Compare the inventory of a version directory with that of the root.

    Args:
        prior: the older inventory.
        version: the directory it lies in.
        root: the current inventory.
        notes: of the object.
    """
    if prior.head != version:
        notes.found("E040", prior.place, f"the head is {prior.head!r:.80}, the directory {version}")
    if prior.object_id != root.object_id:
        for code in ("E037", "E110"):
            notes.found(code, prior.place, f"the id is {prior.object_id!r:.200}, that of the root {root.object_id!r:.200}")
    for name in prior.versions.keys() & root.versions.keys():
        _judge_version(name, prior, root, notes)
    _judge_manifest(prior, version, root, notes)


def judge_content_directories(first: Block, others: list[Block], notes: Notes) -> None:
    """Judge that the name of the content directories was set in the first version and never changed."""
    for other in others:
        if other.content_directory is not None and first.content_directory is None:
            notes.found("E019", other.place, f"contentDirectory is not set in {first.place}")
        if other.content_name != first.content_name and "" not in {other.content_directory, first.content_directory}:
            for code in ("E019", "E020"):
                notes.found(
                    code, other.place, f"contentDirectory is {shown(other.content_name)}, in {first.place} {shown(first.content_name)}"
                )


def judge_spec_order(blocks: list[Block], notes: Notes) -> None:
    """Judge that no version follows an older specification than the version before it (E103)."""
    known = [block for block in blocks if block.spec]
    for before, after in pairwise(known):
        if after.spec < before.spec:
            notes.found("E103", after.place, f"specification {after.spec}, {before.place} has {before.spec}")


def _judge_version(name: str, prior: Block, root: Block, notes: Notes) -> None:
    then, now = prior.versions[name], root.versions[name]
    if not _same_state(prior, then, root, now):
        notes.found("E066", prior.place, f"the state of {name} is not the one that the root's inventory has")
    if then.metadata != now.metadata:
        notes.found("W011", prior.place, f"created, message or user of {name} differ from the root's inventory")


def _same_state(prior: Block, then: VersionBlock, root: Block, now: VersionBlock) -> bool:
    if prior.algorithm == root.algorithm:
        return then.state == now.state or _by_path(then) == _by_path(now)
    earlier, later = _content_of(prior, then), _content_of(root, now)
    return earlier.keys() == later.keys() and all(not earlier[path].isdisjoint(later[path]) for path in earlier)


def _by_path(version: VersionBlock) -> dict[str, str]:
    return {path: digest.lower() for digest, paths in version.state.items() for path in paths}


def _content_of(block: Block, version: VersionBlock) -> dict[str, frozenset[str]]:
    """Logical path → content paths with its bytes: what two digests of different algorithms can be compared by."""
    found = {digest: frozenset(block.manifest.get(digest, ())) for digest in version.state}
    return {path: found[digest] for digest, paths in version.state.items() for path in paths}


def _judge_manifest(prior: Block, version: str, root: Block, notes: Notes) -> None:
    """Every content file of this and the earlier versions stands in the manifest."""
    number = version_number(version)
    for path in sorted(root.paths.keys() - prior.paths.keys()):
        name = path.partition("/")[0]
        if name in root.versions and 0 < version_number(name) <= number:
            notes.found("E023", prior.place, f"{path!r} is not in the manifest")
