"""Writers that say on a pipe what was acknowledged, started by a process that imports everything once.

``python -m tests.proofs.power_writer`` reads one JSON line a writer: which archive, what to do (``write`` for ever, or ``recover``), from
which seed, and whether syncs count. It answers with the lines of the writer and then ``end``. :class:`Writers` is the other end.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive.accession import accession
from archive.errors import DitichError
from archive.home import Home, open_home
from archive.ocfl.digests import digests_of
from archive.records.package import FileToKeep, VersionDraft
from archive.recovery import recover
from archive.storage.local import LocalStorage

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


class UnsyncedStorage(LocalStorage):
    """The control: the same writer on the same disk, and no sync reaches it."""

    def sync(self, paths: Iterable[str]) -> None:
        """Leave out."""

    def sync_file(self, path: str) -> None:
        """Leave out."""

    def sync_folder(self, path: str) -> None:
        """Leave out."""


class Writers:
    """The process that forks writers; a context manager."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.power_writer"],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.communicate()

    def start(self, home: Home, work: str, *, seed: int, synced: bool = True) -> Iterator[str]:
        """Start a writer; its lines as they come, until it ends."""
        asked = {"home": str(home.root), "keys": str(home.keys), "work": work, "seed": seed, "synced": synced}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return iter(self._until_end())

    def _until_end(self) -> Iterator[str]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line == "end\n":
                return
            yield line.rstrip("\n")
        message = "the process that starts writers ended"
        raise AssertionError(message)


def _serve() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            os._exit(_write(**json.loads(line)))
        os.waitpid(pid, 0)
        _say("end")


def _write(*, home: str, keys: str, work: str, seed: int, synced: bool) -> int:
    opened = open_home(Path(home), Path(keys))
    if not synced:
        opened = Home(opened.root, opened.config, opened.keys, UnsyncedStorage(opened.root))
    _say("begun")
    try:
        recover(opened)
        if work == "write":
            _write_for_ever(opened, seed)
    except (DitichError, OSError) as error:  # OSError: what this module writes itself, as a card reader would
        _say(f"stopped {type(error).__name__}: {error}")
    return 0


def _write_for_ever(home: Home, seed: int) -> None:
    """Batches of one to thirty objects, new and changed, some of whose files are moved in."""
    chance = random.Random(seed)
    number = 0
    known: list[str] = []
    while True:
        count = chance.choice((1, 2, 3, 30))
        drafts = [_new(home, f"ark:99999/dt{seed}x{number}x{index}", chance) for index in range(count)]
        changed = [known.pop()] if known and chance.random() < 0.7 else []
        drafts += [VersionDraft(name, "v1", (_own("record.json", f"{seed} {number}".encode()),), "edit") for name in changed]
        done = accession(home, drafts, agent=home.config.agent, now=NOW)
        _say(*(f"{package.object_id} {package.version} {package.inventory_sha512}" for package in done))
        known += [draft.object_id for draft in drafts if not draft.base]
        number += 1


def _new(home: Home, name: str, chance: random.Random) -> VersionDraft:
    files = [_own("record.json", name.encode()), _own("original/Ảnh.jpg", chance.randbytes(chance.choice((10, 5_000, 70_000))))]
    if chance.random() < 0.3:
        content = chance.randbytes(20_000)
        source = home.incoming / f"{name.rpartition('/')[2]}.bin"
        source.write_bytes(content)
        digests = digests_of(content)
        files.append(FileToKeep("original/b.bin", digests.sha512, digests.sha256, digests.size, source=source, move=True))
    return VersionDraft(name, "", tuple(files), "ingest")


def _own(path: str, content: bytes) -> FileToKeep:
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, content=content)


def _say(*lines: Any) -> None:
    os.write(1, "".join(f"{line}\n" for line in lines).encode())


if __name__ == "__main__":
    from archive.ledger.keys import new_signers

    new_signers("warm")  # loads the library of the signatures
    _serve()
