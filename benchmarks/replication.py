"""Filling a copy of the archive, beside what it must at least cost: ``python -m benchmarks.replication [files] [MB each]``.

The floor is ``openssl dgst -sha256`` over the files, ``cp``, and ``openssl dgst -sha256`` over what was written: one read that is compared,
one write, one read back. Ours is ``replicate`` of as many objects to an empty copy: every byte compared with the ledger's inventories on
both sides, synced, entered, cosigned. CPU-seconds (user + system) of processes of their own, best of three, with Python's start; then a
second run that finds nothing to do, a drill (restore, sha512 of everything, catalogue), and a repair of ten damaged objects.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.accession import cost, make_files, take

ROUNDS = 3
ROOT = Path(__file__).parent.parent


def floor(paths: list[Path], folder: Path) -> None:
    """The same work by the programs of the system."""
    openssl, copy = shutil.which("openssl"), shutil.which("cp")
    assert openssl is not None
    assert copy is not None
    target = folder / "floor"
    target.mkdir()
    subprocess.run([openssl, "dgst", "-sha256", *paths], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([copy, *paths, target], check=True)
    subprocess.run([openssl, "dgst", "-sha256", *target.iterdir()], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(target)


def ours(folder: Path, what: str) -> None:
    """One part of our work, by a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, __file__, what, str(folder)], check=True, env=environment)


def work(what: str, folder: Path) -> None:
    """What such a process does."""
    from archive.audit.standings import standings
    from archive.drill import Rehearsal, drill
    from archive.home import open_home
    from archive.repair import Order, repair
    from archive.replicas.place import open_replica
    from archive.replicas.register import NewReplica, add_replica
    from archive.replicas.replicate import Wishes, replicate

    home, now = open_home(folder / "home", folder / "keys"), datetime.now(UTC)
    if what == "add":
        add_replica(home, NewReplica(folder / "copy", "copy", same_disk=True), now)
        return
    replica = open_replica(home, "copy")
    if what == "replicate":
        looks = standings(home).objects.values()
        done = {one.object_id: one.checked_version for one in looks if one.location == replica.location and one.outcome == "intact"}
        assert replicate(home, replica, Wishes(now, done)).complete
    elif what == "drill":
        restored = drill(home, replica, Rehearsal(now))
        assert restored.whole
        print(f"drill: {restored.seconds / 60:.2f} minutes, {restored.rate / 1e6:.0f} MB/s")
    else:
        damaged = tuple(home.objects.object_ids()[:10])
        assert len(repair(home, Order(now, objects=damaged)).mended) == 10


def damage(folder: Path) -> None:
    """Flips a bit in the original of ten objects."""
    from archive.home import open_home

    home = open_home(folder / "home", folder / "keys")
    for object_id in home.objects.object_ids()[:10]:
        original = next(path for path in (home.root / home.objects.folder_of(object_id) / "v1/content").rglob("*") if path.is_file())
        original.chmod(0o644)
        with original.open("r+b") as stream:
            first = stream.read(1)[0]
            stream.seek(0)
            stream.write(bytes([first ^ 1]))


def main() -> None:
    """Measures and prints."""
    count, megabytes = (int(sys.argv[1]), float(sys.argv[2])) if len(sys.argv) > 2 else (200, 10.0)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        paths = make_files(folder / "source", count, round(megabytes * 1_000_000))
        take(folder / "source", folder)
        shutil.copytree(folder / "home", folder / "pristine")
        best = {"floor": (9e9, 9e9), "replicate": (9e9, 9e9)}
        for _ in range(ROUNDS):
            shutil.rmtree(folder / "home")
            shutil.rmtree(folder / "copy", ignore_errors=True)
            shutil.copytree(folder / "pristine", folder / "home")
            ours(folder, "add")
            best["floor"] = min(best["floor"], cost(lambda: floor(paths, folder)))
            best["replicate"] = min(best["replicate"], cost(lambda: ours(folder, "replicate")))
        print(f"{count} files of {megabytes:g} MB")
        for name, (cpu, wall) in best.items():
            print(f"{name:<10} {cpu:6.2f} CPU-s {wall:6.2f} s  {cpu / best['floor'][0]:.2f} x")
        print("again      {:6.2f} CPU-s {:6.2f} s".format(*cost(lambda: ours(folder, "replicate"))))
        print("drill      {:6.2f} CPU-s {:6.2f} s".format(*cost(lambda: ours(folder, "drill"))))
        damage(folder)
        print("repair 10  {:6.2f} CPU-s {:6.2f} s".format(*cost(lambda: ours(folder, "repair"))))


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in {"add", "replicate", "drill", "repair"}:
        work(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
