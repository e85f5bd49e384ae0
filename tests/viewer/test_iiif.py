"""The image service: the rules of the IIIF Image API 3.0, tiles as they are stored, and everything else drawn within bounds."""

import io
from pathlib import Path

import numpy as np
import pytest
import pyvips
from anyio.from_thread import start_blocking_portal
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount

from archive.publications.read import Publications
from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import GATE, PAPER, PHOTO, SLUG
from tests.viewer.builders import Visitor
from viewer.app import create_app
from viewer.iiif.drawings import Budget
from viewer.iiif.endpoint import ImageService
from viewer.iiif.pyramid import read_pyramid
from viewer.iiif.render import render
from viewer.iiif.request import MAX_AREA, BadImageRequestError, parse
from viewer.media import read_slice

BASE = f"/iiif/{SLUG}/1/{identifier_of(GATE)}"
WIDTH, HEIGHT = 2048, 1024


def _parse(address: str, width: int = WIDTH, height: int = HEIGHT) -> tuple[tuple[int, int, int, int], tuple[int, int]]:
    request = parse(address.split("/"), width, height)
    return request.region, request.size


@pytest.mark.parametrize(
    ("address", "region", "size"),
    [
        ("full/max/0/default.jpg", (0, 0, 2048, 1024), (2048, 1024)),
        ("square/max/0/default.jpg", (512, 0, 1024, 1024), (1024, 1024)),
        ("10,20,30,40/max/0/default.jpg", (10, 20, 30, 40), (30, 40)),
        ("2000,1000,500,500/max/0/default.jpg", (2000, 1000, 48, 24), (48, 24)),
        ("pct:25,50,50,25.5/max/0/default.jpg", (512, 512, 1024, 261), (1024, 261)),
        ("full/512,/0/default.jpg", (0, 0, 2048, 1024), (512, 256)),
        ("full/,100/0/default.jpg", (0, 0, 2048, 1024), (200, 100)),
        ("full/pct:50/0/default.jpg", (0, 0, 2048, 1024), (1024, 512)),
        ("full/300,300/0/default.jpg", (0, 0, 2048, 1024), (300, 300)),
        ("full/!300,300/0/default.jpg", (0, 0, 2048, 1024), (300, 150)),
        ("full/!5000,5000/0/default.jpg", (0, 0, 2048, 1024), (2048, 1024)),
        ("full/^!3000,3000/0/default.jpg", (0, 0, 2048, 1024), (3000, 1500)),
        ("full/^3000,/0/default.jpg", (0, 0, 2048, 1024), (3000, 1500)),
        ("full/^pct:150/0/default.jpg", (0, 0, 2048, 1024), (3072, 1536)),
        ("0,0,1000,1000/^max/0/default.jpg", (0, 0, 1000, 1000), (4096, 4096)),
        ("0,0,1,1000/1,/0/default.jpg", (0, 0, 1, 1000), (1, 1000)),
    ],
)
def test_regions_and_sizes(address: str, region: tuple[int, int, int, int], size: tuple[int, int]) -> None:
    assert _parse(address) == (region, size)


@pytest.mark.parametrize(
    "address",
    [
        "full/max/0",
        "full/max/0/default",
        "full/max/0/default.exe",
        "full/max/0/loud.jpg",
        "full/max/361/default.jpg",
        "full/max/-90/default.jpg",
        "full/max/!!90/default.jpg",
        "some/max/0/default.jpg",
        "0,0,0,10/max/0/default.jpg",
        "2048,0,10,10/max/0/default.jpg",
        "-1,0,10,10/max/0/default.jpg",
        "1e3,0,10,10/max/0/default.jpg",
        "pct:0,0,0,0/max/0/default.jpg",
        "pct:nan,0,1,1/max/0/default.jpg",
        "full/0,0/0/default.jpg",
        "full/,/0/default.jpg",
        "full/0,/0/default.jpg",
        "full/,0/0/default.jpg",
        "full/pct:0/0/default.jpg",
        "full/pct:101/0/default.jpg",
        "full/4096,/0/default.jpg",
        "full/!0,10/0/default.jpg",
        "full/^99999,/0/default.jpg",
        "full/^17000,1/0/default.jpg",
        "full/big/0/default.jpg",
        "full/999999999999,/0/default.jpg",
        "full/^^max/0/default.jpg",
        "full/%D9%A1%D9%A0,/0/default.jpg",
    ],
)
def test_requests_that_break_a_rule(address: str, visitor: Visitor) -> None:
    with pytest.raises(BadImageRequestError):
        _parse(address)
    assert visitor.get(f"{BASE}/{address}").status_code == 400


def test_a_huge_image_is_answered_within_bounds() -> None:
    _, size = _parse("full/max/0/default.jpg", 100_000, 50_000)
    assert size[0] * size[1] <= MAX_AREA
    with pytest.raises(BadImageRequestError):
        _parse("full/50000,/0/default.jpg", 100_000, 50_000)


def test_information_names_what_is_there(visitor: Visitor) -> None:
    answer = visitor.get(f"{BASE}/info.json")
    info = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert info["id"] == f"http://ditich.test{BASE}"
    assert (info["type"], info["profile"], info["width"], info["height"]) == ("ImageService3", "level2", WIDTH, HEIGHT)
    assert info["tiles"] == [{"width": 512, "height": 512, "scaleFactors": [1, 2, 4]}]
    assert info["sizes"] == [{"width": 512, "height": 256}, {"width": 1024, "height": 512}, {"width": 2048, "height": 1024}]
    linked = visitor.get(f"{BASE}/info.json", headers={"accept": "application/ld+json"})
    assert linked.headers["content-type"].startswith("application/ld+json;profile=")


def test_the_bare_image_leads_to_its_information(visitor: Visitor) -> None:
    answer = visitor.get(BASE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"http://ditich.test{BASE}/info.json")


def _picture(content: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_a_tile_on_the_grid_is_the_stored_bytes(visitor: Visitor, museum: Path) -> None:
    path = next((museum / SLUG / "1" / "media" / identifier_of(GATE)).glob("pyramid.tif"))
    pyramid = read_pyramid(path)
    answer = visitor.get(f"{BASE}/1024,0,1024,1024/512,512/0/default.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    level = pyramid.levels[1]
    stored = read_slice(path, level.offsets[1], level.lengths[1])
    assert answer.content.endswith(stored[2:])
    drawn = visitor.get(f"{BASE}/1024,0,1024,1024/512,512/0/default.png")
    assert np.abs(_picture(answer.content).astype(int) - _picture(drawn.content)).mean() < 4


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("0,0,2048,1024/512,256/0/default.jpg", (512, 256)),
        ("full/max/90/default.jpg", (1024, 2048)),
        ("full/200,/!180/gray.png", (200, 100)),
        ("10,10,100,50/max/270/bitonal.png", (50, 100)),
        ("5,5,700,300/350,150/0/color.webp", (350, 150)),
        ("0,0,512,512/512,512/0/gray.jpg", (512, 512)),
        ("0,0,512,512/256,256/0/default.jpg", (256, 256)),
        ("100,100,20,20/^40,40/0/default.jpg", (40, 40)),
        ("full/max/360/default.jpg", (2048, 1024)),
    ],
)
def test_everything_else_is_drawn(visitor: Visitor, address: str, size: tuple[int, int]) -> None:
    answer = visitor.get(f"{BASE}/{address}")
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).size == size
    assert visitor.get(f"{BASE}/{address}").content == answer.content


def test_the_edge_of_an_image_is_cut_where_it_ends(visitor: Visitor) -> None:
    base = f"/iiif/{SLUG}/1/{identifier_of(PHOTO)}"
    answer = visitor.get(f"{base}/1024,512,176,388/176,388/0/default.jpg")
    assert Image.open(io.BytesIO(answer.content)).size == (176, 388)
    full = _picture(visitor.get(f"{base}/full/max/0/default.png").content)
    assert np.abs(_picture(answer.content).astype(int) - full[512:900, 1024:1200]).mean() < 4


def test_mirroring_comes_before_turning(visitor: Visitor) -> None:
    plain = _picture(visitor.get(f"{BASE}/0,0,400,200/200,100/0/default.png").content)
    turned = _picture(visitor.get(f"{BASE}/0,0,400,200/200,100/!90/default.png").content)
    assert np.array_equal(turned, np.rot90(plain[:, ::-1], -1))


def test_the_canonical_address_is_given(visitor: Visitor) -> None:
    link = visitor.get(f"{BASE}/pct:0,0,100,100/!300,300/0/default.jpg").headers["link"]
    assert f'<http://ditich.test{BASE}/full/300,150/0/default.jpg>;rel="canonical"' in link
    link = visitor.get(f"{BASE}/0,0,10,10/^20,20/!0/default.jpg").headers["link"]
    assert "/0,0,10,10/^20,20/!0/default.jpg>" in link
    assert "/full/max/0/" in visitor.get(f"{BASE}/full/max/0/default.jpg").headers["link"]


def test_conditional_head_and_preflight(visitor: Visitor) -> None:
    address = f"{BASE}/0,0,512,512/512,512/0/default.jpg"
    first = visitor.get(address)
    assert visitor.get(address, headers={"if-none-match": first.headers["etag"]}).status_code == 304
    head = visitor.get(address, method="HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(first.content)))
    assert visitor.get(address, method="OPTIONS").status_code == 204
    assert visitor.get(address, method="DELETE").status_code == 405


@pytest.mark.parametrize(
    "path",
    [f"/iiif/{SLUG}/1", f"/iiif/{SLUG}/2/{identifier_of(GATE)}/info.json", f"/iiif/{SLUG}/1/{identifier_of(PAPER)}/info.json", "/iiif/"],
)
def test_images_that_are_not_there(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_what_is_remembered_is_bounded(museum: Path) -> None:
    service = ImageService(Publications(museum), most_images=1, budget=Budget(kept=64_000))
    with start_blocking_portal() as portal:
        guest = Visitor(Starlette(routes=[Mount("/iiif", service)]), portal)
        for ark in (GATE, PHOTO, GATE):
            for side in range(60, 90, 2):
                answer = guest.get(f"/iiif/{SLUG}/1/{identifier_of(ark)}/full/{side},/0/default.png")
                assert Image.open(io.BytesIO(answer.content)).size[0] == side
            assert guest.get(f"/iiif/{SLUG}/1/{identifier_of(ark)}/full/1000,/0/default.jpg").status_code == 200


def test_behind_another_server_the_public_address_is_named(museum: Path) -> None:
    with start_blocking_portal() as portal:
        guest = Visitor(create_app(museum, public_address="https://ditich.example/"), portal)
        assert guest.get(f"{BASE}/info.json").json()["id"] == f"https://ditich.example{BASE}"


def test_levels_inside_the_first_page_are_read_too(tmp_path: Path, museum: Path) -> None:
    source = museum / SLUG / "1" / "media" / identifier_of(GATE) / "pyramid.tif"
    path = tmp_path / "inside.tif"
    options = {"tile": True, "pyramid": True, "subifd": True, "tile_width": 256, "tile_height": 256, "compression": "jpeg"}
    pyvips.Image.new_from_file(str(source)).tiffsave(str(path), **options)
    pyramid = read_pyramid(path)
    assert [level.width for level in pyramid.levels] == [2048, 1024, 512, 256]
    for address in ("full/500,/0/default.jpg", "full/max/0/default.jpg"):
        request = parse(address.split("/"), WIDTH, HEIGHT)
        assert Image.open(io.BytesIO(render(pyramid, request))).size == request.size
