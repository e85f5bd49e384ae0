"""What a ledger says should be there: the versions of every object, the storage root's own files, the check lists."""

import json
from dataclasses import dataclass, field
from typing import Any

from archive.errors import DamageError
from archive.ledger.checks import CheckRun, run_from
from archive.ledger.log import Ledger
from archive.records.events import EventType

_RUNS = frozenset({EventType.FIXITY_CHECK.value, EventType.REPLICATION.value})


@dataclass(slots=True)
class LoggedObject:
    """One object: the sha512 of the inventory of every version, and how many bytes each version added."""

    object_id: str
    versions: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """The newest version."""
        return f"v{len(self.versions)}"

    @property
    def bytes(self) -> int:
        """What all versions hold together."""
        return sum(self.sizes.values())


@dataclass(slots=True)
class Logged:
    """Everything that the first ``size`` entries say: objects by id, root files (path → sha512), check runs by file."""

    size: int = 0
    objects: dict[str, LoggedObject] = field(default_factory=dict)
    root_files: dict[str, str] = field(default_factory=dict)
    runs: dict[str, CheckRun] = field(default_factory=dict)


def logged(log: Ledger) -> Logged:
    """What the ledger says.

    Raises:
        DamageError: it is not readable.
    """
    found = Logged()
    for entry in log.entries():
        found.size = entry.index + 1
        try:
            _take(found, json.loads(entry.line))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise DamageError(
                f"Entry {entry.index} of the ledger is not readable.",
                advice="Run `ditich repair`, which takes it from another copy of the archive.",
                detail=repr(error),
            ) from error
    return found


def _take(found: Logged, line: dict[str, Any]) -> None:
    extra = line["eventDetailExtension"]
    if "inventory_sha512" in extra:
        object_id, version = line["linkingObjectIdentifier"][0], extra["version"]
        known = found.objects.setdefault(object_id, LoggedObject(object_id))
        known.versions[version] = extra["inventory_sha512"]
        known.sizes[version] = extra["bytes"]
    elif line["eventType"] in _RUNS and "file" in extra:
        run = run_from(extra)
        found.runs[run.file] = run
    elif "storage" in extra:
        found.root_files.update(extra["storage"])
