"""In a real browser: data blocks break no policy, stages live in the frames of strangers, the chosen language is remembered."""

import functools
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import GATE, PHOTO, SLUG, YARD
from tests.journeys.builders import MESH
from tests.journeys.conftest import WATCH, Guest

SCENE = f"/en/{SLUG}/scene/{identifier_of(GATE)}"
PATIENCE = 30
READY = "() => document.getElementById('stage')?.dataset.ready === 'true'"


def until(page: Page, condition: str) -> None:
    """Wait for a condition without evaluating strings inside the page, which its policy forbids."""
    for _ in range(PATIENCE * 10):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


@pytest.mark.parametrize("path", [f"/en/{SLUG}/", SCENE, f"/en/{SLUG}/{identifier_of(PHOTO)}", f"/en/{SLUG}/{identifier_of(MESH)}"])
def test_a_data_block_is_read_and_breaks_no_policy(guest: Guest, path: str) -> None:
    page = guest.open(path)
    found = json.loads(page.evaluate("() => document.querySelector('script[type=\"application/ld+json\"]').textContent"))
    assert found["@context"] == "https://schema.org"
    assert guest.refusals(page) == []


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stranger(folder: Path, frame: str) -> Iterator[str]:
    """The page of somebody else, at another origin, with one frame."""
    (folder / "index.html").write_text(f'<!doctype html><title>Elsewhere</title><iframe src="{frame}" width="700" height="450"></iframe>')
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_a_stage_lives_in_the_frame_of_a_stranger_and_one_walks_there(browser: Browser, address: str, tmp_path: Path) -> None:
    with stranger(tmp_path, f"{address}{SCENE}/embed") as elsewhere:
        context = browser.new_context(locale="en")
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(elsewhere)
        frame = page.frames[1]
        for _ in range(PATIENCE * 10):
            if frame.evaluate(READY):
                break
            page.wait_for_timeout(100)
        assert frame.evaluate(READY)
        assert frame.evaluate("window.refusals") == []
        frame.locator("a.way", has_text="courtyard").click()
        frame.wait_for_url(f"**/scene/{identifier_of(YARD)}/embed*")
        frame.locator(".embed-foot a[target=_blank]").wait_for()
        context.close()


def test_whole_pages_are_not_framed_by_strangers(browser: Browser, address: str, tmp_path: Path) -> None:
    with stranger(tmp_path, f"{address}{SCENE}") as elsewhere:
        context = browser.new_context()
        page = context.new_page()
        page.goto(elsewhere)
        page.wait_for_timeout(500)
        assert page.frames[1].url.startswith("chrome-error://")
        context.close()


def test_the_chosen_language_is_remembered_where_the_address_names_none(guest: Guest) -> None:
    page = guest.open(f"/en/{SLUG}/")
    page.locator(".languages a[hreflang=th]").click()
    page.wait_for_url(f"**/th/{SLUG}/")
    page.goto(f"{guest.address}/")
    page.wait_for_url("**/th/")
    page.goto(f"{guest.address}/{GATE}")
    page.wait_for_url(f"**/th/{SLUG}/**")
    page.goto(f"{guest.address}{SCENE}")
    assert page.url.endswith(SCENE)
    page.locator(".languages a[hreflang=en]").click()
    page.wait_for_url(f"**{SCENE}")
    page.goto(f"{guest.address}/")
    page.wait_for_url("**/en/")
    assert "#" not in page.url


def test_without_script_the_browser_decides(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="th", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/")
    assert page.url.startswith(f"{address}/th/")
    context.close()


def test_a_content_state_opens_the_view_it_names(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(viewport={"width": 900, "height": 600})
    canvas = f"{guest.address}/export/{SLUG}/canvas-{identifier_of(GATE)}#xywh=1436,412,200,200"
    page = guest.open(f"/en/?iiif-content={quote(canvas, safe='')}")
    until(page, READY)
    assert page.url.split("#")[0].endswith(SCENE)
    assert "v=90" in page.url
