"""What a visitor does with objects in a real browser: measure, cut, turn, read, cite. Sizes are known, so measures are checked."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import PHOTO, SLUG
from tests.journeys.conftest import Guest, serving
from tests.journeys.objects_site import BLOCK, NAMELESS, SOUND, TURNED, WALL, write_objects

pytestmark = pytest.mark.timeout(180)
PATIENCE = 40
BEFORE = 7.0
"""Metres from the camera to the face that is measured."""
VIEW = "#c=0,1,8,0,1,0"
WALL_VIEW = "#c=0,1,7,0,1,0"
READY = (
    "() => { const s = document.getElementById('stage').dataset;"
    " return s.ready === 'true' && s.shape !== undefined && (s.missing ?? '0') === '0' && s.shape !== (s.form === 'mesh' ? 'first' : '') }"
)
A_DESKTOP = (
    "Object.defineProperty(navigator, 'hardwareConcurrency', {get: () => 8});"
    "Object.defineProperty(navigator, 'deviceMemory', {get: () => 8})"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[str]:
    if not (checkout / "viewer/static/built/space.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    with serving(write_objects(tmp_path_factory.mktemp("objects"))) as place:
        yield place


def path_of(ark: str, view: str = "") -> str:
    return f"/en/{SLUG}/{identifier_of(ark)}{view}"


def until(page: Page, condition: str) -> None:
    """Wait for a condition without evaluating strings inside the page, which its policy forbids."""
    for _ in range(PATIENCE * 10):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition, page.evaluate("() => ({...document.getElementById('stage').dataset})"))


def opened(guest: Guest, ark: str, view: str = VIEW) -> Page:
    page = guest.open(path_of(ark, view))
    page.locator("[data-open]").click()
    until(page, READY)
    return page


def at(page: Page, x: float, y: float, before: float = BEFORE) -> tuple[float, float]:
    """Where a place of the face stands on the canvas: the camera is level with 1 m, opening angle 50 degrees."""
    box = page.locator("canvas.space").bounding_box()
    assert box is not None
    scale = box["height"] / 2 / np.tan(np.radians(25)) / before
    return box["width"] / 2 + x * scale, box["height"] / 2 - (y - 1) * scale


def tap(page: Page, x: float, y: float, before: float = BEFORE) -> None:
    across, down = at(page, x, y, before)
    page.locator("canvas.space").click(position={"x": across, "y": down})


def results(page: Page) -> list[tuple[str, float, float]]:
    """Kind, value and uncertainty of every listed measure."""
    found = []
    for words in page.locator(".measures li").all_inner_texts():
        match = re.match(r"(\w+): ([\d.]+) m²? ± (?:at least )?([\d.]+) m", words)
        assert match is not None, words
        found.append((match[1], float(match[2]), float(match[3])))
    return found


def colours(page: Page, selector: str) -> int:
    """How many different colours (of 512) a part of the page shows."""
    picture = Image.open(io.BytesIO(page.locator(selector).screenshot())).convert("RGB")
    return len(np.unique(np.asarray(picture).reshape(-1, 3) // 32, axis=0))


def test_tapped_measures_are_true_within_the_uncertainty_that_they_state(guest: Guest) -> None:
    page = opened(guest, BLOCK)
    page.get_by_role("button", name="Measure").click()
    tap(page, -1.2, 0.5)
    tap(page, 1.2, 0.5)
    page.locator("label:has-text('Height')").first.click()
    tap(page, -1.2, 0.4)
    tap(page, 1.0, 1.6)
    page.locator("label:has-text('Area')").click()
    for x, y in ((-1.0, 0.5), (1.0, 0.5), (1.0, 1.5), (-1.0, 1.5)):
        tap(page, x, y)
    page.get_by_role("button", name="Close the area").click()
    truth = {"Distance": 2.4, "Height": 1.2, "Area": 2.0}
    measures = results(page)
    assert [kind for kind, _, _ in measures] == list(truth)
    for kind, value, uncertainty in measures:
        assert 5e-3 < uncertainty < 0.1, kind
        assert abs(value - truth[kind]) <= uncertainty, kind
    assert "0.005 m" in page.locator("#panel-measure").inner_text()
    assert page.locator(".figures circle").count() == 2 + 3 + 4


def test_measuring_by_keyboard_undo_and_leaving(guest: Guest) -> None:
    page = opened(guest, BLOCK)
    page.get_by_role("button", name="Measure").press("Enter")
    page.locator("canvas.space").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert len(results(page)) == 1
    page.keyboard.press("Enter")
    until(page, "() => document.querySelectorAll('.figures circle').length === 3")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    until(page, "() => document.querySelectorAll('.figures circle').length === 0")
    assert page.locator(".measures li").count() == 0
    page.keyboard.press("Escape")
    assert not page.locator("#panel-measure").is_visible()
    assert page.evaluate("() => document.activeElement.dataset.tool") == "measure"


def test_points_are_picked_and_the_hole_between_them_is_not(guest: Guest) -> None:
    page = opened(guest, WALL, WALL_VIEW)
    page.get_by_role("button", name="Measure").click()
    tap(page, 0.0, 1.0)
    assert "no surface" in page.locator("[data-live]").inner_text()
    tap(page, -1.0, 0.2)
    tap(page, 1.0, 0.2)
    ((_, value, uncertainty),) = results(page)
    assert abs(value - 2.0) <= uncertainty + 0.02
    assert uncertainty < 0.2
    assert "at least" in page.locator(".measures li").inner_text()
    assert "does not state" in page.locator("#panel-measure").inner_text()
    page.locator("canvas.space").focus()
    page.wait_for_timeout(1000)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    until(page, "() => document.querySelector('[data-live]').textContent === 'Seen from the south-east, level.'")


def test_without_a_unit_measures_are_in_model_units(guest: Guest) -> None:
    page = opened(guest, NAMELESS)
    page.get_by_role("button", name="Measure").click()
    tap(page, -1.0, 0.5)
    tap(page, 1.0, 0.5)
    assert re.match(r"Distance: [12][.]\d+ model units ± at least", page.locator(".measures li").inner_text())
    assert "unit of the model is not known" in page.locator("#panel-measure").inner_text()


def test_a_section_opens_the_thing_and_what_is_cut_off_is_not_picked(guest: Guest) -> None:
    page = opened(guest, BLOCK)
    whole = page.locator("canvas.space").screenshot()
    page.get_by_role("button", name="Section").click()
    page.locator("label:has-text('Depth')").click()
    page.locator("#panel-section input[type=range]").fill("40")
    until(page, "() => document.getElementById('stage').dataset.cut.startsWith('z -')")
    page.wait_for_timeout(300)
    assert page.locator("canvas.space").screenshot() != whole
    page.get_by_role("button", name="Measure").click()
    tap(page, -0.5, 1.0, 9.0)
    tap(page, 0.5, 1.0, 9.0)
    ((_, value, uncertainty),) = results(page)
    assert abs(value - 1.0) <= uncertainty, "the back wall, 9 m away, is what one sees"
    page.get_by_role("button", name="Section").click()
    page.get_by_role("button", name="Show the other side").click()
    until(page, "() => document.getElementById('stage').dataset.cut.endsWith('+')")
    page.get_by_role("button", name="Section").click()
    until(page, "() => document.getElementById('stage').dataset.cut === ''")


def test_pins_show_their_words_those_behind_are_dim_and_focus_brings_them_into_view(guest: Guest) -> None:
    page = opened(guest, BLOCK)
    until(page, "() => document.querySelector('[data-pin=behind]').classList.contains('behind')")
    corner = page.get_by_role("button", name="1. The corner")
    assert "behind" not in (corner.get_attribute("class") or "")
    box, across = corner.bounding_box(), at(page, 1.0, 1.5)
    canvas = page.locator("canvas.space").bounding_box()
    assert box is not None
    assert canvas is not None
    assert box["width"] >= 44
    assert abs(box["x"] + box["width"] / 2 - canvas["x"] - across[0]) < 2
    assert abs(box["y"] + box["height"] / 2 - canvas["y"] - across[1]) < 2
    corner.click()
    assert "Words about it: The corner." in page.get_by_role("dialog").inner_text()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    assert page.evaluate("() => document.activeElement.dataset.pin") == "corner"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.dataset.pin") == "behind"
    page.wait_for_timeout(300)
    middle = page.get_by_role("button", name="2. The back").bounding_box()
    assert middle is not None
    assert abs(middle["x"] + 22 - canvas["x"] - canvas["width"] / 2) < 2
    assert page.locator("#notes ~ ol article, .notes article").count() == 2


def test_nothing_is_drawn_while_nothing_changes_and_the_view_is_said(guest_with: Callable[..., Guest]) -> None:
    page = opened(guest_with(reduced_motion="reduce"), BLOCK)
    page.wait_for_timeout(1200)
    before = page.evaluate("() => document.getElementById('stage').dataset.frames")
    page.wait_for_timeout(1000)
    assert page.evaluate("() => document.getElementById('stage').dataset.frames") == before
    page.locator("canvas.space").focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    until(page, "() => document.querySelector('[data-live]').textContent === 'Seen from the right, level.'")
    page.keyboard.press("Home")
    until(page, "() => document.querySelector('[data-live]').textContent.includes('from a little above')")


def test_the_link_to_a_view_leads_back_to_it(guest: Guest) -> None:
    page = opened(guest, BLOCK)
    page.get_by_role("button", name="Share this view").click()
    until(page, "() => document.querySelector('[data-live]').textContent !== ''")
    assert page.evaluate("() => location.hash") == VIEW


def test_a_lost_graphics_context_comes_back(guest: Guest) -> None:
    page = opened(guest, BLOCK)
    shown = colours(page, "canvas.space")
    page.evaluate(
        "() => { const g = document.querySelector('canvas.space').getContext('webgl2'); const l = g.getExtension('WEBGL_lose_context');"
        " l.loseContext(); setTimeout(() => l.restoreContext(), 200) }"
    )
    page.wait_for_timeout(800)
    assert colours(page, "canvas.space") > shown / 2 > 1


def test_a_capable_device_shades_clouds_by_depth_and_it_can_be_switched_off(guest: Guest) -> None:
    guest.context.add_init_script(A_DESKTOP)
    page = opened(guest, WALL, WALL_VIEW)
    stage = page.locator("#stage")
    button = page.get_by_role("button", name="Depth shading")
    assert (stage.get_attribute("data-shading"), button.get_attribute("aria-pressed")) == ("on", "true")
    assert stage.get_attribute("data-most") == "3000000"
    page.wait_for_timeout(300)
    assert colours(page, "canvas.space") >= 3
    shaded = page.locator("canvas.space").screenshot()
    button.click()
    page.wait_for_timeout(300)
    assert page.locator("canvas.space").screenshot() != shaded
    assert stage.get_attribute("data-shading") == "off"


def test_a_phone_gets_the_light_class_says_what_it_loads(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(has_touch=True, is_mobile=True, device_scale_factor=2, viewport={"width": 320, "height": 640})
    page = guest.open(path_of(WALL))
    config = json.loads(page.locator("[data-space]").get_attribute("data-space") or "")
    assert config["light"]["size"] in page.locator("[data-open]").inner_text()
    page.locator("[data-open]").tap()
    until(page, READY)
    assert page.locator("#stage").get_attribute("data-most") == "500000"
    assert int(page.locator("#stage").get_attribute("data-points") or 0) <= 500_000
    boxes = [button.bounding_box() for button in page.locator(".object button:visible").all()]
    assert len(boxes) >= 10
    assert all(box is not None and box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 320 for box in boxes)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_a_phone_may_ask_for_more_of_a_model(guest: Guest) -> None:
    page = opened(guest, BLOCK)
    assert page.locator("#stage").get_attribute("data-shape") == "light"
    assert not any(url.endswith("/model-large.glb") for url in guest.requests)
    page.get_by_role("button", name="More detail").click()
    until(page, "() => document.getElementById('stage').dataset.shape === 'full'")
    assert any(url.endswith("/model-large.glb") for url in guest.requests)
    assert not page.locator("[data-more]").is_visible()


def test_eight_pictures_turn_by_slider_and_button_without_3d(guest: Guest) -> None:
    guest.context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page = guest.open(path_of(BLOCK))
    assert "no WebGL" in page.locator("[data-live]").inner_text()
    assert not page.locator("[data-open]").is_visible()
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "from 45°"
    assert _shown_colour(page) == TURNED[1]
    page.get_by_role("button", name="Next picture").click()
    assert _shown_colour(page) == TURNED[2]
    assert not any(url.endswith(".glb") or "three" in url for url in guest.requests)


def test_eight_pictures_without_any_script(guest_with: Callable[..., Guest]) -> None:
    page = guest_with(java_script_enabled=False).open(path_of(BLOCK))
    page.get_by_role("link", name="225°").click()
    assert page.url.endswith("#turn-225")
    assert _shown_colour(page) == TURNED[5]
    assert "need JavaScript" in page.locator(".object").inner_text()
    assert page.locator(".notes article").count() == 2


def _shown_colour(page: Page) -> tuple[int, ...]:
    page.wait_for_timeout(400)
    picture = Image.open(io.BytesIO(page.locator("#stage").screenshot())).convert("RGB")
    shown = np.asarray(picture.getpixel((picture.width // 2, picture.height // 2)))
    return min(TURNED, key=lambda colour: float(np.abs(shown - np.asarray(colour)).sum()))


def test_ar_is_offered_only_where_the_device_has_it(guest_with: Callable[..., Guest]) -> None:
    plain = guest_with().open(path_of(BLOCK))
    assert not plain.locator("[data-ar]").is_visible()
    assert not plain.locator("a[rel=ar]").is_visible()
    able = guest_with()
    able.context.add_init_script(
        "window.asked = [];"
        "Object.defineProperty(navigator, 'xr', {get: () => ({ isSessionSupported: async (kind) => kind === 'immersive-ar',"
        " requestSession: async (kind, options) => { asked.push(kind, ...options.requiredFeatures); throw new Error('refused') } })})"
    )
    page = able.open(path_of(BLOCK))
    page.get_by_role("button", name="Place it in your room (AR)").click()
    until(page, "() => document.querySelector('[data-live]').textContent === 'AR could not be opened on this device.'")
    assert page.evaluate("() => window.asked") == ["immersive-ar", "hit-test"]
    phone = guest_with()
    phone.context.add_init_script("DOMTokenList.prototype.supports = (token) => token === 'ar'")
    link = phone.open(path_of(BLOCK)).locator("a[rel=ar]")
    assert link.is_visible()
    assert link.locator("> :first-child").evaluate("one => one.tagName") == "IMG"
    assert (link.get_attribute("href") or "").endswith("/model.usdz")


def test_a_photo_has_numbered_regions_their_words_and_a_link_to_a_part(guest: Guest) -> None:
    page = guest.open(path_of(PHOTO))
    pin = page.get_by_role("button", name="1. A tile")
    image = page.locator(".stage-still img").bounding_box()
    box = pin.bounding_box()
    assert image is not None
    assert box is not None
    natural = page.evaluate("() => { const i = document.querySelector('.stage-still img'); return i.naturalWidth / i.naturalHeight }")
    width = min(image["width"], image["height"] * natural)
    assert abs(box["x"] + box["width"] / 2 - (image["x"] + (image["width"] - width) / 2 + 0.625 * width)) < 2
    pin.click()
    assert "Words about it: A tile." in page.get_by_role("dialog").inner_text()
    assert not any("deep-zoom" in url for url in guest.requests)
    page.get_by_role("link", name="Show on the picture").click()
    until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
    page.wait_for_timeout(1200)
    larger = page.locator(".pin-region").bounding_box()
    assert larger is not None
    assert larger["width"] > 0.5 * image["width"]
    assert not any(url.endswith(".avif") and "/iiif/" in url for url in guest.requests)


def test_an_address_of_a_region_opens_it(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(reduced_motion="reduce")
    page = guest.open(path_of(PHOTO, "#xywh=percent:50,25,25,25"))
    until(page, "() => document.getElementById('stage').dataset.ready === 'true'")
    until(page, "() => document.querySelector('.pin-region').getBoundingClientRect().width > 190")


def test_citations_are_copied_and_saved(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with(permissions=["clipboard-read", "clipboard-write"])
    page = guest.open(path_of(SOUND))
    page.get_by_role("button", name="Copy citation").click()
    until(page, "() => document.querySelector('[data-copied]').textContent !== ''")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("Trần Văn A. A recording")
    assert copied.endswith(SOUND)
    with page.expect_download() as saving:
        page.get_by_role("link", name="BibTeX").click()
    assert saving.value.suggested_filename == f"{identifier_of(SOUND)}.bib"


def test_a_recording_has_its_captions(guest: Guest) -> None:
    page = guest.open(path_of(SOUND))
    track = page.locator("audio track")
    assert (track.get_attribute("kind"), track.get_attribute("srclang"), track.get_attribute("label")) == ("captions", "en", "English")
    assert page.request.get(guest.address + (track.get_attribute("src") or "")).ok
