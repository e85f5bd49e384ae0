"""A real server on a loopback port, and a real browser that collects every refusal of the content security policy."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.builders import write_tour

WATCH = (
    "window.refusals = [];"
    "document.addEventListener('securitypolicyviolation', e => refusals.push(e.violatedDirective + ' ' + e.blockedURI))"
)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[str]:
    """Where the viewer serves the tour, without a closing slash."""
    if not (checkout / "viewer/static/built/panorama.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    with serving(write_tour(tmp_path_factory.mktemp("tour"))) as place:
        yield place


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[str]:
    """Where the site with every kind of page is served, once for all tests of what is for everyone."""
    from tests.journeys.everyone_site import write_everything

    if not (checkout / "viewer/static/built/panorama.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    with serving(write_everything(tmp_path_factory.mktemp("everyone"))) as place:
        yield place


@pytest.fixture(scope="session")
def spheres_address(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[str]:
    """Where the viewer serves panoramas whose colours tell the direction; made once for all who look at them."""
    from tests.journeys.panorama_builders import write_spheres

    if not (checkout / "viewer/static/built/panorama.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    with serving(write_spheres(tmp_path_factory.mktemp("spheres"))) as place:
        yield place


@contextmanager
def serving(publications: Path) -> Iterator[str]:
    """The viewer over these publications, on a free port, for as long as the block runs; its address without a closing slash."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-m", "viewer", "--publications", str(publications), "--port", str(port), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield str(json.loads(server.stdout.readline())["address"]).rstrip("/")
        server.terminate()


@dataclass
class Guest:
    """A visitor with a browser window. What the browser refused or complained about is kept and checked at the end."""

    address: str
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(f"{self.address}{path}")
        return page

    def refusals(self, page: Page) -> list[str]:
        return list(page.evaluate("window.refusals"))

    def foreign(self) -> list[str]:
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]


@pytest.fixture
def guest_with(browser: Browser, address: str) -> Iterator[Callable[..., Guest]]:
    """Makes a guest whose browser has the given options; every guest leaves without complaints."""
    guests: list[Guest] = []

    def make(**options: Any) -> Guest:
        context = browser.new_context(locale="en", **{"viewport": {"width": 390, "height": 844}, **options})
        context.add_init_script(WATCH)
        guests.append(Guest(address, context))
        return guests[-1]

    yield make
    for guest in guests:
        refused = [refusal for page in guest.context.pages for refusal in _refusals(page)]
        guest.context.close()
        assert refused == []
        assert guest.complaints == []
        assert guest.foreign() == []


def _refusals(page: Page) -> list[str]:
    try:
        return list(page.evaluate("window.refusals ?? []"))
    except Exception:  # noqa: BLE001 - a page without JavaScript has nothing to say
        return []


@pytest.fixture
def guest(guest_with: Callable[..., Guest]) -> Guest:
    return guest_with()
