"""A visitor keeps a tour, loses the network, walks on; what was withdrawn is gone as soon as there is a network again."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from archive.publications.write import withdraw
from tests.archive.publications.builders import SLUG
from tests.journeys.builders import write_tour

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def museum(tmp_path: Path, checkout: Path) -> Iterator[tuple[str, Path]]:
    if not (checkout / "viewer/static/built/service-worker.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    root = write_tour(tmp_path)
    command = [sys.executable, "-m", "viewer", "--publications", str(root), "--port", "0", "--json"]
    import socket

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        command[-2] = str(trial.getsockname()[1])
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield str(json.loads(server.stdout.readline())["address"]).rstrip("/"), root
        server.terminate()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    contexts: list[BrowserContext] = []

    def make() -> BrowserContext:
        contexts.append(browser.new_context(locale="en", viewport={"width": 390, "height": 844}))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


def _until(page: Page, condition: str) -> None:
    for _ in range(400):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition + page.locator("[data-state]").inner_text())


def _kept(page: Page, address: str) -> None:
    page.goto(f"{address}/en/{SLUG}/offline")
    assert "MB" in page.locator(".keep-size").inner_text() or "kB" in page.locator(".keep-size").inner_text()
    assert page.evaluate("async () => (await caches.keys()).length + (await navigator.serviceWorker.getRegistrations()).length") == 0
    page.locator("[data-act=keep]").click()
    _until(page, "() => document.querySelector('[data-keep]').dataset.kept === 'whole'")


def test_a_kept_tour_opens_without_a_network(museum: tuple[str, Path], phone: Callable[[], BrowserContext]) -> None:
    address, _ = museum
    context = phone()
    page = context.new_page()
    _kept(page, address)
    count = page.evaluate("async () => { const c = await caches.open((await caches.keys())[0]); return (await c.keys()).length; }")
    context.set_offline(True)
    page.goto(f"{address}/en/{SLUG}/")
    page.locator('a[href*="/scene/"]').first.click()
    assert page.locator(".stage-still img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    _until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
    page.reload()
    assert page.locator("h1").inner_text()
    page.goto(f"{address}/en/about")
    assert "not kept" in page.locator("h1").inner_text()
    assert page.evaluate("async () => { const c = await caches.open((await caches.keys())[0]); return (await c.keys()).length; }") == count


def test_what_is_withdrawn_is_gone_with_the_next_request(museum: tuple[str, Path], phone: Callable[[], BrowserContext]) -> None:
    address, root = museum
    page = phone().new_page()
    _kept(page, address)
    withdraw(root, SLUG)
    answer = page.goto(f"{address}/en/{SLUG}/")
    assert answer is not None
    assert answer.status == 404
    assert page.evaluate("async () => (await caches.keys()).length") == 0


def test_a_kept_tour_is_removed_when_that_is_wished(museum: tuple[str, Path], phone: Callable[[], BrowserContext]) -> None:
    address, _ = museum
    page = phone().new_page()
    _kept(page, address)
    page.locator("[data-act=remove]").click()
    _until(page, "() => document.querySelector('[data-keep]').dataset.kept === 'none'")
    assert page.evaluate("async () => (await caches.keys()).length + (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_stopping_keeps_what_came_and_going_on_fetches_the_rest(museum: tuple[str, Path], phone: Callable[[], BrowserContext]) -> None:
    address, _ = museum
    context = phone()
    page = context.new_page()
    page.goto(f"{address}/en/{SLUG}/offline")
    page.evaluate(
        "window.realFetch = window.fetch; window.fetch = (a, ...r) => String(a).includes('/iiif/') ? Promise.reject(new TypeError()) : realFetch(a, ...r)"
    )
    page.locator("[data-act=keep]").click()
    _until(page, "() => document.querySelector('[data-keep]').dataset.kept === 'part'")
    assert "network was lost" in page.locator("[data-state]").inner_text()
    page.evaluate("window.fetch = window.realFetch")
    page.locator("[data-act=keep]").click()
    _until(page, "() => document.querySelector('[data-keep]').dataset.kept === 'whole'")
