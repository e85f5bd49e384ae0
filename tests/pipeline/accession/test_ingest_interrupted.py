"""An ingest that is cut off, killed, or whose bytes do not read back."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive import access
from archive.accession import recover
from archive.records.accession import Fate
from pipeline.report import IngestReport, ReadBack
from tests.archive.builders import oracle_accepts
from tests.pipeline.flow_builders import SITE, Desk, jpeg, write


def fates(report: IngestReport) -> dict[str, Fate]:
    return {line.path: line.fate for line in report.lines}


def codes(report: IngestReport) -> set[str]:
    return {finding.code for finding in report.findings} - {"no-rights"}


class TestInterrupted:
    def test_a_run_that_was_cut_off_is_completed_and_counted_as_its_own(
        self, desk: Desk, card: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "b.jpg", jpeg(2))

        def cut(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("pipeline.accession._keep_deposit", cut)
        with pytest.raises(KeyboardInterrupt):
            desk.ingest(card)
        monkeypatch.undo()
        assert desk.objects("deposit") == []
        report = desk.ingest(card)
        assert set(fates(report).values()) == {Fate.ARCHIVED}
        assert len(access.read_deposit(desk.home, report.deposit).created) == 2
        assert list(desk.home.incoming.iterdir()) == []

    @pytest.mark.parametrize("stage", ["receive", "check", "archive", "read-back"])
    def test_killed_in_any_stage_the_next_run_completes(self, desk: Desk, card: Path, stage: str) -> None:
        for number in range(6):
            write(card, f"{number}.jpg", jpeg(number, (160, 120)))
        script = (
            "import os, sys; from pathlib import Path; from archive.home import open_home; from archive.access import read_site\n"
            "from pipeline.ingest import Ingest, ingest; from pipeline.workers import ParserWorkers\n"
            "home = open_home(Path(sys.argv[1]), Path(sys.argv[2]))\n"
            "def step(stage, *_):\n"
            "    if stage == sys.argv[5]: os.kill(os.getpid(), 9)\n"
            "with ParserWorkers(2) as workers: ingest(Path(sys.argv[3]), Ingest(home, read_site(home, sys.argv[4]), workers, step=step))\n"
        )
        arguments = [sys.executable, "-c", script, str(desk.home.root), str(desk.home.keys), str(card), SITE, stage]
        assert subprocess.run(arguments, check=False).returncode == -signal.SIGKILL
        recover(desk.home)
        report = desk.ingest(card)
        assert report.card_may_be_taken_out
        assert "in-earlier-version" not in codes(report)
        assert list(desk.home.incoming.iterdir()) == []
        assert len(desk.objects()) == 6
        for identifier in access.list_objects(desk.home):
            assert oracle_accepts(desk.home, identifier)[0]

    def test_bytes_that_do_not_match_keep_the_card_in(self, desk: Desk, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(card, "a.jpg", jpeg(1))
        from archive.accession import verify_from_device
        from tests.archive.builders import flip_byte

        def damaged(home: object, packages: object, progress: object = None) -> tuple[str, ...]:
            for ark in desk.objects():
                flip_byte(access.read_files(desk.home, ark)["original/a.jpg"].path)
            return verify_from_device(home, packages)  # type: ignore[arg-type]

        monkeypatch.setattr("pipeline.accession.verify_from_device", damaged)
        report = desk.ingest(card)
        assert report.read_back is ReadBack.FAILED
        assert report.refuses
        assert not report.card_may_be_taken_out
        assert list(desk.home.incoming.iterdir())
