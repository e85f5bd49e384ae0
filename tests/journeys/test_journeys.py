"""A visitor's ways through the real viewer in a real browser: by keyboard, without JavaScript, in three dimensions."""

import io
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import GATE, GONE, PAPER, PHOTO, SLUG, YARD
from tests.journeys.builders import CLOUD, MESH
from tests.journeys.conftest import Guest

SCENE = f"/en/{SLUG}/scene/{identifier_of(GATE)}"
SETTLED = "() => { const s = document.getElementById('stage').dataset; return s.ready === 'true' && (s.missing ?? '0') === '0' }"
PATIENCE = 30


def _until(page: Page, condition: str) -> None:
    """Wait for a condition without evaluating strings inside the page, which its policy forbids."""
    for _ in range(PATIENCE * 10):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def _colours(page: Page, selector: str) -> int:
    """How many different colours (of 512) a part of the page shows."""
    picture = Image.open(io.BytesIO(page.locator(selector).screenshot())).convert("RGB")
    return len(np.unique(np.asarray(picture).reshape(-1, 3) // 32, axis=0))


def test_a_panorama_paints_and_is_moved_by_keys_buttons_and_mouse(guest: Guest) -> None:
    page = guest.open(SCENE)
    _until(page, SETTLED)
    assert _colours(page, "canvas.sphere") >= 4
    before = page.locator("canvas.sphere").screenshot()
    page.locator("canvas.sphere").focus()
    page.keyboard.press("ArrowRight")
    _until(page, "() => document.querySelector('.bearing').textContent !== '0°'")
    _until(page, "() => location.hash.startsWith('#v=12')")
    assert page.locator("canvas.sphere").screenshot() != before
    page.get_by_role("button", name="Look left").click()
    page.get_by_role("button", name="Zoom in").click()
    _until(page, "() => location.hash === '#v=0.0,0.0,64' || location.hash === '#v=-0.0,0.0,64'")
    box = page.locator("canvas.sphere").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 300, steps=4)
    page.mouse.up()
    _until(page, "() => Number(location.hash.slice(3).split(',')[0]) > 5")
    assert page.locator("[data-live]").inner_text().startswith("Facing ")


def test_the_view_in_the_address_is_the_view_one_gets(guest: Guest) -> None:
    page = guest.open(f"{SCENE}#v=90,10,60")
    _until(page, SETTLED)
    assert page.locator(".bearing").inner_text() == "90°"
    assert "beyond" in (page.locator(".way").first.get_attribute("class") or "")


def test_a_lost_graphics_context_comes_back(guest: Guest) -> None:
    page = guest.open(SCENE)
    _until(page, SETTLED)
    page.evaluate(
        "() => { const g = document.querySelector('canvas.sphere').getContext('webgl2'); const l = g.getExtension('WEBGL_lose_context');"
        " l.loseContext(); setTimeout(() => l.restoreContext(), 200) }"
    )
    page.wait_for_timeout(600)
    _until(page, SETTLED)
    page.keyboard.press("Tab")
    assert _colours(page, "canvas.sphere") >= 4


def test_with_reduced_motion_the_view_cuts(guest_with: Callable[..., Guest]) -> None:
    page = guest_with(reduced_motion="reduce").open(SCENE)
    _until(page, SETTLED)
    page.locator("canvas.sphere").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(60)
    assert page.locator(".bearing").inner_text() == "12°"


def test_walking_from_home_to_the_next_scene_by_keyboard(guest: Guest) -> None:
    page = guest.open("/en/")
    _tab_to(page, "The Small Communal House")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/en/{SLUG}/")
    _tab_to(page, "Step inside")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{SCENE}")
    _until(page, SETTLED)
    _tab_to(page, "Into the courtyard")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/scene/{identifier_of(YARD)}**")
    _until(page, SETTLED)
    assert page.locator(".bearing").inner_text() == "0°"
    assert page.locator("h1").inner_text().startswith("The courtyard")


def _tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate("() => document.activeElement.innerText ?? ''"):
            return
    raise AssertionError(words)


def test_the_whole_walk_without_javascript(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(java_script_enabled=False)
    page = guest.open("/vi/")
    page.get_by_role("link", name="Đình Nhỏ").click()
    page.get_by_role("link", name="Bước vào tham quan").click()
    assert page.locator(".stage-still img").is_visible()
    assert not page.locator(".controls").is_visible()
    page.get_by_role("link", name="Vào sân").first.click()
    assert page.locator("h1").inner_text().startswith("Sân đình")
    assert page.locator(".around h3 a").count() == 4
    page.get_by_role("link", name="EN").or_(page.get_by_role("link", name="English")).first.click()
    assert page.locator("h1").inner_text().startswith("The courtyard")
    assert not any(urlsplit(url).path.endswith(".js") for url in guest.requests)


def test_a_photo_is_looked_at_closely_only_when_asked(guest: Guest) -> None:
    page = guest.open(f"/en/{SLUG}/{identifier_of(PHOTO)}")
    assert not any("openseadragon" in url for url in guest.requests)
    page.get_by_role("button", name="Look closely").click()
    _until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
    page.get_by_role("button", name="Zoom in").click()
    _wait_for(guest, lambda url: "/iiif/" in url and url.endswith("/0/default.jpg"))
    assert _colours(page, ".deep") >= 3


def test_a_point_cloud_paints_only_when_asked(guest: Guest) -> None:
    page = guest.open(f"/en/{SLUG}/{identifier_of(CLOUD)}")
    assert not any(".glb" in url or "room" in url for url in guest.requests)
    assert "kB" in page.locator("[data-open]").inner_text()
    page.locator("[data-open]").click()
    _until(page, SETTLED)
    page.wait_for_timeout(300)
    assert any("/tiles/content/" in url for url in guest.requests)
    assert _colours(page, "canvas.space") >= 4
    before = page.locator("canvas.space").screenshot()
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(500)
    assert page.locator("canvas.space").screenshot() != before
    assert "points" in page.locator("[data-count]").inner_text()


def test_a_mesh_paints_only_when_asked(guest: Guest) -> None:
    page = guest.open(f"/en/{SLUG}/{identifier_of(MESH)}")
    page.locator("[data-open]").click()
    _until(page, SETTLED)
    page.wait_for_timeout(300)
    assert _colours(page, "canvas.space") >= 3


def test_what_cannot_be_opened_says_so_and_the_picture_stays(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with()
    page = guest.open(f"/en/{SLUG}/{identifier_of(MESH)}")
    page.route("**/*.glb", lambda route: route.abort())
    page.locator("[data-open]").click()
    _until(page, "() => document.getElementById('stage').dataset.ready === 'failed'")
    assert "could not be opened" in page.locator("[data-live]").inner_text()
    assert page.locator(".stage-still img").is_visible()
    guest.complaints.clear()


def test_searching_without_diacritics(guest: Guest) -> None:
    page = guest.open("/en/")
    page.get_by_role("searchbox").fill("dinh thac gian")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=dinh+thac+gian")
    page.get_by_role("link", name="Roof of the communal house").click()
    assert page.locator("h1").inner_text() == "Roof of the communal house"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_accessibility_violation(guest_with: Callable[..., Guest], scheme: str) -> None:
    guest = guest_with(color_scheme=scheme, bypass_csp=True)
    assets = [f"/en/{SLUG}/{identifier_of(ark)}" for ark in (PHOTO, CLOUD, PAPER)]
    paths = ["/vi/", f"/th/{SLUG}/", SCENE, *assets, "/en/search?q=dinh", "/vi/about", "/en/nothing", f"/{GONE}"]
    found = {}
    for path in paths:
        page = guest.open(path)
        if page.locator("[data-panorama]").count():
            _until(page, SETTLED)
        found[path] = [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in Axe().run(page).response["violations"]]
        assert _nameless(page) == []
        page.close()
    guest.complaints = [complaint for complaint in guest.complaints if "404" not in complaint and "410" not in complaint]
    assert {path: rules for path, rules in found.items() if rules} == {}


def _nameless(page: Page) -> list[str]:
    """Links, buttons and pictures in the accessibility tree that have no name."""
    snapshot = page.locator("body").aria_snapshot()
    roles = ("- link", "- button", "- img", "- textbox", "- searchbox")
    return [line.strip() for line in snapshot.splitlines() if line.strip().removesuffix(":") in roles]


def test_a_narrow_screen_never_scrolls_sideways(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(viewport={"width": 320, "height": 640})
    for path in ("/vi/", f"/th/{SLUG}/", SCENE, f"/vi/{SLUG}/{identifier_of(PAPER)}", "/en/search?q=dinh"):
        page = guest.open(path)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, path
        page.close()


def _wait_for(guest: Guest, wanted: Callable[[str], bool]) -> None:
    for _ in range(PATIENCE * 10):
        if any(wanted(url) for url in guest.requests):
            return
        guest.context.pages[0].wait_for_timeout(100)
        time.sleep(0)
    raise AssertionError(guest.requests)
