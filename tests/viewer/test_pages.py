"""Every page, as HTML: in each language, complete without JavaScript, safe in what it allows and true in what it says."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from archive.records.identifiers import identifier_of
from archive.records.text import Language
from tests.archive.publications.builders import GATE, PAPER, PHOTO, SLUG, YARD
from tests.viewer.builders import BARE_SLUG, CLOUD, EVIL, MESH, ODD, SOUND, SPLAT, Visitor, visiting

PAGES = {
    "home": "/",
    "about": "/about",
    "search": "/search?q=dinh",
    "site": f"/{SLUG}/",
    "described": f"/{BARE_SLUG}/",
    "scene": f"/{SLUG}/scene/{identifier_of(GATE)}",
    "scene-unheaded": f"/{SLUG}/scene/{identifier_of(PHOTO)}",
    **{
        kind: f"/{SLUG}/{identifier_of(ark)}"
        for kind, ark in {
            "photo": PHOTO, "panorama": YARD, "cloud": CLOUD, "mesh": MESH,
            "splat": SPLAT, "document": PAPER, "recording": SOUND, "file": ODD,
        }.items()
    },
}  # fmt: skip


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def tags_of(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every tag of a page with its attributes, as a browser reads them."""
    parser = _Tags()
    parser.feed(html)
    return parser.found


ALL = [(kind, path, language) for kind, path in PAGES.items() for language in Language]


@pytest.mark.parametrize(("kind", "path", "language"), ALL, ids=lambda value: str(value).replace("/", "_"))
def test_a_page_speaks_its_language_and_names_the_others(visitor: Visitor, kind: str, path: str, language: Language) -> None:
    answer = visitor.get(f"/{language}{path}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    for other in Language:
        assert f'href="/{other}{path}" hreflang="{other}"' in unescape(answer.text)
        assert f'hreflang="{other}" href="http://ditich.test/{other}{path}"' in unescape(answer.text)
    assert answer.text.count("<h1>") == 1
    assert "None" not in re.sub(r"<script.*?</script>", "", answer.text)


@pytest.mark.parametrize(("kind", "path", "language"), ALL, ids=lambda value: str(value).replace("/", "_"))
def test_a_page_holds_nothing_that_runs_by_itself(visitor: Visitor, kind: str, path: str, language: Language) -> None:
    tags = tags_of(visitor.get(f"/{language}{path}").text)
    assert len(tags) > 20
    for tag, attributes in tags:
        assert tag not in {"iframe", "object", "embed", "base", "style", "template"}
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "srcdoc"}]
        assert "x" not in attributes or tag in {"image", "text", "rect"}
        assert not attributes.get("href", "").lower().startswith("javascript:")
        assert attributes.get("rel") == "icon" or not attributes.get("href", "").lower().startswith("data:")
        if tag == "script":
            assert attributes.get("type") == "application/ld+json" or attributes["src"].startswith("/static/built/")
        for name in ("src", "srcset", "action", "poster"):
            assert attributes.get(name, "/").startswith("/")
        if tag == "link":
            assert attributes["href"].startswith(("/", "http://ditich.test/") if attributes["rel"] != "icon" else "data:image/svg+xml,")


def test_the_words_that_try_to_break_out_are_shown_as_words(visitor: Visitor) -> None:
    text = visitor.get(f"/vi{PAGES['file']}").text
    assert EVIL in unescape(text)
    assert "<img src=x" not in text


@pytest.mark.parametrize("language", list(Language))
def test_every_address_on_every_page_answers(visitor: Visitor, language: Language) -> None:
    waiting, seen = [f"/{language}/"], set[str]()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = visitor.get(path)
        assert answer.status_code in {200, 303}, path
        if "text/html" in answer.headers.get("content-type", "") and path.startswith(f"/{language}/"):
            found = re.findall(r'(?:href|src|srcset)="(/[^"#]*)', answer.text)
            fresh = {unescape(address) for address in found if "/static/built/" not in address}
            waiting.extend(fresh - seen - set(waiting))
    assert len(seen) > 40


@pytest.mark.parametrize(
    ("kind", "trusted", "wasm"),
    [
        ("scene", True, False),
        ("panorama", True, False),
        ("photo", False, False),
        ("cloud", False, True),
        ("mesh", False, True),
        ("home", True, False),
    ],
)
def test_policies_allow_only_what_the_kind_of_page_needs(visitor: Visitor, kind: str, *, trusted: bool, wasm: bool) -> None:
    policy = visitor.get(f"/vi{PAGES[kind]}").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert ("require-trusted-types-for 'script'" in policy) is trusted
    assert ("'wasm-unsafe-eval'" in policy) is wasm
    assert ("blob:" in policy) is wasm
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "frame-ancestors 'self'" in policy


def test_headers_of_every_answer(visitor: Visitor) -> None:
    image = f"/iiif/{SLUG}/1/{identifier_of(PHOTO)}/info.json"
    for path in ("/vi/", "/", "/nowhere", "/robots.txt", image, "/static/built/style.css"):
        headers = visitor.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert path == image or headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "content-security-policy" in headers
        assert "set-cookie" not in headers


def test_pages_are_asked_for_again_and_small_when_unchanged(visitor: Visitor) -> None:
    first = visitor.get("/vi/")
    assert first.headers["cache-control"] == "no-cache"
    again = visitor.get("/vi/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_pages_are_pressed(visitor: Visitor, coding: str) -> None:
    plain = visitor.get(f"/vi/{SLUG}/")
    pressed = visitor.get(f"/vi/{SLUG}/", headers={"accept-encoding": coding})
    assert pressed.headers["content-encoding"] == coding
    assert int(pressed.headers["content-length"]) < len(plain.content) / 2
    assert pressed.text == plain.text if coding == "gzip" else pressed.status_code == 200


def test_head_has_the_headers_and_no_body(visitor: Visitor) -> None:
    head = visitor.get("/vi/", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 1000


def test_a_scene_without_javascript_has_pictures_words_and_ways(visitor: Visitor) -> None:
    text = visitor.get(f"/en{PAGES['scene']}").text
    assert re.findall(r'<img src="[^"]*/still-(\d+)\.jpg"', text) == ["0"]
    for yaw, direction in ((90, "east"), (180, "south"), (270, "west")):
        assert f'href="/en{PAGES["scene"]}/{direction}"' in text
        assert f"still-{yaw}.jpg" in visitor.get(f"/en{PAGES['scene']}/{direction}").text
    assert "The courtyard and the stele house" in text
    assert f'href="/en/{SLUG}/scene/{identifier_of(YARD)}#v=-90,0,75"' in text
    assert "Into the courtyard" in text
    assert "dtgone" not in text
    assert "dtprivate" not in text
    assert 'href="/en/dinh-nho/dt1' in text


def test_a_scene_without_a_heading_claims_no_north(visitor: Visitor) -> None:
    text = visitor.get(f"/en{PAGES['scene-unheaded']}").text
    assert "north is unknown" in text
    assert "<p>bắc" not in text
    assert "ahead of the camera" in text.lower()


def test_a_site_without_media_says_so_and_claims_no_survey(visitor: Visitor) -> None:
    for language, words in (
        (Language.VI, "chưa số hóa tại đây"),
        (Language.EN, "not yet digitised here"),
        (Language.TH, "ยังไม่ได้จัดทำเป็นดิจิทัลที่นี่"),
    ):
        text = visitor.get(f"/{language}/{BARE_SLUG}/").text
        assert words in text
        assert "badge-survey" not in text


def test_what_is_not_translated_says_so_and_is_marked_with_its_language(visitor: Visitor) -> None:
    text = visitor.get(f"/en/{BARE_SLUG}/").text
    assert '<span lang="vi">Nhà Xa</span> <small class="untranslated">not yet translated</small>' in text
    assert "not yet translated into English; what follows is in Vietnamese" in text
    assert '<div lang="vi">' in text
    assert "<title>Nhà Xa (in Vietnamese)" in text


@pytest.mark.parametrize(("kind", "name"), [("photo", "Survey"), ("cloud", "Simulated"), ("mesh", "Hypothetical reconstruction")])
def test_the_badge_says_in_words_what_a_view_is(visitor: Visitor, kind: str, name: str) -> None:
    text = visitor.get(f"/en{PAGES[kind]}").text
    assert re.search(rf'class="stage-badge"><a href="#sources"[^>]*>\s*<span class="badge badge-[a-z]+">{name}<', text)
    assert 'id="sources"' in text


def test_an_asset_has_rights_citation_and_downloads(visitor: Visitor) -> None:
    text = visitor.get(f"/en{PAGES['document']}").text
    assert 'rel="license noopener">CC BY 4.0</a>' in text
    assert PAPER in text
    assert "Hồ sơ.pdf" in text
    assert "original/H%E1%BB%93%20s%C6%A1.pdf" in text


def test_an_asset_without_downloads_or_rights_says_so(visitor: Visitor) -> None:
    text = visitor.get(f"/en{PAGES['splat']}").text
    assert "not offered for download" in text
    assert "No rights statement yet" in text


def test_facts_in_conflict_stand_together(visitor: Visitor) -> None:
    text = visitor.get(f"/en/{SLUG}/").text
    dating = text[text.index("<dt>Dating</dt>") :]
    assert dating.index("18th century") < dating.index("1802") < dating.index("</div>")
    assert "Not known; left empty, not guessed" in text
    assert "<dt>strange name</dt>" in text


@pytest.mark.parametrize(
    ("wishes", "home"), [("th,en;q=0.5", "/th/"), ("fr, en-GB;q=0.4", "/en/"), ("", "/vi/"), ("de;q=x,*", "/vi/"), ("th;q=0,en", "/en/")]
)
def test_the_bare_address_leads_to_the_wished_language(visitor: Visitor, wishes: str, home: str) -> None:
    answer = visitor.get("/", headers={"accept-language": wishes})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{home}#hello")


@pytest.mark.parametrize(
    ("path", "language"), [("/nowhere", "vi"), ("/th/nowhere/", "th"), ("/en/dinh-nho/dt0", "en"), ("/en/dinh-nho/scene/dt0", "en")]
)
def test_an_unknown_address_is_met_in_the_right_language(visitor: Visitor, path: str, language: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert f'<html lang="{language}">' in answer.text
    assert f'href="/{language}/"' in answer.text


def test_short_forms_lead_to_the_page(visitor: Visitor) -> None:
    assert visitor.get("/en").headers["location"] == "/en/"
    assert visitor.get(f"/en/{SLUG}").headers["location"].endswith(f"/en/{SLUG}/")
    assert visitor.get(f"/en/{SLUG}/scene/").headers["location"] == f"/en/{SLUG}/"


def test_other_methods_are_refused(visitor: Visitor) -> None:
    answer = visitor.get("/vi/", method="POST")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_data_of_the_site_and_of_an_asset_stand_on_their_own_pages(visitor: Visitor) -> None:
    assert f'href="/export/{SLUG}/manifest.json">IIIF</a>' in visitor.get(f"/en/{SLUG}/").text
    assert "manifest-" not in visitor.get(f"/en/{SLUG}/").text
    assert f"/export/{SLUG}/premis-{identifier_of(PHOTO)}.xml" in visitor.get(f"/en{PAGES['photo']}").text


def test_units_are_named_in_the_language(visitor: Visitor) -> None:
    assert "<dd>เมตร</dd>" in visitor.get(f"/th{PAGES['cloud']}").text
    assert "<dd>2.000.000</dd>" in visitor.get(f"/vi{PAGES['cloud']}").text


def test_a_publication_that_cannot_be_read_is_met_by_a_page_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "current").write_text("not a number")
    with visiting(tmp_path) as guest:
        answer = guest.get("/th/broken/")
        assert answer.status_code == 500
        assert "เกิดข้อผิดพลาดทางฝั่งเรา" in answer.text
        assert "not a number" not in answer.text


def test_an_archive_without_publications_says_so(tmp_path: Path) -> None:
    with visiting(tmp_path / "nothing") as guest:
        assert "No site has been published here yet" in guest.get("/en/").text


def test_a_cloud_says_where_to_look_and_a_model_does_not(visitor: Visitor) -> None:
    """The first view is framed by where the points mostly are; a model is seen whole."""
    for kind, focus in (("cloud", [-4.0, -3.25, 0.0, 4.0, 3.5, 2.75]), ("mesh", None)):
        (frame,) = [values for _, values in tags_of(visitor.get(f"/en{PAGES[kind]}").text) if "data-space" in values]
        assert json.loads(frame["data-space"] or "")["focus"] == focus
