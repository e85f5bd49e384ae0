"""Files: ranges, entity tags, downloads, generations, and addresses that try to reach elsewhere."""

from pathlib import Path

import brotli
import pytest

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import PAPER, PHOTO, SLUG
from tests.viewer.builders import CLOUD, MESH, ODD, SOUND, TILE, Visitor
from viewer.compression import PressedAnswers, accepted_coding
from viewer.media import attachment, requested_range

PICTURE = f"/media/{SLUG}/1/{identifier_of(PHOTO)}/first-view.jpg"
MODEL = f"/media/{SLUG}/1/{identifier_of(MESH)}/model.glb"
TILES = f"/media/{SLUG}/1/{identifier_of(CLOUD)}/tiles"


@pytest.mark.parametrize(
    ("header", "length", "wanted"),
    [
        ("bytes=0-0", 10, (0, 0)),
        ("bytes=2-", 10, (2, 9)),
        ("bytes=-3", 10, (7, 9)),
        ("bytes=-30", 10, (0, 9)),
        ("bytes=5-99999999", 10, (5, 9)),
        ("bytes=-", 10, None),
        ("bytes=7-3", 10, None),
        ("bytes=0-1,3-4", 10, None),
        ("lines=1-2", 10, None),
        ("bytes=99999999999999999999-", 10, None),
        ("bytes=a-b", 10, None),
        ("", 10, None),
    ],
)
def test_ranges(header: str, length: int, wanted: tuple[int, int] | None) -> None:
    assert requested_range(header, length) == wanted


@pytest.mark.parametrize(("header", "length"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=-5", 0), ("bytes=0-", 0)])
def test_ranges_outside(header: str, length: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        requested_range(header, length)


def test_a_picture_is_kept_for_good_and_answers_ranges(visitor: Visitor) -> None:
    whole = visitor.get(PICTURE)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in whole.headers["cache-control"]
    assert "content-disposition" not in whole.headers
    part = visitor.get(PICTURE, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    head = visitor.get(PICTURE, method="HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(whole.content)))


def test_a_range_outside_or_of_another_version(visitor: Visitor) -> None:
    etag = visitor.get(PICTURE).headers["etag"]
    assert visitor.get(PICTURE, headers={"range": "bytes=99999999-"}).status_code == 416
    assert visitor.get(PICTURE, headers={"range": "bytes=0-9", "if-range": etag}).status_code == 206
    assert visitor.get(PICTURE, headers={"range": "bytes=0-9", "if-range": '"old"'}).status_code == 200


def test_a_thousand_ranges_cost_one_answer(visitor: Visitor) -> None:
    ranges = ",".join(f"{n}-{n + 1}" for n in range(1000))
    answer = visitor.get(PICTURE, headers={"range": f"bytes={ranges}"})
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_unchanged_files_are_not_sent_again(visitor: Visitor) -> None:
    etag = visitor.get(PICTURE).headers["etag"]
    for tags in (etag, f'"other", W/{etag}', "*"):
        assert visitor.get(PICTURE, headers={"if-none-match": tags}).status_code == 304


def test_models_are_pressed_once_and_tagged_apart(visitor: Visitor) -> None:
    plain = visitor.get(MODEL)
    pressed = visitor.get(MODEL, headers={"accept-encoding": "gzip, br"})
    assert pressed.headers["content-encoding"] == "br"
    assert pressed.headers["etag"] != plain.headers["etag"]
    assert int(pressed.headers["content-length"]) < len(plain.content)
    assert visitor.get(MODEL, headers={"accept-encoding": "gzip"}).content == plain.content
    assert "Accept-Encoding" in plain.headers["vary"]


def test_tiles_come_out_of_the_pack(visitor: Visitor) -> None:
    assert visitor.get(f"{TILES}/tileset.json").json() == {"asset": {"version": "1.1"}}
    tile = visitor.get(f"{TILES}/content/0/0/0/0.glb")
    assert (tile.content, tile.headers["content-type"]) == (TILE, "model/gltf-binary")
    assert visitor.get(f"{TILES}/content/0/0/0/0.glb", headers={"range": "bytes=3-5"}).content == TILE[3:6]
    assert visitor.get(f"{TILES}/subtrees/0/0/0/0.subtree").content == b"s" * 30
    assert visitor.get(f"{TILES}/content/9/0/0/0.glb").status_code == 404


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"/media/{SLUG}/1/{identifier_of(PAPER)}/original/Hồ sơ.pdf", "H%E1%BB%93%20s%C6%A1.pdf"),
        (f"/media/{SLUG}/1/{identifier_of(SOUND)}/original/trống hội.wav", "tr%E1%BB%91ng%20h%E1%BB%99i.wav"),
        (f"/media/{SLUG}/1/{identifier_of(ODD)}/copy.html", "copy.html"),
    ],
)
def test_originals_and_pages_are_saved_and_never_shown(visitor: Visitor, path: str, name: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-disposition"].endswith(f"filename*=UTF-8''{name}")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_name_cannot_break_the_header() -> None:
    assert attachment('a"\r\nb;c\\é.txt') == "attachment; filename=\"a___b;c__.txt\"; filename*=UTF-8''a%22%0D%0Ab%3Bc%5C%C3%A9.txt"


def test_exports_are_asked_for_again(visitor: Visitor) -> None:
    answer = visitor.get(f"/export/{SLUG}/manifest.json")
    assert answer.json() == {"type": "Manifest"}
    assert (answer.headers["cache-control"], answer.headers["access-control-allow-origin"]) == ("no-cache", "*")
    pressed = visitor.get(f"/export/{SLUG}/manifest.json", headers={"accept-encoding": "br"})
    assert pressed.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        f"/media/{SLUG}/2/{identifier_of(PHOTO)}/first-view.jpg",
        f"/media/{SLUG}/x/{identifier_of(PHOTO)}/first-view.jpg",
        f"/media/{SLUG}/{'9' * 30}/{identifier_of(PHOTO)}/first-view.jpg",
        f"/media/{SLUG}/1/{identifier_of(CLOUD)}/tiles.pack",
        f"/media/{SLUG}/1/{identifier_of(CLOUD)}/tiles.json",
        f"/media/{SLUG}/1/{identifier_of(PHOTO)}/tiles/content/0/0/0/0.glb",
        f"/media/{SLUG}/1/{identifier_of(PHOTO)}/unlisted.jpg",
        f"/media/other/1/{identifier_of(PHOTO)}/first-view.jpg",
        f"/export/{SLUG}/../publication.json",
        f"/export/{SLUG}/publication.json",
        "/static/style.txt",
        "/static/",
    ],
)
def test_what_is_not_listed_is_not_there(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "private" not in answer.text


@pytest.mark.parametrize(
    "raw",
    [
        b"/media/dinh-nho/1/dt1/../../../../search.sqlite",
        b"/media/dinh-nho/1/dt11111111111111118/..%2f..%2f..%2fpublication.json",
        b"/media/dinh-nho/1/dt11111111111111118/%2e%2e/%2e%2e/publication.json",
        b"/media/dinh-nho/1/dt11111111111111118/original/%2fetc%2fpasswd",
        b"/media/..%2f..%2fetc/1/dt11111111111111118/passwd",
        b"/media/dinh-nho/1/dt11111111111111118/first-view.jpg%00.png",
        b"/export/dinh-nho/..%2fpublication.json",
        b"/export/dinh-nho/.%2e%5cpublication.json",
        b"/static/..%2fapp.py",
        b"/static/%2fetc%2fpasswd",
        b"/static/../templates/base.html",
        b"/iiif/dinh-nho/1/..%2f..%2f..%2fetc/info.json",
        b"/iiif/..%2fdinh-nho/1/dt11111111111111118/info.json",
        b"/iiif/%ff%fe/1/dt11111111111111118/info.json",
        b"/vi/%ff%fe/",
        b"/vi/..%2f..%2fetc/",
        b"/vi/%00/",
        b"/ark:99999/%ff",
        b"/%c0%ae%c0%ae/",
    ],
)
def test_addresses_that_try_to_reach_elsewhere(visitor: Visitor, raw: bytes) -> None:
    assert visitor.raw(raw) == 404


def test_static_files_are_kept_for_good_only_under_their_digest(visitor: Visitor) -> None:
    address = visitor.get("/vi/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in visitor.get(address).headers["cache-control"]
    assert visitor.get("/static/built/style.css?v=old").headers["cache-control"] == "no-cache"
    pressed = visitor.get(address, headers={"accept-encoding": "br"})
    assert pressed.headers["content-encoding"] == "br"
    assert int(pressed.headers["content-length"]) < 8 * 1024


def test_the_coding_is_what_the_browser_takes() -> None:
    assert accepted_coding("gzip;q=1, br;q=0", "text/html", 5000) == "gzip"
    assert accepted_coding("identity", "text/html", 5000) == ""
    assert accepted_coding("br", "image/jpeg", 5000) == ""
    assert accepted_coding("br", "text/html", 10) == ""


def test_pressed_answers_are_bounded() -> None:
    kept = PressedAnswers(limit=40)
    for number in range(50):
        content = bytes([number]) * 2000
        assert brotli.decompress(kept.press(str(number), "br", content)) == content
    assert kept.press("49", "br", b"never read: it is remembered") == kept.press("49", "br", b"")
    assert brotli.decompress(kept.press("0", "br", b"forgotten and made again")) == b"forgotten and made again"


def test_a_file_that_grew_short_ends_the_answer(tmp_path: Path, visitor: Visitor) -> None:
    from viewer.media import FileAnswer, Piece

    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    sent: list[bytes] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(bytes(message.get("body", b"")))  # type: ignore[call-overload]

    scope = {"type": "http", "method": "GET", "headers": []}
    answer = FileAnswer(Piece(path, 0, 10, "image/png", "x"), PressedAnswers())
    visitor.portal.call(answer, scope, None, send)  # type: ignore[call-arg, arg-type]
    assert b"".join(sent) == b"abc"
