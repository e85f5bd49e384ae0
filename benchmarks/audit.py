"""Auditing large files: ``python -m benchmarks.audit [files] [rounds]`` prints what each tool costs to check 200 files of 10 MiB.

Homes are made below the system's temporary folder (2 GiB each): the files in one object, and each in an object of its own. Over them go
``ditich audit`` with sha256 and sha512 (files read by this thread alone, and by two workers), and beside it ``openssl dgst``, ``sha256sum
-c`` and ``sha512sum -c``, bagit-python (over a bag of the same files) and ocfl-py. CPU-seconds are user + system of the tool and its
children, the least of the rounds; wall seconds are the least too and mean little on a machine that does other things: the load is
printed. Ours always reads from the device and not from memory. So that all have the same work, the files are dropped from the page
cache before each run of each tool (``posix_fadvise``, not counted); beside it stands what the others take when they find the files in
memory. Goals: 1.05 times ``openssl dgst`` of the same digest; two workers 1.8 times faster on an idle machine.
"""

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.accession import accession
from archive.home import Home, create_home
from archive.records.package import FileToKeep, VersionDraft

SIZE = 10 << 20
ROOT = Path(__file__).parent.parent
OURS = """
import sys, pathlib, datetime
from archive.audit import Conduct, audit_at
from archive.home import open_home
home = open_home(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1] + "-keys"))
conduct = Conduct(lambda: datetime.datetime.now(datetime.UTC), workers=int(sys.argv[3]))
sys.exit(audit_at(home, "", conduct, algorithm=sys.argv[2]).exit_code)
"""
OCFL_PY = """
import contextlib, os, sys
from ocfl.validator import Validator
sys.exit(not all(Validator().validate_object(line.strip()) for line in open(sys.argv[1])))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took, in seconds."""

    cpu: float
    wall: float


def main() -> None:
    """Make the home, measure, print."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    for together in (True, False):
        with tempfile.TemporaryDirectory() as scratch:
            home = filled(Path(scratch) / "of", files, together=together)
            paths = [str(path) for path in sorted(home.storage.rglob("v1/content/*")) if path.is_file()]
            print(f"\n# {files} files of 10 MiB in {'one object' if together else 'as many objects'}")
            for algorithm in ("sha256", "sha512"):
                measure(Path(scratch), home, (paths, algorithm), rounds)


def filled(folder: Path, files: int, *, together: bool) -> Home:
    """A home with so many large files, in one object or each in an object of its own."""
    folder.mkdir()
    home = create_home(folder / "home", name="benchmark", keys=folder / "home-keys")
    chance = random.Random(1)
    kept = []
    for number in range(files):
        content = chance.randbytes(SIZE)
        source = home.incoming / f"{number:06d}.bin"
        source.write_bytes(content)
        digests = hashlib.sha512(content).hexdigest(), hashlib.sha256(content).hexdigest()
        kept.append(FileToKeep(source.name, *digests, SIZE, source=source, move=True))
    groups = [tuple(kept)] if together else [(file,) for file in kept]
    drafts = [VersionDraft(f"ark:99999/dt{number:06d}", "", group, "benchmark") for number, group in enumerate(groups)]
    accession(home, drafts, agent=home.config.agent, now=datetime.now(UTC))
    return home


def measure(folder: Path, home: Home, what: tuple[list[str], str], rounds: int) -> None:
    """Run every tool so many times, one after the other, and print the table."""
    paths, algorithm = what
    costs: dict[str, list[Cost]] = {}
    warm: dict[str, list[float]] = {}
    tools = commands(folder, home, paths, algorithm)
    load = os.getloadavg()[0]
    for _ in range(rounds):
        for name, command in tools.items():
            forget(paths)
            costs.setdefault(name, []).append(cost(command))
            if not name.startswith("ditich"):
                warm.setdefault(name, []).append(cost(command).cpu)
    best = {name: Cost(min(one.cpu for one in runs), min(one.wall for one in runs)) for name, runs in costs.items()}
    floor = best["openssl dgst"].cpu
    print(f"\n{algorithm}; load {load:.1f} before, {os.getloadavg()[0]:.1f} after\n")
    print(f"{'':<28} {'CPU s':>8} {'to openssl':>11} {'wall s':>8} {'CPU s in memory':>16}")
    for name, one in best.items():
        known = f"{min(warm[name]):16.2f}" if name in warm else f"{'-':>16}"
        print(f"{name:<28} {one.cpu:8.2f} {one.cpu / floor:11.2f} {one.wall:8.2f} {known}")
    one, two = best["ditich audit, 1 reader"], best["ditich audit, 2 workers"]
    print(f"goal 1.05 of openssl: {two.cpu / floor:.2f}; goal 1.8 with two workers on an idle machine: {one.wall / two.wall:.2f}")


def commands(folder: Path, home: Home, paths: list[str], algorithm: str) -> dict[str, tuple[str, ...]]:
    """What every tool is called with."""
    sums, names, objects = (folder / f"{algorithm}-{name}" for name in ("sums", "names", "objects"))
    sums.write_text("".join(f"{hashlib.new(algorithm, Path(path).read_bytes()).hexdigest()}  {path}\n" for path in paths))
    names.write_text("".join(f"{path}\n" for path in paths))
    objects.write_text("".join(f"{home.root / home.objects.folder_of(found)}\n" for found in home.objects.object_ids()))
    python = sys.executable
    found = {
        "openssl dgst": ("xargs", "-a", str(names), "openssl", "dgst", f"-{algorithm}"),
        "ditich audit, 1 reader": (python, "-c", OURS, str(home.root), algorithm, "0"),
        "ditich audit, 2 workers": (python, "-c", OURS, str(home.root), algorithm, "2"),
        f"{algorithm}sum -c": (f"{algorithm}sum", "--quiet", "-c", str(sums)),
        "bagit-python": (python, "-m", "bagit", "--quiet", "--validate", str(bag(folder / f"{algorithm}-bag", paths, algorithm))),
    }
    if algorithm == "sha512":  # of our objects ocfl-py checks the manifest, which is sha512, and always the fixity block too
        found["ocfl-py (sha512 and sha256)"] = (python, "-c", OCFL_PY, str(objects))
    return found


def bag(folder: Path, paths: list[str], algorithm: str) -> Path:
    """The same files as a bag."""
    import bagit

    folder.mkdir()
    for number, path in enumerate(paths):
        (folder / f"{number:06d}.bin").hardlink_to(path)
    bagit.make_bag(str(folder), checksums=[algorithm])
    return folder


def forget(paths: list[str]) -> None:
    """Drop the files from the page cache."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def cost(command: tuple[str, ...]) -> Cost:
    """One run, which must succeed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as users have it
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment)
    wall, after = time.perf_counter() - started, os.times()
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} ended with {done.returncode}")
    return Cost(after.children_user - before.children_user + after.children_system - before.children_system, wall)


if __name__ == "__main__":
    main()
