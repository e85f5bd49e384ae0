"""What a page weighs: bytes and requests of the model house's pages, with rich pictures through the real derivers.

Bytes are those of bodies as they travel (compressed), in thousands. Most figures are taken by a real browser with a phone's window on a
slow line; the budgets of 3D pages stand with their own journeys.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as BrowserPage

from tests.journeys.conftest import serving
from tests.journeys.ditich_command import document
from tests.viewer.builders import Visitor, visiting

pytestmark = pytest.mark.timeout(300)
SITES = Path(__file__).parents[2] / "sites"
SLUG = "dinh-mau"
PHOTOS = 4
SHARP = 8192
"""Width of the first scene's panorama: more than a phone of twofold pixels can show of it"""
KB = 1000
MOVABLE = "document.addEventListener('ditich:ready', () => (window.movable = performance.timeOrigin + performance.now()), true)"
COMPRESSED = {"accept-encoding": "br, gzip"}


def surroundings(width: int, seed: int, *, repeats: int = 1) -> NDArray[np.uint8]:
    """A sky above ground of all sizes of detail, twice as wide as high: amplitudes fall with frequency as those of photographs do.

    The ground ``repeats`` itself in both directions, without a seam and without a detail less: that costs less time to make.
    """
    random = np.random.default_rng(seed)
    wide = width // repeats
    high = wide // 2
    across, down = np.fft.rfftfreq(wide)[None, :], np.fft.fftfreq(high)[:, None]
    falling = 1 / np.maximum(np.hypot(across, down), 1 / wide) ** 1.15
    grain = np.fft.irfft2(np.fft.rfft2(random.normal(size=(high, wide))) * falling, s=(high, wide)).astype(np.float32)
    grain = np.tile(grain * (48 / grain.std()), (repeats, repeats))
    height = width // 2
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    painted = np.empty((height, width, 3), np.uint8)
    for channel, (sky, tint) in enumerate(zip((150, 185, 225), 14 * random.normal(size=3), strict=True)):
        painted[..., channel] = np.where(share < 0.42, sky + 40 * share + 0.1 * (grain + tint), 115 + grain + tint).clip(0, 255)
    return painted


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
def publications(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("budgets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(place / "configuration"))
        card = place / "card"
        card.mkdir()
        tour = (SITES / SLUG / "tour.toml").read_text(encoding="utf-8")
        views = [surroundings(2048, seed) for seed in (1, 2)]
        for number, name in enumerate(re.findall(r'^panorama = "(.+)"', tour, re.MULTILINE)):
            view = surroundings(SHARP, 3, repeats=4) if number == 0 else np.roll(views[number % 2], 160 * number, axis=1)
            Image.fromarray(view).save(card / name, quality=88)
        for number in range(PHOTOS):
            Image.fromarray(views[number % 2][:, 300 * number : 300 * number + 1024]).save(card / f"photo-{number}.jpg", quality=88)
        house = shutil.copytree(SITES / SLUG, place / "site", ignore=shutil.ignore_patterns(".ditich*"))
        home = place / "home"
        document("init", "--home", home)
        document("site", "save", house, "--home", home)
        document("ingest", card, "--site", SLUG, "--home", home)
        document("publish", SLUG, "--yes", "--home", home)
        yield home / "publications"


@pytest.fixture(scope="module")
def guest(publications: Path) -> Iterator[Visitor]:
    with visiting(publications) as visitor:
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


@pytest.fixture(scope="module")
def address(publications: Path) -> Iterator[str]:
    with serving(publications) as place:
        yield place


@dataclass
class Line:
    """What came over the line for one page: requests as sent, bytes of bodies as they travelled, each with its time (CDP seconds)."""

    page: BrowserPage
    sent: list[tuple[float, str]] = field(default_factory=list)
    came: list[tuple[float, str, int]] = field(default_factory=list)
    clock: float = 0.0
    """what is added to CDP's time to have that of the page in seconds since 1970"""

    def requests(self) -> list[str]:
        """Everything asked for; pictures within the page or its style ask nobody."""
        return [url for _, url in self.sent if not url.startswith("data:")]

    def answered(self, until: float) -> set[str]:
        """What had come, or begun to come, by then."""
        return {url for time, url, _ in self.came if time <= until and not url.startswith("data:")}

    def octets(self, until: float = inf) -> int:
        return sum(size for time, _, size in self.came if time <= until)

    def ready(self) -> float:
        """When the panorama could first be moved, in CDP's time."""
        expect(self.page.locator("#stage")).to_have_attribute("data-ready", "true", timeout=60_000)
        return float(self.page.evaluate("window.movable")) / 1000 - self.clock

    def sharp(self) -> None:
        """Wait until nothing that is seen could be sharper."""
        expect(self.page.locator("#stage[data-ready=true]")).to_have_attribute("data-missing", "0", timeout=90_000)
        self.page.wait_for_load_state("networkidle")
        expect(self.page.locator("#stage")).to_have_attribute("data-missing", "0")


@contextmanager
def phone(browser: Browser, **options: Any) -> Iterator[Line]:
    """A phone of 390 × 844 at twofold pixels on slow 4G (1.6 Mb/s down, 750 kb/s up, 150 ms), by Chromium's own throttling."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True, **options)
    context.add_init_script(MOVABLE)
    page = context.new_page()
    line, names, heads = Line(page), dict[str, str](), dict[str, int]()
    devices = context.new_cdp_session(page)
    devices.send("Network.enable")
    devices.send("Network.setCacheDisabled", {"cacheDisabled": False})
    slow = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
    devices.send("Network.emulateNetworkConditions", slow)

    def sent(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"]
        line.clock = line.clock or event["wallTime"] - event["timestamp"]
        line.sent.append((event["timestamp"], event["request"]["url"]))

    def came(event: dict[str, Any]) -> None:
        line.came.append((event["timestamp"], names[event["requestId"]], event["encodedDataLength"]))

    def begun(event: dict[str, Any]) -> None:
        heads[event["requestId"]] = int(event["response"]["encodedDataLength"])

    def ended(event: dict[str, Any]) -> None:
        """Chromium tells the size of a page itself only here, its head included."""
        url = names[event["requestId"]]
        if not any(size for _, other, size in line.came if other == url) and not url.startswith("data:"):
            line.came.append((event["timestamp"], url, int(event["encodedDataLength"]) - heads[event["requestId"]]))

    devices.on("Network.requestWillBeSent", sent)
    devices.on("Network.responseReceived", begun)
    devices.on("Network.dataReceived", came)
    devices.on("Network.loadingFinished", ended)
    yield line
    assert context.cookies() == []
    context.close()


def foreign(line: Line, address: str) -> list[str]:
    return [url for url in line.requests() if not url.startswith((address, "data:", "blob:"))]


def without_avif(route: Route) -> None:
    """The page as a browser reads it that decodes no AVIF: it passes over those sources."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('type="image/avif"', 'type="image/none"'))


@pytest.mark.parametrize("language", ["vi", "en", "th"])
@pytest.mark.parametrize("direction", ["", "/south"])
def test_a_scene_is_there_without_script_in_three_requests(
    browser: Browser, address: str, scene: str, language: str, direction: str
) -> None:
    with phone(browser, java_script_enabled=False) as line:
        line.page.goto(f"{address}/{language}{scene.removeprefix('/vi')}{direction}", wait_until="load")
        line.page.wait_for_load_state("networkidle")
        assert len(line.requests()) == 3, line.requests()
        assert line.octets() <= 30 * KB, line.came
        assert foreign(line, address) == []
        assert line.page.locator(".stage-still img").bounding_box()


@pytest.mark.parametrize("language", ["vi", "en", "th"])
def test_no_scene_weighs_more_than_another_without_script(guest: Visitor, language: str) -> None:
    scenes = set(re.findall(rf'href="(/{language}/{SLUG}/scene/[^"/#]+)"', guest.get(f"/{language}/{SLUG}/").text))
    assert len(scenes) >= 7
    for path in scenes:
        page = weigh(guest, path)
        assert [lazy for _, lazy in page.pictures] == [False]
        assert page.at_once <= 30 * KB, (path, page)


def test_the_first_panorama_turns_after_sixty_kilobytes_and_six_requests(browser: Browser, address: str, scene: str) -> None:
    with phone(browser) as line:
        line.page.goto(address + scene, wait_until="commit")
        ready = line.ready()
        assert line.octets(ready) <= 60 * KB, line.came
        assert len(line.answered(ready)) <= 6, line.answered(ready)


@pytest.mark.parametrize(("modern", "budget"), [(True, 250 * KB), (False, 520 * KB)])
def test_a_sharp_view_has_its_budget(browser: Browser, address: str, scene: str, *, modern: bool, budget: int) -> None:
    with phone(browser) as line:
        if not modern:
            line.page.route(address + scene, without_avif)
        line.page.goto(address + scene, wait_until="commit")
        line.sharp()
        tiles = [url for url in line.requests() if "/iiif/" in url]
        assert tiles
        assert all(url.endswith(".avif") is modern for url in tiles)
        assert any(url.endswith(".avif") for url in line.requests()) is modern
        assert line.octets() <= budget, line.came
        assert foreign(line, address) == []
        assert not any(re.search(r"\.(woff2?|ttf|otf)", url) for url in line.requests())


@pytest.mark.parametrize("path", ["/vi/", f"/th/{SLUG}/"])
@pytest.mark.parametrize("scripts", [True, False])
def test_home_and_site_are_below_a_hundred_and_twenty_kilobytes_in_a_browser(
    browser: Browser, address: str, path: str, *, scripts: bool
) -> None:
    with phone(browser, java_script_enabled=scripts) as line:
        line.page.goto(address + path, wait_until="load")
        line.page.wait_for_load_state("networkidle")
        assert line.octets() <= 120 * KB, line.came
        assert foreign(line, address) == []


@pytest.mark.parametrize("path", ["/vi/", f"/vi/{SLUG}/", f"/th/{SLUG}/"])
def test_the_pages_that_lead_there_are_below_a_hundred_and_twenty_kilobytes(guest: Visitor, path: str) -> None:
    page = weigh(guest, path)
    assert page.pictures
    assert page.scrolled <= 120 * KB, page


def test_small_pictures_are_small(guest: Visitor) -> None:
    thumbnails = media(guest, f"/vi/{SLUG}/", "thumbnail.avif")
    assert len(thumbnails) >= PHOTOS
    assert max(thumbnails) <= 8 * KB
