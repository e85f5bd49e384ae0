"""A visitor keeps a tour, loses the network, walks on; what was withdrawn is gone as soon as there is a network again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from archive.publications.write import withdraw, write_publication
from archive.records.identifiers import identifier_of
from archive.records.label import LabelPlace, code_for
from archive.records.publication import PublicLabel, PublicSite
from archive.records.text import LocalText
from tests.archive.publications.builders import SITE, SLUG, YARD, small_site
from tests.journeys.conftest import serving

pytestmark = pytest.mark.timeout(240)
SIGN = code_for("archive", SITE, LabelPlace.SITE, 0)


Painted = tuple[PublicSite, dict[tuple[str, str], Path]]


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Painted:
    """The small site with a sign, and its pictures."""
    site, media = small_site(tmp_path_factory.mktemp("pictures"))
    return replace(site, labels=(PublicLabel(SIGN, f"{SLUG}/", LocalText()),)), media


@pytest.fixture
def museum(painted: Painted, tmp_path: Path, checkout: Path) -> Iterator[tuple[str, Path]]:
    if not (checkout / "viewer/static/built/service-worker.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    root = tmp_path / "publications"
    root.mkdir()
    write_publication(root, *painted, {})
    with serving(root) as address:
        yield address, root


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
    assert page.locator("h1").evaluate("title => getComputedStyle(title).fontFamily").startswith('"Noto Serif"')
    page.goto(f"{address}/th/{SLUG}/")
    assert (page.locator("html").get_attribute("lang"), page.locator(".button").inner_text()) == ("th", "ลองอีกครั้ง")
    page.locator("main li a").click()
    page.wait_for_url(f"{address}/en/{SLUG}/")
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


KEPT = """async word => { const names = await caches.keys(); const found = [];
  for (const name of names) for (const one of await (await caches.open(name)).keys()) if (one.url.includes(word)) found.push(one.url);
  return { names, found }; }"""


def test_one_withdrawn_thing_is_gone_from_the_phone_with_the_next_page(
    museum: tuple[str, Path], painted: Painted, phone: Callable[[], BrowserContext]
) -> None:
    address, root = museum
    page = phone().new_page()
    _kept(page, address)
    yard = identifier_of(YARD)
    before = page.evaluate(KEPT, yard)
    assert len(before["found"]) > 10
    site, media = painted
    assert site.tour is not None
    tour = replace(site.tour, scenes=tuple(scene for scene in site.tour.scenes if scene.panorama != YARD))
    site = replace(site, assets=tuple(asset for asset in site.assets if asset.ark != YARD), tour=tour)
    write_publication(root, site, {key: path for key, path in media.items() if key[0] != yard}, {})
    answer = page.goto(f"{address}/en/{SLUG}/")
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate(KEPT, yard) == {"names": [], "found": []}
    assert yard not in page.content()
    gone = page.goto(f"{address}/media/{SLUG}/1/{yard}/thumbnail.jpg")
    assert gone is not None
    assert gone.status in {404, 410}
    _kept_again(page, address)
    after = page.evaluate(KEPT, yard)
    assert after["found"] == []
    assert len(after["names"]) == 1
    assert after["names"] != before["names"]


def _kept_again(page: Page, address: str) -> None:
    page.goto(f"{address}/en/{SLUG}/offline")
    page.locator("[data-act=keep]").click()
    _until(page, "() => document.querySelector('[data-keep]').dataset.kept === 'whole'")


def test_a_sign_leads_to_the_language_that_was_chosen_before(museum: tuple[str, Path], phone: Callable[[], BrowserContext]) -> None:
    address, _ = museum
    page = phone().new_page()
    page.goto(f"{address}/q/{SIGN}")
    _shows(page, "en")
    page.locator(".languages a[hreflang=th]").click()
    _shows(page, "th")
    page.goto(f"{address}/q/{SIGN}")
    _shows(page, "th")


def _shows(page: Page, language: str) -> None:
    """Waits until the page in that language has tidied its address."""
    expected = f"/{language}/{SLUG}/"
    for _ in range(400):
        if page.url.endswith(expected):
            break
        page.wait_for_timeout(100)
    assert page.url.endswith(expected)
    assert page.locator("html").get_attribute("lang") == language


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
        "window.realFetch = window.fetch;"
        "window.fetch = (a, ...r) => String(a).includes('/iiif/') ? Promise.reject(new TypeError()) : realFetch(a, ...r)"
    )
    page.locator("[data-act=keep]").click()
    _until(page, "() => document.querySelector('[data-keep]').dataset.kept === 'part'")
    assert "network was lost" in page.locator("[data-state]").inner_text()
    page.evaluate("window.fetch = window.realFetch")
    page.locator("[data-act=keep]").click()
    _until(page, "() => document.querySelector('[data-keep]').dataset.kept === 'whole'")
