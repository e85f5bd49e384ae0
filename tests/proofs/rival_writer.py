"""One of several processes that write into one archive at the same time, the same objects and others.

``python -m tests.proofs.rival_writer HOME KEYS NAME ROUNDS SEED`` says on standard output, one line each: what was acknowledged, and how
often it came too late.
"""

import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from archive.access import head_of
from archive.accession import accession
from archive.errors import ConflictError
from archive.home import Home, open_home
from archive.ocfl.digests import digests_of
from archive.records.package import FileToKeep, VersionDraft
from archive.recovery import recover

SHARED = tuple(f"ark:99999/dtshared{number}" for number in range(4))
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def write(home: Home, name: str, rounds: int, seed: int) -> None:
    """Take so many batches in, each of objects that others write too and of one's own; say what was acknowledged."""
    chance = random.Random(f"{seed} {name}")
    late = 0
    for number in range(rounds):
        if chance.random() < 0.3:
            recover(home)
        wanted = chance.sample(SHARED, chance.choice((0, 1, 2)))
        drafts = [_draft(object_id, head_of(home, object_id) or "", f"{name} {number}") for object_id in wanted]
        drafts += [_draft(f"ark:99999/dt{name}x{number}", "", name)] if chance.random() < 0.7 or not drafts else []
        try:
            done = accession(home, drafts, agent=home.config.agent, now=NOW)
        except ConflictError:
            late += 1
            continue
        sys.stdout.write("".join(f"kept {package.object_id} {package.version} {package.inventory_sha512}\n" for package in done))
        sys.stdout.flush()
    sys.stdout.write(f"late {late}\n")


def _draft(object_id: str, base: str, content: str) -> VersionDraft:
    body = content.encode()
    digests = digests_of(body)
    return VersionDraft(object_id, base, (FileToKeep("record.json", digests.sha512, digests.sha256, len(body), content=body),), "rival")


if __name__ == "__main__":
    write(open_home(Path(sys.argv[1]), Path(sys.argv[2])), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
