"""The image service under way: withdrawal, crowds, visitors who leave, pictures that take too long, and garbage for addresses."""

import io
import json
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from anyio import sleep_forever
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from archive.publications.read import Publications
from archive.publications.write import withdraw, write_publication
from archive.records.derivative import DerivedFile
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicSite
from archive.records.serialise import from_json
from pipeline.derive import avif_tiles, pyramid
from pipeline.derive.store import listed
from tests.archive.publications.builders import GATE, SLUG, small_site
from tests.viewer.builders import Visitor
from viewer.app import create_app
from viewer.iiif import images
from viewer.iiif.drawings import Budget
from viewer.iiif.endpoint import ImageService
from viewer.iiif.grid import addresses, grid, level0_whole, tile_bytes
from viewer.iiif.information import level0_information
from viewer.iiif.open_files import OpenFiles
from viewer.iiif.pyramid import open_image, read_pyramid, stored_tile
from viewer.iiif.render import StoppedError, render
from viewer.iiif.request import MEDIA_TYPES, Rules, parse

ID = identifier_of(GATE)
BASE = f"/iiif/{SLUG}/1/{ID}"
WIDTH, HEIGHT = 1025, 700


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site whose gate is a part of a sphere, 1025 × 700, made by the real derivers."""
    folder = tmp_path_factory.mktemp("gallery")
    site, media = small_site(folder / "pictures")
    x, y = np.meshgrid(np.linspace(0, 255, WIDTH), np.linspace(0, 255, HEIGHT))
    Image.fromarray(np.stack([x, y, (x + y) / 2], axis=-1).astype(np.uint8)).save(folder / "a.png")
    crop = {"full_width": 2048, "full_height": 1024, "left": 100, "top": 100, "width": WIDTH, "height": HEIGHT}
    facts: dict[str, Any] = {"kind": "panorama", "nature": "survey", "formats": {"a": "png"}, "crop": crop}
    sources = (("a", folder / "a.png"),)
    places: dict[str, Path] = {}
    files: tuple[DerivedFile, ...] = ()
    for number, make in enumerate((partial(pyramid.make, quality=82), partial(avif_tiles.make, quality=52))):
        made_in = folder / f"made{number}"
        made_in.mkdir()
        here = listed(make(sources, made_in, facts, tile=512), made_in)
        places |= {file.name: made_in / file.name for file in here}
        files += here
    gate = next(asset for asset in site.assets if asset.ark == GATE)
    kept = tuple(file for file in gate.files if file.name not in places)
    assets = tuple(replace(asset, files=kept + files) if asset.ark == GATE else asset for asset in site.assets)
    media |= {(ID, name): path for name, path in places.items()}
    root = folder / "publications"
    root.mkdir()
    write_publication(root, replace(site, assets=assets), media, {})
    return root


@pytest.fixture
def own_gallery(gallery: Path, tmp_path: Path) -> Path:
    """One that a test may change."""
    return Path(shutil.copytree(gallery, tmp_path / "publications"))


@pytest.fixture(scope="module")
def portal() -> Any:
    with start_blocking_portal() as started:
        yield started


@pytest.fixture(scope="module")
def guest(gallery: Path, portal: BlockingPortal) -> Visitor:
    return Visitor(create_app(gallery), portal)


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", ["jpg", "avif"])
def test_every_request_on_the_grid_is_copied(gallery: Path, guest: Visitor, form: str) -> None:
    image = open_image(Publications(gallery), SLUG, 1, ID)
    tiles = list(grid(image))
    assert [level.width for level in image.levels] == [1025, 512]
    assert len(tiles) == 6 + 2, "a tile one pixel wide stands at the right edge of both levels"
    for tile in tiles:
        stored = stored_tile(image, tile, form)
        assert stored is not None, tile.key
        content = tile_bytes(image, tile, form)
        assert content is not None
        assert picture(content).size == tile.size
        for address in addresses(tile):
            answer = guest.get(f"{BASE}/{address}.{form}")
            assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPES[form])
            assert answer.content == content
            assert f"/{addresses(tile)[0]}.{form}>" in answer.headers["link"]


def test_other_words_for_a_tile_are_the_same_bytes(guest: Visitor) -> None:
    tile = guest.get(f"{BASE}/0,0,1024,700/512,350/0/default.jpg").content
    for same in ("0,0,1024,700/512,/0/default.jpg", "0,0,1024,9999/512,350/360/color.jpg", "0,0,1024,700/!512,512/0/default.jpg"):
        assert guest.get(f"{BASE}/{same}").content == tile


def test_what_is_not_stored_is_not_made_up(gallery: Path) -> None:
    image = replace(open_image(Publications(gallery), SLUG, 1, ID), edges=None, avif=None)
    edge = next(tile for tile in grid(image) if tile.size[0] == 1)
    assert stored_tile(image, edge) is None
    assert stored_tile(image, edge, "png") is None
    assert tile_bytes(image, edge, "avif") is None
    drawn = tile_bytes(image, edge)
    assert drawn is not None
    assert picture(drawn).size == edge.size


def test_a_frozen_image_says_what_is_there(gallery: Path) -> None:
    image = open_image(Publications(gallery), SLUG, 1, ID)
    said = level0_information("https://ditich.example/i", image)
    assert (said["profile"], said["maxArea"], said["preferredFormats"]) == ("level0", 512 * 512, ["avif", "jpg"])
    assert said["sizes"] == []
    assert said["tiles"] == [{"width": 512, "height": 512, "scaleFactors": [1, 2]}]
    whole = picture(level0_whole(image)).size
    assert 0.95 * 512 * 512 < whole[0] * whole[1] <= 512 * 512
    assert "preferredFormats" not in level0_information("x", replace(image, avif=None))


@pytest.mark.parametrize(("form", "beginning"), [("gif", b"GIF8"), ("tif", b"II*\0"), ("pdf", b"%PDF-1.4"), ("jp2", b"\0\0\0\x0cjP  ")])
@pytest.mark.parametrize("quality", ["default", "gray", "bitonal"])
def test_every_format_that_is_named_is_made(guest: Visitor, form: str, beginning: bytes, quality: str) -> None:
    answer = guest.get(f"{BASE}/10,10,300,200/150,100/0/{quality}.{form}")
    assert (answer.status_code, answer.content[: len(beginning)]) == (200, beginning)
    if form != "pdf":
        assert picture(answer.content).size == (150, 100)


@pytest.mark.parametrize("form", sorted(MEDIA_TYPES))
@pytest.mark.parametrize("quality", ["default", "gray", "bitonal"])
def test_any_turn_in_every_format(guest: Visitor, form: str, quality: str) -> None:
    answer = guest.get(f"{BASE}/0,0,400,200/200,100/!22.5/{quality}.{form}")
    assert answer.status_code == 200
    assert "/!22.5/" in answer.headers["link"]
    if form != "pdf":
        width, height = picture(answer.content).size
        assert width > 200 > height > 100
    if (form, quality) == ("png", "default"):
        assert picture(answer.content).mode == "RGBA"


def test_information_names_its_formats_and_is_asked_for_again(guest: Visitor) -> None:
    answer = guest.get(f"{BASE}/info.json")
    said = answer.json()
    assert said["preferredFormats"] == ["avif", "jpg"]
    assert {"jpg", "png", *said["extraFormats"]} == set(MEDIA_TYPES)
    assert "rotationArbitrary" in said["extraFeatures"]
    again = guest.get(f"{BASE}/info.json", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    linked = guest.get(f"{BASE}/info.json", headers={"accept": "application/ld+json"})
    assert linked.headers["etag"] != answer.headers["etag"]


def test_a_preflight_permits_everything_that_is_served(guest: Visitor) -> None:
    answer = guest.get(f"{BASE}/info.json", method="OPTIONS")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-type" not in answer.headers


def test_the_validators_rules_differ_in_two_points() -> None:
    lax, strict = Rules(as_validator=True), Rules()
    assert parse(("full", "!20,30", "0", "default.jpg"), 10, 10, strict).size == (10, 10)
    assert parse(("full", "^max", "0", "default.jpg"), 10, 10, lax).size == (10, 10)
    assert parse(("full", "^max", "0", "default.jpg"), 10, 10, strict).size == (4096, 4096)
    with pytest.raises(ValueError, match="enlarging"):
        parse(("full", "!20,30", "0", "default.jpg"), 10, 10, lax)
    assert parse(("full", "!20,5", "0", "default.jpg"), 10, 10, lax).size == (5, 5)


def test_withdrawn_images_are_gone_at_the_next_request(own_gallery: Path, portal: BlockingPortal) -> None:
    guest = Visitor(create_app(own_gallery), portal)
    addresses_asked = [f"{BASE}/0,0,512,512/512,512/0/default.jpg", f"{BASE}/full/200,/0/default.jpg", f"{BASE}/info.json"]
    assert [guest.get(address).status_code for address in addresses_asked] == [200] * 3
    withdraw(own_gallery, SLUG)
    assert [guest.get(address).status_code for address in addresses_asked] == [404] * 3
    held = [str(entry.readlink()) for entry in Path("/proc/self/fd").glob("*") if entry.is_symlink()]
    assert not [name for name in held if str(own_gallery) in name], "no descriptor holds what was withdrawn"


def test_a_new_edition_takes_the_place_of_the_old(own_gallery: Path, portal: BlockingPortal) -> None:
    guest = Visitor(create_app(own_gallery), portal)
    old = f"{BASE}/0,0,512,512/512,512/0/default.jpg"
    before = guest.get(old)
    site = from_json(PublicSite, (own_gallery / SLUG / "1" / "publication.json").read_bytes())
    folder = own_gallery / SLUG / "1" / "media"
    media = {(asset.id, file.name): folder / asset.id / file.name for asset in site.assets for file in asset.files}
    media |= {(asset.id, f"original/{f.name}"): folder / asset.id / "original" / f.name for asset in site.assets for f in asset.downloads}
    assert write_publication(own_gallery, replace(site, generation=0), media, {}) == 2
    assert guest.get(old).status_code == 404
    after = guest.get(old.replace(f"{SLUG}/1/", f"{SLUG}/2/"))
    assert (after.content, after.headers["etag"] == before.headers["etag"]) == (before.content, False)
    shutil.rmtree(own_gallery / SLUG)
    assert guest.get(old.replace(f"{SLUG}/1/", f"{SLUG}/2/")).status_code == 404


def test_a_damaged_image_is_no_image(own_gallery: Path, portal: BlockingPortal) -> None:
    path = own_gallery / SLUG / "1" / "media" / ID / "pyramid.tif"
    guest = Visitor(create_app(own_gallery), portal)
    assert guest.get(f"{BASE}/info.json").status_code == 200
    path.write_bytes(b"")
    assert guest.get(f"{BASE}/full/100,/0/default.jpg").status_code == 404
    assert Visitor(create_app(own_gallery), portal).get(f"{BASE}/info.json").status_code == 404


def test_only_so_many_images_and_addresses_are_remembered(gallery: Path, portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_MOST_ADDRESSES", 4)
    service = ImageService(Publications(gallery), most_images=1)
    for number in range(1, 10):
        for other in (ID, f"%64{ID[1:]}"):
            sent = ask(service, portal, f"/iiif/{SLUG}/1/{other}/0,0,{number},1/max/0/default.png".encode(), [])
            assert sent[0]["status"] == 200
    (kept,) = service._images._opened.values()
    assert len(kept.known) <= 4


def test_few_files_are_kept_open(tmp_path: Path, portal: BlockingPortal) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(name.encode() * 10)
    files = OpenFiles(most=2)
    for name in "abcba":
        assert portal.call(files.read, tmp_path / name, 2, 3) == name.encode() * 3
    assert portal.call(files.read, tmp_path / "a", 8, 5) == b"aa", "a slice beyond the end is short"
    with pytest.raises(FileNotFoundError):
        portal.call(files.read, tmp_path / "d", 0, 1)
    files.forget(tmp_path)
    (tmp_path / "a").unlink()
    with pytest.raises(FileNotFoundError):
        portal.call(files.read, tmp_path / "a", 0, 1)


def test_libvips_stops_when_told(gallery: Path) -> None:
    image = open_image(Publications(gallery), SLUG, 1, ID)
    request = parse(("full", "^4000,", "0", "default.png"), WIDTH, HEIGHT)
    for patience in (0, 1, 3):
        looks = iter(range(100_000))
        with pytest.raises(StoppedError):
            render(image, request, lambda looks=looks, patience=patience: next(looks) >= patience)  # type: ignore[misc]


def test_a_sliver_of_a_large_image_is_made_from_a_small_level(gallery: Path) -> None:
    image = open_image(Publications(gallery), SLUG, 1, ID)
    request = parse(("full", f"{WIDTH},1", "0", "default.png"), WIDTH, HEIGHT)
    assert picture(render(image, request)).size == (WIDTH, 1)


def ask(service: ImageService, portal: BlockingPortal, raw_path: bytes, messages: list[dict[str, Any]], method: str = "GET") -> list[Any]:
    """Send one request by hand; ``messages`` are what the client does, after which it waits."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not messages:
            await sleep_forever()
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "scheme": "http", "raw_path": raw_path, "headers": []}
    portal.call(service, scope, receive, send)
    return sent


def test_a_visitor_who_leaves_is_not_drawn_for(gallery: Path, portal: BlockingPortal) -> None:
    service = ImageService(Publications(gallery), budget=Budget(seconds=60))
    body = {"type": "http.request", "body": b"", "more_body": False}
    raw = f"{BASE}/full/^4000,/0/default.png".encode()
    left = ask(service, portal, raw, [body, {"type": "http.request"}, {"type": "http.disconnect"}])
    assert (left[0]["status"], dict(left[0]["headers"])[b"retry-after"]) == (503, b"2")
    stayed = ask(service, portal, raw, [body])
    assert stayed[0]["status"] == 200


SEGMENTS = st.one_of(
    st.sampled_from(["full", "max", "square", "0", "default.jpg", "^max", "pct:50", "!10,10", "1,2,3,4", "pct:1,1,9,9", "info.json", ""]),
    st.from_regex(r"\A(pct:)?-?[0-9]{0,12}(\.[0-9]{0,12})?(,[0-9]{0,12}){0,4}\Z"),
    st.from_regex(r"\A!?\^?[0-9]{0,6},?[0-9]{0,6}\Z"),
    st.from_regex(r"\A!?[0-9]{0,4}(\.[0-9]{0,3})?\Z"),
    st.from_regex(r"\A(default|color|gray|bitonal|[a-z]{1,5})\.(jpg|png|avif|webp|gif|[a-z]{0,4})\Z"),
    st.text(max_size=6).map(partial(quote, errors="replace")),
    st.binary(max_size=8).map(lambda raw: "".join(f"%{octet:02x}" for octet in raw)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.booleans(), st.lists(SEGMENTS, max_size=6))
def test_garbage_is_never_a_fault_of_ours(guest: Visitor, known: bool, segments: list[str]) -> None:  # noqa: FBT001
    """Whatever stands in the address: a picture, or a plain no."""
    raw = "/".join([*([BASE] if known else ["/iiif"]), *segments])
    assert guest.raw(raw.encode("latin-1")) in {200, 303, 400, 404}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.integers(1, 2000), st.integers(1, 2000)),
    st.tuples(st.integers(1, 900), st.integers(1, 900)),
    st.sampled_from(["0", "90", "!180", "270", "45", "!359.5"]),
    st.sampled_from(["jpg", "png"]),
)
def test_what_is_right_is_answered_in_the_size_asked_for(
    gallery: Path, region: tuple[int, int, int, int], size: tuple[int, int], turn: str, form: str
) -> None:
    image = read_pyramid(gallery / SLUG / "1" / "media" / ID / "pyramid.tif")
    address = (",".join(map(str, region)), f"^{size[0]},{size[1]}", turn, f"default.{form}")
    request = parse(address, WIDTH, HEIGHT)
    found = picture(render(image, request)).size
    if turn in {"0", "!180"}:
        assert found == size
    elif turn in {"90", "270"}:
        assert found == size[::-1]
    again = parse(request.canonical(WIDTH, HEIGHT).split("/"), WIDTH, HEIGHT)
    assert again == request, "the canonical form means the same"


def test_json_is_small(guest: Visitor) -> None:
    assert len(json.dumps(guest.get(f"{BASE}/info.json").json())) < 1000
