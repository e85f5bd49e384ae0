"""``python -m pipeline.rehearsal FOLDER``: the rehearsal without the rest of Ditich."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from archive.errors import DitichError
from pipeline.rehearsal import rehearse


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: written; 2: could not."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.rehearsal", description="Writes a simulated survey of a model communal house."
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder; what is true about it goes to FOLDER.truth.json")
    parser.add_argument("--small", action="store_true", help="lower resolution, for tests")
    parser.add_argument("--seed", type=int, default=2026, help="another number gives other plants and other noise (default 2026)")
    parser.add_argument("--portrait", action="store_true", help="write only the README's picture; FOLDER names the JPEG")
    given = parser.parse_args(arguments)
    if given.portrait:
        return _portrait(given.folder, given.seed, small=given.small)
    try:
        truth = rehearse(given.folder, seed=given.seed, small=given.small)
    except DitichError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{len(truth.files)} files in {given.folder}\n")
    return 0


def _portrait(path: Path, seed: int, *, small: bool) -> int:
    from pipeline.rehearsal.portrait import write_portrait
    from pipeline.rehearsal.scale import FULL, SMALL

    write_portrait(path, seed=seed, scale=SMALL if small else FULL)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
