"""Whatever address, method and headers somebody sends: never a failure of ours, never a byte of a file outside the publication."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import PHOTO, SLUG
from tests.viewer.builders import Visitor, visiting, write_museum
from viewer import screen
from viewer.app import create_app

OUTSIDE = "bytes-outside-of-every-publication"
PICTURE = identifier_of(PHOTO)
ROUTES = (
    f"/media/{SLUG}/1/{PICTURE}/", f"/media/{SLUG}/", f"/export/{SLUG}/", "/static/", "/static/built/", "/iiif/", f"/iiif/{SLUG}/1/",
    f"/iiif/{SLUG}/1/{PICTURE}/", "/q/", "/offline/", "/ark:", "/vi/", f"/vi/{SLUG}/", f"/vi/{SLUG}/scene/", f"/vi/{SLUG}/guide/",
    "/activity/page-", "/sitemap-",
)  # fmt: skip
TRICKS = (
    "..", "%2e%2e", "%252e%252e", "..%2f", "..%5c", "..\\", "%00", "%0d%0aset-cookie:x", "C:", "c:%5cwindows", "//", "~root", "current",
    "publication.json", "search.sqlite", "secret.txt", "%ff%fe", "%c0%ae%c0%ae", "١", "a" * 300, "9" * 400, "%E2%80%AE", "con", "aux.json",
    "info.json", "full", "max", "0", "default.jpg", "pct:1e9,1,1,1", "-1", "tiles", "tiles.pack", "original",
)  # fmt: skip
WORDS = st.text(max_size=12).map(lambda words: quote(words.encode("utf-8", "replace")))
PATHS = st.builds(
    lambda route, parts: route + "/".join(parts), st.sampled_from(ROUTES), st.lists(st.one_of(st.sampled_from(TRICKS), WORDS), max_size=7)
)
RANGES = (
    "bytes=0-0", "bytes=-1", "bytes=" + "0-1," * 500, "bytes=99999999999999999999-", "bytes=5-1", "lines=1", "bytes=-",
    "bytes=0-" + "9" * 18,
)  # fmt: skip
HOSTS = ("[", "evil.example", "a b", 'a"b', "<script>", "x" * 300, "[::1", "evil.example:99999999", "user@evil.example", "evil.example/x")
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "range": st.sampled_from(RANGES),
        "if-range": st.sampled_from(('"x"', "W/", "Wed, 21 Oct 2015 07:28:00 GMT", "\xe9")),
        "if-none-match": st.sampled_from(("*", '"' * 4000, 'W/"', ",,,,")),
        "host": st.sampled_from(HOSTS),
        "accept-encoding": st.sampled_from(("br;q=x", "br," * 3000, "gzip;q=0, br;q=0", "\x80")),
        "accept-language": st.sampled_from(("th;q=nan", "x" * 8000, "en;q=inf,vi;q=-1")),
        "accept": st.sampled_from(("application/ld+json", "*/*;q=" + "9" * 4000)),
    },
)
TIDIED = (
    b"/static/../../secret.txt", b"/media/dinh-nho/1/x/..%2f..%2f..%2fsecret.txt", b"/iiif/%2e%2e/1/x/info.json",
    b"/export/dinh-nho/..%2fpublication.json", b"/vi/%00/", b"/iiif/a%00/1/b/info.json", b"/export/dinh-nho/%ff",
)  # fmt: skip
QUESTIONS = (
    '"', "*", "NEAR(a b, 9)", "title : x", "a OR b", "a" * 30_000, "ก" * 2000, "'; DROP TABLE entry; --", "\x00\ud7ff", "^a -b {c}",
)  # fmt: skip


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("hostile")
    root = write_museum(folder)
    for place in (folder, root, root / SLUG, root / SLUG / "1", root / SLUG / "1/media"):
        (place / "secret.txt").write_text(OUTSIDE)
    with visiting(root) as visitor:
        yield visitor


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=PATHS, method=st.sampled_from(("GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE")), headers=HEADERS)
def test_no_request_fails_or_reaches_outside(victim: Visitor, path: str, method: str, headers: dict[str, str]) -> None:
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = victim.get(path, method=method, headers=raw)  # type: ignore[arg-type]
    assert answer.status_code < 500, (path, method, headers)
    assert OUTSIDE not in answer.text
    assert b"SQLite format 3" not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "set-cookie" not in answer.headers
    assert len(answer.headers) < 30


@pytest.mark.parametrize("raw", TIDIED)
def test_addresses_that_clients_would_tidy_are_met_as_they_come(victim: Visitor, raw: bytes) -> None:
    assert victim.raw(raw) == 404


def state(value: object) -> str:
    return base64.urlsafe_b64encode(quote(json.dumps(value)).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "content",
    [
        "[" * 8000,
        "{" * 8000,
        "A" * 9000,
        "https://evil.example/",
        "//evil.example/export/x/manifest.json",
        state({"id": f"http://ditich.test/export/{SLUG}/canvas-{PICTURE}#xywh={'9' * 400},1,1,1", "type": "Canvas"}),
        state({"id": "http://evil.example/export/dinh-nho/manifest.json", "type": "Manifest"}),
        state({"id": "http://ditich.test@evil.example/export/dinh-nho/manifest.json", "type": "Manifest"}),
        state({"id": "javascript:alert(1)", "type": "Manifest"}),
        state([[[[[[[[[{"id": "x"}]]]]]]]]]),
        state({"type": "Annotation", "target": 5}),
        "9" * 5000,
    ],
)
def test_a_content_state_leads_nowhere_but_to_our_own_pages(victim: Visitor, content: str) -> None:
    answer = victim.get(f"/vi/?iiif-content={quote(content)}")
    assert answer.status_code in {303, 404}
    assert answer.headers.get("location", f"/vi/{SLUG}/").startswith(f"/vi/{SLUG}/")
    assert "inf" not in answer.headers.get("location", "")


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://[",
        "http://ditich.test@evil.example/vi/x/y",
        "http://ditich.test/vi/../x",
    ],
)
def test_oembed_asks_nobody_and_answers_for_nobody_else(victim: Visitor, url: str) -> None:
    assert victim.get(f"/oembed?url={quote(url, safe='')}").status_code == 404


@pytest.mark.parametrize("words", QUESTIONS)
def test_search_takes_operators_for_words(victim: Visitor, words: str) -> None:
    assert victim.get(f"/vi/search?q={quote(words)}").status_code == 200


@pytest.mark.parametrize("host", [host for host in HOSTS if host != "evil.example"])
def test_what_cannot_be_a_host_is_written_nowhere(victim: Visitor, host: str) -> None:
    for path in (
        "/vi/",
        "/vi/nowhere",
        f"/vi/{SLUG}",
        f"/iiif/{SLUG}/1/{PICTURE}/info.json",
        f"/vi/{SLUG}/{PICTURE}/citation.bib",
        "/sitemap.xml",
    ):
        answer = victim.get(path, headers={"host": host})
        assert answer.status_code < 400 or path == "/vi/nowhere"
        assert host not in answer.text or host in {"[", "[::1"}
        assert not [value for value in answer.headers.values() if host in value]


def test_a_public_address_is_the_only_one(tmp_path: Path) -> None:
    """Behind a shared memory that does not part hosts, one visitor's invented host would be everybody's."""
    root = write_museum(tmp_path)
    with visiting(root) as visitor:
        visitor.app = create_app(root, public_address="https://museum.example")
        for path in ("/vi/", f"/vi/{SLUG}", f"/vi/{SLUG}/", f"/iiif/{SLUG}/1/{PICTURE}/info.json", f"/vi/{SLUG}/{PICTURE}/citation.json"):
            answer = visitor.get(path, headers={"host": "rebound.example"})
            assert "rebound.example" not in answer.text + str(answer.headers)
        assert visitor.get(f"/vi/{SLUG}").headers["location"] == f"https://museum.example/vi/{SLUG}/"


def test_all_spellings_of_an_image_are_one_image(victim: Visitor) -> None:
    spelt = quote(SLUG).replace("-", "%2D")
    assert victim.get(f"/iiif/{spelt}/1/{PICTURE}/info.json").json()["id"] == f"http://ditich.test/iiif/{SLUG}/1/{PICTURE}"
    assert victim.get(f"/iiif/{SLUG}/01/{PICTURE}/info.json").status_code == 404


def test_our_own_failure_brings_its_headers(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "current").write_text("not a number")
    (tmp_path / "README").write_text("a file among the sites")
    with visiting(tmp_path) as visitor:
        answer = visitor.get("/vi/broken/")
        assert visitor.get("/vi/README/").status_code == 404
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_a_viewer_without_its_templates_still_has_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(screen, "HERE", tmp_path)
    with visiting(tmp_path / "publications") as visitor:
        answer = visitor.get("/en/")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"]
    assert all(words in answer.text for words in ("Có lỗi ở phía chúng tôi", "Something went wrong", "เกิดข้อผิดพลาด"))
