"""What an object weighs before anything of it is seen: the program on tap, and the first shape. Bytes on the line, in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import PHOTO, SLUG
from tests.journeys.conftest import Guest, serving
from tests.journeys.objects_site import BLOCK, WALL, write_objects

pytestmark = pytest.mark.timeout(120)
KB = 1000
FIRST = "() => document.getElementById('stage').dataset.shape !== undefined"
PATIENCE = 300


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[str]:
    if not (checkout / "viewer/static/built/space.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    with serving(write_objects(tmp_path_factory.mktemp("weighed"))) as place:
        yield place


class Scale:
    """Weighs what a page asks for, in the order in which it came."""

    def __init__(self, page: Page) -> None:
        self.answers: list[tuple[str, int]] = []
        page.on("requestfinished", self._weigh)

    def _weigh(self, request: Request) -> None:
        self.answers.append((urlsplit(request.url).path, request.sizes()["responseBodySize"]))

    def of(self, *endings: str) -> int:
        return sum(size for path, size in self.answers if path.endswith(endings))

    def first(self, ending: str) -> int:
        return next(size for path, size in self.answers if path.endswith(ending))


def wait(page: Page, condition: str) -> None:
    for _ in range(PATIENCE):
        if page.evaluate(condition):
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)


def weighed(guest: Guest, ark: str) -> Scale:
    page = guest.context.new_page()
    scale = Scale(page)
    page.goto(f"{guest.address}/en/{SLUG}/{identifier_of(ark)}")
    before = scale.of(".glb", ".pack", ".subtree")
    page.locator("[data-open]").click()
    wait(page, FIRST)
    assert before == 0, "nothing of the third dimension before somebody asks for it"
    return scale


def test_the_program_of_a_mesh_is_below_two_hundred_kilobytes_and_its_first_shape_below_sixty(guest_with: Callable[..., Guest]) -> None:
    scale = weighed(guest_with(), BLOCK)
    assert 50 * KB < scale.of(".js", ".wasm") <= 200 * KB, scale.answers
    shapes = [(path, size) for path, size in scale.answers if path.endswith(".glb")]
    assert shapes[0][0].endswith("/model-first.glb")
    assert 0 < shapes[0][1] <= 60 * KB


def test_the_program_of_a_cloud_is_below_two_hundred_kilobytes_and_its_first_shape_below_a_hundred_and_twenty(
    guest_with: Callable[..., Guest],
) -> None:
    scale = weighed(guest_with(), WALL)
    assert 50 * KB < scale.of(".js", ".wasm") <= 200 * KB, scale.answers
    first = scale.first("/tileset.json") + scale.first(".subtree") + scale.first(".glb")
    assert 0 < first <= 120 * KB, scale.answers
    data = [path for path, _ in scale.answers if path.endswith((".json", ".subtree", ".glb"))]
    assert [path.rpartition(".")[2] for path in data[:3]] == ["json", "subtree", "glb"], data
    assert data[2].endswith("/0/0/0/0.glb")


def test_a_photo_is_plain_until_tapped_and_its_zoom_is_below_ninety_kilobytes(guest_with: Callable[..., Guest]) -> None:
    guest = guest_with()
    page = guest.context.new_page()
    scale = Scale(page)
    page.goto(f"{guest.address}/en/{SLUG}/{identifier_of(PHOTO)}")
    page.wait_for_load_state("networkidle")
    assert scale.of(".js") <= 6 * KB, scale.answers
    page.locator("[data-open]").click()
    wait(page, "() => document.getElementById('stage').dataset.ready === 'true'")
    assert 50 * KB < scale.of(".js") <= 90 * KB, scale.answers
