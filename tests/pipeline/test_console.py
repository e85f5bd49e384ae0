"""What a command shows, on a terminal, in a pipe, and as JSON."""

import io
import json
from pathlib import Path

import pytest

from archive.errors import NotFoundError, UsageError
from archive.records.text import Language
from pipeline.console import Console, passphrase_in, size
from pipeline.words import load_words


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def console(*, as_json: bool = False, asks: bool = False, terminal: bool = False) -> Console:
    make = Terminal if terminal else io.StringIO
    now = iter(range(0, 1000, 20))
    return Console(load_words(Language.EN), as_json, make(), make(), asks, lambda: float(next(now)))


def shown(stream: object) -> str:
    assert isinstance(stream, io.StringIO)
    return stream.getvalue()


def test_json_is_one_document_and_nothing_else() -> None:
    speaker = console(as_json=True)
    speaker.say("audit.clean")
    speaker.document({"path": "a\udcff.jpg", "list": [1, ("b",)]})
    assert json.loads(shown(speaker.out)) == {"path": "a?.jpg", "list": [1, ["b"]]}


def test_without_json_the_document_is_not_shown() -> None:
    speaker = console()
    speaker.document({"a": 1})
    speaker.line("bad \udcff name")
    assert shown(speaker.out) == "bad ? name\n"


@pytest.mark.parametrize("advice", ["Look again.", ""])
def test_an_error_says_what_to_do(advice: str) -> None:
    speaker, machine = console(), console(as_json=True)
    error = NotFoundError("No such site.", advice=advice)
    speaker.failed(error)
    machine.failed(error)
    assert shown(speaker.err) == "Could not do it: No such site.\n" + (f"  → {advice}\n" if advice else "")
    assert json.loads(shown(machine.out))["error"] == {"message": "No such site.", "advice": advice, "kind": "NotFoundError"}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            NotFoundError("There is none.", advice="Make one.", code="no-home", values={"root": "kho"}),
            "Không làm được: Không có kho lưu trữ ở kho.\n  → Lập kho bằng `ditich init`, hoặc chỉ thư mục của kho bằng --home.\n",
        ),
        (NotFoundError("Gone."), "Không làm được: không tìm thấy cái được hỏi. Gone.\n"),
    ],
)
def test_an_error_is_said_in_the_users_language(error: NotFoundError, expected: str) -> None:
    speaker = console()
    speaker.words = load_words(Language.VI)
    speaker.failed(error)
    assert shown(speaker.err) == expected


def test_without_a_terminal_nothing_prompts_and_the_default_is_said() -> None:
    speaker = console()
    assert speaker.confirm("publish.confirm", default=True)
    assert not speaker.confirm("publish.confirm", default=False)
    assert speaker.ask("init.ask-name", default="home") == "home"
    assert speaker.ask("init.ask-second", default="") == ""
    assert "Publish? → yes" in shown(speaker.out)
    assert "→ home" in shown(speaker.out)


@pytest.mark.parametrize(("typed", "default", "answer"), [("", True, True), ("y", False, True), ("c", False, True), ("no", True, False)])
def test_with_a_terminal_it_asks(monkeypatch: pytest.MonkeyPatch, typed: str, default: bool, answer: bool) -> None:  # noqa: FBT001
    monkeypatch.setattr("builtins.input", lambda _: typed)
    assert console(asks=True).confirm("publish.confirm", default=default) is answer


@pytest.mark.parametrize(("typed", "answer"), [("Kho", "Kho"), ("  ", "home")])
def test_with_a_terminal_it_asks_for_text(monkeypatch: pytest.MonkeyPatch, typed: str, answer: str) -> None:
    monkeypatch.setattr("builtins.input", lambda _: typed)
    assert console(asks=True).ask("init.ask-name", default="home") == answer


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    on_terminal, in_pipe = console(terminal=True), console()
    for speaker in (on_terminal, in_pipe):
        with speaker.progress("audit.progress", "bytes") as progress:
            progress(500.0, 2000.0)
            progress(0.0, 0.0)
    assert "█" in shown(on_terminal.out)
    assert shown(on_terminal.out).endswith("\r\x1b[K")
    assert shown(in_pipe.out).startswith("Auditing: 25%, 500 B/2.0 kB, 25 B/s, 60 s left\n")


def test_quick_work_shows_no_progress() -> None:
    speaker = console(as_json=True)
    speaker.clock = lambda: 5.0
    with speaker.progress("audit.progress", "files") as progress:
        progress(1, 2)
    assert shown(speaker.err) == shown(speaker.out) == ""


def test_counts_are_plain_numbers() -> None:
    speaker = console()
    with speaker.progress("publish.deriving", "assets") as progress:
        progress(20, 60)
    assert shown(speaker.out) == "Making views: 33%, 20/60, 1/s, 40 s left\n"


@pytest.mark.parametrize(("value", "text"), [(12, "12 B"), (3400, "3.4 kB"), (5.2e6, "5.2 MB"), (7e9, "7.0 GB"), (2e12, "2.0 TB")])
def test_sizes_for_a_person(value: float, text: str) -> None:
    assert size(value) == text


EVIL = "a\x1b[2J\r\nAll intact\x9b31m\u202egpj.exe"


def test_what_would_steer_the_terminal_is_escaped() -> None:
    """File names, titles and signed texts come from strangers; a line break in one cannot look like a line of Ditich's own."""
    speaker = console()
    speaker.say("error", message=EVIL)
    speaker.line(EVIL)
    speaker.failed(NotFoundError(EVIL, advice=EVIL))
    assert not speaker.confirm("error", default=False, message=Path(EVIL))
    assert not set(shown(speaker.out) + shown(speaker.err)) & set("\x1b\r\x9b\u202e")
    assert "a\\x1b[2J\\r\\nAll intact\\x9b31m\\u202egpj.exe" in shown(speaker.out)
    assert len(shown(speaker.err).splitlines()) == 3


def test_a_document_steers_no_terminal_and_says_the_same() -> None:
    speaker = console(as_json=True)
    speaker.document({EVIL: EVIL})
    assert not set(shown(speaker.out)) & set("\x1b\r\x9b\u202e")
    assert json.loads(shown(speaker.out)) == {EVIL: EVIL}


@pytest.mark.parametrize("content", [b"", b"\nsecond line", b"\xff\xfe", b"x" * 5000])
def test_a_file_without_a_passphrase_locks_nothing(tmp_path: Path, content: bytes) -> None:
    """Taken for an empty one it would take the lock away."""
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(UsageError, match="no passphrase"):
        passphrase_in(tmp_path / "secret")


def test_a_passphrase_is_the_first_line(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes("một câu dài \r\nx".encode())
    assert passphrase_in(tmp_path / "secret") == "một câu dài "
