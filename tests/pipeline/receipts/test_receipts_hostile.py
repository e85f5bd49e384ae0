"""What somebody brings as a receipt or reads from a QR may be anything."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import DamageError
from archive.ledger.note import Checkpoint
from archive.ledger.receipt import Receipt
from archive.ledger.segments import Entry
from archive.records.accession import DepositLine, DepositRecord, Fate
from archive.records.serialise import to_json, to_line
from pipeline.checkpoint_sheet import sheet_svg
from pipeline.receipts import names_in
from tests.archive.ledger.builders import Log, event
from tests.journeys.ditich_command import said
from tests.pipeline.receipts.conftest import Deposited
from tests.pipeline.receipts.test_receipts import program


def receipt(files: Mapping[str, bytes]) -> Receipt:
    """One that was signed, about no object: by whom is another question."""
    entry = Entry(0, to_line(replace(event(0, version="v1"), objects=())))
    return Receipt(Checkpoint("o", 1, bytes(32)), (entry,), files, (), own_keys=True)


def test_names_that_are_none_make_a_receipt_unreadable() -> None:
    line = DepositLine("x", "no hex", 1, "0" * 128, "0" * 64, "", "jpeg", Fate.ARCHIVED)
    deposit = to_json(DepositRecord("ark:99999/dt1", "ark:99999/dt2", "card", "2026-11-22T08:00:00Z", (line,)))
    inventory = b'{"versions": {"v1": {"state": {"00": ["original/%s"]}}}}'
    for files in ({"deposit.json": deposit}, {"inventory.json": inventory % b"a"}, {"inventory.json": inventory % b"\\ud800"}):
        with pytest.raises(DamageError, match="not readable"):
            names_in(receipt(files))


def test_what_is_no_ordinary_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(2**40)
    for name in ("pipe", "huge"):
        assert said("prove", tmp_path / name)[0] == 3


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", ["x" * 300, "a/b 1 " + "A" * 20, "/" * 100_000, "a/ " * 30_000, f"a/b {'9' * 5000} {'A' * 43}=", "\udcff"])
def test_what_is_no_checkpoint_is_said_at_once(deposited: Deposited, text: str) -> None:
    assert said("checkpoint", "--against", text, "--home", deposited.home)[0] == 3


def test_a_picture_of_a_name_with_a_tag_in_it() -> None:
    log = Log(1)
    assert "<script>" not in sheet_svg(log.log.note().replace(b"ditich-archive/t", b"<script>/t"), "2026-11")


def test_the_reader_in_the_documents_steers_no_terminal_and_reads_names_that_are_no_text(tmp_path: Path) -> None:
    code = f"import runpy\nshow = runpy.run_path({str(program(tmp_path))!r})['show']\nshow('a\\x1b[2J\\udcff\\nHOLDS đ')\n"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60, env=environment)
    assert done.stdout.decode() == "a\\x1b[2J\\udcff\\nHOLDS đ\n"
