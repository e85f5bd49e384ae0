"""Links that others bring or take away: embed codes, embedded stages, content states. None leads away from here."""

import base64
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.publications.read import PLACEHOLDER_BASE, Publications
from archive.records.identifiers import identifier_of
from archive.records.text import Language
from tests.archive.publications.builders import GATE, GONE, HIDDEN, PAPER, PHOTO, SLUG
from tests.viewer.builders import CLOUD, EVIL, MESH, ODD, SOUND, SPLAT, Visitor, visiting, write_museum
from tests.viewer.published import EVIL_SLUG, GONE_SLUG, write_published
from viewer.discovery.content_state import PARAMETER, Named, decode, encode, encoded, named
from viewer.discovery.oembed import embed_code, fitting
from viewer.discovery.subject import Subject, subject_at

BASE = "http://ditich.test"
PHOTO_PAGE = f"/en/{SLUG}/{identifier_of(PHOTO)}"
SCENE_PAGE = f"/en/{SLUG}/scene/{identifier_of(GATE)}"


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with visiting(write_published(tmp_path_factory.mktemp("linked"))) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with visiting(write_museum(tmp_path_factory.mktemp("museum"))) as visitor:
        yield visitor


def test_pages_name_their_state(guest: Visitor) -> None:
    for page in (PHOTO_PAGE, SCENE_PAGE):
        found = _Frames()
        found.feed(guest.get(page).text)
        (state,) = {attributes["href"] for tag, attributes in found.found if tag == "a" and PARAMETER in attributes.get("href", "")}
        assert guest.get(state.removeprefix(BASE)).headers["location"] == page


def canvas(ark: str, fragment: str = "") -> str:
    return f"{BASE}/export/{SLUG}/canvas-{identifier_of(ark)}{fragment}"


def ask(guest: Visitor, url: str, **more: str) -> Any:
    return guest.get(f"/oembed?{urlencode({'url': url, **more})}")


class _Frames(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def frame_of(html: str) -> dict[str, str]:
    parser = _Frames()
    parser.feed(html)
    ((tag, attributes),) = parser.found
    assert tag == "iframe"
    return attributes


@pytest.mark.parametrize("page", [PHOTO_PAGE, SCENE_PAGE])
def test_an_embed_code_frames_the_embedded_page(guest: Visitor, page: str) -> None:
    answer = ask(guest, BASE + page)
    found = answer.json()
    assert (found["version"], found["type"], found["provider_name"]) == ("1.0", "rich", "Ditich")
    frame = frame_of(found["html"])
    assert frame["src"] == f"{BASE}{page}/embed"
    assert (int(frame["width"]), int(frame["height"])) == (found["width"], found["height"]) == (800, 500)
    assert guest.get(found["thumbnail_url"].removeprefix(BASE)).status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert ask(guest, f"{BASE}{page}/embed").json()["html"] == found["html"]


def test_sizes_are_respected_and_what_is_no_size_is_none() -> None:
    assert fitting("400", "") == (400, 250)
    assert fitting("9999999999", "") == (2000, 1250)
    assert fitting("1", "1") == (200, 125)
    assert fitting("", "300") == (800, 300)
    assert fitting("-4", "many") == fitting("", "") == (800, 500)


def test_only_json_and_only_our_own_public_addresses_are_answered(guest: Visitor) -> None:
    assert ask(guest, BASE + PHOTO_PAGE, format="xml").status_code == 501
    assert guest.get("/oembed").status_code == 400
    elsewhere = [
        f"https://ditich.test{PHOTO_PAGE}",
        f"http://evil.example{PHOTO_PAGE}",
        f"{BASE}.evil.example{PHOTO_PAGE}",
        f"{BASE}@evil.example{PHOTO_PAGE}",
        f"{BASE}/fr/{SLUG}/{identifier_of(PHOTO)}",
        f"{BASE}/en/{SLUG}/",
        f"{BASE}/en/{SLUG}/{identifier_of(HIDDEN)}",
        f"{BASE}/en/{SLUG}/scene/{identifier_of(PAPER)}",
        f"{BASE}/en/{GONE_SLUG}/{identifier_of(PHOTO)}",
        "http://[::1",
        "javascript:alert(1)",
    ]
    for url in elsewhere:
        answer = ask(guest, url)
        assert (answer.status_code, answer.text) == (404, "Not here."), url


def test_no_word_leaves_an_embed_code(guest: Visitor) -> None:
    for language in Language:
        found = ask(guest, f"{BASE}/{language}/{EVIL_SLUG}/{identifier_of(PHOTO)}").json()
        frame = frame_of(found["html"])
        assert set(frame) == {"src", "width", "height", "title", "loading", "allow", "allowfullscreen"}
    assert frame_of(embed_code('https://a.example/"x', EVIL, (1, 1)))["title"] == EVIL


@pytest.mark.parametrize("page", [PHOTO_PAGE, SCENE_PAGE])
def test_embedded_pages_may_be_framed_by_anybody_and_others_by_nobody_else(guest: Visitor, page: str) -> None:
    embedded = guest.get(f"{page}/embed")
    assert embedded.status_code == 200
    assert "frame-ancestors *" in embedded.headers["content-security-policy"]
    assert "default-src 'none'" in embedded.headers["content-security-policy"]
    assert embedded.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "cross-origin-opener-policy" not in embedded.headers
    assert '<meta name="robots" content="noindex">' in embedded.text
    assert f'href="{BASE}{page}"' in embedded.text
    assert f'href="{page}" target="_blank" rel="noopener"' in embedded.text
    assert "© Phòng Văn hóa" in embedded.text
    whole = guest.get(page)
    assert "frame-ancestors 'self'" in whole.headers["content-security-policy"]
    assert whole.headers["cross-origin-opener-policy"] == "same-origin"
    assert "xr-spatial-tracking=(self)" in whole.headers["permissions-policy"]


def test_one_walks_inside_the_frame(guest: Visitor) -> None:
    found = _Frames()
    found.feed(guest.get(f"{SCENE_PAGE}/embed").text)
    ways = [attributes["href"] for tag, attributes in found.found if tag == "a" and "way" in attributes.get("class", "").split()]
    assert len(ways) >= 2
    for way in ways:
        assert way.partition("#")[0].endswith("/embed")
        assert guest.get(way.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("ark", [CLOUD, MESH, SPLAT, SOUND, ODD, PAPER, PHOTO, GATE])
def test_every_kind_of_thing_has_an_embedded_page(full: Visitor, ark: str) -> None:
    answer = full.get(f"/th/{SLUG}/{identifier_of(ark)}/embed")
    assert answer.status_code == 200
    assert 'class="embed"' in answer.text
    assert "badge-" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/en/{SLUG}/{identifier_of(HIDDEN)}/embed",
        f"/en/{SLUG}/{identifier_of(GONE)}/embed",
        f"/en/{SLUG}/scene/{identifier_of(GONE)}/embed",
        f"/en/{SLUG}/scene/nothing/embed",
        f"/en/{GONE_SLUG}/{identifier_of(PHOTO)}/embed",
    ],
)
def test_what_is_not_public_cannot_be_embedded(guest: Visitor, path: str) -> None:
    assert guest.get(path).status_code == 404


def test_an_embedded_scene_that_is_one_no_more_leads_to_its_picture(guest: Visitor) -> None:
    answer = guest.get(f"/en/{SLUG}/scene/{identifier_of(PHOTO)}/embed")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PHOTO_PAGE}/embed")


def arrive(guest: Visitor, state: str, path: str = "/en/") -> Any:
    return guest.get(f"{path}?{urlencode({PARAMETER: state})}")


def subject(guest: Visitor, kind: str, ark: str, root: Any) -> Subject:
    found = subject_at(Publications(root).site(SLUG), kind, identifier_of(ark))
    assert found is not None
    return found


@pytest.mark.parametrize(("kind", "ark", "page"), [("", PHOTO, PHOTO_PAGE), ("scene", GATE, SCENE_PAGE), ("", PAPER, "")])
def test_a_state_leads_back_to_its_page(guest: Visitor, tmp_path: Any, kind: str, ark: str, page: str) -> None:
    state = encoded(subject(guest, kind, ark, write_published(tmp_path)), BASE)
    assert "=" not in state
    value = json.loads(decode(state))
    assert (value["type"], value["partOf"][0]["type"]) == ("Canvas", "Manifest")
    assert guest.get(value["partOf"][0]["id"].removeprefix(BASE)).status_code == 200
    answer = arrive(guest, state, path=f"/en/{SLUG}/")
    assert answer.status_code == 303
    assert answer.headers["location"] == (page or f"/en/{SLUG}/{identifier_of(ark)}")


@pytest.mark.parametrize(
    ("state", "page"),
    [
        (f"{BASE}/export/{SLUG}/manifest.json", f"/en/{SLUG}/"),
        (f"{BASE}/export/{SLUG}/collection.json", f"/en/{SLUG}/"),
        (f"{BASE}/export/{SLUG}/manifest-tour.json", f"/en/{SLUG}/"),
        (f"{PLACEHOLDER_BASE}/export/{SLUG}/manifest-{identifier_of(PHOTO)}.json", PHOTO_PAGE),
        (json.dumps({"id": canvas(PHOTO, "#xywh=300,225,600,450"), "type": "Canvas"}), f"{PHOTO_PAGE}#xywh=300,225,600,450"),
        (json.dumps({"id": canvas(PHOTO, "#xywh=percent:25,25,50,50"), "type": "Canvas"}), f"{PHOTO_PAGE}#xywh=300,225,600,450"),
        (canvas(GATE, "#xywh=1436,412,200,200"), f"{SCENE_PAGE}#v=90.0,0.0,35"),
        (canvas(PAPER, "#xywh=1,2,3,4"), f"/en/{SLUG}/{identifier_of(PAPER)}"),
        (canvas(PHOTO, "#t=5"), PHOTO_PAGE),
        (
            json.dumps({"type": "Annotation", "target": [{"source": canvas(PHOTO), "selector": [{"value": "xywh=0,0,9,9"}]}]}),
            f"{PHOTO_PAGE}#xywh=0,0,9,9",
        ),
        (json.dumps({"type": "SpecificResource", "source": canvas(PHOTO), "selector": []}), PHOTO_PAGE),
        (f"{BASE}/export/{SLUG}/manifest4-{identifier_of(PHOTO)}.json/scene", PHOTO_PAGE),
    ],
)
def test_states_of_all_forms_are_understood(guest: Visitor, state: str, page: str) -> None:
    for text in (state, encode(state)):
        answer = arrive(guest, text)
        assert (answer.status_code, answer.headers["location"]) == (303, page)


@pytest.mark.parametrize(
    "state",
    [
        "",
        "%%%",
        "YQ",
        encode("not json {"),
        encode("{broken"),
        encode(json.dumps([canvas(PHOTO)])),
        encode("[" * 3000),
        encode('{"target":' * 500),
        "x" * 20000,
        encode(json.dumps({"type": "Annotation", "target": []})),
        encode(json.dumps({"type": "Annotation", "target": 7})),
        encode(json.dumps({"type": "Annotation"})),
        f"https://evil.example/export/{SLUG}/manifest.json",
        f"{BASE}@evil.example/export/{SLUG}/manifest.json",
        f"{BASE}.evil.example/export/{SLUG}/manifest.json",
        f"//evil.example/export/{SLUG}/manifest.json",
        f"{BASE}/export/{GONE_SLUG}/manifest.json",
        f"{BASE}/export/..%2F..%2Fevil.example/manifest.json",
        f"{BASE}/export//evil.example/manifest.json",
        f"{BASE}/export/{SLUG}/manifest-{identifier_of(HIDDEN)}.json",
        f"{BASE}/export/{SLUG}/canvas-dtnothing",
        "http://[::1",
        "javascript:alert(1)",
    ],
)
def test_what_is_not_ours_is_met_by_a_page_and_leads_nowhere(guest: Visitor, state: str) -> None:
    answer = arrive(guest, state, path="/th/")
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert '<html lang="th">' in answer.text
    assert "evil.example" not in answer.text


def test_a_state_at_the_bare_address_gets_the_language_of_the_browser(guest: Visitor) -> None:
    answer = guest.get(f"/?{PARAMETER}={quote(canvas(PHOTO))}", headers={"accept-language": "th"})
    assert answer.headers["location"] == f"/th/{SLUG}/{identifier_of(PHOTO)}"


@given(st.text(max_size=300))
def test_any_text_survives_the_encoding(text: str) -> None:
    clean = text.encode("utf-8", "ignore").decode()
    wrapped = json.dumps({"v": clean}, ensure_ascii=False)
    assert decode(encode(wrapped)) == wrapped


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_states(text: str) -> None:
    named(text, BASE)


def test_a_state_that_was_only_base64_encoded_is_read_too() -> None:
    plain = base64.urlsafe_b64encode(json.dumps({"id": canvas(PHOTO), "type": "Canvas"}).encode()).decode()
    assert named(plain, BASE) == Named(SLUG, identifier_of(PHOTO))
    assert parse_qs(urlsplit(f"/?{PARAMETER}={plain}").query)
