"""status, integrity and levels as an archivist meets them: on a terminal, as a page, for a timer, for a program."""

import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from archive.audit import audit
from archive.home import open_home, save_config
from archive.integrity.history import Copied, Noted
from archive.integrity.month import Harm, Late, month_before, month_report
from archive.integrity.status import status
from archive.records.text import Language
from archive.settings import ReplicaConfig, Warnings
from pipeline import cli
from pipeline.month_page import month_page, month_pages
from pipeline.status_page import Holdings, Received, Room, status_lines, status_page, status_view
from pipeline.words import load_words
from tests.journeys.ditich_command import document, found_site, said


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of one site and one deposit of two files, and its keys; copied by each test."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "configuration"))
        patch.setenv("DITICH_LANG", "en")
        found_site(folder / "home", folder / "site")
        card = folder / "card"
        card.mkdir()
        for name in ("one", "two"):
            (card / f"{name}.txt").write_text(f"Đình mẫu: {name}.\n", encoding="utf-8")
        document("ingest", card, "--site", "mau", "--home", folder / "home")
    return folder


@pytest.fixture(autouse=True)
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(made / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    shutil.copytree(made / "home", tmp_path / "home")
    return tmp_path / "home"


def damage(home: Path, *names: str) -> None:
    for name in names or ("one.txt",):
        (target,) = home.glob(f"storage/**/{name}")
        target.chmod(0o644)
        target.write_bytes(b"x" + target.read_bytes()[1:])
    audit(open_home(home), now=datetime.now(UTC))


def with_replica(home: Path, folder: Path) -> None:
    found = open_home(home)
    added = datetime.now(UTC).isoformat(timespec="seconds")
    config = ReplicaConfig("disk-2", str(folder), medium="usb-disk", place="Huế", same_device=True, added=added)
    save_config(found, replace(found.config, replicas=(config,)))


def as_if_ingested_earlier(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """The commands think that so many days have passed."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Later":
            return datetime.now(tz) + timedelta(days=days)  # type: ignore[return-value, arg-type]

    for module in ("status", "integrity", "levels"):
        monkeypatch.setattr(f"pipeline.commands.{module}.datetime", Later)


def outside(page: str) -> list[str]:
    """What a page would load from anywhere."""
    return re.findall(r"(?:(?<![-\w])src|href|url\()\s*=?\s*[\"']?([^\"'\s)>]+)", page)


@pytest.mark.parametrize("language", list(Language))
def test_status_is_one_screen_and_one_page(home: Path, tmp_path: Path, language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITICH_LANG", language)
    with_replica(home, tmp_path / "disk")
    page = tmp_path / "status.html"
    code, printed = said("status", "--home", home, "--html", page)
    assert code == cli.DONE
    assert len(printed.splitlines()) <= 26
    assert not re.search(r"status\.|{|}", printed)
    html = page.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in html
    assert (outside(html), "<script" in html) == ([], False)
    assert "disk-2" in html
    assert not re.search(r"status\.[a-z]|audit\.what", html)


def test_status_says_what_is_damaged_and_ends_with_1(home: Path, tmp_path: Path) -> None:
    damage(home)
    code, printed = said("status", "--home", home, "--html", tmp_path / "status.html")
    assert code == cli.FINDINGS
    assert printed.splitlines()[1].startswith("✗ 1/4 objects are damaged")
    assert "changed" in printed
    assert "no known good copy" in printed
    assert "<code>ditich audit</code>" in (tmp_path / "status.html").read_text(encoding="utf-8")


def test_a_disk_that_is_nearly_full_is_a_task(home: Path) -> None:
    figures, words = status(open_home(home), datetime.now(UTC)), load_words(Language.EN)
    for room, full in ((Room(10**9, None), True), (Room(10**12, None), False), (Room(10**12, 500), True), (Room(10**12, 10**6), False)):
        view = status_view(figures, Holdings(2, 1, 1), room, words)
        assert ("nearly full" in " ".join(sentence for _severity, sentence in view.tasks)) is full
        assert ("for up to" in view.room) is (room.inodes is not None)


def test_the_parts_of_what_is_kept_add_up(home: Path) -> None:
    figures, words = status(open_home(home), datetime.now(UTC)), load_words(Language.EN)
    for holdings, told in ((Holdings(2, 1, 1), False), (Holdings(0, 1, 1), True)):
        note = status_view(figures, holdings, Room(10**12, None), words).figures[0].note
        assert ("others (closed months, or unreadable) 2" in note) is told, note


def test_nothing_to_do_is_said(home: Path) -> None:
    figures = replace(status(open_home(home), datetime.now(UTC)), notices=())
    words = load_words(Language.EN)
    view = status_view(figures, Holdings(2, 1, 1), Room(10**12, None), words)
    assert "There is nothing to do." in list(status_lines(view, words))
    assert "There is nothing to do." in status_page(view, words, datetime.now(UTC))


def test_status_says_when_it_cannot_be_said(home: Path) -> None:
    audit(open_home(home), now=datetime.now(UTC))
    (only,) = (home / "ledger" / "checks").iterdir()
    only.unlink()
    code, printed = said("status", "--home", home)
    assert code == cli.COULD_NOT
    assert "It cannot be said" in printed


def test_status_of_an_absence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit(open_home(home), now=datetime.now(UTC))
    as_if_ingested_earlier(monkeypatch, 60)
    first = (datetime.now(UTC) + timedelta(days=62)).date()
    planned = document("status", "--home", home, "--off-from", first, "--off-until", first + timedelta(days=40))
    assert planned["ahead"]["late"] == 4
    assert {one["outlook"] for one in planned["ahead"]["risks"]} == {"late"}
    monkeypatch.setattr("pipeline.commands.status.MOST_RISKS", 3)
    printed = said("status", "--home", home, "--off-from", first, "--off-until", first + timedelta(days=40))[1]
    assert "checks that will be late: 4" in printed
    assert re.search(r"Make them before \w+ [\d-]+ \(about 15 minutes\)", printed)
    assert printed.count("will be late\n") == 3
    assert "and 1 more" in printed
    assert document("status", "--home", home)["ahead"]["late"] == 0
    for wrong in (("--off-from", first), ("--off-from", first, "--off-until", first - timedelta(days=1))):
        assert said("status", "--home", home, *wrong)[0] == cli.USAGE


def test_status_counts_overdue_checks_with_their_number(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_if_ingested_earlier(monkeypatch, 95)
    code, printed = said("status", "--home", home)
    assert code == cli.DONE
    assert "4/4 checks are overdue" in printed
    assert "4/4  (100 %)" in printed


def test_many_damaged_objects_are_counted_not_all_listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(home, "one.txt", "two.txt")
    monkeypatch.setattr("pipeline.status_page.MOST_DAMAGE", 1)
    assert "and 1 more" in said("status", "--home", home)[1]


@pytest.fixture
def taker() -> Iterator[tuple[str, list[bytes]]]:
    bodies: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", bodies
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_timer_sends_warnings_once(home: Path, taker: tuple[str, list[bytes]]) -> None:
    address, bodies = taker
    assert said("status", "--home", home, "--warn")[0] == cli.USAGE
    found = open_home(home)
    save_config(found, replace(found.config, warnings=Warnings(webhook=address)))
    damage(home)
    code, printed = said("status", "--home", home, "--warn")
    assert code == cli.FINDINGS
    assert "Warnings sent: 2." in printed
    assert len(bodies) == 1
    assert json.loads(bodies[0])["damaged"] == 1
    assert document("status", "--home", home, "--warn", code=cli.FINDINGS)["sent"] == []
    assert len(bodies) == 1


def test_a_month_is_shown_explained_and_closed(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(home)
    month = f"{datetime.now(UTC):%Y-%m}"
    page = tmp_path / "month.html"
    code, printed = said("integrity", month, "--home", home, "--html", page)
    assert code == cli.FINDINGS
    assert "Damaged at the month's end: 1." in printed
    assert "has no reason yet" in printed
    assert said("integrity", month, "--home", home, "--close")[0] == cli.USAGE
    as_if_ingested_earlier(monkeypatch, 31)
    assert said("integrity", "--home", home, "--close")[0] == cli.COULD_NOT
    told = document("integrity", month, "--home", home, code=cli.FINDINGS)
    (harm,) = told["harm"]
    assert said("integrity", month, "--home", home, "--reason", "nonsense")[0] == cli.USAGE
    assert document("integrity", month, "--home", home, "--reason", f"{harm['object_id']}=accepted-loss")["unexplained"] == 0
    code, printed = said("integrity", "--home", home, "--close")
    assert code == cli.DONE, printed
    assert "is closed and kept in ark:99999/dt" in printed
    assert document("levels", "--home", home)["reached"]["integrity"] == 0
    assert document("status", "--home", home, code=cli.FINDINGS)["objects"] == 5
    assert document("status", "--home", home, code=cli.FINDINGS)["assets"] == 2
    assert "1 same" in said("rebuild", "--only", "catalogue", "--home", home)[1]


def test_a_report_is_the_same_bytes_wherever_it_is_made(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(home)
    month = f"{datetime.now(UTC):%Y-%m}"
    before = month_pages(month_report(open_home(home), month))
    home.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("TZ", "Asia/Bangkok")
    monkeypatch.setenv("DITICH_LANG", "th")
    assert month_pages(month_report(open_home(tmp_path / "elsewhere"), month)) == before
    assert set(before) == {"report.vi.html", "report.en.html", "report.th.html"}
    assert str(tmp_path) not in "".join(before.values())


def test_long_tables_are_cut_and_say_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(home, "one.txt", "two.txt")
    monkeypatch.setattr("pipeline.month_page.MOST_ROWS", 1)
    report = month_report(open_home(home), f"{datetime.now(UTC):%Y-%m}")
    assert "and 1 more in report.json" in month_page(report, Language.EN)


@pytest.mark.parametrize("language", list(Language))
def test_everything_that_can_happen_in_a_month_has_its_words(home: Path, language: Language) -> None:
    report = month_report(open_home(home), f"{datetime.now(UTC):%Y-%m}")
    when = "2026-11-05T06:07:08+00:00"
    harm = Harm("ark:99999/dt1", "replica:disk-2", when, when, (("a", "changed"),), when, "urn:uuid:1", "", "repair-pending")
    eventful = replace(
        report,
        places=tuple(replace(place, overdue=1) for place in report.places),
        late=(Late("ark:99999/dt2", "storage", when, "machine-off"), Late("ark:99999/dt3", "storage", when, "")),
        copied=(Copied("replica:disk-2", when, 3, 4000, 3, 0),),
        keys=(Noted(when, "signing keys changed", "urn:uuid:2"),),
        drills=(Noted(when, "disk-2: 3/3, 2.5 s, success", "urn:uuid:3"),),
        broken_lists=("ledger/checks/lost.jsonl.gz",),
    )
    for told in (replace(eventful, harm=(harm,)), eventful, replace(report, broken_lists=("x",)), replace(report, closed=when)):
        page = month_page(told, language)
        assert not re.search(r"month\.[a-z]|audit\.what|{|}\s*}", page.partition("</style>")[2])
    page = month_page(replace(eventful, harm=(harm,)), language)
    for text in (
        "machine-off",
        "repair-pending",
        "urn:uuid:1",
        "disk-2",
        "signing keys changed",
        "3/3, 2.5 s",
        "2026-11-05 06:07",
        "lost.jsonl",
    ):
        assert text in page


def test_the_reason_codes_are_listed(home: Path) -> None:
    assert "machine-off: the computer was off" in said("integrity", "--reasons", "--home", home)[1]
    assert len(document("integrity", "--reasons", "--home", home)["reasons"]) == 7


@pytest.mark.parametrize("language", list(Language))
def test_levels_show_the_matrix_and_its_evidence(home: Path, language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITICH_LANG", language)
    code, printed = said("levels", "--home", home, "--evidence")
    assert code == cli.DONE
    assert not re.search(r"levels\.|{|}", printed)
    assert printed.count("✓") > 5
    told = document("levels", "--home", home)
    assert set(told["reached"]) == {"storage", "integrity", "control", "metadata", "content"}
    assert len(told["cells"]) == 20
    assert month_before(datetime.now(UTC)) < f"{datetime.now(UTC):%Y-%m}"


def test_months_in_which_there_was_no_archive_and_months_to_come(home: Path) -> None:
    code, printed = said("integrity", "--close", "--home", home)
    assert (code, "did not exist yet in this month" in printed) == (0, True)
    before = document("integrity", "2020-01", "--close", "--home", home, code=3)
    assert before["error"]["message"] == "In 2020-01 this archive did not exist yet."
    assert document("integrity", "2199-01", "--home", home, code=3)["error"]["message"] == "The month 2199-01 has not begun."


@pytest.mark.parametrize(
    ("refused", "told"), [(0, "you may erase the card"), (2, "you may erase the card once its refused files (2) are settled")]
)
def test_what_may_be_done_with_a_card_that_had_refused_files(home: Path, refused: int, told: str) -> None:
    words = load_words(Language.EN)
    received = Received("ark:99999/dt1", "first", "2026-11-23", 9, "erase", refused)
    found = open_home(home)
    view = status_view(status(found, datetime.now(UTC)), Holdings(2, 1, 1, (received,)), Room(1, 1), words)
    assert [(row.cells[-1], row.mood) for row in view.deposits] == [(told, "plain" if refused else "good")]
