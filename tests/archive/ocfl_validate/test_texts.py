import pytest

from archive.ocfl.validate.json_text import NotJsonError, parse_json
from archive.ocfl.validate.moments import is_moment
from archive.ocfl.validate.uris import is_uri
from archive.ocfl.validate.version_names import version_number


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01t23:59:59.123456789z",
        "2024-02-29T12:00:00+00:00",
        "2000-02-29T12:00:00-23:59",
        "0000-02-29T12:00:00Z",
        "2016-12-31T23:59:60Z",
        "2017-01-01T00:59:60+01:00",
        "2016-12-31T15:59:60.5-08:00",
        "2015-07-01T07:59:60+08:00",
    ],
)
def test_moments(text: str) -> None:
    assert is_moment(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00Z",
        "2026-01-01T00:00:00+0000",
        "2026-01-01T00:00:00+25:00",
        "2026-01-01T24:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-02-00T00:00:00Z",
        "2026-01-01T00:00:61Z",
        "2016-12-31T23:58:60Z",
        "2016-12-30T23:59:60Z",
        "2016-12-31T23:59:60+01:00",
        "2026-01-01T00:00:00,5Z",
        "٢٠٢٦-01-01T00:00:00Z",
    ],
)
def test_what_is_no_moment(text: str) -> None:
    assert not is_moment(text)


def test_uris() -> None:
    good = ["urn:x:1", "ark:/99999/dt1", "mailto:a@b.c", "https://orcid.org/0000-0001", "info:fedora/%C3%A9", "a+b-c.d:e"]
    bad = ["", "x", "a b:c", "1:x", "urn:", "urn:é", "urn:a b", "urn:%zz", "me@example.org"]
    assert all(map(is_uri, good))
    assert not any(map(is_uri, bad))


def test_numbers_of_versions() -> None:
    assert [version_number(name) for name in ("v1", "v010", "v0", "1", "V1", "v1 ", "v-1", "v٣")] == [1, 10, 0, 0, 0, 0, 0, 0]


def test_repeated_names_are_told_at_any_depth() -> None:
    text = parse_json(b'{"a": [{"b": 1, "b": 2}], "c": {"d": 1}}')
    assert text.twice == ["b"]
    assert text.value == {"a": [{"b": 2.0}], "c": {"d": 1.0}}


def test_json_that_python_would_take() -> None:
    for content in (b"NaN", b"-Infinity", b"{'a': 1}", b'{"a": 1,}', b'"\\udc00"', b'"\x01"', b"1 2"):
        with pytest.raises(NotJsonError):
            parse_json(content)
