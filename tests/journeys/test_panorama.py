"""The panorama in a real browser: what it draws, what it asks for, how it is moved, and what becomes of it when things fail."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image
from playwright.sync_api import Page, Route

from archive.records.identifiers import identifier_of
from tests.journeys.conftest import Guest
from tests.journeys.panorama_builders import HUGE, HUGE_WIDTH, NEXT, PART, PART_SPAN, SLUG, WHOLE, Colours, seen

SETTLED = "() => { const s = document.getElementById('stage').dataset; return s.ready === 'true' && s.missing === '0' }"
BARE = "() => document.querySelectorAll('.stage > :not(canvas)').forEach(e => e.style.visibility = 'hidden')"
STILL = {"reduced_motion": "reduce"}
MARGIN = 2
BACKGROUND = np.array([22, 17, 15])


@pytest.fixture(scope="module")
def address(spheres_address: str) -> str:
    return spheres_address


def scene(ark: str, view: str = "", language: str = "en") -> str:
    return f"/{language}/{SLUG}/scene/{identifier_of(ark)}{f'#v={view}' if view else ''}"


def until(page: Page, condition: str) -> None:
    """Wait for a condition without evaluating strings inside the page, which its policy forbids."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def opened(guest: Guest, path: str, *, jpeg: bool = True) -> Page:
    """The page with a settled panorama. ``jpeg``: the server has no AVIF tile."""
    page = guest.context.new_page()
    if jpeg:
        page.route("**/default.avif", lambda route: route.fulfill(status=404))
    page.on("pageerror", lambda error: guest.complaints.append(str(error)))
    page.on("request", lambda request: guest.requests.append(request.url))
    page.goto(f"{guest.address}{path}")
    until(page, SETTLED)
    return page


def drawn(page: Page) -> Colours:
    """The pixels of the canvas, without what lies over it."""
    page.evaluate(BARE)
    picture = Image.open(io.BytesIO(page.locator("canvas.sphere").screenshot())).convert("RGB")
    # the rows at the edge may share a pixel of the screen with the page around
    return np.asarray(picture, np.float64)[MARGIN:-MARGIN, MARGIN:-MARGIN]


def expected(view: tuple[float, float, float], pixels: Colours) -> Colours:
    """What pixels as those of ``drawn`` must be."""
    height, width = pixels.shape[:2]
    return seen(view, width + 2 * MARGIN, height + 2 * MARGIN)[MARGIN:-MARGIN, MARGIN:-MARGIN]


def look(page: Page, wish: str) -> None:
    """Ask the stage to look somewhere, as the page's other parts do; ``wish`` is JavaScript."""
    asked = f"new CustomEvent('ditich:look', {{ detail: {wish} }})"
    page.evaluate(f"() => document.getElementById('stage').dispatchEvent({asked})")


def until_looked(page: Page) -> None:
    """Wait until what was asked for last is drawn, with all its tiles."""
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    until(page, SETTLED)


def where(page: Page) -> tuple[float, float, float]:
    """Yaw, pitch and field of view, once they are written into the address."""
    until(page, "() => location.hash.startsWith('#v=')")
    yaw, pitch, fov = (float(number) for number in page.url.partition("#v=")[2].split(","))
    return yaw, pitch, fov


def after(page: Page, *acts: Callable[[], None]) -> tuple[float, float, float]:
    """Where one looks after some acts and a rest."""
    page.evaluate("() => history.replaceState(null, '', location.pathname)")
    for act in acts:
        act()
    return where(page)


def test_a_view_shows_what_a_camera_there_would_see(guest_with: Callable[..., Guest]) -> None:
    views = ((0.0, 0.0, 75.0), (125.0, -20.0, 60.0), (-179.0, 35.0, 90.0), (30.0, 85.0, 80.0), (10.0, -88.0, 100.0))
    page = opened(guest_with(**STILL), scene(WHOLE, ",".join(f"{number:g}" for number in views[0])))
    for view in views:
        look(page, "{{ yaw: {}, pitch: {}, fov: {} }}".format(*view))
        until_looked(page)
        pixels = drawn(page)
        off = np.abs(pixels - expected(view, pixels))
        assert off.mean() < 1.5, view
        assert np.percentile(off, 99.9) < 12, view


def test_a_wrong_view_would_be_noticed() -> None:
    """A degree beside, the same comparison fails: the tolerance is smaller than what it watches for."""
    off = np.abs(seen((0.0, 0.0, 75.0), 390, 574) - seen((1.0, 0.0, 75.0), 390, 574))
    assert off.mean() > 3
    assert np.abs(seen((0.0, 0.0, 75.0), 390, 574) - seen((0.0, 0.0, 77.0), 390, 574)).mean() > 3


def test_drag_keys_wheel_and_buttons_move_the_view(guest_with: Callable[..., Guest]) -> None:
    page = opened(guest_with(), scene(WHOLE, "80,0,75"))
    canvas = page.locator("canvas.sphere")
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + 100, box["y"] + 350

    hand = page.context.new_cdp_session(page)

    def throw() -> None:
        """With its times said, so that a slow machine throws as well."""
        begun = time.time()
        moves = (("mousePressed", x + 100, 0.0), ("mouseMoved", x + 60, 0.02), ("mouseMoved", x, 0.05), ("mouseReleased", x, 0.06))
        for kind, where_to, after_seconds in moves:
            event = {"type": kind, "x": where_to, "y": y, "button": "left", "clickCount": 1, "timestamp": begun + after_seconds}
            hand.send("Input.dispatchMouseEvent", event)

    dragged = 100 * 2 * np.degrees(np.tan(np.radians(37.5))) / np.sqrt(box["width"] * box["height"])
    assert after(page, throw)[0] > 80 + dragged + 3, "it goes on by itself after the hand has left"
    yaw, pitch, fov = where(page)
    canvas.focus()
    moved = after(page, lambda: page.keyboard.press("ArrowLeft"), lambda: page.keyboard.press("ArrowUp"))
    assert moved[:2] == pytest.approx((yaw - 12, pitch + 12), abs=0.2)
    assert after(page, lambda: page.keyboard.press("+"))[2] == pytest.approx(fov / 1.25, abs=1)
    page.mouse.move(x, y)
    assert after(page, lambda: page.mouse.wheel(0, 60))[2] > fov / 1.25 + 4
    assert after(page, lambda: page.keyboard.press("Home")) == pytest.approx((0, 0, 75), abs=0.2)
    for name, expected in (
        ("Look right", (12, 0, 75)),
        ("Look down", (12, -12, 75)),
        ("Zoom in", (12, -12, 60)),
        ("Zoom out", (12, -12, 75)),
    ):
        assert after(page, page.get_by_role("button", name=name).click) == pytest.approx(expected, abs=0.3)
    assert after(page, page.get_by_role("button", name="Back to the first view").click) == pytest.approx((0, 0, 75), abs=0.2)
    north = page.get_by_role("button", name="Look north")
    assert after(page, north.click)[0] == pytest.approx(-40, abs=0.2)
    assert north.inner_text().startswith("0°")


def test_the_wheel_scrolls_the_page_where_the_view_is_widest(guest_with: Callable[..., Guest]) -> None:
    page = opened(guest_with(), scene(WHOLE, "0,0,99"))
    page.locator("canvas.sphere").hover(position={"x": 60, "y": 450})
    for _ in range(4):
        page.mouse.wheel(0, 100)
        page.wait_for_timeout(80)
    until(page, "() => scrollY > 50")


def test_letters_and_signs_move_nothing_outside_the_canvas_and_tab_leads_on(guest: Guest) -> None:
    page = opened(guest, scene(WHOLE))
    page.get_by_role("button", name="Zoom in").focus()
    view = after(page, lambda: page.get_by_role("button", name="Zoom in").press("Enter"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("-")
    page.wait_for_timeout(900)
    assert where(page) == view
    page.locator("canvas.sphere").focus()
    seen_focus = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen_focus.add(page.evaluate("() => document.activeElement.closest('#stage') ? 'stage' : document.activeElement.tagName"))
    assert {"stage", "A"} <= seen_focus


def test_two_taps_and_two_fingers_zoom(guest_with: Callable[..., Guest]) -> None:
    page = opened(guest_with(has_touch=True), scene(WHOLE, "80,0,75"))
    box = page.locator("canvas.sphere").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def tap_twice() -> None:
        page.touchscreen.tap(x, y)
        page.touchscreen.tap(x, y)

    assert after(page, tap_twice) == pytest.approx((80, 0, 75 / 1.6), abs=1)
    touch = page.context.new_cdp_session(page)

    def pinch() -> None:
        for kind, apart in (("touchStart", 40), ("touchMove", 50), ("touchMove", 60), ("touchEnd", 0)):
            points = [{"x": x + side * apart, "y": y, "id": side + 1} for side in (-1, 1)] if apart else []
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    assert after(page, pinch)[2] == pytest.approx(75 / 1.6 * 40 / 60, abs=1.5)


def test_nothing_is_drawn_when_nothing_changes(guest: Guest) -> None:
    page = opened(guest, scene(WHOLE))
    page.wait_for_timeout(600)
    frames = page.evaluate("() => document.getElementById('stage').dataset.frames")
    page.evaluate("() => new Promise(r => { let n = 40; const f = () => (--n ? requestAnimationFrame(f) : r()); f() })")
    assert page.evaluate("() => document.getElementById('stage').dataset.frames") == frames


def tile_requests(guest: Guest) -> list[str]:
    return [url for url in guest.requests if "/iiif/" in url]


def test_tiles_are_asked_exactly_on_the_grid(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(viewport={"width": 1280, "height": 900})
    opened(guest, scene(PART))
    width, height = (round((PART_SPAN[n + 2] - PART_SPAN[n]) / 360 * 4096) for n in (0, 1))
    asked = {url.rpartition("/iiif/")[2].split("/", 3)[3] for url in tile_requests(guest)}
    assert asked
    for request in asked:
        matched = re.fullmatch(r"(\d+),(\d+),(\d+),(\d+)/(\d+),(\d+)/0/default\.jpg", request)
        assert matched, request
        x, y, w, h, wide, high = map(int, matched.groups())
        scale = next(s for s in (1, 2, 4, 8) if x % (512 * s) == 0 and y % (512 * s) == 0 and (w == min(512 * s, width - x)))
        assert h == min(512 * scale, height - y)
        assert (wide, high) == (-(-w // scale), -(-h // scale))


def test_of_a_huge_panorama_only_what_is_seen_is_asked_and_held(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(viewport={"width": 900, "height": 700})
    page = opened(guest, scene(HUGE, "0,0,20"))
    first = tile_requests(guest)
    finest = [url for url in first if "/512,512/" in url and ",512,512/" in url]
    assert finest, "the finest level is reached"
    assert len(first) <= 40
    columns = {int(re.search(r"/(\d+),\d+,512,512/", url)[1]) for url in finest}  # type: ignore[index]
    assert max(abs(column + 256 - HUGE_WIDTH / 2) for column in columns) / HUGE_WIDTH * 360 < 30
    page.evaluate("() => Object.defineProperty(navigator, 'deviceMemory', { value: 2 })")
    most = 0.0
    for yaw in range(0, 360, 24):
        look(page, f"{{ yaw: {yaw}, pitch: {yaw % 48} }}")
        until_looked(page)
        most = max(most, float(page.evaluate("() => document.getElementById('stage').dataset.held")))
    assert len(tile_requests(guest)) > 60
    assert most <= 170 * 2**20


def test_a_small_device_keeps_less(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(device_scale_factor=3, **STILL)
    guest.context.add_init_script("Object.defineProperty(navigator, 'deviceMemory', { value: 1 })")
    page = opened(guest, scene(HUGE, "0,0,30"))
    assert page.evaluate("() => document.querySelector('canvas.sphere').width") == round(390 * 1.5)
    for yaw in range(0, 360, 30):
        look(page, f"{{ yaw: {yaw} }}")
        until_looked(page)
    assert float(page.evaluate("() => document.getElementById('stage').dataset.held")) <= 41 * 2**20


def test_avif_tiles_are_asked_for_where_they_are_and_jpeg_where_they_fail(guest_with: Callable[..., Guest], tmp_path: Path) -> None:
    violet = tmp_path / "tile.avif"
    pyvips.Image.black(64, 64, bands=3).linear(1, [200, 0, 200]).cast("uchar").copy(interpretation="srgb").heifsave(
        str(violet), compression="av1", effort=0
    )
    guest = guest_with(**STILL)
    page = guest.context.new_page()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(path=violet, content_type="image/avif")

    page.route("**/default.avif", answer)
    page.goto(f"{guest.address}{scene(WHOLE)}")
    until(page, SETTLED)
    assert asked
    assert np.abs(drawn(page).mean(axis=(0, 1)) - [200, 0, 200]).max() < 12
    other = guest_with(**STILL)
    pixels = drawn(opened(other, scene(WHOLE), jpeg=True))
    assert np.abs(pixels - expected((0, 0, 75), pixels)).mean() < 1.5
    assert any(url.endswith(".jpg") for url in tile_requests(other))


def test_a_browser_without_avif_never_asks_for_it_again(guest: Guest) -> None:
    page = guest.context.new_page()
    page.on("request", lambda request: guest.requests.append(request.url))
    page.route("**/first-view.avif", lambda route: route.fulfill(body=b"not a picture", content_type="image/avif"))
    page.goto(f"{guest.address}{scene(WHOLE)}")
    until(page, SETTLED)
    assert tile_requests(guest)
    assert not any(url.endswith(".avif") for url in tile_requests(guest))


def test_nothing_is_drawn_where_nothing_is_known(guest_with: Callable[..., Guest]) -> None:
    page = opened(guest_with(viewport={"width": 1280, "height": 800}, **STILL), scene(PART, "90,60,30"))
    yaw, pitch, fov = after(page, lambda: look(page, "{}"))
    pixels = drawn(page)
    half = np.degrees(np.arctan(np.tan(np.radians(fov / 2)) * np.sqrt(pixels.shape[1] / pixels.shape[0])))
    assert yaw == pytest.approx(PART_SPAN[2] - half, abs=1)
    assert pitch < PART_SPAN[3]
    assert np.abs(pixels - expected((yaw, pitch, fov), pixels))[20:-20, :-20].mean() < 2
    assert fov < 30.5
    away = drawn(opened(guest_with(viewport={"width": 390, "height": 1200}, **STILL), scene(PART, "0,0,100")))
    edges = np.concatenate([away[:2].reshape(-1, 3), away[-2:].reshape(-1, 3)])
    assert np.abs(edges - BACKGROUND).max() <= 2, "a quiet ground, no picture"
    assert not (np.abs(away - [255, 0, 255]).max(axis=-1) < 40).any(), "what stands for nothing in the first view is never shown"


def test_a_drag_beyond_the_known_springs_back(guest: Guest) -> None:
    page = opened(guest, scene(PART, "0,0,20"))
    box = page.locator("canvas.sphere").bounding_box()
    assert box is not None
    page.evaluate(
        "() => { window.highest = -99; document.getElementById('stage')"
        ".addEventListener('ditich:view', e => highest = Math.max(highest, e.detail.pitch)) }"
    )

    def drag() -> None:
        page.mouse.move(box["x"] + 200, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 500, steps=12)
        page.wait_for_timeout(100)
        page.mouse.up()

    resting = after(page, drag)[1]
    half = np.degrees(np.arctan(np.tan(np.radians(10)) / np.sqrt(box["width"] / box["height"])))
    assert resting == pytest.approx(PART_SPAN[3] - half, abs=0.3)
    assert page.evaluate("() => highest") > resting + 1.5


def test_a_lost_context_comes_back_with_view_tiles_and_links(guest_with: Callable[..., Guest]) -> None:
    page = opened(guest_with(**STILL), scene(WHOLE, "0,0,60"))
    before = drawn(page)
    page.evaluate(
        "() => { window.gone = document.querySelector('canvas.sphere').getContext('webgl2').getExtension('WEBGL_lose_context');"
        " gone.loseContext() }"
    )
    until(page, "() => document.getElementById('stage').classList.contains('lost')")
    page.evaluate("() => document.querySelector('.stage-still').style.visibility = ''")
    assert page.evaluate("() => getComputedStyle(document.querySelector('.stage-still')).visibility") == "visible"
    page.evaluate("() => gone.restoreContext()")
    until(page, "() => !document.getElementById('stage').classList.contains('lost')")
    until(page, SETTLED)
    until_looked(page)
    assert np.abs(drawn(page) - before).mean() < 0.5
    page.evaluate("() => document.querySelectorAll('.stage > *').forEach(e => e.style.visibility = '')")
    page.get_by_role("link", name="To the gate").first.click()
    page.wait_for_url(f"**{scene(NEXT)}**")


def test_a_network_that_comes_back_brings_the_tiles(guest: Guest) -> None:
    page = guest.context.new_page()
    page.route("**/iiif/**", lambda route: route.abort())
    page.goto(f"{guest.address}{scene(HUGE)}")
    until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.getElementById('stage').dataset.missing") != "0"
    page.unroute("**/iiif/**")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    until(page, SETTLED)


def test_a_first_view_that_did_not_come_is_asked_for_again(guest: Guest) -> None:
    page = guest.context.new_page()
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        if len(refused) > 2:
            route.continue_()
        else:
            route.abort()

    page.route("**/first-view.*", refuse)
    page.goto(f"{guest.address}{scene(WHOLE)}")
    assert page.locator(".stage-still img").is_visible()
    until(page, SETTLED)
    assert len(refused) >= 3


def test_the_first_frame_takes_six_requests_and_all_scripts_fifteen_kilobytes(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(device_scale_factor=2)
    page = guest.context.new_page()
    session = guest.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.requestWillBeSent", lambda event: kinds.update({event["requestId"]: event.get("type", "")}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    session.send("Network.enable")
    page.route("**/iiif/**", lambda route: route.abort())
    page.on("request", lambda request: guest.requests.append(request.url))
    page.goto(f"{guest.address}{scene(WHOLE)}")
    until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
    page.wait_for_timeout(300)
    before_tiles = [url for url in guest.requests if "/iiif/" not in url and url.startswith("http")]
    assert len(before_tiles) <= 6, before_tiles
    scripts = sum(size for request, size in sizes.items() if kinds.get(request) == "Script")
    assert 2000 < scripts <= 15_000
