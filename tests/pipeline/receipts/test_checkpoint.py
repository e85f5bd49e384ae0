import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import UsageError
from archive.home import open_home, save_config
from archive.ledger.note import Checkpoint, parse_note
from archive.ledger.witness import cosign, keep_witnessed, new_witness
from archive.settings import ReplicaConfig
from pipeline.checkpoint_sheet import held_checkpoint, note_of, qr_text, sheet_svg
from tests.archive.ledger.builders import DECEMBER, Log, event
from tests.journeys.ditich_command import document, said
from tests.pipeline.receipts.conftest import Deposited


def test_the_checkpoint_is_shown_written_and_compared(deposited: Deposited, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint"
    shown = document("checkpoint", "--out", kept, "--home", deposited.home)
    assert shown["note"].encode() == kept.read_bytes() == (deposited.home / "ledger/checkpoint").read_bytes()
    assert shown["vouchers"] == []
    assert document("checkpoint", "--against", kept, "--home", deposited.home)["relation"] == "same"
    assert document("checkpoint", "--against", deposited.receipt, "--home", deposited.home)["relation"] in {"same", "extended"}
    code, printed = said("checkpoint", "--against", kept, "--home", deposited.home)
    assert (code, "UNCHANGED" in printed) == (0, True)


def test_what_the_qr_says_tells_a_rollback_and_a_rewriting(deposited: Deposited) -> None:
    now = parse_note((deposited.home / "ledger/checkpoint").read_bytes())[0]
    held = {
        "same": now,
        "rolled-back": Checkpoint(now.origin, now.size + 2, now.root),
        "rewritten": Checkpoint(now.origin, now.size - 1, now.root),
        "foreign": Checkpoint("ditich-archive/other", 1, now.root),
    }
    for relation, checkpoint in held.items():
        text = qr_text(checkpoint, "2026-11")
        for typed in (text, " ".join(text.split())):
            found = document("checkpoint", "--against", typed, "--home", deposited.home, code=int(relation != "same"))
            assert found["relation"] == relation
    code, printed = said("checkpoint", "--against", qr_text(held["rolled-back"], "2026-11"), "--home", deposited.home)
    assert (code, "ROLLED BACK" in printed, "no signature" in printed) == (1, True, True)
    assert said("checkpoint", "--against", "nonsense", "--home", deposited.home)[0] == 3


def test_what_was_given_is_judged_and_never_the_ledger(deposited: Deposited, tmp_path: Path) -> None:
    note = (deposited.home / "ledger/checkpoint").read_text(encoding="utf-8")
    size = parse_note(note.encode())[0].size
    changed = tmp_path / "changed"
    changed.write_text(note.replace(f"\n{size}\n", f"\n{size + 1}\n", 1), encoding="utf-8")
    answer = document("checkpoint", "--against", changed, "--home", deposited.home, code=1)
    assert answer["error"]["message"] == "What was given is no checkpoint that this archive signed."
    changed.write_text(note.replace("ditich-archive/", "ditich-archive/other-"), encoding="utf-8")
    assert document("checkpoint", "--against", changed, "--home", deposited.home, code=1)["relation"] == "foreign"


def test_a_restored_folder_of_an_earlier_day_is_told_by_a_receipt(deposited: Deposited, tmp_path: Path) -> None:
    """The whole home of an earlier day, rightly signed: only what is held elsewhere tells."""
    copy = tmp_path / "home"
    shutil.copytree(deposited.home, copy)
    document("site", "save", _site(deposited, tmp_path), "--home", copy)
    newer = tmp_path / "newer.receipt"
    document("receipt", deposited.deposit, "--out", newer, "--home", copy)
    assert document("checkpoint", "--against", newer, "--home", deposited.home, code=1)["relation"] == "rolled-back"


def _site(deposited: Deposited, folder: Path) -> Path:
    document("site", "checkout", "mau", folder / "site", "--home", deposited.home)
    text = (folder / "site/site.toml").read_text(encoding="utf-8")
    (folder / "site/site.toml").write_text(text.replace("Đình mẫu", "Đình mẫu hai"), encoding="utf-8")
    return folder / "site"


def test_a_sheet_to_print_and_a_picture(deposited: Deposited, tmp_path: Path) -> None:
    html, svg = tmp_path / "sheet.html", tmp_path / "sheet.svg"
    document("checkpoint", "--print", html, "--home", deposited.home)
    document("checkpoint", "--print", svg, "--home", deposited.home)
    shown = html.read_text(encoding="utf-8")
    root = document("checkpoint", "--home", deposited.home)["root"]
    assert root.replace("+", "&#43;") in shown or root in shown
    assert "<svg" in shown
    assert "http://" not in shown.replace("http://www.w3.org/2000/svg", "")
    assert root in svg.read_text(encoding="utf-8")


def test_the_qr_is_short_enough_to_scan(deposited: Deposited) -> None:
    import segno

    now = parse_note((deposited.home / "ledger/checkpoint").read_bytes())[0]
    assert int(str(segno.make(qr_text(Checkpoint(now.origin, 10**9, now.root), "2026-11"), error="m").version)) <= 9
    assert re.search(r"<path", sheet_svg((deposited.home / "ledger/checkpoint").read_bytes(), "2026-11"))


def test_a_month_that_is_over_has_a_checkpoint_of_its_own(deposited: Deposited) -> None:
    case = Log(3)
    case.append([event(5)], DECEMBER)
    assert parse_note(note_of(case.log, "2026-11"))[0].size == 3
    assert parse_note(note_of(case.log))[0].size == 4
    assert said("checkpoint", "--month", "1999-01", "--home", deposited.home)[0] == 2
    with pytest.raises(UsageError):
        held_checkpoint(case.log, b"")
    assert held_checkpoint(case.log, case.log.note()) == (case.log.checkpoint(), True)


def test_a_timestamp_needs_a_root_and_an_answer(deposited: Deposited, tmp_path: Path) -> None:
    assert said("checkpoint", "--timestamp", "http://127.0.0.1:1/", "--home", deposited.home)[0] == 3
    root = tmp_path / "root.pem"
    root.write_text("nonsense")
    answer = tmp_path / "answer"
    answer.write_bytes(b"nonsense")
    assert said("checkpoint", "--timestamp", answer, "--timestamp-root", root, "--home", deposited.home)[0] == 2


def test_a_timestamp_from_a_file(deposited: Deposited, tmp_path: Path) -> None:
    from tests.archive.ledger.test_timestamp import Authority

    folder = tmp_path / "authority"
    folder.mkdir()
    authority = Authority(folder)
    note = open_home(deposited.home).log.note()
    answer = tmp_path / "answer.tsr"
    answer.write_bytes(authority.answer(authority.query(note)))
    shown = document("checkpoint", "--timestamp", answer, "--timestamp-root", folder / "root.pem", "--home", deposited.home)
    assert shown["timestamp"].startswith("20")
    assert list(open_home(deposited.home).log.problems()) == []


def test_a_replica_that_cosigned_is_named(deposited: Deposited, tmp_path: Path) -> None:
    copy = tmp_path / "home"
    shutil.copytree(deposited.home, copy)
    home, witness = open_home(copy), new_witness("disk-2")
    replica = ReplicaConfig("disk-2", str(tmp_path / "disk-2"), witness=witness.public.vkey())
    home = save_config(home, replace(home.config, replicas=(replica,)))
    note = cosign(home.log.note(), keys=home.log.keys, held=None, proof=(), witness=witness, seconds=86400)
    keep_witnessed(home.tree, "ledger/witnesses/disk-2", note)
    assert document("checkpoint", "--home", copy)["vouchers"] == [
        {"name": "disk-2", "size": home.log.checkpoint().size, "when": "1970-01-02T00:00:00+00:00"}
    ]
    assert "disk-2 vouches for" in said("checkpoint", "--home", copy)[1]


@pytest.mark.parametrize("name", ["sheet.pdf", "sheet"])
def test_a_sheet_is_a_page_or_a_picture(deposited: Deposited, tmp_path: Path, name: str) -> None:
    assert document("checkpoint", "--print", tmp_path / name, "--home", deposited.home, code=3)["error"]["advice"].startswith(
        "Name it .html"
    )
    assert not (tmp_path / name).exists()
