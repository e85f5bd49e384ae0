"""What an asset costs on disk: ``python -m benchmarks.objects_on_disk [assets] [folder]``; 100,000 take some minutes.

Every asset is taken in as an ingest does it: one original (its size is what it is: here 1 kB), and the three records, about as large as
those of a photo. Counted is everything in the archive home, with ``lstat``: inodes, bytes in files, bytes that the file system set aside.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from archive.accession import accession
from archive.home import Home, create_home
from archive.ocfl.digests import digests_of
from archive.records.package import FileToKeep, VersionDraft

ORIGINAL = 1000
RECORDS = {"record.json": 2400, "technical.json": 2600, "events.jsonl": 2200}
"""bytes of the records, about those of a photo with what its camera says"""
BATCH = 2000


def drafts(start: int, count: int) -> Iterator[VersionDraft]:
    """So many assets; no two have a file in common."""
    for number in range(start, start + count):
        own = (_file(name, _filled(f"{name} {number}", size)) for name, size in RECORDS.items())
        yield VersionDraft(
            f"ark:99999/dt{number:016d}", "", (_file(f"original/IMG_{number:06d}.jpg", _filled(str(number), ORIGINAL)), *own), "ingest"
        )


def take_in(home: Home, count: int) -> float:
    """Seconds that it takes to keep so many assets."""
    started = time.perf_counter()
    for start in range(0, count, BATCH):
        accession(home, tuple(drafts(start, min(BATCH, count - start))), agent=home.config.agent, now=datetime.now(UTC))
    return time.perf_counter() - started


def counted(folder: Path) -> Counter[str]:
    """Inodes, bytes in files and bytes set aside, of everything below a folder (and the folder itself)."""
    found: Counter[str] = Counter()
    for place, folders, files in os.walk(folder):
        for path in (place, *(os.path.join(place, name) for name in files)):  # noqa: PTH118 - a million paths
            state = os.lstat(path)
            found["inodes"] += 1
            found["allocated"] += state.st_blocks * 512
            found["bytes"] += 0 if path == place else state.st_size
        found["folders"] += len(folders)
    return found


def _filled(text: str, size: int) -> bytes:
    return (text.encode() + b" ").ljust(size, b".")


def _file(path: str, content: bytes) -> FileToKeep:
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, content=content)


def main() -> None:
    """Make, count, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        home = create_home(Path(name) / "home", name="benchmark", keys=Path(name) / "keys")
        seconds = take_in(home, count)
        print(f"{count} assets of {ORIGINAL + sum(RECORDS.values())} bytes (original {ORIGINAL}), kept in {seconds:.0f} s")
        for part in ("storage", "ledger"):
            found = counted(home.root / part)
            print(
                f"{part}/: {found['inodes'] / count:.3f} inodes an asset ({found['folders'] / count:.2f} of them folders), "
                f"{found['bytes'] / count:.0f} bytes in files, {found['allocated'] / count:.0f} bytes of disk"
            )


if __name__ == "__main__":
    main()
