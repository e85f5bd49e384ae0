"""Addresses become names that every file system takes, and links from one to the other."""

import pytest

from viewer.freeze.naming import Naming, link, safe_name


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/vi/dinh-mau/", "vi/dinh-mau/index.html"),
        ("/vi/dinh-mau/scene/dt1#v=1,2,3", "vi/dinh-mau/scene/dt1/index.html"),
        ("/ark:99999/dt1", "ark/99999/dt1/index.html"),
        ("/static/built/style.css?v=12", "static/built/style.css"),
        ("/iiif/mau/1/dt1", "iiif/mau/1/dt1"),
        ("/media/mau/1/dt1/original/%C4%90%C3%ACnh.jpg", "media/mau/1/dt1/original/Đình.jpg"),
        ("/media/mau/1/dt1/tiles/content/0/0.glb", "media/mau/1/dt1/tiles/content/0/0.glb"),
        ("/vi/feed.xml", "vi/feed.xml"),
    ],
)
def test_where_an_address_lies(address: str, file: str) -> None:
    assert Naming().file_of(address) == file


@pytest.mark.parametrize("name", ["a:b.jpg", 'q?"<>|*.jpg', "CON", "nul.txt", "ends.", "ends ", "ả" * 200 + ".jpg", "\x07.jpg"])
def test_what_a_disk_refuses_gets_another_name(name: str) -> None:
    safe = safe_name(name)
    assert safe != name
    assert len(safe.encode()) <= 255
    assert not set(safe) & set(':*?"<>|\\\x07')
    assert safe[-1] not in ". "
    assert safe_name(name) == safe


def test_links_are_relative_and_name_the_page_where_that_is_needed() -> None:
    at = "vi/mau/scene/a/index.html"
    assert link(at, "vi/mau/scene/b/index.html", explicit=False) == "../b/"
    assert link(at, "vi/mau/scene/b/index.html", explicit=True) == "../b/index.html"
    assert link(at, at, explicit=False) == "./"
    assert link("index.html", "vi/a b.jpg", explicit=False) == "vi/a%20b.jpg"
