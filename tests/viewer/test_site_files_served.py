"""Plans, narrations and captions in a browser: shown in place, in ranges, and able to do nothing."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from archive.publications.write import write_publication
from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import GATE, PHOTO, SLUG
from tests.archive.publications.walked_site import OWN_FILES, walked_site
from tests.viewer.builders import Visitor, visiting


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, str]]:
    root = tmp_path_factory.mktemp("served")
    site, media = walked_site(root / "pictures")
    write_publication(root / "publications", site, media, {})
    with visiting(root / "publications") as guest:
        yield guest, site.id


@pytest.mark.parametrize("name", OWN_FILES)
def test_a_file_of_the_site_is_shown_in_place_and_kept_for_good(visitor: tuple[Visitor, str], name: str) -> None:
    guest, site = visitor
    _, kind, content = OWN_FILES[name]
    answer = guest.get(f"/media/{SLUG}/1/{site}/{quote(name)}")
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == kind
    assert "content-disposition" not in answer.headers
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*", "readers of IIIF elsewhere play narrations too"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    again = guest.get(f"/media/{SLUG}/1/{site}/{quote(name)}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_recording_is_heard_from_anywhere(visitor: tuple[Visitor, str]) -> None:
    guest, site = visitor
    answer = guest.get(f"/media/{SLUG}/1/{site}/narration/vi/cong.wav", headers={"range": "bytes=2-5"})
    assert (answer.status_code, answer.content) == (206, b"FF\0\0")
    assert answer.headers["content-range"] == "bytes 2-5/2004"


@pytest.mark.parametrize("name", ["plan.png", "narration/vi", "narration/en/cong.wav", "../1/plan.svg", "tiles/0", "original/plan.svg"])
def test_no_other_name_is_there(visitor: tuple[Visitor, str], name: str) -> None:
    guest, site = visitor
    assert guest.get(f"/media/{SLUG}/1/{site}/{name}").status_code == 404
    assert guest.get(f"/media/{SLUG}/2/{site}/plan.svg").status_code == 404


@pytest.mark.parametrize(
    ("words", "leads_to"),
    [
        ("loi di cu", f"/vi/{SLUG}/guide/loi-di"),
        ("diem mai", f"/vi/{SLUG}/guide/loi-di/2"),
        ("cuon to vo", f"/vi/{SLUG}/scene/{identifier_of(GATE)}"),
        ("mui hai", f"/vi/{SLUG}/{identifier_of(PHOTO)}"),
    ],
)
def test_search_leads_to_walks_steps_and_annotations(visitor: tuple[Visitor, str], words: str, leads_to: str) -> None:
    page = visitor[0].get(f"/vi/search?q={quote(words)}").text
    assert f'<h2><a href="{leads_to}">' in page
    assert visitor[0].get(leads_to).status_code == 200
