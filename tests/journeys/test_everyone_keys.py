"""A whole tour by keyboard alone, from the entrance to a measure on a model.

At every stop: the focus is seen, nothing covers it, the order is the document's, and nowhere does the keyboard stay caught.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

KEYS = (Path(__file__).parent / "everyone_keys.js").read_text(encoding="utf-8")
MOST = 120
"""Tabs within which everything on a page is reached."""


@dataclass
class Keyboard:
    """A visitor without a pointer."""

    page: Page

    def stand(self) -> dict[str, Any] | None:
        """Where the focus is now; it is seen and free."""
        at: dict[str, Any] | None = self.page.evaluate("keys.stand()")
        if at:
            assert at["ring"], f"the focus on {at['name']!r} is not seen ({self.page.url})"
            assert at["free"], f"something covers {at['name']!r} ({self.page.url})"
        return at

    def to(self, name: str, tag: str = "") -> None:
        """Tab forward until something of that name (and element) has the focus."""
        passed: list[str] = []
        wraps = 0
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            at = self.stand()
            if at is None:
                self.page.evaluate("window.keysLast = null")
                continue
            wraps += not at["follows"]
            assert wraps <= 1, f"{at['name']!r} is out of order, after {passed[-1]!r} ({self.page.url})"
            if name in at["name"] and tag in {"", at["tag"]}:
                return
            passed.append(f"{at['tag']} {at['name']}")
        raise AssertionError(f"no {name!r} among {passed}")

    def enter(self, name: str, tag: str = "") -> None:
        self.to(name, tag)
        self.page.keyboard.press("Enter")

    def go(self, name: str, address: str, tag: str = "a") -> None:
        """Follow the link of that name."""
        self.to(name, tag)
        with self.page.expect_navigation(url=f"**{address}*"):
            self.page.keyboard.press("Enter")


@pytest.fixture
def visitor(browser: Browser, everything: str) -> Iterator[Keyboard]:
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.add_init_script(KEYS)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(everything)
    yield Keyboard(page)
    context.close()


def live(page: Page) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-ready", "true", timeout=30_000)


@pytest.mark.browser
def test_a_tour_from_the_entrance_to_the_last_step(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.go("Tiếng Việt", "/vi/")
    visitor.go("English", "/en/")
    visitor.to("Skip to the content")
    visitor.go("The Small Communal House", "/dinh-nho/")
    visitor.go("Step inside", "/scene/*")
    live(page)
    _look_around(visitor)
    _read_a_sign(visitor)
    visitor.enter("Look right", "button")
    visitor.to("2. The courtyard", "a")
    _share_and_keep(visitor)
    _be_guided(visitor)


def _look_around(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.to("Panorama: The gate", "canvas")
    before = page.locator(".bearing").inner_text()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".bearing")).not_to_have_text(before)
    expect(page.locator("[data-live]")).to_contain_text("Facing")


def _read_a_sign(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.enter("Words on the gate", "summary")
    expect(page.locator(".panel:visible")).to_contain_text("Four characters.")
    visitor.to("Close", "button")
    page.keyboard.press("Escape")
    expect(page.locator(".panel:visible")).to_have_count(0)
    page.evaluate("window.keysLast = null")
    at = visitor.stand()
    assert at is not None
    assert at["name"] == "Words on the gate", "Escape gives the focus back"


def _share_and_keep(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.enter("Share this view", "summary")
    visitor.to("Address of the view", "input")
    page.keyboard.press("Shift+Tab")
    visitor.page.evaluate("window.keysLast = null")
    visitor.go("Keep this tour", "/offline")
    page.go_back()
    live(page)


def _be_guided(visitor: Keyboard) -> None:
    page = visitor.page
    page.evaluate("window.keysLast = null")
    visitor.go("Around the house", "/guide/quanh-dinh/1")
    live(page)
    visitor.to("Sound: Through the gate", "audio")
    page.keyboard.press("Tab")
    visitor.to("Go on by itself", "input")
    visitor.go("Next step", "/guide/quanh-dinh/2")
    visitor.go("Next step", "/guide/quanh-dinh/3")
    visitor.go("End: back to the guided walk", "/guide/quanh-dinh")


@pytest.mark.browser
def test_dates_a_photo_closely_and_a_measure_on_a_model(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.go("The Small Communal House", "/dinh-nho/")
    visitor.go("1925", "/scene/dtold")
    live(page)
    visitor.to("Slide through the dates", "input")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[type=range]")).to_have_attribute("aria-valuetext", "January 2026")
    page.evaluate("window.keysLast = null")
    visitor.go("Ditich", "/en/")
    _search(visitor, "roof")
    _look_closely(visitor)
    _search(visitor, "mesh")
    _measure(visitor)


def _search(visitor: Keyboard, words: str) -> None:
    visitor.go("Search", "/search")
    visitor.to("Search the sites", "input")
    visitor.page.keyboard.type(words)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**q={words}")


def _look_closely(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.go("Roof of the communal house", "/dt*")
    visitor.go("1 January 2026", "/dt1*")
    visitor.enter("Look closely", "button")
    live(page)
    page.evaluate("window.keysLast = null")
    visitor.to("Photograph: Roof", "div")
    visitor.enter("Zoom in", "button")
    visitor.enter("1. A tile", "button")
    expect(page.locator(".note-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".note-panel")).to_be_hidden()
    page.evaluate("window.keysLast = null")


def _measure(visitor: Keyboard) -> None:
    page = visitor.page
    visitor.go("A mesh", "/dt8*")
    visitor.enter("Open in 3D", "button")
    expect(page.locator(".object.opened")).to_be_visible(timeout=30_000)
    visitor.page.evaluate("window.keysLast = null")
    visitor.to("3D view: A mesh", "canvas")
    page.keyboard.press("ArrowRight")
    visitor.enter("Measure", "button")
    visitor.enter("Set a point at the cross", "button")
    page.evaluate("window.keysLast = null")
    page.keyboard.press("Shift+Tab")
    visitor.to("3D view: A mesh", "canvas")
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    visitor.enter("Set a point at the cross", "button")
    expect(page.locator(".measures li")).to_have_count(1)
    expect(page.locator(".measures li")).to_contain_text("±")
