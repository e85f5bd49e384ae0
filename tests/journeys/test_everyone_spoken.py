"""One whole tour as a screen reader reads it, from top to bottom, in three languages: text files beside this one that a person can judge.

After a change that is meant, ``DITICH_RENEW=1 .venv/bin/python -m pytest tests/journeys/test_everyone_spoken.py`` writes them anew; read
the difference aloud before it is kept.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from archive.records.text import Language
from tests.journeys.everyone_site import pages
from tests.journeys.everyone_spoken import spoken

GOLDEN = Path(__file__).parent / "golden"
TOUR = ("home", "site", "scene", "past", "guide", "step", "photo", "mesh", "recording", "about")


@pytest.mark.browser
@pytest.mark.parametrize("language", Language)
def test_a_tour_is_told_as_it_is_written_down(browser: Browser, everything: str, language: Language) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=str(language), reduced_motion="reduce")
    page = context.new_page()
    told = []
    for kind in TOUR:
        path = pages(language)[kind]
        page.goto(everything + path)
        if kind in {"scene", "past", "step"}:
            expect(page.locator("#stage")).to_have_attribute("data-ready", "true", timeout=30_000)
        if kind in {"photo", "mesh", "recording"}:
            expect(page.locator("[data-copy=citation]")).to_be_visible(timeout=30_000)
        if kind in {"photo", "mesh"}:
            expect(page.locator("[data-open]")).to_be_visible(timeout=30_000)
        page.wait_for_load_state("networkidle")
        told += ["", f"==== {path}", *spoken(page)]
    context.close()
    text = "\n".join([f"A tour as a screen reader reads it ({language}).", *told, ""])
    golden = GOLDEN / f"tour.{language}.txt"
    if os.environ.get("DITICH_RENEW"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
