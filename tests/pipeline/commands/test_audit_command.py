"""``ditich audit`` as a person and a timer meet it: sentences, JSON, exit codes, signals."""

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.audit import AuditReport, Condition, Problem, Reason
from archive.audit.structure import Inside
from archive.errors import StorageError
from archive.home import Home, create_home, open_home
from archive.records.text import Language
from pipeline import cli
from pipeline.commands import audit as command
from pipeline.console import Console
from pipeline.words import load_words
from tests.archive.audit.builders import see, with_replica
from tests.archive.builders import draft, flip_byte, keep
from tests.journeys.ditich_command import document, said

CHECKOUT = Path(__file__).parents[3]
NAMES = ("ark:99999/dt1", "ark:99999/dt2", "ark:99999/dt3")


def picture() -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", bytes(3000)) + chunk(b"IEND", b"")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    made = create_home(tmp_path / "home", name="Kho", keys=tmp_path / "configuration/ditich/keys")
    keep(made, *(draft(name, original__a=picture(), b=name.encode()) for name in NAMES))
    return made


def harm(home: Home, name: str) -> None:
    flip_byte(home.root / home.objects.folder_of(name) / "v1/content/original/a", 1000)


def test_damage_is_told_with_place_date_and_copy(home: Home, tmp_path: Path) -> None:
    home = with_replica(home, tmp_path / "disk")
    see(home, dict.fromkeys(NAMES, "intact"), datetime(2026, 11, 23, tzinfo=UTC), location="replica:disk")
    see(home, {NAMES[0]: "intact"}, datetime(2026, 11, 23, tzinfo=UTC))
    harm(home, NAMES[0])
    harm(home, NAMES[1])
    code, printed = said("audit", "--home", home.root)
    assert code == cli.FINDINGS
    assert "Files: 19 intact · 2 damaged · 0 missing · 0 extra · 0 could not be checked (3 objects" in printed
    assert f"changed: v1/content/original/a in {NAMES[0]} (storage)" in printed
    assert "inside the file: chunk 2 IDAT, checksum does not match, bytes 33–3044" in printed
    assert "last seen intact: 2026-11-23T00:00:00+00:00 · good copy: replica:disk" in printed
    assert "last seen intact: never checked" in printed
    assert "run `ditich repair`" in printed


def test_the_document_says_the_same(home: Home) -> None:
    harm(home, NAMES[0])
    found = document("audit", NAMES[0], "--home", home.root, "--algorithm", "sha512", code=1)
    (problem,) = found["problems"]
    assert (problem["path"], problem["what"], problem["inside"][0]["name"]) == ("v1/content/original/a", "changed", "IDAT")
    assert (found["objects"], found["algorithm"], found["exit_code"]) == (1, "sha512", 1)


def test_what_is_due_and_what_chance_chose(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    home = with_replica(home, tmp_path / "disk")
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    code, printed = said("audit", "--due", "--fast", "--minutes", "5", "--gigabytes", "1", "--home", home.root)
    assert code == cli.DONE
    assert f"Not checked: 0 objects at replica:disk: not there now, plug in or mount its disk ({tmp_path / 'disk'})." in printed
    assert "Chosen by chance besides: 1 objects (seed " in printed
    assert document("audit", "--due", "--home", home.root, "--location", "storage")["tail"] == 1


@pytest.mark.parametrize(
    "argv",
    [
        ("--due", "ark:99999/dt1"),
        ("--due", "--algorithm", "sha256"),
        ("--minutes", "5"),
        ("--gigabytes", "5"),
        ("--due", "--minutes", "0"),
        ("--due", "--minutes", "many"),
        ("--due", "--gigabytes", "inf"),
        ("--location", "moon"),
    ],
)
def test_what_contradicts_itself_is_a_wrong_use(home: Home, argv: tuple[str, ...]) -> None:
    assert said("audit", *argv, "--home", home.root)[0] == cli.USAGE


def test_a_checker_that_fails_has_not_found_damage(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise MemoryError

    monkeypatch.setattr("archive.audit.audit_at", fail)
    assert said("audit", "--home", home.root)[0] == cli.COULD_NOT
    assert "MemoryError" in document("audit", "--home", home.root, code=cli.COULD_NOT)["error"]["message"]

    def refuse(*_arguments: object, **_named: object) -> None:
        raise StorageError("The disk is full: x.")

    monkeypatch.setattr("archive.audit.audit_at", refuse)
    assert said("audit", "--home", home.root)[0] == cli.COULD_NOT


def run(home: Home, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, after some lines of Python."""
    text = f"import sys\nfrom pipeline import cli\n{before}\nsys.exit(cli.main(['audit', *sys.argv[1:]]))"
    given = [sys.executable, "-c", text, *arguments, "--home", str(home.root)]
    environment = {**os.environ, "DITICH_LANG": "en"}
    return subprocess.run(given, capture_output=True, text=True, check=False, cwd=CHECKOUT, env=environment, timeout=100)


DYING = """
import os
from archive.ocfl import fixity
parse = fixity.parse_inventory
def die(content):
    if b"dt2" in content:
        {deed}
    return parse(content)
fixity.parse_inventory = die
"""


def test_a_checker_that_is_killed_has_not_checked(home: Home) -> None:
    done = run(home, before=DYING.format(deed="os.kill(os.getpid(), 9)"))
    assert done.returncode == cli.COULD_NOT
    assert "ended by signal 9" in done.stderr
    answer = run(home, "--json", before=DYING.format(deed="os.abort()"))
    assert answer.returncode == cli.COULD_NOT
    assert "signal 6" in json.loads(answer.stdout)["error"]["message"]


def test_an_object_that_breaks_the_checker_is_named_and_damage_wins(home: Home) -> None:
    deed = DYING.format(deed="raise MemoryError")
    done = run(home, "--due", "--fast", "--location", "storage", before=deed)
    assert done.returncode in {cli.DONE, cli.COULD_NOT}  # chance may choose another object
    whole = run(home, before=deed)
    assert whole.returncode == cli.COULD_NOT
    assert f"Not checked: 1 objects at storage: the checker itself failed there ({NAMES[1]}: MemoryError())." in whole.stdout
    assert "does not prove the rest intact" in whole.stdout
    harm(home, NAMES[2])
    assert run(home, before=deed).returncode == cli.FINDINGS


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_run_and_what_was_seen_is_kept(home: Home, number: str) -> None:
    before = home.log.checkpoint().size
    done = run(home, "--json", before=DYING.format(deed=f"import signal; os.kill(os.getpid(), signal.{number})"))
    assert done.returncode == cli.COULD_NOT, done.stderr
    answer = json.loads(done.stdout)
    assert [missed["reason"] for missed in answer["unchecked"]] == ["stopped"]
    assert answer["objects"] < 3
    assert open_home(home.root, home.keys).log.checkpoint().size == before + 1


GENTLE = """
import atexit, os
os.getloadavg = lambda: (0.0, 0.0, 0.0)
atexit.register(lambda: print("nice", os.nice(0)))
"""


def test_a_gentle_run_steps_back_and_another_thread_takes_no_signals(home: Home) -> None:
    done = run(home, "--due", before=GENTLE)
    assert done.returncode == cli.DONE
    assert sorted(line for line in done.stdout.splitlines() if line.startswith("nice")) == [f"nice {os.nice(0)}", "nice 19"]
    codes: list[int] = []
    other = threading.Thread(target=lambda: codes.append(said("audit", "--home", home.root)[0]))
    other.start()
    other.join()
    assert codes == [cli.DONE]


def test_a_second_signal_ends_it_at_once() -> None:
    def twice() -> Iterator[bool]:
        with command._stoppable() as stop:
            yield stop()
            os.kill(os.getpid(), signal.SIGTERM)
            yield stop()
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    asked = twice()
    assert [next(asked), next(asked)] == [False, True]
    with pytest.raises(KeyboardInterrupt):
        next(asked)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("language", Language)
def test_everything_that_can_be_said_has_words(language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    units = ("page", "chunk", "entry", "header", "record", "points", "end")
    inside = tuple(Inside(unit, "", index, 2 * index, 0, 0, "structure", "XML") for index, unit in enumerate(units))
    inside += tuple(Inside("page", "x", 1, 0, 5, 9, what) for what in ("checksum", "truncated"))
    problems = tuple(Problem("ark:1", "", what, inside=inside) for what in Condition)
    report = AuditReport("due", recorded=False).with_problems(problems * 50)
    for reason in Reason:
        report = report.without(reason, "storage", 1)
    command._say(report, Console(load_words(language)))
    printed = capsys.readouterr().out
    assert "audit." not in printed.replace("audit.txt", "")
    assert len(printed.splitlines()) == 200 * (2 + len(inside)) + len(Reason) + 5


def test_a_mistyped_name_is_no_missing_object(home: Home) -> None:
    """Nothing is found damaged, and nothing is entered in the ledger."""
    size = home.log.checkpoint().size
    answer = document("audit", NAMES[0], "ark:99999/dt9", "--home", home.root, code=cli.COULD_NOT)
    assert answer["error"]["message"] == "ark:99999/dt9 is not in this archive."
    assert home.log.checkpoint().size == size
    for segment in home.ledger.glob("log/*"):
        segment.unlink()
    assert document("audit", "ark:99999/dt9", "--home", home.root, code=cli.FINDINGS)["recorded"] is False
