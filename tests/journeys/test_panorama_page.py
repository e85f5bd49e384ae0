"""What lies around and over the panorama: hotspots, panels, spoken words, sensors, full screen, the way on, and the headset."""

import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from archive.records.identifiers import identifier_of
from tests.journeys.conftest import Guest
from tests.journeys.panorama_builders import NEXT, PICTURE, SLUG, WHOLE
from tests.journeys.test_panorama import STILL, after, opened, scene, until, where

FAKE_HEADSET = (Path(__file__).parent / "fake_headset.js").read_text()


@pytest.fixture(scope="module")
def address(spheres_address: str) -> str:
    return spheres_address


def boxes(page: Page) -> list[dict[str, Any]]:
    """Place, size and name of every hotspot that is on the screen."""
    found: list[dict[str, Any]] = page.evaluate(
        "() => [...document.querySelectorAll('.way:not(.beyond)')].map(e => { const b = e.getBoundingClientRect();"
        " return { x: b.x, y: b.y, wide: b.width, high: b.height, name: e.querySelector('.way-name').textContent } })"
    )
    return found


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_hotspots_are_large_enough_on_the_stage_and_apart(guest_with: Callable[..., Guest], width: int) -> None:
    page = opened(guest_with(viewport={"width": width, "height": 844}, **STILL), scene(WHOLE))
    stage = page.locator("#stage").bounding_box()
    assert stage is not None
    seen = boxes(page)
    assert {"To the gate", "Behind the house", "The drum", "A photo", "The roof"} <= {box["name"] for box in seen}
    for box in seen:
        assert round(box["wide"], 3) >= 44, box
        assert round(box["high"], 3) >= 44, box
        assert stage["x"] <= box["x"] <= box["x"] + box["wide"] <= stage["x"] + stage["width"], box
        assert stage["y"] <= box["y"] <= box["y"] + box["high"] <= stage["y"] + stage["height"], box
    for one, other in combinations(seen, 2):
        beside = one["x"] + one["wide"] <= other["x"] + 0.5 or other["x"] + other["wide"] <= one["x"] + 0.5
        above = one["y"] + one["high"] <= other["y"] + 0.5 or other["y"] + other["high"] <= one["y"] + 0.5
        assert beside or above, (one, other)


def test_every_hotspot_is_reached_by_tab_in_document_order_and_seen_when_it_has_the_focus(guest: Guest) -> None:
    page = opened(guest, scene(WHOLE))
    page.locator(".stage-compass").focus()
    reached = []
    for _ in range(7):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.querySelector('.way-name')?.textContent ?? ''"))
        page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
        visible = page.evaluate(
            "() => { const e = document.activeElement, b = e.getBoundingClientRect();"
            " const top = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);"
            " return getComputedStyle(e).opacity === '1' && e.contains(top) }"
        )
        assert visible, reached
    assert reached == ["To the gate", "Behind the house", "The stele house", "The drum", "A photo", "The roof", "The dragons"]


def test_words_open_in_a_panel_and_close_by_escape_button_and_going_on(guest: Guest) -> None:
    page = opened(guest, scene(WHOLE))
    dragons = page.locator("summary", has_text="The dragons")
    assert dragons.inner_text().startswith("1")
    dragons.focus()
    page.keyboard.press("Enter")
    panel = page.locator("details", has=dragons)
    assert panel.get_by_text("Two dragons face the sun.").is_visible()
    page.keyboard.press("Escape")
    assert not panel.get_by_text("Two dragons face the sun.").is_visible()
    assert page.evaluate("() => document.activeElement.textContent").strip().endswith("The dragons")
    page.keyboard.press("Enter")
    panel.get_by_role("button", name="Close").click()
    assert panel.get_attribute("open") is None
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Look left").focus()
    assert panel.get_attribute("open") is None, "what has the focus is never covered by what one has left"


def test_a_recording_plays_in_place_with_its_words_beside_it(guest: Guest) -> None:
    page = opened(guest, scene(WHOLE))
    page.evaluate("() => { window.played = 0; document.querySelector('.panel audio').addEventListener('play', () => ++played) }")
    page.locator("summary", has_text="The drum").click()
    until(page, "() => played === 1")
    assert page.locator(".panel audio").is_visible()
    captions = page.get_by_role("link", name="The words as text").get_attribute("href")
    assert captions is not None
    assert "Tùng" in page.request.get(f"{guest.address}{captions}").text()
    page.keyboard.press("Escape")
    until(page, "() => document.querySelector('.panel audio').paused")


def test_without_script_words_sounds_and_links_are_there(guest_with: Callable[..., Guest]) -> None:
    page = guest_with(java_script_enabled=False).open(scene(WHOLE))
    assert page.locator("a.way", has_text="A photo").get_attribute("href") == f"/en/{SLUG}/{identifier_of(PICTURE)}"
    page.locator("summary", has_text="The drum").click()
    assert page.locator(".panel audio").first.is_visible()
    assert not page.locator(".controls").is_visible()
    assert not page.locator(".stage-compass").is_visible()
    assert not page.locator("[data-close]").first.is_visible()


def test_where_one_looks_is_said_once_one_has_come_to_rest(guest: Guest) -> None:
    page = opened(guest, scene(WHOLE))
    page.evaluate(
        "() => { window.said = []; new MutationObserver(() => said.push(document.querySelector('[data-live]').textContent))"
        ".observe(document.querySelector('[data-live]'), { childList: true, characterData: true, subtree: true }) }"
    )
    page.locator("canvas.sphere").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(60)
    where(page)
    after(page, lambda: page.keyboard.press("+"))
    after(page, page.locator("canvas.sphere").focus, lambda: page.keyboard.press("Home"))
    assert page.evaluate("() => said") == ["Facing east. No way ahead.", "Facing north-east. Ways ahead: To the gate."]


def test_events_tell_the_view_and_take_wishes(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(**STILL)
    guest.context.add_init_script(
        "window.views = []; window.ready = 0; addEventListener('DOMContentLoaded', () => { const s = document.getElementById('stage');"
        " s.addEventListener('ditich:view', e => views.push(e.detail)); s.addEventListener('ditich:ready', () => ++ready) })"
    )
    page = opened(guest, scene(WHOLE, "20,5,60"))
    assert page.evaluate("() => ready") == 1
    first = page.evaluate("() => views.at(-1)")
    assert (first["yaw"], first["pitch"], first["fov"], first["bearing"]) == (20, 5, 60, 60)
    look = "() => document.getElementById('stage').dispatchEvent(new CustomEvent('ditich:look', { detail: { yaw: 50, pitch: -10 } }))"
    assert after(page, lambda: page.evaluate(look)) == (50, -10, 60)
    page.evaluate("() => { location.hash = '#v=-30,0,70' }")
    until(page, "() => views.at(-1).yaw === -30 && views.at(-1).fov === 70")
    config = json.loads(
        guest.context.new_page().request.get(f"{guest.address}{scene(NEXT)}").text().split("data-panorama='")[1].split("'")[0]
    )
    page.evaluate("c => document.getElementById('stage').dispatchEvent(new CustomEvent('ditich:panorama', { detail: c }))", config)
    until(page, "() => views.at(-1).yaw === -80")
    assert page.evaluate("() => views.at(-1).bearing") == 10, "the bearing stays, the picture's own yaw does not"


SENSE = "([a, b, c]) => window.dispatchEvent(new DeviceOrientationEvent('deviceorientation', { alpha: a, beta: b, gamma: c }))"


def test_turning_the_device_turns_the_view_until_it_is_switched_off(guest: Guest) -> None:
    guest.context.add_init_script("DeviceOrientationEvent.requestPermission = undefined")
    page = opened(guest, scene(WHOLE))
    button = page.locator("[data-act=tilt]")
    assert not button.is_visible(), "nothing has been felt, or the same thing twice"
    page.evaluate(SENSE, [10, 90, 0])
    page.evaluate(SENSE, [11, 90, 0])
    assert button.is_visible()
    assert button.get_attribute("aria-pressed") == "false"
    page.evaluate(SENSE, [80, 90, 0])
    assert "#v=" not in page.url, "off by default"
    button.click()
    page.evaluate(SENSE, [0, 90, 0])
    assert after(page, lambda: page.evaluate(SENSE, [-30, 110, 0])) == pytest.approx((30, 20, 75), abs=0.2)
    page.evaluate(SENSE, [0, 90, 0])
    # held on its side, the screen turned with it: what lies behind the screen is what counts
    assert after(page, lambda: page.evaluate(SENSE, [90, 0, -90])) == pytest.approx((0, 0, 75), abs=0.2)
    assert after(page, lambda: page.evaluate(SENSE, [60, 0, -90]))[0] == pytest.approx(30, abs=0.2)
    page.locator("canvas.sphere").focus()
    assert after(page, lambda: page.keyboard.press("ArrowRight"))[0] == pytest.approx(42, abs=0.2)
    button.click()
    page.evaluate(SENSE, [0, 90, 0])
    page.wait_for_timeout(200)
    assert where(page)[0] == pytest.approx(42, abs=0.2)


@pytest.mark.parametrize("answer", ["granted", "denied"])
def test_an_iphone_is_asked_for_its_sensor_only_when_the_button_is_pressed(guest_with: Callable[..., Guest], answer: str) -> None:
    guest = guest_with(has_touch=True)
    guest.context.add_init_script(f"window.asked = 0; DeviceOrientationEvent.requestPermission = async () => (++asked, '{answer}')")
    page = opened(guest, scene(WHOLE))
    button = page.locator("[data-act=tilt]")
    assert button.is_visible()
    assert page.evaluate("() => asked") == 0
    button.click()
    until(page, "() => asked === 1")
    until(page, f"() => document.querySelector('[data-act=tilt]').ariaPressed === '{str(answer == 'granted').lower()}'")


def test_the_stage_fills_the_screen(guest_with: Callable[..., Guest]) -> None:
    page = opened(guest_with(), scene(WHOLE))
    full = page.get_by_role("button", name="Full screen")
    full.click()
    until(page, "() => document.fullscreenElement?.id === 'stage'")
    assert full.get_attribute("aria-pressed") == "true"
    full.click()
    until(page, "() => document.fullscreenElement === null")


def test_without_the_browsers_full_screen_the_stage_lies_over_the_page(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with()
    guest.context.add_init_script("Object.defineProperty(document, 'fullscreenEnabled', { value: false })")
    page = opened(guest, scene(WHOLE))
    full = page.get_by_role("button", name="Full screen")
    full.click()
    assert page.locator("#stage").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    until(page, "() => Math.abs(document.querySelector('canvas.sphere').height - 844) < 2")
    page.keyboard.press("Escape")
    box = page.locator("#stage").bounding_box()
    assert box is not None
    assert box["height"] < 800
    full.click()
    page.locator("a.brand").focus()
    assert not page.evaluate("() => document.getElementById('stage').classList.contains('filling')")


STAY = "() => document.addEventListener('click', event => event.preventDefault())"
"""Lets a link do all but lead away, so that what happens meanwhile can be watched."""


def test_the_way_on_begins_with_a_step_and_is_made_ready_when_one_wants_to_go(guest: Guest) -> None:
    page = opened(guest, scene(WHOLE, "30,0,75"))
    first = f"/{identifier_of(NEXT)}/first-view."
    assert not any(first in url for url in guest.requests)
    way = page.locator(".ways a", has_text="To the gate")
    way.hover()
    until(
        page,
        "() => performance.getEntriesByType('resource').some(e => e.name.includes('/first-view.') && e.name.includes('"
        + identifier_of(NEXT)
        + "'))",
    )
    page.evaluate(STAY)
    page.evaluate(
        "() => { window.narrowest = 99; document.getElementById('stage')"
        ".addEventListener('ditich:view', e => narrowest = Math.min(narrowest, e.detail.fov)) }"
    )
    way.click(no_wait_after=True)
    until(page, "() => narrowest < 60")
    assert page.url.endswith("#v=30,0,75"), "the address keeps the view one had"


def test_with_reduced_motion_the_way_on_is_a_cut(guest_with: Callable[..., Guest]) -> None:
    page = opened(guest_with(**STILL), scene(WHOLE))
    page.evaluate(STAY)
    page.evaluate("() => { window.moved = 0; document.getElementById('stage').addEventListener('ditich:view', () => ++moved) }")
    page.locator(".ways a", has_text="To the gate").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert page.evaluate("() => moved") == 0
    assert page.evaluate("() => getComputedStyle(document.querySelector('canvas.sphere')).animationName") == "none"


def test_walking_on_in_a_headset(guest_with: Callable[..., Guest]) -> None:
    """WebXR needs a headset: here one of script stands in, which draws into the page and looks and points where it is told."""
    guest = guest_with(viewport={"width": 800, "height": 600})
    guest.context.add_init_script(FAKE_HEADSET)
    page = opened(guest, scene(WHOLE))
    assert not any(url.partition("?")[0].endswith("/vr.js") for url in guest.requests)
    page.get_by_role("button", name="Walk with a headset").click()
    until(page, "() => document.getElementById('stage').dataset.vr === 'walking' && headset.frames > 2")
    assert page.evaluate("() => headset.compatible && headset.session.eyes.size") == 2
    page.evaluate("() => headset.select(120)")
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.getElementById('stage').dataset.vr") == "walking", "nothing lies there"
    page.evaluate("() => headset.select(0)")
    until(page, f"() => document.getElementById('stage').dataset.vr === '{scene(NEXT)}'")
    # heading 40 there, 90 here: ahead is yaw -50; the way back lies at 140, so 190 to the right
    page.evaluate("() => headset.select(190)")
    until(page, f"() => document.getElementById('stage').dataset.vr === '{scene(WHOLE)}'")
    page.evaluate("() => headset.select(0)")
    until(page, f"() => document.getElementById('stage').dataset.vr === '{scene(NEXT)}'")
    page.evaluate("() => headset.session.end()")
    page.wait_for_url(f"**{scene(NEXT)}#v=-50*")


def test_a_device_without_headset_and_sensor_is_offered_neither(guest: Guest) -> None:
    page = opened(guest, scene(WHOLE))
    page.wait_for_timeout(200)
    assert not page.locator("[data-act=vr]").is_visible()
    assert not page.locator("[data-act=tilt]").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_stage_has_no_accessibility_violation_with_a_panel_open(guest_with: Callable[..., Guest], scheme: str) -> None:
    page = opened(guest_with(color_scheme=scheme, bypass_csp=True), scene(WHOLE))
    page.locator("summary", has_text="The dragons").click()
    page.wait_for_timeout(500)
    found = [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in Axe().run(page).response["violations"]]
    assert found == []
