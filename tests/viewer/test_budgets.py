"""What a page weighs: bytes on the line of the model house's pages, with rich pictures through the real derivers."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, normpath

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.journeys.ditich_command import document
from tests.viewer.builders import Visitor, visiting

pytestmark = pytest.mark.timeout(300)
SITES = Path(__file__).parents[2] / "sites"
SLUG = "dinh-mau"
PHOTOS = 4
KB = 1000
COMPRESSED = {"accept-encoding": "br, gzip"}


def surroundings(width: int, seed: int) -> NDArray[np.uint8]:
    """A sky above ground of all sizes of detail, twice as wide as high: amplitudes fall with frequency as those of photographs do."""
    random = np.random.default_rng(seed)
    height = width // 2
    across, down = np.fft.rfftfreq(width)[None, :], np.fft.fftfreq(height)[:, None]
    falling = 1 / np.maximum(np.hypot(across, down), 1 / width) ** 1.15
    grain = np.fft.irfft2(np.fft.rfft2(random.normal(size=(height, width))) * falling, s=(height, width))
    ground = 115 + 48 * grain[..., None] / grain.std() + 14 * random.normal(size=3)
    share = np.linspace(0, 1, height)[:, None, None]
    sky = np.array([150.0, 185.0, 225.0]) + 40 * share + 0.1 * (ground - 115)
    return np.asarray(np.where(share < 0.42, sky, ground).clip(0, 255), np.uint8)


@dataclass(frozen=True)
class Page:
    """Bytes of a page's parts as they travel; pictures as (bytes, whether the browser waits with it until it is scrolled to)."""

    html: int
    style: int
    script: int
    pictures: tuple[tuple[int, bool], ...]

    @property
    def at_once(self) -> int:
        return self.html + self.style + sum(size for size, lazy in self.pictures if not lazy)

    @property
    def scrolled(self) -> int:
        return self.html + self.style + self.script + sum(size for size, _ in self.pictures)


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    place = tmp_path_factory.mktemp("budgets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(place / "configuration"))
        card = place / "card"
        card.mkdir()
        tour = (SITES / SLUG / "tour.toml").read_text(encoding="utf-8")
        views = [surroundings(2048, seed) for seed in (1, 2)]
        for number, name in enumerate(re.findall(r'^panorama = "(.+)"', tour, re.MULTILINE)):
            Image.fromarray(np.roll(views[number % 2], 160 * number, axis=1)).save(card / name, quality=88)
        for number in range(PHOTOS):
            Image.fromarray(views[number % 2][:, 300 * number : 300 * number + 1024]).save(card / f"photo-{number}.jpg", quality=88)
        house = shutil.copytree(SITES / SLUG, place / "site", ignore=shutil.ignore_patterns(".ditich*"))
        home = place / "home"
        document("init", "--home", home)
        document("site", "save", house, "--home", home)
        document("ingest", card, "--site", SLUG, "--home", home)
        document("publish", SLUG, "--yes", "--home", home)
        with visiting(home / "publications") as visitor:
            yield visitor


def weigh(guest: Visitor, path: str) -> Page:
    """Load a page as a browser with AVIF does: its style, its script with what that imports at once, its pictures."""
    answer = guest.get(path, headers=COMPRESSED)
    assert answer.status_code == 200
    style = re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.text)
    scripts = re.findall(r'<script type="module" src="([^"]+)"', answer.text)
    pictures = re.findall(r'<picture>.*?srcset="([^" ]+\.avif)".*?<img ([^>]*)>', answer.text, re.DOTALL)
    waits = {address: all("lazy" in tag for name, tag in pictures if name == address) for address, _ in pictures}
    return Page(
        int(answer.headers["content-length"]),
        sum(on_the_line(guest, address) for address in style),
        sum(on_the_line(guest, address) for address in {name for script in scripts for name in with_imports(guest, script)}),
        tuple((on_the_line(guest, address), lazy) for address, lazy in waits.items()),
    )


def on_the_line(guest: Visitor, address: str) -> int:
    answer = guest.get(address, headers=COMPRESSED)
    assert answer.status_code == 200, address
    return int(answer.headers["content-length"])


def with_imports(guest: Visitor, address: str) -> Iterator[str]:
    """The script and, through all of them, what its static imports name."""
    yield address
    for name in re.findall(r'(?:from|^import)"(\./[^"]+)"', guest.get(address).text):
        yield from with_imports(guest, normpath(f"{dirname(address)}/{name}"))


def media(guest: Visitor, path: str, name: str) -> list[int]:
    """Sizes of the pictures called so that a page speaks of anywhere."""
    addresses = set(re.findall(rf'/media/[^"\s,]*/{name}', guest.get(path).text))
    return [on_the_line(guest, address) for address in addresses]


@pytest.fixture(scope="module")
def scene(guest: Visitor) -> str:
    found = re.search(rf'href="(/vi/{SLUG}/scene/[^"]+)"', guest.get(f"/vi/{SLUG}/").text)
    assert found is not None
    return found[1]


def test_a_scene_is_there_without_script_in_thirty_kilobytes(guest: Visitor, scene: str) -> None:
    page = weigh(guest, scene)
    assert [lazy for _, lazy in page.pictures].count(False) == 1
    assert page.at_once <= 30 * KB, page


def test_the_first_panorama_turns_after_sixty_kilobytes(guest: Visitor, scene: str) -> None:
    page = weigh(guest, scene)
    (whole,) = set(media(guest, scene, "first-view.avif"))
    assert page.script
    assert page.at_once + page.script + whole <= 60 * KB, (page, whole)


@pytest.mark.parametrize("path", ["/vi/", f"/vi/{SLUG}/", f"/th/{SLUG}/"])
def test_the_pages_that_lead_there_are_below_a_hundred_and_twenty_kilobytes(guest: Visitor, path: str) -> None:
    page = weigh(guest, path)
    assert page.pictures
    assert page.scrolled <= 120 * KB, page


def test_small_pictures_are_small(guest: Visitor) -> None:
    thumbnails = media(guest, f"/vi/{SLUG}/", "thumbnail.avif")
    assert len(thumbnails) >= PHOTOS
    assert max(thumbnails) <= 8 * KB
