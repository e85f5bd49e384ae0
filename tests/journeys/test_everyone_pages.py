"""Every kind of page for everyone: axe in both themes, names for all controls, small screens, wide spacing, the language of every word.

One browser window for each language walks them all; it alone sets the content security policy aside, because axe is put into the page.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from archive.records.text import Language
from tests.journeys.everyone_looks import FOREIGN, LOOKS, OVERLAPS, SPACING, SPILLS, TARGETS, nameless, violations
from tests.journeys.everyone_site import NOTICES, pages

KINDS = sorted({**pages(Language.EN), **NOTICES})
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Callable[[Language], Page]]:
    """One window for each language, kept for all tests here."""
    opened: dict[Language, Page] = {}

    def window(language: Language) -> Page:
        if language not in opened:
            context = browser.new_context(bypass_csp=True, viewport=PHONE, locale=str(language), reduced_motion="reduce")
            context.add_init_script(LOOKS)
            opened[language] = context.new_page()
        return opened[language]

    yield window
    for page in opened.values():
        page.context.close()


def visit(page: Page, everything: str, kind: str, language: Language) -> Page:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.goto(everything + {**pages(language), **NOTICES}[kind])
    return page


def seen_by_everyone(page: Page) -> list[str]:
    """What axe finds in both themes, and what has no name."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {each}" for each in violations(page)]
    page.emulate_media(color_scheme="light")
    return found + nameless(page)


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_no_violation_no_nameless_control_and_no_small_target(
    everything: str, windows: Callable[[Language], Page], kind: str
) -> None:
    page = visit(windows(Language.EN), everything, kind, Language.EN)
    assert seen_by_everyone(page) == []
    assert page.evaluate(TARGETS) == []


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", Language)
def test_nothing_is_lost_on_a_small_screen_and_every_word_is_in_its_language(
    everything: str, windows: Callable[[Language], Page], kind: str, language: Language
) -> None:
    page = visit(windows(language), everything, kind, language)
    assert page.evaluate(FOREIGN) == []
    if language is not Language.EN:
        assert nameless(page) == []
    for width, height in ((640, 512), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(30)
        assert [page.evaluate(SPILLS), page.evaluate(OVERLAPS)] == [[], []], f"{width} px wide"
    page.add_style_tag(content=SPACING)
    assert [page.evaluate(SPILLS), page.evaluate(OVERLAPS)] == [[], []], "with wide spacing"


def _photo(page: Page) -> None:
    page.get_by_role("button", name="Look closely").click()
    expect(page.locator("#stage.live")).to_be_visible()


def _model(page: Page) -> None:
    page.locator("[data-open]").click()
    expect(page.locator(".object.opened")).to_be_visible(timeout=30_000)


def _measuring(page: Page) -> None:
    _model(page)
    page.get_by_role("button", name="Measure").click()
    page.get_by_role("button", name="Set a point at the cross").click()


def _cutting(page: Page) -> None:
    _model(page)
    page.get_by_role("button", name="Section").click()


def _live(page: Page) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-ready", "true", timeout=30_000)


def _panel(page: Page) -> None:
    _live(page)
    page.locator("summary", has_text="Words on the gate").press("Enter")
    expect(page.get_by_text("Four characters.").first).to_be_visible()


def _sound(page: Page) -> None:
    _live(page)
    page.locator("summary.way", has_text="The drum").press("Enter")


def _shared(page: Page) -> None:
    _live(page)
    page.evaluate("document.querySelectorAll('main details:not([name])').forEach(each => each.open = true)")


OPENED: dict[str, tuple[str, Callable[[Page], None]]] = {
    "photo-close": ("photo", _photo),
    "mesh-measuring": ("mesh", _measuring),
    "cloud-cutting": ("cloud", _cutting),
    "scene-panel": ("scene", _panel),
    "scene-sound": ("scene", _sound),
    "scene-share": ("scene", _shared),
    "step-live": ("step", _live),
    "panorama-live": ("panorama", _live),
}


@pytest.mark.browser
@pytest.mark.parametrize("state", OPENED)
def test_what_opens_is_for_everyone_too(everything: str, windows: Callable[[Language], Page], state: str) -> None:
    kind, opening = OPENED[state]
    page = visit(windows(Language.EN), everything, kind, Language.EN)
    opening(page)
    assert seen_by_everyone(page) == []
    assert page.evaluate(TARGETS) == []
    for width, height in ((640, 512), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(50)
        assert [page.evaluate(SPILLS), page.evaluate(OVERLAPS)] == [[], []], f"{width} px wide"
