from pathlib import Path

from tests.archive.killing import kill_many


def test_nothing_acknowledged_is_lost_when_writers_are_killed(tmp_path: Path) -> None:
    assert kill_many(tmp_path, 10, seed=7) >= 30
