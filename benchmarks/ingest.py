"""Ingest and publication of 488 files / 600 MB: CPU-seconds, wall, peak resident memory, and bytes kept per byte received.

The number of files and their size are those of a known slow case of a peer (wellcomecollection/platform issue 4072: more than an hour,
650 MB became 9.6 GB); the peer's figure is its users', ours is measured here. Beside it stands the floor in the same run: `cp` of the same
folder and `openssl dgst` twice.

    python -m benchmarks.ingest [--files 488] [--megabytes 600] [--keep FOLDER]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds of processor and of wall, MB of memory (the largest single process)."""

    cpu: float
    wall: float
    peak: float


def measured(*command: str, environment: dict[str, str] | None = None) -> tuple[Cost, str]:
    """Runs a command to its end and returns its cost with what it printed."""
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 1}:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.monotonic() - started, after.ru_maxrss / 1000), done.stdout


def make_deposit(folder: Path, files: int, megabytes: int) -> None:
    """Photos with real structure (coarse patches under grain) whose sizes add up, two panoramas in a hundred, one sheet.

    Twenty-four different pictures; each file carries a comment of its own, so that no two files are the same.
    """
    import numpy as np

    folder.mkdir(parents=True)
    random = np.random.default_rng(2026)
    photos = [_picture(random, 3000, 2000) for _ in range(22)]
    panoramas = [_picture(random, 4096, 2048) for _ in range(2)]
    target = megabytes * 1_000_000 // files
    lines = ["file name,title@vi,rights"]
    for number in range(files - 1):
        panorama = number % 50 == 0
        content = panoramas[number // 50 % 2] if panorama else photos[number % 22]
        comment = f"file {number}".encode()
        content = content[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + content[2:]
        name = f"{'PANO' if panorama else 'IMG'}_{number:04d}.jpg"
        # a JPEG may be followed by anything: padding brings every file to the same size without changing the picture
        (folder / name).write_bytes(content + bytes(max(target - len(content), 0)))
        lines.append(f"{name},Ảnh số {number},http://rightsstatements.org/vocab/CNE/1.0/")
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _picture(random: "np.random.Generator", width: int, height: int) -> bytes:
    import numpy as np
    import pyvips

    patches = pyvips.Image.new_from_array(random.integers(0, 255, (height // 50 + 2, width // 50 + 2, 3), dtype=np.uint8)).resize(50)
    grain = pyvips.Image.gaussnoise(width, height, sigma=9, seed=int(random.integers(1 << 30)))
    return bytes((patches.crop(0, 0, width, height) + grain).cast("uchar").jpegsave_buffer(Q=82))


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=488)
    parser.add_argument("--megabytes", type=int, default=600)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        run(arguments.keep or Path(scratch), arguments.files, arguments.megabytes)


def run(place: Path, files: int, megabytes: int) -> None:
    """Makes the deposit, runs the commands, prints the table."""
    deposit, home = place / "deposit", place / "home"
    make_deposit(deposit, files, megabytes)
    environment = {**os.environ, "XDG_CONFIG_HOME": str(place / "keys"), "DITICH_LANG": "en"}
    ditich = (sys.executable, "-m", "pipeline")
    measured(*ditich, "init", "--home", str(home), environment=environment)
    site = place / "site"
    site.mkdir()
    (site / "site.toml").write_text('slug = "bench"\n[name]\nvi = "Đo"\n[access]\nlevel = "public"\n', encoding="utf-8")
    measured(*ditich, "site", "save", str(site), "--home", str(home), environment=environment)
    received = size_of(deposit)
    steps = {
        "cp": measured("cp", "-r", str(deposit), str(place / "copy"))[0],
        "openssl dgst, both digests": measured(
            "sh", "-c", f"find {deposit} -type f | xargs openssl dgst -sha512 && find {deposit} -type f | xargs openssl dgst -sha256"
        )[0],
    }
    ingest = ("ingest", str(deposit), "--site", "bench", "--access", "public", "--home", str(home), "--json")
    steps["ingest"], printed = measured(*ditich, *ingest, environment=environment)
    kept = size_of(home / "storage")
    steps["publish"] = measured(*ditich, "publish", "bench", "--yes", "--home", str(home), "--json", environment=environment)[0]
    steps["audit (sha256)"] = measured(*ditich, "audit", "--home", str(home), "--json", environment=environment)[0]
    print(f"{files} files, {received / 1e6:.0f} MB received; kept {kept / 1e6:.0f} MB in storage/ = {kept / received:.3f} × received")
    print(f"{'step':<28} {'CPU s':>8} {'wall s':>8} {'peak MB':>8}")
    for name, cost in steps.items():
        print(f"{name:<28} {cost.cpu:8.1f} {cost.wall:8.1f} {cost.peak:8.0f}")
    both = steps["ingest"].wall + steps["publish"].wall
    print(f"ingest with derivatives and publication: {both:.1f} s wall (goal 120)")
    print(json.dumps(json.loads(printed).get("totals", {}), sort_keys=True))


if __name__ == "__main__":
    main()
