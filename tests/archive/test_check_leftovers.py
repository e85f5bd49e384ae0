"""What a check that was killed left in the work folder."""

import random
from dataclasses import replace
from pathlib import Path

from archive.ledger.checks import CheckLine, CheckList, check_lines, remove_leftovers
from archive.recovery import recover
from archive.storage.local import LocalStorage
from tests.archive.builders import (
    NOW,
    new_home,
)

OLD = "ark:99999/dtold"


def test_lists_of_checks_that_were_killed_are_removed_and_those_of_live_ones_stay(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    line = CheckLine(OLD, "v1", "storage", "intact", NOW.isoformat())
    (home.root / "work/check-dead").write_bytes(b"half a list")
    (home.root / "work/mine").write_bytes(b"somebody's")
    with CheckList(home.tree, "work/check-alive") as living:
        for number in range(20_000):
            living.add(replace(line, object=f"{random.Random(number).randbytes(60).hex()}"))
        assert (home.root / "work/check-alive").exists()
        recover(home)
        assert sorted(path.name for path in home.work.iterdir() if path.is_file()) == ["check-alive", "mine"]
        run = living.close("sha256")
    assert len(list(check_lines(home.tree, run))) == 20_000
    recover(home)
    assert [path.name for path in home.work.iterdir() if path.is_file()] == ["mine"]
    assert list((home.work / "locks").iterdir()) == []


def test_a_list_whose_writer_has_just_finished_is_nobodys(tmp_path: Path) -> None:
    class Finishing(LocalStorage):
        """The scratch file goes between the look and the lock."""

        def lock(self, path: str, *, seconds: float = 0.0):  # type: ignore[no-untyped-def]  # noqa: ANN202 - what a context manager's maker returns
            (home.root / "work/check-x").unlink(missing_ok=True)
            return super().lock(path, seconds=seconds)

    home = new_home(tmp_path)
    (home.root / "work/check-x").write_bytes(b"")
    remove_leftovers(Finishing(home.root))
    assert list((home.work / "locks").iterdir()) == []
