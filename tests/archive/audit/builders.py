"""Makers for the tests of scheduled checking: replicas by plain copying, looks at objects at any time, a clock that tests turn."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from archive.audit.conduct import Conduct
from archive.home import Home, save_config
from archive.ledger.checks import CheckLine, CheckList
from archive.records.events import Event, EventType, Outcome
from archive.settings import ReplicaConfig
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW

PARTS = ("storage", "ledger", "ditich.toml")


@dataclass
class Clock:
    """A clock and a stopwatch in one; ``step`` seconds go by at every look at the stopwatch."""

    now: datetime = NOW
    step: float = 0.0
    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def time(self) -> datetime:
        return self.now + timedelta(seconds=self.seconds)

    def watch(self) -> float:
        self.seconds += self.step
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def conduct(now: datetime = NOW, **settings: object) -> Conduct:
    return replace(Conduct(lambda: now), **settings)  # type: ignore[arg-type]


def with_replica(home: Home, folder: Path, name: str = "disk", *, added: datetime = NOW) -> Home:
    """The home with one more replica, which is a plain copy of what the archive is now."""
    config = ReplicaConfig(name, str(folder), same_device=True, added=added.isoformat(timespec="seconds"))
    changed = save_config(home, replace(home.config, replicas=(*home.config.replicas, config)))
    copy_parts(home, folder)
    return changed


def copy_parts(home: Home, folder: Path) -> None:
    for part in PARTS:
        source = home.root / part
        if source.is_dir():
            shutil.copytree(source, folder / part, dirs_exist_ok=True)
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(source, folder / part)


def see(
    home: Home,
    looks: dict[str, str],
    when: datetime,
    *,
    algorithm: str = "sha256",
    location: str = "storage",
    version: str = "v1",
    kind: EventType = EventType.FIXITY_CHECK,
) -> str:
    """A check run in the ledger that saw these outcomes; its list."""
    with CheckList(home.tree, "work/see") as leaves:
        for object_id, outcome in looks.items():
            problems = (("x", "changed"),) if outcome == "damaged" else ()
            leaves.add(CheckLine(object_id, version, location, outcome, when.isoformat(), problems))
        run = leaves.close(algorithm)
    extra: dict[str, object] = {"file": run.file, "root": run.root, "lines": run.lines, "algorithm": algorithm}
    if kind is EventType.REPLICATION:
        extra |= {"replica": location.removeprefix("replica:"), "bytes": 7, "seconds": 0.5}
    else:
        extra |= {"location": location, "intact": 3, "damaged": 1, "missing": 2, "extra": 4, "not_checked": 5}
    event = Event("urn:x", kind, when.isoformat(), Outcome.SUCCESS, (home.config.agent,), (), extra=extra)
    home.log.append((event,), home.signers(), when)
    return run.file


class Interfering(LocalStorage):
    """A storage that calls back with the path before every file is opened from the device."""

    def __init__(self, root: Path, before: Callable[[str], None]) -> None:
        super().__init__(root)
        self._before = before

    def open(self, path: str, *, from_device: bool = False):  # type: ignore[no-untyped-def]  # noqa: ANN201
        if from_device:
            self._before(path)
        return super().open(path, from_device=from_device)
