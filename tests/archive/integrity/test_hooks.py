"""Who is told, how often, and what happens when nobody can be reached."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from archive.errors import NotFoundError, StorageError, UsageError
from archive.home import Home, save_config
from archive.integrity.figures import Ahead
from archive.integrity.forecast import Need, Outlook
from archive.integrity.hooks import MEMORY, lead_of, unsaid, warn, warnings_of
from archive.integrity.notices import notices_of
from archive.integrity.pace import DAY
from archive.integrity.status import status
from archive.settings import Warnings
from tests.archive.builders import NOW, draft, keep

LATE = NOW + timedelta(days=91)


@pytest.fixture
def filled(home: Home) -> Home:
    keep(home, draft("ark:99999/dt1", a=b"1"))
    return home


@pytest.fixture
def posted() -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine that takes what is posted: its address, and the bodies. ``/refuse`` is refused."""
    bodies: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response({"/refuse": 500, "/elsewhere": 302}.get(self.path, 200))
            self.send_header("Location", "/other")
            self.end_headers()

        def do_GET(self) -> None:
            bodies.append(b"followed")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", bodies
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sendmail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sendmail that writes what it is given to a file, whose path is returned."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "sendmail"
    program.write_text(f'#!/bin/sh\n[ "$1 $2" = "-t -i" ] || exit 9\ncat >> "{tmp_path}/mail"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "mail"


def told(home: Home, **who: str) -> Home:
    return save_config(home, replace(home.config, warnings=Warnings(**who)))


def test_nobody_named(filled: Home) -> None:
    with pytest.raises(UsageError, match="names nobody"):
        warn(filled, status(filled, LATE), LATE, "en")


def test_a_webhook_is_told_once_a_day(filled: Home, posted: tuple[str, list[bytes]]) -> None:
    address, bodies = posted
    home = told(filled, webhook=address)
    sent = warn(home, status(home, LATE), LATE, "vi")
    assert [notice.code for notice in sent] == ["check-overdue", "no-second-location"]
    (body,) = bodies
    content = json.loads(body)
    assert (content["archive"], content["verdict"], content["overdue"], content["looks"]) == (home.config.name, "overdue", 1, 1)
    assert [one["code"] for one in content["warnings"]] == ["check-overdue", "no-second-location"]
    assert warn(home, status(home, LATE), LATE + timedelta(hours=2), "vi") == ()
    again = LATE + timedelta(days=1)
    assert [notice.code for notice in warn(home, status(home, again), again, "vi")] == ["check-overdue"]
    later = LATE + timedelta(days=7)
    assert len(warn(home, status(home, later), later, "vi")) == 2
    (home.root / MEMORY).chmod(0o644)
    (home.root / MEMORY).write_text("[]")
    assert len(warn(home, status(home, later), later, "vi")) == 2


def test_mail_goes_through_sendmail(filled: Home, sendmail: Path) -> None:
    home = told(filled, mail="kho@example.org\n")
    warn(home, replace(status(home, LATE), name="Kho\nBcc: x"), LATE, "en")
    message = sendmail.read_text(encoding="utf-8")
    assert "To: kho@example.org" in message
    assert "\nBcc" not in message
    assert "ditich audit --due" in message


@pytest.mark.parametrize("name", ["=?utf-8?q?=0d=0aBcc:_x@example.org?=", "a\r\nBcc: x@example.org", "half \ud83d"])
def test_no_name_adds_a_line_to_the_mail(filled: Home, sendmail: Path, name: str) -> None:
    """What ``email`` takes for an encoded word it decodes, line break and all."""
    home = told(filled, mail="kho@example.org")
    figures = status(home, LATE)
    notice = replace(figures.notices[0], sentence=dict.fromkeys(("vi", "en", "th"), name))
    warn(home, replace(figures, name=name, notices=(notice,)), LATE, "en")
    head = sendmail.read_bytes().replace(b"\r", b"").partition(b"\n\n")[0]
    assert not [line for line in head.split(b"\n") if line.lower().startswith(b"bcc")]


@pytest.mark.parametrize("address", ["http://[::1", "http://a b/", "http://127.0.0.1:1/\r\nX: y"])
def test_an_address_that_is_none_is_said(filled: Home, address: str) -> None:
    with pytest.raises(StorageError, match="could not be delivered"):
        warn(told(filled, webhook=address), status(filled, LATE), LATE, "en")


def test_a_server_that_speaks_nonsense(filled: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with server.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(b"\x00nonsense\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(StorageError, match="could not be delivered"):
            warn(told(filled, webhook=f"http://127.0.0.1:{server.getsockname()[1]}/"), status(filled, LATE), LATE, "en")
        thread.join()


def test_what_could_not_be_delivered_is_tried_again(filled: Home, posted: tuple[str, list[bytes]], sendmail: Path) -> None:
    address, bodies = posted
    for path in ("refuse", "elsewhere"):
        home = told(filled, webhook=f"{address}/{path}")
        with pytest.raises(StorageError, match="could not be delivered"):
            warn(home, status(home, LATE), LATE, "en")
    assert b"followed" not in bodies
    (sendmail.parent / "bin" / "sendmail").write_text("#!/bin/sh\nexit 1\n")
    home = told(filled, mail="kho@example.org")
    with pytest.raises(StorageError, match=r"could not be delivered to kho@example\.org"):
        warn(home, status(home, LATE), LATE, "en")
    home = told(filled, webhook=address)
    assert len(warn(home, status(home, LATE), LATE, "en")) == 2
    with pytest.raises(UsageError, match="not a web address"):
        warn(told(filled, webhook="ftp://x"), status(home, LATE), LATE + timedelta(days=3), "en")


def test_a_machine_without_mail_says_so(filled: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("archive.integrity.hooks._PLACES", str(tmp_path))
    with pytest.raises(NotFoundError, match="no program that sends mail"):
        warn(told(filled, mail="kho@example.org"), status(filled, LATE), LATE, "en")


def test_a_warning_about_late_checks_is_new_at_14_7_and_1_days(filled: Home) -> None:
    moment = NOW.timestamp()
    figures = status(filled, NOW)
    names = []
    for days in (20.0, 13.0, 6.0, 0.5, -1.0):
        needs = tuple(Need(location, 7300.0, moment + days * DAY, 3) for location in ("storage", "replica:b"))
        ahead = replace(figures, ahead=Ahead(Outlook.LATE, 3, 0, needs, needs))
        found = warnings_of(replace(ahead, notices=notices_of(ahead, NOW)), moment)
        names.append([one.name for one in found if one.notice.code.startswith("late")])
        assert "3 hours" in found[0].notice.sentence["en"]
    assert [name[0].rpartition(" ")[2] for name in names] == ["storage", "14", "7", "1", "0"]
    assert all("replica:b" in name[1] for name in names)
    assert lead_of(moment + 15 * DAY, moment) == ""
    warned = warnings_of(figures, moment)
    assert unsaid(warned, {one.name: moment for one in warned}, moment + DAY) == ()
    holiday = replace(figures, ahead=Ahead(Outlook.TIGHT, 0, 3, (), (Need("storage", 1000.0, moment, 3),)))
    assert [one.code for one in notices_of(holiday, NOW)] == ["no-second-location", "holiday", "nobody-vouches"]
