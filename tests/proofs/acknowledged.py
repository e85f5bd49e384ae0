"""What the signed ledger acknowledges, beside what the storage holds; every proof ends with this."""

from collections.abc import Iterator

from archive.errors import DitichError
from archive.home import Home
from archive.ocfl.object import read_inventory
from tests.archive.builders import oracle_accepts


def versions_of(home: Home) -> dict[tuple[str, str], str]:
    """(object, version) to the sha512 of its inventory, as the ledger has it; an entry that is there twice is a fault of the proof."""
    found: dict[tuple[str, str], str] = {}
    for entry in home.log.entries():
        extra = entry.event.extra
        if "inventory_sha512" in extra:
            key = (entry.event.objects[0], str(extra["version"]))
            assert key not in found, f"the ledger has {key} twice"
            found[key] = str(extra["inventory_sha512"])
    return found


def disagreements(home: Home, *, oracle: bool = True) -> Iterator[str]:
    """Where ledger and storage do not agree, and every object that ocfl-py refuses; nothing when all is well."""
    yield from (f"ledger: {path} {what}" for path, what in home.log.problems())
    versions = versions_of(home)
    for (name, version), digest in versions.items():
        try:
            found = read_inventory(home.tree, f"{home.objects.folder_of(name)}/{version}").sha512
        except DitichError as error:
            yield f"{name} {version} is in the ledger and not in the storage: {error}"
            continue
        if found != digest:
            yield f"{name} {version} is not the one that the ledger has"
    for name in home.objects.object_ids():
        head = read_inventory(home.tree, home.objects.folder_of(name)).inventory.head
        missing = [number for number in range(1, int(head[1:]) + 1) if (name, f"v{number}") not in versions]
        if missing:
            yield f"{name} has versions {missing} that the ledger does not know"
        verdict = oracle_accepts(home, name) if oracle else (True, "")
        if not verdict[0]:
            yield f"{name} is not valid: {verdict[1]}"
