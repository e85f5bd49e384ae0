import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import NotFoundError
from archive.home import open_home
from archive.ledger.receipt import make_receipt, verify_receipt
from pipeline.publish.premis_archive import events_in
from pipeline.receipts import Match, compare_folder, kept_receipt, names_in, receipt_of
from tests.journeys.ditich_command import document, said
from tests.pipeline.receipts.conftest import Deposited

DOCS = Path(__file__).parents[3] / "docs"


def matches(receipt: Path, folder: Path) -> dict[str, str]:
    found = document("prove", receipt, "--files", folder, code=1)["receipts"][0]
    assert found["holds"]
    return {one["path"]: one["match"] for one in found["files"]}


def test_ingest_writes_a_receipt_that_holds(deposited: Deposited) -> None:
    assert deposited.receipt.parent.name == "receipts"
    found = document("prove", deposited.receipt, "--key", deposited.vkey)["receipts"][0]
    assert (found["holds"], found["own_key"], found["objects"]) == (True, False, [deposited.deposit])
    fates = {one["path"]: one["fate"] for one in found["names"]}
    assert fates == {**{f"ảnh {n}.jpg": "archived" for n in range(3)}, "broken.jpg": "refused", ".hidden": "left-out"}


def test_the_report_names_the_receipt(deposited: Deposited) -> None:
    page = next((deposited.home / "work/reports").glob("*.html")).read_text(encoding="utf-8")
    assert str(deposited.receipt) in page


def test_a_receipt_of_entries_alone_names_no_file(deposited: Deposited, tmp_path: Path) -> None:
    log = open_home(deposited.home).log
    path = tmp_path / "entries.receipt"
    path.write_bytes(make_receipt(log, list(log.entries())[:2]))
    assert names_in(verify_receipt(path.read_bytes())) == ()
    assert document("prove", path)["receipts"][0]["names"] == []


def test_the_words_of_prove(deposited: Deposited) -> None:
    code, printed = said("prove", deposited.receipt)
    assert code == 0
    assert "ATTENTION" in printed
    assert "archived: 3 files" in printed
    code, printed = said("prove", deposited.receipt, "--key", deposited.vkey, "--files", deposited.card)
    assert code == 1
    assert "the very file that was kept: 3 files" in printed
    assert "    broken.jpg" in printed
    assert "left out on purpose" in printed
    assert said("prove")[0] == 3


def test_which_files_on_the_card_are_kept(deposited: Deposited, tmp_path: Path) -> None:
    card = tmp_path / "card"
    shutil.copytree(deposited.card, card)
    (card / "broken.jpg").unlink()
    (card / "ảnh 0.jpg").rename(card / "renamed.jpg")
    (card / "ảnh 1.jpg").write_bytes(b"changed")
    (card / "ảnh 2.jpg").unlink()
    (card / "stranger.txt").write_bytes(b"x")
    (card / "link").symlink_to("stranger.txt")
    expected = {
        ".hidden": "left-out",
        "broken.jpg": "absent",
        "renamed.jpg": "kept-under-another-name",
        "ảnh 1.jpg": "changed",
        "ảnh 2.jpg": "absent",
        "stranger.txt": "unknown",
    }
    assert matches(deposited.receipt, card) == expected
    assert matches(deposited.receipt, deposited.card)["broken.jpg"] == "refused"


def test_a_card_that_is_whole_in_the_archive(deposited: Deposited, tmp_path: Path) -> None:
    receipt = tmp_path / "photo.receipt"
    assert document("receipt", deposited.photo, "--out", receipt, "--home", deposited.home)["receipt"] == str(receipt)
    proved = verify_receipt(receipt.read_bytes())
    name = names_in(proved)[0].path.decode()
    card = tmp_path / "card"
    card.mkdir()
    shutil.copy(deposited.card / name, card / name)
    assert compare_folder(proved, card) == ((name.encode(), Match.KEPT),)
    code, printed = said("prove", receipt, "--files", card)
    assert code == 0
    assert "none is missing" in printed


def test_many_names_are_not_all_shown(deposited: Deposited, tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / f"{number:02}.txt").write_text(str(number))
    _code, printed = said("prove", deposited.receipt, "--files", tmp_path)
    assert "… and 5 more" in printed


def test_receipts_can_be_issued_again_and_from_anywhere_in_the_ledger(deposited: Deposited) -> None:
    home = open_home(deposited.home)
    again = Path(document("receipt", deposited.deposit, "--home", deposited.home)["receipt"])
    assert again == deposited.receipt
    assert names_in(verify_receipt(again.read_bytes()))
    last = home.log.checkpoint().size - 1
    assert verify_receipt(receipt_of(home, deposited.deposit, last)).entries == verify_receipt(again.read_bytes()).entries
    assert said("receipt", "ark:99999/dtnothing", "--home", deposited.home)[0] == 2
    with pytest.raises(NotFoundError, match="has nothing under"):
        receipt_of(home, "ark:99999/dtnothing")
    with pytest.raises(NotFoundError, match="not a folder"):
        compare_folder(verify_receipt(again.read_bytes()), deposited.card / "nowhere")


def test_what_the_ledger_does_not_know_has_no_receipt(deposited: Deposited, tmp_path: Path) -> None:
    copy = tmp_path / "home"
    shutil.copytree(deposited.home, copy)
    home = open_home(copy)
    shutil.rmtree(copy / "ledger")
    home.log.create(home.signers(), datetime.now(UTC))
    with pytest.raises(NotFoundError, match="says nothing of"):
        receipt_of(home, deposited.deposit)
    assert kept_receipt(home, deposited.deposit, 0) == ""


def test_a_forged_receipt(deposited: Deposited, tmp_path: Path) -> None:
    forged = tmp_path / "forged.receipt"
    forged.write_bytes(deposited.receipt.read_bytes().replace("ảnh 1".encode(), "ảnh 9".encode()))
    found = document("prove", forged, code=1)["receipts"][0]
    assert (found["holds"], "deposit.json" in found["why"]) == (False, True)
    assert said("prove", forged)[0] == 1


def program(tmp_path: Path) -> Path:
    """The reader that docs/receipts.md shows, as it stands there."""
    code = re.search(r"```python\n(.*?)```", (DOCS / "receipts.md").read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    path = tmp_path / "verify-receipt.py"
    path.write_text(code[1], encoding="utf-8")
    return path


def test_the_reader_in_the_documents_agrees(deposited: Deposited, tmp_path: Path) -> None:
    reader = [sys.executable, "-I", "-S", str(program(tmp_path))]
    forged = tmp_path / "forged.receipt"
    forged.write_bytes(deposited.receipt.read_bytes().replace("ảnh 1".encode(), "ảnh 9".encode()))
    cut = tmp_path / "cut.receipt"
    cut.write_bytes(deposited.receipt.read_bytes()[:2000])
    stranger = "ditich-archive/x+00000000+AUyxyfHoRxcuHe9e5ec43NyBecp639feH2KXC70AbKId"
    for arguments, holds in (
        ([deposited.receipt, deposited.vkey], True),
        ([deposited.receipt], True),
        ([deposited.receipt, stranger], False),
        ([forged], False),
        ([cut], False),
    ):
        done = subprocess.run([*reader, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == int(not holds), done.stderr
        assert ("ATTENTION" in done.stderr) == (len(arguments) == 1 and arguments != [cut]) or arguments == [cut]
        assert done.stdout.startswith("HOLDS") == holds
    digest = json.loads(said("prove", deposited.receipt, "--json")[1])["receipts"][0]["names"][0]["sha512"]
    done = subprocess.run([*reader, str(deposited.receipt)], capture_output=True, text=True, check=True, timeout=60)
    assert digest in done.stdout


def test_show_writes_premis(deposited: Deposited, tmp_path: Path) -> None:
    document("show", deposited.photo, "--premis", tmp_path / "premis.xml", "--home", deposited.home)
    events = events_in((tmp_path / "premis.xml").read_bytes())
    assert {event.type for event in events} >= {"ing"}
    assert "premis.xml" in said("show", deposited.deposit, "--premis", tmp_path / "premis.xml", "--home", deposited.home)[1]


@pytest.mark.parametrize("key", ["rubbish", "ditich-archive/x+00000000+AQ==", "+"])
def test_a_key_that_is_none_says_nothing_about_the_receipt(deposited: Deposited, key: str) -> None:
    assert document("prove", deposited.receipt, "--key", key, code=3)["error"]["kind"] == "UsageError"
