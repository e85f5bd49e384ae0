"""Pages kept between visitors: the same bytes, never past a generation, never more than there is room for."""

from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from archive.publications.read import Publications
from archive.publications.write import withdraw
from tests.archive.publications.builders import SLUG
from tests.viewer.builders import write_museum
from viewer.kept_pages import KeptPages

PATH = f"/vi/{SLUG}/"
HEAD = [(b"etag", b'W/"one"'), (b"content-language", b"vi"), (b"content-type", b"text/html"), (b"cache-control", b"no-cache")]


class Desk:
    """An application that counts how often it is asked."""

    def __init__(self, *, status: int = 200, headers: list[tuple[bytes, bytes]] = HEAD, parts: tuple[bytes, ...] = (b"page",)) -> None:
        self.asked = 0
        self.status, self.headers, self.parts = status, headers, parts

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.asked += 1
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        for number, part in enumerate(self.parts, 1):
            await send({"type": "http.response.body", "body": part, "more_body": number < len(self.parts)})


def ask(pages: KeptPages, **asked: Any) -> tuple[int, bytes]:
    """Ask for a page: ``path``, ``method``, ``query_string`` and ``type`` of the request; everything else is a header."""
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "scheme": "http", "path": PATH, "query_string": b""}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in asked.items() if name not in scope]
    whole = {**scope, **{name: asked[name] for name in scope if name in asked}, "headers": pairs}
    with start_blocking_portal() as portal:  # a browser of another test may hold this thread's event loop
        portal.call(pages, whole, receive, send)
    return told[0]["status"], b"".join(message.get("body", b"") for message in told[1:])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_museum(tmp_path)


def test_the_second_visitor_costs_nothing(root: Path) -> None:
    desk = Desk()
    pages = KeptPages(desk, Publications(root))
    assert [ask(pages) for _ in range(3)] == [(200, b"page")] * 3
    assert desk.asked == 1
    assert ask(pages, if_none_match='W/"one"') == (304, b"")
    assert ask(pages, if_none_match='W/"other"') == (200, b"page")
    assert desk.asked == 1


def test_what_the_answer_depends_on_makes_another_page(root: Path) -> None:
    desk = Desk()
    pages = KeptPages(desk, Publications(root))
    for headers in (dict[str, str](), {"host": "a"}, {"host": "b"}, {"accept_encoding": "gzip"}, {"accept_encoding": "gzip, br"}):
        ask(pages, **headers)
        ask(pages, **headers)
    assert desk.asked == 5


def test_a_new_generation_is_asked_for_at_once(root: Path) -> None:
    desk = Desk()
    pages = KeptPages(desk, Publications(root))
    ask(pages)
    withdraw(root, SLUG)
    ask(pages)
    assert desk.asked == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "HEAD"},
        {"query_string": b"x=1"},
        {"path": "/vi/search"},
        {"path": "/vi/nowhere/"},
        {"path": "/static/style.css"},
        {"type": "lifespan"},
        {"accept_encoding": "br;q=0, gzip"},
    ],
)
def test_other_requests_pass_through(root: Path, asked: dict[str, Any]) -> None:
    desk = Desk()
    pages = KeptPages(desk, Publications(root))
    ask(pages, **asked)
    ask(pages, **asked)
    assert desk.asked == 2


@pytest.mark.parametrize(
    "desk", [Desk(status=404), Desk(headers=HEAD[:1]), Desk(headers=HEAD[1:]), Desk(parts=(b"pa", b"ge")), Desk(parts=(b"x" * 3000,))]
)
def test_only_whole_pages_of_modest_size_are_kept(root: Path, desk: Desk) -> None:
    pages = KeptPages(desk, Publications(root), limit=8000)
    first = ask(pages)
    assert ask(pages) == first
    assert desk.asked == 2


def test_there_is_room_for_so_much(root: Path) -> None:
    desk = Desk(parts=(b"x" * 900,))
    pages = KeptPages(desk, Publications(root), limit=8000)
    paths = [f"{PATH}{number}" for number in range(12)]
    for path in paths:
        ask(pages, path=path)
    ask(pages, path=paths[-1])
    assert desk.asked == 12
    ask(pages, path=paths[0])
    assert desk.asked == 13
