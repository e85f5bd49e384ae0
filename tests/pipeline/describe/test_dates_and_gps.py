"""Moments and positions: what is taken, what is doubted, what is not guessed."""

import math

import pytest

from archive.records.asset import SourcedValue
from pipeline.describe.dates import exif_moment, xmp_moment
from pipeline.describe.gps import is_null_island, number, positions, xmp_coordinate

PLACE = {"GPSLatitude": ["16", "3", "36"], "GPSLatitudeRef": "N", "GPSLongitude": ["108", "12", "0"], "GPSLongitudeRef": "E"}


@pytest.mark.parametrize(
    ("text", "offset", "edtf", "certainty"),
    [
        ("2024:05:03 08:15:30", "", "2024-05-03T08:15:30", "camera-clock"),
        ("2024:05:03 08:15:30\0\0", "+07:00", "2024-05-03T08:15:30+07:00", "camera-clock"),
        ("2024:05:03 08:15", "Z", "2024-05-03T08:15:00Z", "camera-clock"),
        ("2024-05-03T08:15:30", "+1500", "2024-05-03T08:15:30", "camera-clock"),
        ("2024:05:03", "", "2024-05-03", "camera-clock"),
        ("1700:01:02 00:00:01", "", "1700-01-02T00:00:01", "doubtful"),
        ("2000:01:01 00:00:07", "", "2000-01-01T00:00:07", "doubtful"),
        ("2999:01:01 10:00:00", "", "2999-01-01T10:00:00", "camera-clock"),
    ],
)
def test_moments_of_exif(text: str, offset: str, edtf: str, certainty: str) -> None:
    assert exif_moment(text, "exif:DateTimeOriginal", offset) == SourcedValue(edtf, "exif:DateTimeOriginal", certainty)


@pytest.mark.parametrize(
    "text", ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "2024:13:03 08:15:30", "2024:02:30", "yesterday", "2024:01:01 25:00:00"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert exif_moment(text, "exif") is None


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-03T08:15:30.25+07:00", "2024-05-03T08:15:30+07:00"),
        ("2024-05-03T08:15Z", "2024-05-03T08:15:00Z"),
    ],
)
def test_moments_of_xmp(text: str, edtf: str) -> None:
    assert xmp_moment(text, "xmp", "stated") == SourcedValue(edtf, "xmp", "stated")


def test_an_xmp_date_that_is_none() -> None:
    assert xmp_moment("03/05/2024", "xmp") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *(("1407/500", 2.814), (3, 3.0), ([7], 7.0), ("12\0", 12.0), (0.5, 0.5)),
        *(
            ("0/0", None),
            (math.nan, None),
            (math.inf, None),
            ("-nan", None),
            (None, None),
            (True, None),
            ([1, 2], None),
            ("north", None),
            (b"1", 1.0),
        ),
    ],
)
def test_numbers(value: object, expected: float | None) -> None:
    assert number(value) == expected


def test_a_whole_position() -> None:
    tags = PLACE | {"GPSAltitude": "75/10", "GPSAltitudeRef": b"\x01", "GPSImgDirection": "360", "GPSImgDirectionRef": "M"}
    values, refused = positions(tags, "exif")
    assert refused == ""
    assert values == {
        "latitude": SourcedValue(16.06, "exif:GPSLatitude"),
        "longitude": SourcedValue(108.2, "exif:GPSLongitude"),
        "altitude": SourcedValue(-7.5, "exif:GPSAltitude"),
        "heading": SourcedValue(0.0, "exif:GPSImgDirection", "magnetic"),
    }


def test_south_and_west_are_negative() -> None:
    values, _ = positions(PLACE | {"GPSLatitudeRef": "S", "GPSLongitudeRef": "w"}, "exif")
    assert (values["latitude"].value, values["longitude"].value) == (-16.06, -108.2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"GPSLatitudeRef": ""}, "not a whole position"),
        ({"GPSLongitudeRef": "N"}, "not a whole position"),
        ({"GPSLatitude": ["91", "0", "0"]}, "not a whole position"),
        ({"GPSLatitude": ["0/0", "0", "0"]}, "not a whole position"),
        ({"GPSLatitude": ["-16", "0", "0"]}, "not a whole position"),
        ({"GPSLatitude": "16 N"}, "not a whole position"),
        ({"GPSLatitude": []}, "not a whole position"),
        ({"GPSLatitude": ["0", "0", "0"], "GPSLongitude": ["0", "0", "0"]}, "without a fix"),
        ({"GPSStatus": "V"}, "void"),
    ],
)
def test_a_position_that_is_not_whole_is_not_guessed(change: dict[str, object], words: str) -> None:
    values, refused = positions(PLACE | change, "exif")
    assert "latitude" not in values
    assert words in refused


@pytest.mark.parametrize(
    ("tags", "field"),
    [
        ({"GPSAltitude": "99999"}, "altitude"),
        ({"GPSAltitude": "0/0"}, "altitude"),
        ({"GPSImgDirection": "361"}, "heading"),
        ({"GPSImgDirection": "nan"}, "heading"),
    ],
)
def test_values_out_of_range_are_left_out(tags: dict[str, str], field: str) -> None:
    assert field not in positions(PLACE | tags, "exif")[0]


def test_the_altitude_reference_as_number_or_empty() -> None:
    for reference, metres in ((1, -5.0), ("0", 5.0), (b"", 5.0), (3, -5.0)):
        assert positions(PLACE | {"GPSAltitude": "5", "GPSAltitudeRef": reference}, "exif")[0]["altitude"].value == metres


def test_no_position_is_no_remark() -> None:
    assert positions({}, "exif") == ({}, "")


def test_coordinates_of_xmp() -> None:
    assert xmp_coordinate("16,3.6N") == 16.06
    assert xmp_coordinate("16,3,36S") == -16.06
    assert xmp_coordinate("191,0.0E") is None
    assert xmp_coordinate("16.06") is None
    assert is_null_island(0.0, 1e-9)
    assert not is_null_island(0.0, 1.0)
