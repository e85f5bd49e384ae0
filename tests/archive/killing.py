"""Kill a writer at random moments and look whether anything that it acknowledged is lost.

``python -m tests.archive.killing 50 [seed]`` does it fifty times; the gate does it ten times.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from archive.access import head_of
from archive.audit import audit
from archive.home import Home, open_home
from archive.records.package import VersionDraft
from archive.recovery import recover
from tests.archive.builders import NOW, draft, file_of, keep, new_home, oracle_accepts, received_file

REPOSITORY = Path(__file__).parents[2]


def write_for_ever(home: Home, name: str) -> None:
    """Make objects and new versions, and say after each batch what was acknowledged."""
    recover(home)
    number = 0
    while True:
        ids = [f"ark:99999/dt{name}x{number}x{index}" for index in range(3)]
        moved = received_file(home, "original/a", f"{name} {number}".encode() * 500)
        first = VersionDraft(ids[0], "", (moved, file_of("record.json", b"1")), "")
        packages = keep(home, first, *(draft(object_id, a=object_id.encode()) for object_id in ids[1:]))
        packages += keep(home, draft(ids[0], "v1", record_json=b"%d" % number))
        sys.stdout.write("".join(f"{package.object_id} {package.version}\n" for package in packages))
        sys.stdout.flush()
        number += 1


def kill_one(home: Home, name: str, seconds: float) -> list[tuple[str, str]]:
    """Start a writer, kill it after so many seconds of writing, recover; what it had acknowledged."""
    command = [sys.executable, "-m", "tests.archive.killing", "writer", str(home.root), str(home.keys), name]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(seconds)
        writer.kill()
        lines = (first + writer.stdout.read()).decode().splitlines(keepends=True)
    recover(home)
    return [(line.split()[0], line.split()[1]) for line in lines if line.endswith("\n")]


def kill_many(folder: Path, times: int, seed: int) -> int:
    """Kill so many writers of one archive; how many versions were acknowledged, all of which are there and whole."""
    chance = random.Random(seed)
    home = new_home(folder)
    acknowledged: list[tuple[str, str]] = []
    for number in range(times):
        acknowledged += kill_one(open_home(home.root, home.keys), f"k{number}", chance.uniform(0, 0.1))
    for object_id, version in acknowledged:
        head = head_of(home, object_id)
        assert head is not None, f"{object_id} was acknowledged and is not there"
        assert int(head[1:]) >= int(version[1:]), f"{object_id} {version} was acknowledged and is not there"
    for object_id in home.objects.object_ids():
        assert oracle_accepts(home, object_id) == (True, ""), object_id
    assert audit(home, now=NOW).problems == ()
    assert recover(home) == ()
    return len(acknowledged)


def main() -> None:
    """Run as a writer or as the one who kills writers."""
    if sys.argv[1] == "writer":
        write_for_ever(open_home(Path(sys.argv[2]), Path(sys.argv[3])), sys.argv[4])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 30)
    with tempfile.TemporaryDirectory() as folder:
        count = kill_many(Path(folder), int(sys.argv[1]), seed)
    sys.stdout.write(f"{sys.argv[1]} writers killed (seed {seed}): {count} versions acknowledged, none lost\n")


if __name__ == "__main__":
    main()
