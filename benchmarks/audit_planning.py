"""Planning the checks of a large archive: CPU-seconds and peak memory of reading what was checked where and of choosing what is due.

    python -m benchmarks.audit_planning [objects] [runs] [replicas]

Makes a home whose ledger has that many objects and whole check runs of them (default 100,000, 1, 0), in a folder that is removed again.
"""

import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.audit.plan import due_tasks
from archive.audit.standings import standings
from archive.home import Home, create_home, open_home, save_config
from archive.ledger.checks import CheckLine, CheckList
from archive.records.events import Event, EventType, Outcome
from archive.replicas.logged import logged
from archive.settings import ReplicaConfig

ROOT = Path(__file__).parent.parent
START = datetime(2025, 1, 1, tzinfo=UTC)


def main() -> None:
    """Make the home in one process, measure in another: only the latter's memory counts."""
    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
        return
    objects, runs, replicas = (int(value) for value in (sys.argv[1:4] + ["100000", "1", "0"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as scratch:
        home = filled(Path(scratch), objects, runs, replicas)
        print(f"{objects} objects, {runs} runs, {replicas} replicas")
        subprocess.run([sys.executable, "-m", "benchmarks.audit_planning", "measure", str(home.root)], check=True, cwd=ROOT)


def filled(scratch: Path, objects: int, runs: int, replicas: int) -> Home:
    """A home with only a ledger."""
    home = create_home(scratch / "home", name="benchmark", keys=scratch / "keys")
    copies = tuple(ReplicaConfig(f"disk-{number}", str(scratch / f"disk-{number}")) for number in range(replicas))
    home = save_config(home, replace(home.config, replicas=copies))
    names = [f"ark:99999/dt{number:016x}" for number in range(objects)]
    versions = [_version(home, name, START + timedelta(seconds=30 * number)) for number, name in enumerate(names)]
    home.log.append(versions, home.signers(), START)
    for number in range(runs):
        home.log.append((_run(home, names, START + timedelta(days=80 * (number + 1))),), home.signers(), START)
    return home


def measure(root: Path) -> None:
    """Plan once, and say what it took."""
    home = open_home(root)
    before = time.process_time()
    found = standings(home, verify=False)
    read = time.process_time()
    tasks = due_tasks(found.objects.values(), home.config.cadence, START.timestamp() + 1e9)
    planned = time.process_time()
    memory = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    peak = int(memory[1]) / 1024 if memory else 0.0
    print(
        f"standings {read - before:.2f} CPU-s, order {planned - read:.2f} CPU-s, in all {planned - before:.2f} CPU-s, peak {peak:.0f} MiB"
    )
    print(f"{len(tasks)} looks, {len(found.runs)} runs, {found.entries} entries")
    list(home.log.problems())
    proved = time.process_time()
    known = logged(home.log)
    done = time.process_time()
    print(f"a run also proves the ledger, {proved - planned:.2f} CPU-s, and reads {len(known.objects)} digests, {done - proved:.2f} CPU-s")


def _version(home: Home, name: str, when: datetime) -> Event:
    return Event(
        identifier=f"urn:uuid:{name[-32:]}",
        type=EventType.INGESTION,
        when=when.isoformat(timespec="seconds"),
        outcome=Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=(name,),
        extra={"version": "v1", "inventory_sha512": "ab" * 64, "files": 4, "bytes": 12_345_678},
    )


def _run(home: Home, names: list[str], when: datetime) -> Event:
    with CheckList(home.tree, "work/list") as leaves:
        for number, name in enumerate(names):
            moment = (when + timedelta(seconds=number // 20)).isoformat(timespec="seconds")
            leaves.add(CheckLine(name, "v1", "storage", "intact", moment))
        run = leaves.close("sha256")
    extra: dict[str, object] = {
        "file": run.file,
        "root": run.root,
        "lines": run.lines,
        "algorithm": run.algorithm,
        "intact": 4 * len(names),
    }
    agents = (home.config.agent,)
    return Event("urn:uuid:run", EventType.FIXITY_CHECK, when.isoformat(timespec="seconds"), Outcome.SUCCESS, agents, (), extra=extra)


if __name__ == "__main__":
    main()
