"""10 million points of a generated LAS to 3D Tiles: ours beside py3dtiles, on the same file in the same run.

    python -m benchmarks.point_tiles [--points N] [--rounds N] [--work FOLDER] [--peer PROGRAM]

Prints one JSON document: wall seconds, CPU-seconds of the whole process tree, and peak resident memory of each. py3dtiles needs
older libraries than Ditich, so it runs from an environment of its own, which `uv tool run` makes on the first call.
"""

import argparse
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import laspy
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CHUNK = 1_000_000
PEER = f"{shlex.quote(str(Path(sys.executable).parent / 'uv'))} tool run --from py3dtiles[las]==12.1.1 py3dtiles"
ORIGIN = (588_000.0, 1_776_000.0, 12.0)
OURS = """
import sys
from pathlib import Path
from pipeline.derive.point_tiles import make
source, output = Path(sys.argv[1]), Path(sys.argv[2])
output.mkdir(parents=True)
make(((source.name, source),), output, {})
"""


@dataclass(frozen=True)
class Cost:
    wall_seconds: float
    cpu_seconds: float
    peak_mib: int


def hall(rng: np.random.Generator, number: int) -> np.ndarray:
    """Points on floor, four walls, a hipped roof and thirty columns of a hall of 30 × 20 × 9 m, with 1.5 mm noise."""
    u, v, kind = rng.random(number), rng.random(number), rng.random(number)
    x, y, z = 30 * u, 20 * v, np.zeros(number)
    wall = (kind > 0.25) & (kind < 0.55)
    side = rng.integers(0, 4, number)
    z[wall] = 5 * rng.random(int(wall.sum()))
    x = np.where(wall & (side == 0), 0.0, np.where(wall & (side == 1), 30.0, x))
    y = np.where(wall & (side == 2), 0.0, np.where(wall & (side == 3), 20.0, y))
    roof = (kind >= 0.55) & (kind < 0.8)
    z = np.where(roof, 5 + np.minimum(np.minimum(y, 20 - y), np.minimum(x, 30 - x)) * 0.4 + 0.05 * np.sin(20 * x), z)
    column = kind >= 0.8
    angle = rng.random(number) * 2 * np.pi
    x = np.where(column, 2.5 + 5 * np.floor(6 * u) + 0.2 * np.cos(angle), x)
    y = np.where(column, 2 + 4 * np.floor(5 * v) + 0.2 * np.sin(angle), y)
    z = np.where(column, 5 * rng.random(number), z)
    return np.stack([x, y, z], axis=1) + rng.normal(0, 0.0015, (number, 3))


def generate(path: Path, points: int) -> None:
    rng = np.random.default_rng(20261122)
    header = laspy.LasHeader(point_format=2, version="1.2")
    header.scales, header.offsets = np.array([0.001] * 3), np.array(ORIGIN)
    with laspy.open(path, mode="w", header=header) as writer:
        for first in range(0, points, CHUNK):
            number = min(CHUNK, points - first)
            xyz = hall(rng, number)
            record = laspy.ScaleAwarePointRecord.zeros(number, header=header)
            record.x, record.y, record.z = (xyz + ORIGIN).T
            tone = (120 + 60 * np.sin(3 * xyz[:, 0]) + 40 * np.cos(5 * xyz[:, 2]) + rng.normal(0, 6, number)).clip(0, 255)
            record.red, record.green, record.blue = tone * 256, tone * 220, tone * 180
            record.intensity = tone * 200
            writer.write_points(record)


def peak_of_tree() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def run(command: list[str]) -> Cost:
    """Cost of a command with all its children. The peak is that of its largest process since this program began."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(round(time.perf_counter() - start, 2), round(cpu, 2), peak_of_tree())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--peer", default=PEER, help="command of py3dtiles; empty to leave it out")
    options = parser.parse_args()
    work = options.work or Path(tempfile.mkdtemp(prefix="point-tiles-"))
    work.mkdir(parents=True, exist_ok=True)
    source = work / f"hall-{options.points}.las"
    if not source.exists():
        generate(source, options.points)
    results: dict[str, list[dict[str, float]]] = {"ours": [], "py3dtiles": []}
    for _ in range(options.rounds):
        shutil.rmtree(work / "ours", ignore_errors=True)
        results["ours"].append(asdict(run([sys.executable, "-c", OURS, str(source), str(work / "ours")])))
        results["ours"][-1]["bytes"] = sum(file.stat().st_size for file in (work / "ours").iterdir())
    peer = shlex.split(options.peer)
    if peer:
        run([*peer, "--help"])
    for _ in range(options.rounds if peer else 0):
        shutil.rmtree(work / "peer", ignore_errors=True)
        results["py3dtiles"].append(asdict(run([*peer, "convert", "--jobs", "2", "--out", str(work / "peer"), str(source)])))
    if options.work is None:
        shutil.rmtree(work)
    best = {name: min(run_["cpu_seconds"] for run_ in runs) for name, runs in results.items() if runs}
    ratio = round(best["py3dtiles"] / best["ours"], 1) if "py3dtiles" in best else None
    print(json.dumps({"points": options.points, "results": results, "cpu_ratio": ratio}, indent=2))


if __name__ == "__main__":
    main()
