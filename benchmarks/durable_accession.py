"""What durability costs: ``python -m benchmarks.durable_accession [assets] [bytes each] [folder]``.

The same accession twice in one run, on the disk that holds the folder: once as it is, once with every sync left out. The target is that the
durable one takes at most 3 times as long plus half a second. Beside it the cost of a sync for each file, which the protocol spares.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from archive.accession import accession
from archive.home import Home, create_home
from archive.ocfl.digests import digests_of
from archive.records.package import FileToKeep, VersionDraft
from archive.storage.local import LocalStorage

ROUNDS = 3
FACTOR, ALLOWANCE = 3.0, 0.5


class UnsyncedStorage(LocalStorage):
    """The same writer, and no sync reaches the disk."""

    def sync(self, paths: Iterable[str]) -> None:
        """Leave out."""

    def sync_file(self, path: str) -> None:
        """Leave out."""

    def sync_folder(self, path: str) -> None:
        """Leave out."""


def drafts_in(home: Home, count: int, size: int) -> list[VersionDraft]:
    """So many assets, each a received file of its own and a record."""
    chance = random.Random(1)
    drafts = []
    for number in range(count):
        content = chance.randbytes(size)
        source = home.incoming / f"{number:06d}.bin"
        source.write_bytes(content)
        drafts.append(
            VersionDraft(f"ark:99999/dt{number:06d}", "", (_file("original/a.bin", content, source), _record(number)), "benchmark")
        )
    return drafts


def seconds(folder: Path, storage: type[LocalStorage], count: int, size: int) -> float:
    """Wall seconds of one accession into a new archive."""
    home = create_home(folder / "home", name="benchmark", keys=folder / "keys")
    drafts = drafts_in(home, count, size)
    os.sync()  # what was received, and what others left, is not ours to pay
    used = Home(home.root, home.config, home.keys, storage(home.root))
    started = time.perf_counter()
    accession(used, drafts, agent=home.config.agent, now=datetime.now(UTC))
    passed = time.perf_counter() - started
    shutil.rmtree(folder)
    os.sync()
    return passed


def each_synced(folder: Path, count: int, size: int) -> float:
    """Wall seconds of writing so many files, each synced by itself."""
    folder.mkdir()
    content = bytes(size)
    started = time.perf_counter()
    for number in range(count):
        with (folder / f"{number:06d}").open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    return time.perf_counter() - started


def _file(path: str, content: bytes, source: Path) -> FileToKeep:
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, source=source, move=True)


def _record(number: int) -> FileToKeep:
    content = b'{"number": %d}\n' % number
    digests = digests_of(content)
    return FileToKeep("record.json", digests.sha512, digests.sha256, digests.size, content=content)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 4096
    with tempfile.TemporaryDirectory(dir=sys.argv[3] if len(sys.argv) > 3 else None) as name:
        folder = Path(name)
        rounds = [
            (seconds(folder / "unsynced", UnsyncedStorage, count, size), seconds(folder / "durable", LocalStorage, count, size))
            for _ in range(ROUNDS)
        ]
        single = each_synced(folder / "each", min(count, 500), size) * count / min(count, 500)
    unsynced, durable = min(one for one, _ in rounds), min(two for _, two in rounds)
    limit = FACTOR * unsynced + ALLOWANCE
    print(f"{count} assets of {size} bytes, best of {ROUNDS}, wall seconds")
    print(f"without syncs:       {unsynced:.2f}")
    print(
        f"durable:             {durable:.2f}   (at most {FACTOR:g} x + {ALLOWANCE:g} = {limit:.2f}: {'yes' if durable <= limit else 'NO'})"
    )
    print(f"a sync for each of {count} files alone: {single:.2f}")


if __name__ == "__main__":
    main()
