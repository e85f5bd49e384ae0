"""Taking files into the archive, beside what it must at least cost: ``python -m benchmarks.accession [files] [MB each]``.

The floor is ``openssl dgst -sha512`` + ``openssl dgst -sha256`` + ``cp`` over the same files. Ours is the one read that copies each file
and computes both digests, the accession (OCFL object with inventory, two syncs, ledger, signed checkpoint), and Python's start. Both are
CPU-seconds (user + system, children included) of one run, best of three; the target is a ratio of 1.3.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROUNDS = 3
ROOT = Path(__file__).parent.parent


def make_files(folder: Path, count: int, size: int) -> list[Path]:
    """So many files of random bytes."""
    chance = random.Random(1)
    folder.mkdir()
    paths = [folder / f"{number:05d}.bin" for number in range(count)]
    for path in paths:
        path.write_bytes(chance.randbytes(size))
    return paths


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """(CPU-seconds of the children, wall seconds)."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - start


def floor(paths: list[Path], folder: Path) -> None:
    """Both digests and a copy, by the programs of the system."""
    target = folder / "copy"
    target.mkdir()
    openssl, copy = shutil.which("openssl"), shutil.which("cp")
    assert openssl is not None
    assert copy is not None
    for arguments in ((openssl, "dgst", "-sha512"), (openssl, "dgst", "-sha256")):
        subprocess.run([*arguments, *paths], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([copy, *paths, target], check=True)
    shutil.rmtree(target)


def ours(source: Path, folder: Path) -> None:
    """The same files into an archive, by a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, __file__, "take", str(source), str(folder / "archive")], check=True, env=environment)
    shutil.rmtree(folder / "archive")


def take(source: Path, folder: Path) -> None:
    """One object a file."""
    from archive.accession import accession
    from archive.home import create_home
    from archive.ocfl.digests import Digester
    from archive.records.package import FileToKeep, VersionDraft

    home = create_home(folder / "home", name="benchmark", keys=folder / "keys")
    drafts = []
    for path in sorted(source.iterdir()):
        digester = Digester()
        home.tree.copy_in(path, f"incoming/{path.name}", digester.update)
        found = digester.digests()
        file = FileToKeep(f"original/{path.name}", found.sha512, found.sha256, found.size, source=home.incoming / path.name, move=True)
        drafts.append(VersionDraft(f"ark:99999/dt{path.stem}", "", (file,), "benchmark"))
    accession(home, drafts, agent=home.config.agent, now=datetime.now(UTC))


def main() -> None:
    """Make, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    size = round((float(sys.argv[2]) if len(sys.argv) > 2 else 3.0) * 1e6)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = make_files(folder / "card", count, size)
        theirs = min(cost(lambda: floor(paths, folder)) for _ in range(ROUNDS))
        mine = min(cost(lambda: ours(folder / "card", folder)) for _ in range(ROUNDS))
    print(f"{count} files of {size / 1e6:g} MB")
    print(f"openssl sha512 + sha256 + cp: {theirs[0]:.2f} CPU-s, {theirs[1]:.2f} s wall")
    print(f"accession:                    {mine[0]:.2f} CPU-s, {mine[1]:.2f} s wall")
    print(f"ratio {mine[0] / theirs[0]:.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "take":
        take(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
