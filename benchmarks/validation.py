"""Validating OCFL: ``python -m benchmarks.validation [one|root|large] [small files or objects] [large files]`` prints what each tool costs.

Three trees of random bytes are made below the system's temporary folder: one object of 20,000 files of 4 KiB, a storage root of 20,000
objects of one file (layout 0003), one object of 200 files of 10 MiB (it and its bag take 4 GiB). Over each go ``ditich validate``,
ocfl-py, and, where they can, bagit-python (over a bag of the same files), ``sha512sum -c`` and ``openssl dgst -sha512``. CPU-seconds are
user + system of the tool and its children, the least of three runs; memory is the largest resident size of one process. Goals: the object
of small files 0.5 CPU-s and a third of ocfl-py; the root a third of ocfl-py; the large files 1.05 times ``openssl dgst``.
"""

import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.ocfl.layouts.hash_and_id import object_folder
from archive.ocfl.root import root_files

ROUNDS = 3
ROOT = Path(__file__).parent.parent
SMALL, LARGE = 4096, 10 << 20
LOOK = """
import os, sys
quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, used = os.wait4(child, 0)
print([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss])
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    cpu: float
    mebibytes: float


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that every tool reads.

    Attributes:
        title: what it is.
        path: for the validators.
        bag: the same files as a bag, None for a root.
        lists: file lists for the programs of the system; the sums and the bare names.
        least: the name of the tool that the goal is measured by, and the goal.
    """

    title: str
    path: Path
    bag: Path | None
    lists: tuple[Path, Path]
    least: tuple[str, float]


def write_object(folder: Path, object_id: str, files: Iterator[tuple[str, bytes]]) -> None:
    """One object of one version."""
    manifest, state = {}, {}
    for name, content in files:
        path = folder / "v1/content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        digest = hashlib.sha512(content).hexdigest()
        manifest[digest], state[digest] = [f"v1/content/{name}"], [name]
    user = {"name": "benchmark", "address": "mailto:benchmark@example.org"}
    version = {"created": "2026-11-23T00:00:00Z", "message": "made", "user": user, "state": state}
    kind = "https://ocfl.io/1.1/spec/#inventory"
    inventory = json.dumps(
        {"id": object_id, "type": kind, "digestAlgorithm": "sha512", "head": "v1", "manifest": manifest, "versions": {"v1": version}}
    ).encode()
    for place in (folder, folder / "v1"):
        (place / "inventory.json").write_bytes(inventory)
        (place / "inventory.json.sha512").write_text(f"{hashlib.sha512(inventory).hexdigest()} inventory.json\n")
    (folder / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")


def random_files(count: int, size: int) -> Iterator[tuple[str, bytes]]:
    """So many files, 200 a folder."""
    chance = random.Random(1)
    return ((f"{number // 200:04d}/{number:06d}.bin", chance.randbytes(size)) for number in range(count))


def write_root(folder: Path, objects: int) -> None:
    """A storage root of objects of one file."""
    for name, content in root_files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    for number, (_name, content) in enumerate(random_files(objects, SMALL)):
        object_id = f"ark:99999/dt{number:012d}"
        write_object(folder / object_folder(object_id), object_id, iter([("photo.jpg", content)]))


def write_bag(source: Path, folder: Path) -> Path:
    """The content of an object as a bag with sha512."""
    import bagit

    shutil.copytree(source, folder)
    bagit.make_bag(str(folder), checksums=["sha512"])
    return folder


def write_lists(content: Path, folder: Path) -> tuple[Path, Path]:
    """Lists of all files that are validated, with and without their sums."""
    files = sorted(path for path in content.rglob("*") if path.is_file())
    sums, names = folder / "sums.txt", folder / "names.txt"
    sums.write_text("".join(f"{hashlib.sha512(path.read_bytes()).hexdigest()}  {path}\n" for path in files))
    names.write_text("".join(f"{path}\n" for path in files))
    return sums, names


def object_tree(folder: Path, count: int, size: int, least: tuple[str, float]) -> Tree:
    """One object of so many files."""
    write_object(folder / "object", "urn:ditich:benchmark", random_files(count, size))
    content = folder / "object/v1/content"
    title = f"one object of {count} files of {size // 1024} KiB"
    return Tree(title, folder / "object", write_bag(content, folder / "bag"), write_lists(content, folder), least)


def root_tree(folder: Path, objects: int) -> Tree:
    """One storage root of so many objects."""
    write_root(folder / "root", objects)
    return Tree(f"a root of {objects} objects of one file", folder / "root", None, write_lists(folder / "root", folder), ("ocfl-py", 1 / 3))


def commands(tree: Tree) -> dict[str, tuple[str, ...]]:
    """What every tool is called with."""
    tools = ROOT / ".venv/bin"
    ocfl: tuple[str, ...] = (str(tools / "ocfl-validate.py"), "-Q", str(tree.path))
    if tree.bag is None:
        ocfl = (str(tools / "ocfl-root.py"), "validate", "--root", str(tree.path), "--validate-objects", "--check-digests", "--quiet")
    found = {"ditich validate": (sys.executable, "-m", "pipeline", "validate", str(tree.path)), "ocfl-py": (sys.executable, *ocfl)}
    if tree.bag is not None:
        found["bagit-python"] = (sys.executable, "-m", "bagit", "--quiet", "--validate", str(tree.bag))
    sums, names = tree.lists
    found["sha512sum -c"] = ("sha512sum", "--quiet", "-c", str(sums))
    found["openssl dgst"] = ("xargs", "-a", str(names), "openssl", "dgst", "-sha512")
    return found


def cost(command: tuple[str, ...]) -> Cost:
    """One run, which must succeed.

    A small process starts it and looks: the largest resident size of a process is never below that of the one it was started from.
    """
    looked = subprocess.run([sys.executable, "-S", "-c", LOOK, *command], check=True, stdout=subprocess.PIPE, cwd=ROOT)
    status, cpu, kibibytes = json.loads(looked.stdout)
    if status:
        raise SystemExit(f"{' '.join(command[:5])} ended with {status}")
    return Cost(cpu, kibibytes / 1024)


def measure(tree: Tree) -> None:
    """Run every tool over a tree and print the table."""
    costs: dict[str, list[Cost]] = {}
    for _ in range(ROUNDS):
        for name, command in commands(tree).items():
            costs.setdefault(name, []).append(cost(command))
    best = {name: Cost(min(one.cpu for one in runs), max(one.mebibytes for one in runs)) for name, runs in costs.items()}
    ours = best["ditich validate"].cpu
    print(f"\n{tree.title}\n{'':<18} {'CPU s':>8} {'MiB':>7} {'ours/it':>8}")
    for name, one in best.items():
        print(f"{name:<18} {one.cpu:8.2f} {one.mebibytes:7.0f} {ours / one.cpu:8.2f}")
    name, goal = tree.least
    print(f"goal: {goal:.2f} of {name}; {ours / best[name].cpu:.2f} reached")


def main() -> None:
    """Make the trees, measure, print."""
    which = sys.argv[1] if len(sys.argv) > 1 else "all"
    small = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    large = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    trees: dict[str, Callable[[Path], Tree]] = {
        "one": lambda folder: object_tree(folder, small, SMALL, ("ocfl-py", 1 / 3)),
        "root": lambda folder: root_tree(folder, small),
        "large": lambda folder: object_tree(folder, large, LARGE, ("openssl dgst", 1.05)),
    }
    for name, make in trees.items():
        if which in {name, "all"}:
            with tempfile.TemporaryDirectory() as folder:
                measure(make(Path(folder)))


if __name__ == "__main__":
    main()
