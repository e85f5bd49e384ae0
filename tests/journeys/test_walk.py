"""The walk in a real browser: the plan follows the view, dates change in place, a view is shared, a guided walk keeps one's place."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import GATE, PHOTO, SLUG, YARD
from tests.journeys.conftest import Guest, serving
from tests.viewer.walk_site import GUIDE, write_walk

SCENE = f"/en/{SLUG}/scene/{identifier_of(GATE)}"
YARD_SCENE = f"/en/{SLUG}/scene/{identifier_of(YARD)}"
STEPS = f"/en/{SLUG}/guide/{GUIDE}"
QUICK = (
    "window.setTimeout = (later => (call, wait) => later(call, Math.min(wait, 50)))(window.setTimeout);"
    "HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('not asked for', 'NotAllowedError'))"
)
"""Time that runs fast, in a browser that plays no sound by itself: a step's words are read at once."""
STRANGER = "Object.defineProperty(navigator, 'share', {value: data => { window.shared = data; return Promise.resolve() }})"
ALONE = "Object.defineProperty(navigator, 'share', {value: undefined}); Object.defineProperty(navigator, 'clipboard', {value: undefined})"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[str]:
    if not (checkout / "viewer/static/built/panorama.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    with serving(write_walk(tmp_path_factory.mktemp("walk"))) as place:
        yield place


def live(page: Page) -> Page:
    expect(page.locator("#stage.live")).to_be_visible()
    expect(page.locator("#stage")).to_have_attribute("data-ready", "true")
    return page


def cone(page: Page) -> str:
    return page.locator("[data-cone]").get_attribute("transform") or ""


def test_the_cone_follows_the_view_and_the_drawing_comes_after_the_first_picture(guest: Guest) -> None:
    page = live(guest.open(SCENE))
    expect(page.locator(".plan image")).to_have_attribute("href", re.compile(r"plan\.svg$"))
    assert "rotate(0)" in cone(page)
    before = page.locator(".cone").get_attribute("d")
    page.goto(f"{guest.address}{SCENE}#v=90,0,40")
    expect(page.locator("[data-cone]")).to_have_attribute("transform", re.compile(r"rotate\(90\)"))
    assert page.locator(".cone").get_attribute("d") != before


def test_links_to_other_directions_turn_the_view_where_there_is_one(guest: Guest) -> None:
    page = live(guest.open(SCENE))
    page.locator(".quarter a", has_text="east").click()
    expect(page.locator("[data-cone]")).to_have_attribute("transform", re.compile(r"rotate\(90\)"))
    assert page.url.partition("#")[0].endswith(SCENE)
    page.get_by_role("heading", name="South").get_by_role("link").click()
    expect(page.locator("[data-cone]")).to_have_attribute("transform", re.compile(r"rotate\(180\)"))


def test_a_direction_page_opens_looking_that_way(guest: Guest) -> None:
    page = live(guest.open(f"{SCENE}/west"))
    expect(page.locator("[data-cone]")).to_have_attribute("transform", re.compile(r"rotate\((-90|270)\)"))


def test_standpoints_on_the_plan_are_walked_to_by_keyboard(guest: Guest) -> None:
    page = live(guest.open(SCENE))
    point = page.get_by_role("link", name="2. The courtyard")
    box = point.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    point.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{YARD_SCENE}")


def test_a_shared_view_is_the_exact_one(guest: Guest) -> None:
    guest.context.add_init_script(STRANGER)
    page = live(guest.open(f"{SCENE}#v=33,5,60"))
    page.get_by_text("Share this view").click()
    expect(page.get_by_label("Address of the view")).to_have_value(f"{guest.address}{SCENE}#v=33.0,5.0,60")
    expect(page.get_by_label("Code to show it")).to_have_value(re.compile(re.escape(f"{SCENE}/embed#v=33.0,5.0,60")))
    page.get_by_role("button", name="Share", exact=True).click()
    assert page.evaluate("window.shared.url") == f"{guest.address}{SCENE}#v=33.0,5.0,60"


def test_without_sharing_the_address_is_copied(guest: Guest) -> None:
    guest.context.grant_permissions(["clipboard-read", "clipboard-write"])
    guest.context.add_init_script("Object.defineProperty(navigator, 'share', {value: undefined})")
    page = live(guest.open(f"{SCENE}#v=33,5,60"))
    page.get_by_text("Share this view").click()
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator(".share [role=status]")).to_contain_text("copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{guest.address}{SCENE}#v=33.0,5.0,60"


def test_without_either_the_address_is_there_to_be_copied(guest: Guest) -> None:
    guest.context.add_init_script(ALONE)
    page = live(guest.open(SCENE))
    page.get_by_text("Share this view").click()
    page.get_by_role("button", name="Share", exact=True).click()
    assert page.evaluate("document.activeElement.value").startswith(f"{guest.address}{SCENE}#v=")


def test_dates_of_a_standpoint_change_in_place_by_keyboard(guest: Guest) -> None:
    page = live(guest.open(f"{YARD_SCENE}#v=20,0,60"))
    slider = page.get_by_role("slider", name="Slide through the dates")
    expect(slider).to_have_attribute("aria-valuetext", "January 2026")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("1925"))
    page.wait_for_url("**/scene/dtold#v=20.0,0.0,60")
    expect(page.locator(".dates [aria-current]")).to_have_text(re.compile("1925"))
    page.wait_for_function("() => performance.getEntriesByType('resource').some(entry => entry.name.includes('dtffff'))")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The old courtyard")


def test_photos_of_two_dates_blend_in_place(guest: Guest) -> None:
    page = guest.open(f"/en/{SLUG}/{identifier_of(PHOTO)}")
    slider = page.get_by_role("slider", name="Slide through the dates")
    expect(slider).to_have_attribute("aria-valuetext", "1 January 2026")
    for _ in range(10):
        slider.press("ArrowLeft")
    expect(page.locator(".blend picture")).to_have_count(2)
    assert page.locator(".blend picture").last.evaluate("picture => picture.style.opacity") == "0.5"
    expect(slider).to_have_attribute("aria-valuetext", "1998 – 1 January 2026")
    slider.press("Home")
    expect(page.locator(".blend picture").last).to_be_hidden()


def test_a_guided_walk_keeps_the_visitors_place_until_its_end(guest: Guest) -> None:
    page = guest.open(STEPS)
    expect(page.locator("[data-resume]")).to_be_hidden()
    page.goto(f"{guest.address}{STEPS}/2")
    page.goto(f"{guest.address}{STEPS}")
    resume = page.get_by_role("link", name="Go on at step 2")
    expect(resume).to_have_attribute("href", f"{STEPS}/2")
    page.goto(f"{guest.address}{STEPS}/3")
    page.goto(f"{guest.address}{STEPS}")
    expect(page.locator("[data-resume]")).to_be_hidden()


def test_captions_appear_as_the_words_are_spoken(guest: Guest) -> None:
    page = guest.open(f"{STEPS}/1")
    page.locator("audio").evaluate("audio => { audio.muted = true; return audio.play() }")
    expect(page.locator(".caption")).to_have_text("Trước mặt là cổng đình.")


def test_it_goes_on_by_itself_only_when_asked_and_stops_at_the_end(guest: Guest) -> None:
    guest.context.add_init_script(QUICK)
    page = guest.open(f"{STEPS}/2")
    switch = page.get_by_role("switch", name="Go on by itself")
    expect(switch).not_to_be_checked()
    switch.click()
    page.wait_for_url(f"**{STEPS}/3")
    expect(page.get_by_text("This was the last step.")).to_be_visible()
    expect(page.get_by_role("switch")).not_to_be_checked()


def test_any_touch_of_the_page_pauses_what_goes_on_by_itself(guest: Guest) -> None:
    page = guest.open(f"{STEPS}/1")
    switch = page.get_by_role("switch", name="Go on by itself")
    switch.click()
    expect(page.get_by_text("The next step follows…")).to_be_visible()
    page.keyboard.press("Shift")
    expect(switch).not_to_be_checked()
    expect(page.get_by_text("Paused: switch it on again to go on.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("switch")).not_to_be_checked()
    assert page.url.endswith("/1") or "/1#" in page.url
