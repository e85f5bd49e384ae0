"""``python -m tests.conformance.ocfl_mutations DIR`` writes the pack; ``--scores FIXTURES`` prints what two validators make of it."""

import argparse
import sys
from pathlib import Path

from tests.conformance.ocfl_mutations.pack import PACK, write_pack
from tests.conformance.ocfl_mutations.scores import results, score_table, wrong_table


def main() -> int:
    """Write the pack, or print the scores."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.ocfl_mutations", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="new folder to write the pack into")
    parser.add_argument("--scores", metavar="FIXTURES", type=Path, help="folder of the official fixtures (with 1.0 and 1.1 in it)")
    asked = parser.parse_args()
    if asked.scores is None and asked.folder is None:
        parser.error("say where to write the pack, or --scores FIXTURES")
    if asked.folder is not None:
        left_out = write_pack(asked.folder)
        sys.stdout.write(f"{len(PACK) - len(left_out)} cases in {asked.folder}\n")
        sys.stdout.writelines(f"left out, this file system cannot hold it: {name}\n" for name in left_out)
    if asked.scores is not None:
        found = results(asked.scores)
        sys.stdout.write(score_table(found) + "\n" + wrong_table(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
