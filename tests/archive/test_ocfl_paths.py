import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.ocfl.paths import content_path, delivered_path, logical_path, portable_name, require_logical


@pytest.mark.parametrize(
    ("delivered", "logical"),
    [
        ("Ảnh/Đình Thạc Gián.jpg".encode(), "Ảnh/Đình Thạc Gián.jpg"),
        (b"100%.jpg", "100%25.jpg"),
        (b"a\xffb/c\n.jpg", "a%ffb/c%0a.jpg"),
        (b"../.hidden/.", "%2e%2e/.hidden/%2e"),
        (b"/a//b", "%/a/%/b"),
    ],
)
def test_delivered_names(delivered: bytes, logical: str) -> None:
    assert logical_path(delivered) == logical
    assert delivered_path(logical) == delivered


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(min_size=1, max_size=40))
def test_every_delivered_name_has_a_logical_path_that_leads_back(delivered: bytes) -> None:
    logical = logical_path(delivered)
    require_logical(logical)
    assert delivered_path(logical) == delivered


def test_nfc_and_nfd_stay_apart() -> None:
    composed, decomposed = "Đình.jpg", unicodedata.normalize("NFD", "Đình.jpg")
    assert logical_path(composed.encode()) != logical_path(decomposed.encode())
    assert portable_name(composed) == portable_name(decomposed)


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "./a", "a/..", "a\udc80"])
def test_paths_that_ocfl_forbids(path: str) -> None:
    with pytest.raises(UsageError, match="cannot be a path"):
        require_logical(path)


def test_content_paths_are_the_logical_path_where_a_disk_can_hold_it() -> None:
    assert content_path("v2", "original/a.jpg", "0" * 128, ()) == "v2/content/original/a.jpg"
    long = content_path("v1", "original/" + "đ" * 200, "0" * 128, ())
    assert len(long.rpartition("/")[2].encode()) <= 255
    other = content_path("v1", "original/" + "đ" * 199 + "e", "0" * 128, ())
    assert long != other


def test_names_that_a_disk_cannot_keep_apart_get_different_content_paths() -> None:
    taken = {portable_name("v1/content/A.jpg")}
    assert content_path("v1", "a.JPG", "ab" * 64, taken).startswith("v1/content/alike-abab")
