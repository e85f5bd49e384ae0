"""A frozen site is visited as the live one is: below a sub-path of a plain server, and from a memory stick by double click."""

import functools
import http.server
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import PHOTO, SLUG
from tests.journeys.builders import CLOUD, MESH, write_tour
from tests.journeys.conftest import Guest

pytestmark = pytest.mark.timeout(240)
PATIENCE = 40_000


class _Plain(http.server.SimpleHTTPRequestHandler):
    """A server that knows nothing of the copy but the type of AVIF, as any server of today."""

    extensions_map = {  # noqa: RUF012 - as the standard library has it
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".avif": "image/avif",
        ".glb": "model/gltf-binary",
    }

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Path:
    """A folder with both copies: ``tours/mau`` for a server, ``stick`` for a memory stick."""
    if not (checkout / "viewer/static/built/panorama.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    folder = tmp_path_factory.mktemp("frozen")
    publications = write_tour(tmp_path_factory.mktemp("tour"))
    for form, target in (("cdn", folder / "www/tours/mau"), ("usb", folder / "stick")):
        command = [sys.executable, "-m", "viewer.freeze", SLUG, str(target), "--as", form, "--publications", str(publications)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def below(copies: Path) -> Iterator[str]:
    """The address of the copy, two folders below the root of a plain server."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Plain, directory=copies / "www"))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/tours/mau"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Guest]]:
    guests: list[Guest] = []

    def make(address: str, **options: Any) -> Guest:
        guests.append(Guest(address, browser.new_context(locale="en", **{"viewport": {"width": 390, "height": 844}, **options})))
        return guests[-1]

    yield make
    for guest in guests:
        guest.context.close()
        assert guest.complaints == []
        assert guest.foreign() == []


def _until(page: Page, condition: str) -> None:
    for _ in range(PATIENCE // 100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def _walk(page: Page) -> None:
    """From the start page into the tour, on to the next stop, and into another language."""
    page.locator("main a[hreflang=en]").first.click() if page.locator("main a[data-language]").count() else None
    page.locator(f'a[href*="{SLUG}"]').last.click()
    page.locator('a[href*="/scene/"], a[href*="scene/"]').first.click()
    here = page.url
    assert page.locator(".stage-still img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    page.locator(".ways a.way:not(.sight), .plain-ways a").first.evaluate("link => link.click()")
    page.wait_for_url(lambda url: url.partition("#")[0] != here.partition("#")[0])
    page.locator(".languages a[hreflang=vi], a[hreflang=vi]").last.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "vi"


@pytest.mark.parametrize("script", [True, False])
def test_the_walk_below_a_sub_path(visit: Callable[..., Guest], below: str, *, script: bool) -> None:
    guest = visit(below, java_script_enabled=script)
    _walk(guest.open("/"))


@pytest.mark.parametrize("script", [True, False])
def test_the_walk_from_a_memory_stick(visit: Callable[..., Guest], copies: Path, *, script: bool) -> None:
    guest = visit((copies / "stick").as_uri(), java_script_enabled=script)
    _walk(guest.open("/index.html"))


def _scene(folder: Path) -> str:
    return min((folder / f"en/{SLUG}/scene").iterdir()).name


def test_the_panorama_turns(visit: Callable[..., Guest], below: str, copies: Path) -> None:
    guest = visit(below)
    page = guest.open(f"/en/{SLUG}/scene/{_scene(copies / 'www/tours/mau')}/")
    _until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
    box = page.locator("#stage").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 200, steps=5)
    page.mouse.up()
    _until(page, "() => location.hash.startsWith('#v=')")


@pytest.mark.parametrize("ark", [PHOTO, MESH, CLOUD])
def test_things_open_on_tap(visit: Callable[..., Guest], below: str, ark: str) -> None:
    guest = visit(below)
    page = guest.open(f"/en/{SLUG}/{identifier_of(ark)}/")
    page.locator("[data-open]").first.click()
    _until(page, "() => document.getElementById('stage').dataset.ready === 'true'")


def test_search_finds_without_a_server(visit: Callable[..., Guest], below: str) -> None:
    guest = visit(below)
    page = guest.open("/en/search/?q=dinh+thac+gian")
    page.locator("main .results a").first.click()
    page.wait_for_url(f"**/{SLUG}/**")


def test_the_sticks_own_server(visit: Callable[..., Guest], copies: Path) -> None:
    command = [sys.executable, str(copies / "stick/serve.py"), "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        guest = visit(server.stdout.readline().strip().rstrip("/"))
        page = guest.open(f"/en/{SLUG}/scene/{_scene(copies / 'stick')}/index.html")
        _until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
        page = guest.open(f"/en/{SLUG}/{identifier_of(MESH)}/index.html")
        page.locator("[data-open]").first.click()
        _until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
        server.terminate()


def test_the_list_names_the_edition(copies: Path) -> None:
    said = json.loads((copies / "stick/ditich-frozen.json").read_bytes())
    assert (said["form"], said["generation"]) == ("usb", 1)
