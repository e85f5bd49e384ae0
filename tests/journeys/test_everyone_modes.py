"""Forced colours and less motion: what has the focus, what is chosen and what can be pressed stays visible; views change as a cut."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.records.text import Language
from tests.journeys.everyone_looks import LOOKS
from tests.journeys.everyone_site import pages

EDGED, RUNNING = "looks.edged()", "looks.running()"
"""Controls that nothing sets off from the page, neither an edge nor a ground of their own; animations that run."""


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="en", forced_colors="active", color_scheme="dark", reduced_motion="reduce"
    )
    context.add_init_script(LOOKS)
    yield context.new_page()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["home", "site", "scene", "step", "photo", "mesh", "offline"])
def test_controls_focus_and_state_are_seen_in_forced_colours_and_nothing_moves(plain: Page, everything: str, kind: str) -> None:
    plain.goto(everything + pages(Language.EN)[kind])
    if kind in {"scene", "step"}:
        expect(plain.locator("#stage")).to_have_attribute("data-ready", "true", timeout=30_000)
    assert plain.evaluate(EDGED) == []
    assert plain.evaluate(RUNNING) == []
    chosen, other = (plain.locator(f".languages a{which}").first for which in ("[aria-current]", ":not([aria-current])"))
    ground = "e => getComputedStyle(e).backgroundColor"
    assert chosen.evaluate(ground) != other.evaluate(ground)
    for _ in range(9):
        plain.keyboard.press("Tab")
        style = plain.evaluate("(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))")
        assert style[0] != "none"
        assert style[1] >= 2
