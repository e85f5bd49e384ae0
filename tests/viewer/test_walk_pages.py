"""The pages of the walk, as a browser without script gets them: every scene, direction, step and sheet of the book."""

import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from archive.records.identifiers import identifier_of
from archive.records.text import Language
from tests.archive.publications.builders import GATE, PAPER, PHOTO, SLUG, YARD
from tests.viewer.builders import Visitor, visiting
from tests.viewer.walk_site import GUIDE, LONG, OLD_PHOTO, OLD_YARD, write_long_walk, write_walk

SCENE = f"/en/{SLUG}/scene/{identifier_of(GATE)}"
YARD_SCENE = f"/en/{SLUG}/scene/{identifier_of(YARD)}"
STEPS = f"/en/{SLUG}/guide/{GUIDE}"
MANY = 300
ELSEWHERE = {303, 404}
"""A direction that a scene does not have leads to the scene, where one may have been before its heading was measured, or nowhere."""


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with visiting(write_walk(tmp_path_factory.mktemp("walk"))) as guest:
        yield guest


@pytest.fixture(scope="module")
def long_walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with visiting(write_long_walk(tmp_path_factory.mktemp("long"), MANY)) as guest:
        yield guest


def page(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return answer.text


def links(text: str) -> set[str]:
    """Where one can go from a page with a tap: anchors only, without the view."""
    return {unescape(address).partition("#")[0] for address in re.findall(r'<a [^>]*?href="(/[^"]*)"', text)}


def reached(visitor: Visitor, start: str, within: str) -> set[str]:
    waiting, seen = [start], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith(within):
            continue
        seen.add(path)
        answer = visitor.get(path)
        assert answer.status_code in {200, 303}, path
        if "text/html" in answer.headers["content-type"]:
            waiting += links(answer.text) - seen
    return seen


@pytest.mark.parametrize("language", list(Language))
def test_everything_public_is_reached_by_plain_links(visitor: Visitor, language: Language) -> None:
    seen = reached(visitor, f"/{language}/", f"/{language}/")
    site = f"/{language}/{SLUG}"
    for ark in (GATE, YARD, PHOTO, PAPER, OLD_YARD, OLD_PHOTO):
        assert f"{site}/{identifier_of(ark)}" in seen
    for scene in (identifier_of(GATE), identifier_of(YARD), "dtold"):
        assert f"{site}/scene/{scene}" in seen
        assert len([path for path in seen if path.startswith(f"{site}/scene/{scene}/")]) >= 3
    assert {f"{site}/guide/{GUIDE}", *(f"{site}/guide/{GUIDE}/{number}" for number in (1, 2, 3))} <= seen
    assert f"{site}/book" in seen
    assert "Đình thờ" in page(visitor, f"{site}/")


def test_a_scene_shows_one_still_and_every_other_direction_is_a_page_with_its_own(visitor: Visitor) -> None:
    turned = {"": "0", "/east": "90", "/south": "180", "/west": "270"}
    for direction, yaw in turned.items():
        text = page(visitor, SCENE + direction)
        assert re.findall(r"<img [^>]*still-(\d+)", text) == [yaw]
        assert text.count("<img") == 1
        others = {SCENE + other for other in turned if other != direction}
        assert others <= links(text)
        assert {YARD_SCENE, f"/en/{SLUG}/{identifier_of(PHOTO)}"} <= links(text)
    assert "looking east" in page(visitor, f"{SCENE}/east")
    assert visitor.get(f"{SCENE}/north-east").status_code in ELSEWHERE
    assert "/scene/dtold/" in page(visitor, f"/en/{SLUG}/scene/dtold")


def test_what_is_written_of_a_direction_stands_at_it_and_what_is_not_is_not_invented(visitor: Visitor) -> None:
    text = page(visitor, SCENE)
    parts = re.split(r'<h3><a [^>]*data-turn="(\d+)"', text)
    around = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert "The courtyard and the stele house" in around["0"]
    assert "North-east:" in around["0"]
    assert "The road" in around["180"]
    assert "Not yet described" in around["270"]
    assert "Into the courtyard" in around["0"]


def test_the_plan_links_every_standpoint_and_marks_the_present_one(visitor: Visitor) -> None:
    text = page(visitor, SCENE)
    (drawn,) = re.findall(r'<svg class="plan".*?</svg>\n', text, re.DOTALL)
    assert re.findall(r'aria-current="page"', drawn) == ['aria-current="page"']
    assert {SCENE, YARD_SCENE} == links(drawn)
    assert re.search(r'<a href="[^"]*" aria-label="1. The gate"[^>]* transform="translate\(50 60\)"', drawn)
    assert re.search(r'aria-label="2. The courtyard"[^>]* transform="translate\(50 12\)"', drawn)
    assert 'href="/media' not in drawn
    assert "data-cone" in drawn
    (whole,) = re.findall(r'<svg class="plan".*?</svg>\n', page(visitor, f"/en/{SLUG}/"), re.DOTALL)
    (picture,) = re.findall(r'<image href="([^"]+)"', whole)
    assert visitor.get(picture).headers["content-type"].startswith("image/svg+xml")


def test_older_dates_are_in_their_series_and_not_among_the_stops(visitor: Visitor) -> None:
    text = page(visitor, YARD_SCENE)
    assert "The courtyard over the years" in text
    assert "1925 (approximately)" in text
    assert f"/en/{SLUG}/scene/dtold" in links(text)
    for stops in re.findall(r'<ol class="(?:stops|cards)">.*?</ol>', text + page(visitor, f"/en/{SLUG}/"), re.DOTALL):
        assert "dtold" not in stops
    assert "epochs-" not in page(visitor, SCENE)
    photo = page(visitor, f"/en/{SLUG}/{identifier_of(PHOTO)}")
    assert f"/en/{SLUG}/{identifier_of(OLD_PHOTO)}" in links(photo)


def test_the_badge_leads_to_what_a_view_stands_on(visitor: Visitor) -> None:
    text = page(visitor, f"/en/{SLUG}/scene/dtold")
    assert re.search(r'class="stage-badge"><a href="#sources">', text)
    assert re.search(r'<div id="sources">.*Bưu ảnh của bảo tàng.*người gửi', text, re.DOTALL)
    assert "A hypothesis of how something once looked" in text
    assert re.search(r'class="stage-badge"><a href="#sources">', page(visitor, f"{STEPS}/1"))


def test_a_guided_walk_says_what_awaits_and_leads_from_step_to_step(visitor: Visitor) -> None:
    text = page(visitor, STEPS)
    assert "3 steps" in text
    assert "about 2 minutes" in text
    assert {f"{STEPS}/{number}" for number in (1, 2, 3)} <= links(text)
    first, last = page(visitor, f"{STEPS}/1"), page(visitor, f"{STEPS}/3")
    assert re.search(rf'rel="next" class="end" href="{STEPS}/2"', first)
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last
    assert "Step 3 of 3" in last
    assert "<strong>gate</strong>" in first
    assert '"view": [92.0, 4.0, 60.0]' in unescape(first)
    assert "still-90.jpg" in first
    assert "first-view.jpg" in last
    for number in ("0", "4", "01", "x"):
        assert visitor.get(f"{STEPS}/{number}").status_code == 404
    assert visitor.get(f"/en/{SLUG}/guide/empty").status_code == 404


def test_a_step_at_a_panorama_that_is_no_stop_claims_no_north(visitor: Visitor) -> None:
    text = page(visitor, f"/en/{SLUG}/guide/alone/1")
    assert "still-270.jpg" in text
    assert "to the camera&#39;s left" in text
    assert '"heading": null' in text


def test_what_is_spoken_has_captions_and_says_its_language(visitor: Visitor) -> None:
    first, second, third = (page(visitor, f"{STEPS}/{number}") for number in (1, 2, 3))
    assert re.search(r'<audio controls preload="none" src="/media/[^"]*/narration/en/gate.wav"', first)
    (captions,) = re.findall(r'<track kind="captions" src="([^"]+)" srclang="en"', first)
    assert visitor.get(captions).text.startswith("WEBVTT")
    assert "narration/vi" not in first
    assert "Listen, in Vietnamese" in second
    assert "No narration has been recorded" in third
    assert "This text is not yet translated into English" in second


def test_an_exact_view_can_be_shared_without_script(visitor: Visitor) -> None:
    text = page(visitor, SCENE)
    assert f'value="http://ditich.test{SCENE}#v=0,0,80"' in text
    assert f'<iframe src="http://ditich.test{SCENE}/embed' in unescape(text)
    assert "<iframe" not in text
    assert f'value="http://ditich.test{STEPS}/1#v=92,4,60"' in page(visitor, f"{STEPS}/1")


@pytest.mark.parametrize("language", list(Language))
def test_the_book_has_every_stop_with_a_code_to_its_view(visitor: Visitor, language: Language) -> None:
    text = page(visitor, f"/{language}/{SLUG}/book")
    printed = [unescape(code) for code in re.findall(r'<figcaption><a href="(http[^"]+)">', text)]
    assert printed == [
        f"http://ditich.test/{language}/{SLUG}/",
        f"http://ditich.test/{language}/{SLUG}/scene/{identifier_of(GATE)}#v=0,0,80",
        f"http://ditich.test/{language}/{SLUG}/scene/{identifier_of(YARD)}#v=0,0,75",
    ]
    codes = re.findall(r'<figure class="qr".*?(<svg.*?</svg>)', text, re.DOTALL)
    assert [read_code(code) for code in codes] == printed
    assert "CC BY 4.0" in text
    assert "dtold" not in text


def read_code(svg: str) -> str:
    """What a camera reads in an inline QR code."""
    import numpy as np
    import pyvips
    import zxingcpp

    side = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
    named = svg.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" ')
    pyvips.operation_block_set("VipsForeignLoadSvg", False)
    drawn = pyvips.Image.svgload_buffer(named.encode(), scale=6).flatten(background=255).extract_band(0)
    (found,) = zxingcpp.read_barcodes(np.asarray(drawn.numpy()))
    return str(found.text)


def test_everything_digitised_is_listed_leaf_by_leaf(visitor: Visitor) -> None:
    text = page(visitor, f"/en/{SLUG}/all")
    assert "6 items" in text
    assert text.count('class="card"') == 6
    for leaf in ("0", "2", "01", "x", "٢", "9" * 30):
        assert visitor.get(f"/en/{SLUG}/all/{leaf}").status_code == 404


def test_what_is_new_is_what_came_later(visitor: Visitor) -> None:
    assert "New here" not in page(visitor, f"/en/{SLUG}/")
    home = page(visitor, "/en/")
    assert "New in the archive" in home
    assert "archived 3 February 2026" in home


def test_a_walk_of_many_stops_stays_light_and_whole(long_walk: Visitor) -> None:
    site = page(long_walk, f"/vi/{SLUG}/")
    scenes = {path for path in links(site) if "/scene/" in path}
    assert len(scenes) == MANY
    assert site.count("<img") <= 24
    for number in (0, 150, MANY - 1):
        path = f"/vi/{SLUG}/scene/dtstop{number:03}"
        text = page(long_walk, path)
        assert len(text.encode()) < 60_000
        drawn = re.findall(r'<svg class="plan".*?</svg>\n', text, re.DOTALL)[0]
        assert 2 <= drawn.count("<a ") <= 24
        assert path in links(drawn)
    assert LONG.strip() in site


def test_a_direction_that_nobody_measured_is_relative(long_walk: Visitor) -> None:
    text = page(long_walk, f"/en/{SLUG}/scene/dtstop001")
    for name in ("right", "behind", "left"):
        assert f"/en/{SLUG}/scene/dtstop001/{name}" in links(text)
    assert long_walk.get(f"/en/{SLUG}/scene/dtstop001/north").status_code in ELSEWHERE
    assert "data-cone" not in text


def test_a_walk_of_one_stop_has_no_map(tmp_path: Path) -> None:
    with visiting(write_long_walk(tmp_path, 1)) as guest:
        text = page(guest, f"/vi/{SLUG}/scene/dtstop000")
        assert 'class="plan"' not in text
        assert "dtstop000" in page(guest, f"/vi/{SLUG}/")


def test_a_book_prints_two_sheets_of_stops_on_paper(visitor: Visitor, browser: Browser) -> None:
    import pypdfium2

    text = page(visitor, f"/vi/{SLUG}/book")
    style = "\n".join(visitor.get(address).text for address in re.findall(r'<link rel="stylesheet" href="([^"]+)"', text))
    text = re.sub(r'<link rel="(?:stylesheet|icon)"[^>]*>', "", text).replace("</head>", f"<style>{style}</style></head>")
    sheet = browser.new_page()
    sheet.route("**/*", lambda route: route.abort())
    sheet.set_content(text, wait_until="domcontentloaded")
    sheet.emulate_media(media="print")
    wide = sheet.evaluate("[...document.querySelectorAll('.qr svg')].map(code => code.getBoundingClientRect().width / 96 * 25.4)")
    printed = sheet.pdf(prefer_css_page_size=True)
    sheet.close()
    assert min(wide) >= 25
    pages = [leaf.get_textpage().get_text_bounded() for leaf in pypdfium2.PdfDocument(io.BytesIO(printed))]
    assert len(pages) >= 5
    addressed = [leaf for leaf in pages if identifier_of(GATE) in leaf.replace("\r\n", "")]
    assert len(addressed) == 1
    assert "Cổng gạch nhìn ra đường làng" in addressed[0]
