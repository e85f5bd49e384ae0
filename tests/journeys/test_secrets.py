"""Planted secrets appear in nothing that ``serve`` answers: every address that any page, manifest or tileset leads to is asked for."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.ditich_command import document, found_site
from tests.viewer.builders import Visitor, visiting

pytestmark = pytest.mark.timeout(300)

EAST, NORTH, HEIGHT = 546879.0, 1777374.0, 31.0
SECRETS = (
    "CUSTODIAN-SECRET",
    "RESTRICTED-SECRET",
    "HOME-OF-SECRET",
    "SERIAL-SECRET",
    "16.0789",
    "108.1912",
    "546879",
    "546880",
    "1777374",
    "1777375",
)
ADDRESS = re.compile(r"""(?:href|src|srcset|content|action|data-[a-z-]+)\s*=\s*"([^"]+)"|"(?:id|uri|@id|url)"\s*:\s*"([^"]+)\"""")


def photo(path: Path, *, words: str) -> None:
    """A picture with a position, a serial number and words in its EXIF."""
    from PIL import Image

    picture = Image.effect_noise((900, 600), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = words
    exif[0x9003] = "2024:03:14 09:30:00"
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-SECRET"
    exif.get_ifd(0x8825).update({1: "N", 2: (16.0, 4.0, 44.04), 3: "E", 4: (108.0, 11.0, 28.32)})
    picture.save(path, exif=exif, quality=85)


def scan(path: Path) -> None:
    """A small cloud in national coordinates."""
    import laspy
    import numpy as np

    header = laspy.LasHeader(point_format=2, version="1.2")
    header.offsets, header.scales = np.array([EAST, NORTH, HEIGHT]), np.full(3, 0.001)
    cloud = laspy.LasData(header)
    spread = np.random.default_rng(2026).random((5000, 3)) * 10
    cloud.x, cloud.y, cloud.z = EAST + spread[:, 0], NORTH + spread[:, 1], HEIGHT + spread[:, 2]
    cloud.red = cloud.green = cloud.blue = np.full(5000, 40000, np.uint16)
    cloud.write(str(path))


@pytest.fixture
def visitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    home, card = tmp_path / "home", tmp_path / "card"
    card.mkdir()
    photo(card / "open.jpg", words="HOME-OF-SECRET")
    photo(card / "RESTRICTED-SECRET.jpg", words="RESTRICTED-SECRET")
    scan(card / "scan.las")
    sheet = (
        "file name,title@vi,access\nopen.jpg,Ảnh mở,public\nRESTRICTED-SECRET.jpg,RESTRICTED-SECRET,restricted\nscan.las,Bản quét,public\n"
    )
    (card / "metadata.csv").write_text(sheet, encoding="utf-8")
    found_site(home, tmp_path / "site", location="restricted")
    document("ingest", card, "--site", "mau", "--home", home)
    report = document("publish", "mau", "--yes", "--home", home)["sites"][0]
    assert (len(report["will_show"]), len(report["will_not_show"])) == (2, 1)
    with visiting(home / "publications") as visitor:
        yield visitor


def everything_served(visitor: Visitor, home: Path) -> dict[str, bytes]:
    """All answers by address, from the entrance on; and every file that lies in the publications."""
    answers: dict[str, bytes] = {}
    waiting = ["/", "/vi/search?q=anh", "/en/search?q=RESTRICTED-SECRET", "/vi/search?q=16.0789", "/en/search?q=CUSTODIAN-SECRET"]
    while waiting:
        address = waiting.pop()
        if address in answers or urlsplit(address).netloc not in {"", "ditich.test"}:
            continue
        answer = visitor.get(address)
        answers[address] = answer.content + str(dict(answer.headers)).encode()
        found = ADDRESS.findall(answer.content.decode("utf-8", "replace")) if len(answer.content) < 1 << 20 else []
        links = (unescape(first or second).split()[0] for first, second in found if (first or second).strip())
        waiting += [urljoin(address, link).partition("#")[0] for link in links if "{" not in link]
    files = {str(path): path.read_bytes() for path in (home / "publications").rglob("*") if path.is_file()}
    return answers | files


def test_no_secret_is_served(visitor: Visitor, tmp_path: Path) -> None:
    served = everything_served(visitor, tmp_path / "home")
    assert len(served) > 40
    assert any("/media/" in address for address in served)
    assert any("tiles.pack" in address for address in served)
    assert any(re.search(r"/media/.*/(dt\w+)/\1\.jpg", address) for address in served), "the access copy is offered"
    assert sum("Ảnh mở".encode() in content for content in served.values()) > 3, "the search itself must be able to find"
    leaks = [
        (address, secret)
        for address, content in served.items()
        for secret in SECRETS
        if secret.encode() in without_the_question(address, content) and secret.encode() not in address.encode()
    ]
    assert leaks == []


def without_the_question(address: str, content: bytes) -> bytes:
    """A search page repeats the words that the visitor typed: that is no leak."""
    asked = urlsplit(address).query.removeprefix("q=")
    return content.replace(asked.encode(), b"") if asked else content


def test_the_offset_is_in_no_number_of_the_tiles(visitor: Visitor, tmp_path: Path) -> None:
    import struct

    needles = [struct.pack(form, value) for value in (EAST, NORTH) for form in ("<d", "<f")]
    for path in (tmp_path / "home/publications").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(needle in content for needle in needles), path
