"""The quarterly audit, done by following the page that describes it to the letter."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.home import open_home
from archive.integrity.closing import closed_months
from archive.replicas.register import NewReplica, add_replica
from tests.journeys.ditich_command import document, found_site, said

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "quarterly-audit.md"


def commands() -> list[list[str]]:
    """Every command of the page, in order, without the name of the program."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines()]


def test_the_page_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    home = tmp_path / "home"
    monkeypatch.setenv("DITICH_HOME", str(home))
    found_site(home, tmp_path / "site")
    card = tmp_path / "card"
    card.mkdir()
    (card / "one.txt").write_text("Đình mẫu.\n", encoding="utf-8")
    document("ingest", card, "--site", "mau", "--home", home)
    add_replica(open_home(home), NewReplica(tmp_path / "disk", "disk-2", same_disk=True), datetime.now(UTC))
    monkeypatch.chdir(tmp_path)
    done = []
    for command in commands():
        fast = ["--fast"] if command[:2] == ["audit", "--due"] else []  # it would wait for the other tests on this machine
        code, printed = said(*command, *fast)
        assert code == 0, (command, printed)
        done.append(command[0])
    assert done[0] == "status"
    assert {"replicate", "audit", "repair", "integrity", "drill", "levels", "checkpoint"} <= set(done)
    assert (tmp_path / "report.html").exists()
    assert (tmp_path / "status.html").exists()
    assert closed_months(open_home(home)) == {}, "the archive is younger than the last month that is over"
    now = document("status")
    assert (now["damaged"], now["overdue"], now["vouched"]) == (0, 0, False)  # a witness on the same disk is not outside
