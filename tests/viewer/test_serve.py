"""The command ``serve``: quick help, clear refusals, and a real server that ends when told to."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from archive.records.text import Language
from tests.archive.publications.builders import SLUG
from viewer.__main__ import _is_loopback, language_of, main


@pytest.mark.parametrize(("language", "words"), [("vi", "Chỉ đọc"), ("en", "Reads only"), ("th", "อ่านอย่างเดียว")])
def test_help_speaks_the_language(language: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DITICH_LANG", language)
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert words in " ".join(capsys.readouterr().out.split())


def test_help_loads_no_server() -> None:
    names = "('granian', 'starlette', 'jinja2')"
    code = (
        "import sys; from viewer.__main__ import main; import atexit; "
        f"atexit.register(lambda: print([name for name in {names} if name in sys.modules])); main(['--help'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_language_of_the_user() -> None:
    assert language_of({"LANG": "vi_VN.UTF-8"}) is Language.VI
    assert language_of({"DITICH_LANG": "th", "LANG": "vi_VN"}) is Language.TH
    assert language_of({"LANG": "C"}) is Language.EN


def test_a_folder_without_publications(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITICH_LANG", "en")
    assert main(["--home", str(tmp_path)]) == 2
    assert "ditich publish" in capsys.readouterr().err


def test_a_wrong_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--porte", "80"]) == 3
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "code", "kind"),
    [(["--porte", "80"], 3, "UsageError"), (["--port", "many"], 3, "UsageError"), (["--publications", "nowhere"], 2, "NotFoundError")],
)
def test_under_json_a_refusal_is_one_document(capsys: pytest.CaptureFixture[str], wrong: list[str], code: int, kind: str) -> None:
    assert main([*wrong, "--json"]) == code
    printed = capsys.readouterr()
    answer = json.loads(printed.out)["error"]
    assert (answer["kind"], printed.err) == (kind, "")
    assert answer["message"]
    assert answer["advice"]


def test_a_port_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--publications", str(tmp_path), "--port", str(port)]) == 2
    assert main(["--publications", str(tmp_path), "--port", "99999"]) == 2
    assert "--port" in capsys.readouterr().err


@pytest.mark.parametrize("as_json", [True, False])
def test_it_serves_until_interrupted(museum: Path, free_port: int, *, as_json: bool) -> None:
    command = [sys.executable, "-m", "viewer", "--publications", str(museum), "--port", str(free_port), *(["--json"] if as_json else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            first = server.stdout.readline()
            address = json.loads(first)["address"] if as_json else first.split()[-1]
            assert address == f"http://127.0.0.1:{free_port}/"
            answer = httpx.get(f"{address}en/{SLUG}/", timeout=20)
            assert answer.status_code == 200
            assert "The Small Communal House" in answer.text
        finally:
            server.send_signal(signal.SIGINT)
            _, errors = server.communicate(timeout=20)
    assert (server.returncode, errors) == (0, "")


def test_a_worker_has_room_for_many_who_say_nothing() -> None:
    """From the few files that most systems give unasked, in a process of its own: the limit is that of a whole process."""
    ask = (
        "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (1024, r.getrlimit(r.RLIMIT_NOFILE)[1]));"
        "from viewer.__main__ import connections; print(connections(), r.getrlimit(r.RLIMIT_NOFILE)[0])"
    )
    said = subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True, text=True).stdout
    held, files = map(int, said.split())
    assert held == files // 2 > 512


@pytest.mark.parametrize("host", ["::", "museum", "192.168.1.5"])
def test_who_opens_it_to_others_is_told_what_is_missing(host: str) -> None:
    assert not _is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.2", "::1", "localhost"])
def test_who_opens_it_to_nobody_else_is_told_nothing(host: str) -> None:
    assert _is_loopback(host)
