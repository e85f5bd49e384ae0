"""Every real file of the corpus through ingest and publication into one archive; a table of what became of it, kind by kind.

    python -m benchmarks.corpus [--home FOLDER] [--corpus FOLDER]

"identified" counts files whose bytes are of the family that their name promises, by a table of names below that shares nothing with the
identification; files that are named wrongly (there are a few, on purpose) are listed. "described" counts assets with at least one value
read from their own bytes, "derived" assets that a page can show by a picture, tiles or a model.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("photos", "panoramas", "pointclouds", "meshes", "splats", "photosets")
FAMILIES = {
    "jpg": "jpeg", "jpeg": "jpeg", "mpo": "jpeg mpo", "png": "png", "tif": "tiff bigtiff geotiff", "tiff": "tiff bigtiff",
    "webp": "webp", "heic": "heic heif", "heif": "heif heic avif", "hif": "heif heic", "avif": "avif", "dng": "dng", "nef": "nef",
    "jxl": "jxl", "xmp": "xmp", "las": "las", "laz": "laz copc", "e57": "e57", "pcd": "pcd", "pts": "pts xyz", "ptx": "ptx",
    "ply": "ply ply-points ply-mesh ply-splat ply-splat-compressed", "obj": "obj", "mtl": "mtl", "glb": "glb", "gltf": "gltf", "stl": "stl",
    "usdz": "usdz", "dae": "dae", "3mf": "3mf", "bin": "unknown draco", "spz": "spz", "splat": "splat", "json": "json",
    "md": "text markdown", "txt": "text", "yaml": "text yaml",
}  # fmt: skip


def ditich(home: Path, *words: str) -> dict[str, Any]:
    """One command with --json."""
    environment = {**os.environ, "XDG_CONFIG_HOME": str(home.parent / "keys"), "DITICH_LANG": "en"}
    command = [sys.executable, "-m", "pipeline", *words, "--home", str(home), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    if done.returncode not in {0, 1}:
        sys.exit(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("DITICH_CORPUS") or ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        run(arguments.corpus, arguments.home or Path(scratch) / "home")


def run(corpus: Path, home: Path) -> None:
    """Ingests all, publishes, prints the table."""
    site = home.parent / "site"
    site.mkdir(parents=True, exist_ok=True)
    lines = ['slug = "corpus"', '[name]\nvi = "Tập mẫu"', '[access]\nlevel = "public"']
    lines += [f'[defaults.{name}]\nlevel = "public"\nreason = "test material"' for name in ("access", "location")]
    (site / "site.toml").write_text("\n".join(lines), encoding="utf-8")
    ditich(home, "init")
    ditich(home, "site", "save", str(site))
    reports, started = {}, time.monotonic()
    for kind in KINDS:
        reports[kind] = ditich(home, "ingest", str(corpus / kind), "--site", "corpus")
    ingested = time.monotonic()
    ditich(home, "publish", "corpus", "--yes")
    published = time.monotonic()
    generation = (home / "publications/corpus/current").read_text().strip()
    public = json.loads((home / f"publications/corpus/{generation}/publication.json").read_text(encoding="utf-8"))
    shown = {asset["ark"]: [file["role"] for file in asset["files"]] for asset in public["assets"]}
    print(
        f"{'kind':<12} {'files':>6} {'received':>9} {'identified':>11} {'assets':>7} {'described':>10} {'derived':>8} {'refused':>8}  why"
    )
    for kind, report in reports.items():
        print(row(kind, corpus / kind, report, shown, home))
    print(f"ingest {ingested - started:.0f} s, publication {published - ingested:.0f} s")


def row(kind: str, folder: Path, report: dict[str, Any], shown: dict[str, list[str]], home: Path) -> str:
    """One line of the table."""
    files = sum(path.is_file() for path in folder.rglob("*"))
    lines = report["lines"]
    wrong = [
        line["path"] for line in lines if line["format"] not in FAMILIES.get(line["path"].rpartition(".")[2].lower(), "unknown").split()
    ]
    assets = [asset["ark"] for asset in report["assets"]]
    described = sum(is_described(ditich(home, "show", ark)["record"]) for ark in assets)
    refused = [line for line in lines if line["fate"] == "refused"]
    why = Counter(code for line in refused for code in line["findings"])
    derived = sum(bool(shown.get(ark)) for ark in assets)
    counts = f"{files:>6} {len(lines):>9} {len(lines) - len(wrong):>11} {len(assets):>7} {described:>10} {derived:>8} {len(refused):>8}"
    named = f"; named otherwise: {', '.join(wrong)}" if wrong else ""
    return f"{kind:<12} {counts}  {dict(why) if why else '-'}{named}"


def is_described(record: dict[str, Any]) -> bool:
    """Whether anything in the record was read from the asset's own bytes."""
    values = [*record["facts"].values(), record["captured"], record["position"]]
    sources = [value["source"] for value in values if value]
    return any(not source.startswith(("site", "folder")) for source in sources)


if __name__ == "__main__":
    main()
