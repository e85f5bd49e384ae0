"""How long until `help` is on the screen, and what the launcher adds to it once everything is set up.

Best of so many runs, CPU-seconds (user and system, children included) and wall: `./ditich help` (goal below 0.3 s), and what `./ditich`
adds to the same command started by the environment's Python itself (goal below 0.15 s).

    python -m benchmarks.start_up [runs]
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"


def cost(*command: str) -> tuple[float, float]:
    """(CPU-seconds, wall seconds) of one run."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def best(runs: int, *command: str) -> tuple[float, float]:
    """The least of each over so many runs."""
    costs = [cost(*command) for _ in range(runs)]
    return min(cpu for cpu, _ in costs), min(wall for _, wall in costs)


def main() -> None:
    """Measure both and print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    launched = best(runs, sys.executable, str(ROOT / "ditich"), "help")
    direct = best(runs, str(PYTHON), "-m", "pipeline", "help")
    added = tuple(one - other for one, other in zip(launched, direct, strict=True))
    print(f"{'':<34} {'CPU s':>7} {'wall s':>7}")
    for name, (cpu, wall) in {"./ditich help (goal 0.3)": launched, "python -m pipeline help": direct}.items():
        print(f"{name:<34} {cpu:7.3f} {wall:7.3f}")
    print(f"{'the launcher adds (goal 0.15)':<34} {added[0]:7.3f} {added[1]:7.3f}")


if __name__ == "__main__":
    main()
