"""What programs find: heads, map, feeds, the stream of changes and the exports under the address of the request."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from archive.publications.read import PLACEHOLDER_BASE, Publications
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicFile
from archive.records.text import Language
from tests.archive.publications.builders import GATE, GONE, LICENCE, PAPER, PHOTO, SITE, SLUG
from tests.viewer.builders import CLOUD, EVIL, SOUND, Visitor, visiting, write_museum
from tests.viewer.published import EVIL_SLUG, GONE_SLUG, write_published
from viewer.app import create_app
from viewer.discovery.catalogue import Listed, instant
from viewer.discovery.schema_org import data_block, described
from viewer.discovery.sitemap import parted
from viewer.discovery.subject import Subject
from viewer.origin import origin_of

BASE = "http://ditich.test"
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with visiting(write_published(tmp_path_factory.mktemp("published"))) as visitor:
        yield visitor


class _Head(HTMLParser):
    """What a browser makes of a page's head: links, meta elements and data blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []
        self.meta: dict[str, list[str]] = {}
        self.blocks: list[str] = []
        self._in_block = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "link":
            self.links.append(found)
        if tag == "meta":
            self.meta.setdefault(found.get("property") or found.get("name", ""), []).append(found.get("content", ""))
        self._in_block = tag == "script" and found.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._in_block = self._in_block and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_block:
            self.blocks.append(data)


def head_of(guest: Visitor, path: str) -> _Head:
    answer = guest.get(path)
    assert answer.status_code == 200, path
    parsed = _Head()
    parsed.feed(answer.text)
    return parsed


def xml_of(guest: Visitor, path: str) -> Any:
    answer = guest.get(path)
    assert answer.status_code == 200, path
    return etree.fromstring(answer.content)


PHOTO_PAGE = f"/{SLUG}/{identifier_of(PHOTO)}"


def test_a_head_names_the_page_and_its_other_languages(guest: Visitor) -> None:
    head = head_of(guest, f"/en{PHOTO_PAGE}")
    by_language = {link["hreflang"]: link["href"] for link in head.links if "hreflang" in link}
    assert by_language == {
        **{str(language): f"{BASE}/{language}{PHOTO_PAGE}" for language in Language},
        "x-default": f"{BASE}/en{PHOTO_PAGE}",
    }
    assert [link["href"] for link in head.links if link["rel"] == "canonical"] == [f"{BASE}/en{PHOTO_PAGE}"]
    assert [link["href"] for link in head_of(guest, "/vi/").links if link.get("hreflang") == "x-default"] == [f"{BASE}/"]


def test_open_graph_has_everything_a_card_needs(guest: Visitor) -> None:
    meta = head_of(guest, f"/vi{PHOTO_PAGE}").meta
    assert meta["og:title"] == ["Mái đình Thạc Gián – Đình Nhỏ"]
    assert meta["og:url"] == [f"{BASE}/vi{PHOTO_PAGE}"]
    assert (meta["og:locale"], meta["og:locale:alternate"]) == (["vi_VN"], ["en_GB", "th_TH"])
    assert meta["og:image"][0].startswith(f"{BASE}/media/{SLUG}/1/{identifier_of(PHOTO)}/first-view")
    assert int(meta["og:image:width"][0]) > int(meta["og:image:height"][0]) > 100
    assert meta["og:image:alt"] == meta["og:title"]
    assert (meta["og:site_name"], meta["twitter:card"]) == (["Ditich"], ["summary_large_image"])
    assert guest.get(meta["og:image"][0].removeprefix(BASE)).status_code == 200
    assert "og:image" not in head_of(guest, "/vi/about").meta


def test_a_page_leads_programs_to_manifest_feed_and_embed_code(guest: Visitor) -> None:
    links = {link.get("type", ""): link["href"] for link in head_of(guest, f"/en{PHOTO_PAGE}").links}
    for kind, path in links.items():
        if kind in {"application/rss+xml", "application/json+oembed"} or kind.startswith("application/ld+json"):
            assert path.startswith(f"{BASE}/")
            assert guest.get(path.removeprefix(BASE)).status_code == 200
    assert len([kind for kind in links if kind.startswith("application/")]) == 3
    assert not [link for link in head_of(guest, f"/en/{SLUG}/").links if "oembed" in link.get("type", "")]


def thing_of(guest: Visitor, path: str) -> dict[str, Any]:
    (block,) = head_of(guest, path).blocks
    return dict(json.loads(block))


def test_schema_org_of_a_site_and_of_its_things(guest: Visitor) -> None:
    site = thing_of(guest, f"/en/{SLUG}/")
    assert (site["@type"], site["identifier"], site["name"]) == ("LandmarksOrHistoricalBuildings", SITE, "The Small Communal House")
    assert site["geo"] == {"@type": "GeoCoordinates", "latitude": 16.07, "longitude": 108.21}
    photo = thing_of(guest, f"/en{PHOTO_PAGE}")
    assert (photo["@type"], photo["license"], photo["creditText"]) == ("ImageObject", LICENCE, "© Phòng Văn hóa")
    assert (photo["dateCreated"], photo["isPartOf"]["name"]) == ("2026-01-01", "The Small Communal House")
    assert "contentUrl" not in photo
    assert "geo" not in photo
    paper = thing_of(guest, f"/en/{SLUG}/{identifier_of(PAPER)}")
    assert paper["@type"] == "DigitalDocument"
    assert guest.get(paper["contentUrl"].removeprefix(BASE)).status_code == 200


def test_what_is_simulated_is_no_landmark(guest: Visitor) -> None:
    site = thing_of(guest, f"/en/{EVIL_SLUG}/")
    assert site["@type"] == "CreativeWork"
    assert site["digitalSourceType"].endswith("/digitalCreation")
    assert "geo" not in site


@pytest.mark.parametrize("language", list(Language))
def test_no_word_leaves_a_data_block_or_an_attribute(guest: Visitor, language: Language) -> None:
    for below in (
        "",
        identifier_of(PHOTO),
        f"scene/{identifier_of(GATE)}",
        f"{identifier_of(PHOTO)}/embed",
        f"scene/{identifier_of(GATE)}/embed",
    ):
        answer = guest.get(f"/{language}/{EVIL_SLUG}/{below}")
        assert answer.status_code == 200
        assert "<img src=x" not in answer.text
        assert "<script>alert" not in answer.text
        for block in head_of(guest, f"/{language}/{EVIL_SLUG}/{below}").blocks:
            assert not re.search("[<>&\u2028\u2029]", block)
            json.loads(block)


def test_a_data_block_escapes_what_ends_an_element() -> None:
    block = data_block({"a": "</script><!--\u2028&'"})
    assert json.loads(block) == {"a": "</script><!--\u2028&'"}
    assert not set("<>&'\u2028") & set(block)


def test_the_map_lists_every_page_in_every_language(guest: Visitor) -> None:
    found = xml_of(guest, "/sitemap.xml")
    addresses = found.xpath("s:url/s:loc/text()", namespaces=MAP)
    assert len(addresses) == len(set(addresses)) > 30
    for language in Language:
        assert {f"{BASE}/{language}/", f"{BASE}/{language}/{SLUG}/", f"{BASE}/{language}{PHOTO_PAGE}"} <= set(addresses)
        scene = f"{BASE}/{language}/{SLUG}/scene/{identifier_of(GATE)}"
        assert {scene, f"{scene}/east", f"{BASE}/{language}/{SLUG}/guide/nhanh/1", f"{BASE}/{language}/{SLUG}/book"} <= set(addresses)
    for address in addresses:
        assert guest.get(address.removeprefix(BASE)).status_code == 200, address
    assert not [address for address in addresses if GONE_SLUG in address]
    photo = next(url for url in found if url.findtext("s:loc", namespaces=MAP) == f"{BASE}/th{PHOTO_PAGE}")
    assert photo.findtext("s:lastmod", namespaces=MAP) == "2026-01-01T00:00:00Z"
    assert {link.get("hreflang") for link in photo.findall("x:link", namespaces=MAP)} == {"vi", "en", "th"}


def test_many_pages_are_parted_under_an_index(guest: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [Listed(lambda language, number=number: f"/{language}/{number}") for number in range(25)]  # type: ignore[misc]
    assert [len(part) for part in parted(pages, most=30)] == [10, 10, 5]
    assert guest.get("/sitemap-1.xml").status_code == 200
    assert guest.get("/sitemap-2.xml").status_code == 404
    assert guest.get("/sitemap-0.xml").status_code == 404
    monkeypatch.setattr("viewer.discovery.sitemap.parted", lambda listed: parted(listed, most=30))
    index = xml_of(guest, "/sitemap.xml")
    maps = index.xpath("s:sitemap/s:loc/text()", namespaces=MAP)
    assert maps[0] == f"{BASE}/sitemap-1.xml"
    assert len(maps) > 1
    assert xml_of(guest, f"/sitemap-{len(maps)}.xml").tag.endswith("urlset")


def test_maps_and_feeds_are_pressed(guest: Visitor) -> None:
    for path in ("/sitemap.xml", "/en/feed.xml"):
        answer = guest.get(path, headers={"accept-encoding": "br"})
        assert answer.headers["content-encoding"] == "br"
        assert answer.content == guest.get(path).content


def test_a_cloud_is_a_data_set_with_its_files_and_an_empty_archive_has_an_empty_feed(tmp_path: Path) -> None:
    file = PublicFile("quét.e57", "E57", "model/e57", 7, "0" * 128)
    root = write_museum(tmp_path)
    with visiting(root) as visitor:
        cloud = replace(Publications(root).asset(SLUG, identifier_of(CLOUD)), downloads=(file,))
        site = Publications(root).site(SLUG)
        found = described(Subject(site, cloud), Language.EN, BASE, lambda text: text.vi or "")
        assert (found["@type"], found["distribution"][0]["encodingFormat"]) == ("Dataset", "model/e57")
        assert thing_of(visitor, f"/en/{SLUG}/{identifier_of(SOUND)}")["@type"] == "VideoObject"
    (tmp_path / "empty").mkdir()
    with visiting(tmp_path / "empty") as visitor:
        assert xml_of(visitor, "/vi/feed.xml").find("channel/item") is None
        assert visitor.get("/activity/all.json").json()["totalItems"] == 0
        assert visitor.get("/activity/page-0.json").json()["orderedItems"] == []


def test_robots_name_the_map(guest: Visitor) -> None:
    lines = guest.get("/robots.txt").text.splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    assert "Disallow: /iiif/" in lines


@pytest.mark.parametrize("path", ["/en/feed.xml", f"/en/{SLUG}/feed.xml"])
def test_feeds_tell_what_is_new_newest_first(guest: Visitor, path: str) -> None:
    channel = xml_of(guest, path).find("channel")
    assert channel.findtext("language") == "en"
    items = channel.findall("item")
    assert items[0].findtext("pubDate") == "Tue, 03 Feb 2026 00:00:00 +0000"
    ours = [item for item in items if SLUG in (item.findtext("link") or "")]
    assert ours[0].findtext("title") == "Roof of the communal house – The Small Communal House"
    assert ours[0].findtext("guid") == PHOTO
    assert {item.findtext("link") for item in ours} >= {f"{BASE}/en/{SLUG}/", f"{BASE}/en{PHOTO_PAGE}"}
    own = channel.find("{http://www.w3.org/2005/Atom}link").get("href")
    assert own == BASE + path
    for item in items:
        assert guest.get((item.findtext("link") or "").removeprefix(BASE)).status_code == 200


def test_hostile_words_are_words_in_a_feed(guest: Visitor) -> None:
    titles = xml_of(guest, f"/vi/{EVIL_SLUG}/feed.xml").xpath("channel/item/title/text()")
    assert f"{EVIL} – {EVIL}" in titles
    assert guest.get(f"/th/{EVIL_SLUG}/feed.xml").text.count("\0") == 0
    assert guest.get(f"/en/{GONE_SLUG}/feed.xml").status_code == 404
    assert guest.get("/fr/feed.xml").status_code == 404


def test_the_stream_of_changes_deletes_what_was_withdrawn(guest: Visitor) -> None:
    whole = guest.get("/activity/all.json").json()
    assert whole["type"] == "OrderedCollection"
    page = guest.get(whole["first"]["id"].removeprefix(BASE)).json()
    items = page["orderedItems"]
    assert whole["totalItems"] == len(items)
    assert [item["endTime"] for item in items] == sorted(item["endTime"] for item in items)
    deleted = {item["object"]["id"]: item["endTime"] for item in items if item["type"] == "Delete"}
    assert deleted[f"{BASE}/export/{SLUG}/manifest-{identifier_of(GONE)}.json"] == "2026-01-02T00:00:00Z"
    assert deleted[f"{BASE}/export/{GONE_SLUG}/collection.json"] == "2026-03-01T00:00:00Z"
    for item in items:
        status = guest.get(item["object"]["id"].removeprefix(BASE)).status_code
        assert status == (404 if item["type"] == "Delete" else 200), item
    assert guest.get("/activity/page-1.json").status_code == 404


def test_the_stream_is_parted_into_pages(guest: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.discovery.activity.PAGE", 4)
    whole = guest.get("/activity/all.json").json()
    address, seen = whole["first"]["id"], 0
    for _ in range(50):
        page = guest.get(address.removeprefix(BASE)).json()
        assert page["startIndex"] == seen
        seen += len(page["orderedItems"])
        if "next" not in page:
            break
        assert guest.get(page["next"]["id"].removeprefix(BASE)).json()["prev"]["id"] == address
        address = page["next"]["id"]
    assert (address, seen) == (whole["last"]["id"], whole["totalItems"])


def test_exports_carry_the_address_they_are_asked_at(guest: Visitor) -> None:
    path = f"/export/{SLUG}/manifest.json"
    answer = guest.get(path)
    assert answer.json()["id"] == BASE + path
    assert PLACEHOLDER_BASE not in answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert guest.get(path, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    elsewhere = guest.get(path, headers={"host": "tour.example:8443"})
    assert elsewhere.json()["id"] == f"http://tour.example:8443{path}"
    assert elsewhere.headers["etag"] != answer.headers["etag"]
    linked = guest.get(path, headers={"accept": "application/ld+json"}).headers["content-type"]
    assert linked == 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
    pressed = guest.get(path, headers={"accept-encoding": "br"})
    assert (pressed.headers["content-encoding"], pressed.json()) == ("br", answer.json())
    assert guest.get(f"/export/{SLUG}/oai_dc.xml").headers["content-type"].startswith("application/xml")


def test_every_address_in_a_manifest_answers(guest: Visitor) -> None:
    text = guest.get(f"/export/{SLUG}/manifest.json").text + guest.get(f"/export/{SLUG}/manifest-{identifier_of(PAPER)}.json").text
    addresses = {
        address for address in re.findall(rf'"id": "({BASE}/[^"#]+)"', text) if not re.search(r"canvas-\w+/|/range/|feature", address)
    }
    assert len(addresses) > 20
    for address in addresses:
        assert guest.get(address.removeprefix(BASE)).status_code in {200, 303}, address
    canvas = guest.get(f"/export/{SLUG}/canvas-{identifier_of(PHOTO)}")
    assert canvas.headers["location"] == f"/export/{SLUG}/manifest-{identifier_of(PHOTO)}.json"
    assert guest.get(f"/export/{SLUG}/canvas-dtnothing").status_code == 404
    assert guest.get(f"/export/{SLUG}/manifest-{identifier_of(GONE)}.json").status_code == 404


def test_an_export_of_a_kind_that_we_do_not_make(tmp_path: Path) -> None:
    root = write_published(tmp_path)
    (root / SLUG / "1" / "exports" / "odd.html").write_text("<script>")
    with visiting(root) as visitor:
        assert visitor.get(f"/export/{SLUG}/odd.html").status_code == 404


@pytest.mark.parametrize("host", ['a"><script>', "a b", "", "x" * 300, "a/b", "evil.example\\@good"])
def test_a_host_that_is_none_is_written_nowhere(host: str) -> None:
    scope = {"type": "http", "scheme": "https", "headers": [(b"host", host.encode())]}
    assert origin_of(scope) == "https://localhost"
    assert origin_of(scope, "https://dt.example/") == "https://dt.example"
    assert origin_of({"type": "http", "scheme": "http", "headers": []}) == "http://localhost"
    assert origin_of({"type": "http", "scheme": "http", "headers": [(b"host", b"[::1]:80")]}) == "http://[::1]:80"


def test_a_configured_address_stands_in_every_page(tmp_path: Path) -> None:
    app = create_app(write_published(tmp_path), public_address="https://di-tich.example/")
    with visiting(tmp_path / "publications") as visitor:
        visitor.app = app
        assert f'rel="canonical" href="https://di-tich.example/vi/{SLUG}/"' in visitor.get(f"/vi/{SLUG}/").text


@pytest.mark.parametrize(
    ("when", "moment"),
    [("2026", "2026-01-01"), ("2026-05", "2026-05-01"), ("2026-05-06T07:08:09Z", "2026-05-06"), ("2026-05-06T07:08:09", "2026-05-06")],
)
def test_dates_of_the_record_are_moments(when: str, moment: str) -> None:
    assert instant(when).isoformat().startswith(moment)
    assert instant(when).tzinfo is not None
