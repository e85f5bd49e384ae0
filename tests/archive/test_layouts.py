"""The layouts' own examples, and the parameters they refuse."""

import hashlib

import pytest

from archive.ocfl.layouts import LAYOUTS

HASHED = "0004-hashed-n-tuple-storage-layout"
FLAT = "0002-flat-direct-storage-layout"
OMIT = "0006-flat-omit-prefix-storage-layout"
TUPLES = "0007-n-tuple-omit-prefix-storage-layout"
NAMED = "0003-hash-and-id-n-tuple-storage-layout"
DIGEST = "3c0ff4240c1e116dba14c7627f2319b58aa3d77606d0d90dfc6161608ac987d4"
SHORT = {"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15, "shortObjectRoot": True}
REVERSED = {"delimiter": ":", "tupleSize": 4, "numberOfTuples": 2, "zeroPadding": "left", "reverseObjectRoot": True}
ONE_TUPLE = {"tupleSize": 7, "numberOfTuples": 1}
RIGHT = {"delimiter": "edu/", "zeroPadding": "right"}


@pytest.mark.parametrize(
    ("name", "config", "object_id", "folder"),
    [
        (FLAT, {}, "..hor_rib:lé-$id", "..hor_rib:lé-$id"),
        (NAMED, {}, "object-01", "3c0/ff4/240/object-01"),
        (
            NAMED,
            {"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15},
            "object-01",
            "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/object-01",
        ),
        (NAMED, {"tupleSize": 0, "numberOfTuples": 0}, "object-01", "object-01"),
        (
            NAMED,
            {"digestAlgorithm": "blake2b-160", "tupleSize": 7, "numberOfTuples": 1},
            "a",
            f"{hashlib.blake2b(b'a', digest_size=20).hexdigest()[:7]}/a",
        ),
        (HASHED, {}, "object-01", f"3c0/ff4/240/{DIGEST}"),
        (HASHED, SHORT, "object-01", "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/4e"),
        (HASHED, SHORT, "..hor/rib:le-$id", "08/31/97/66/fb/6c/29/35/dd/17/5b/94/26/77/17/e0"),
        (HASHED, {"tupleSize": 0, "numberOfTuples": 0}, "object-01", DIGEST),
        (HASHED, {"digestAlgorithm": "blake2b-512"}, "a", f"333/fcb/4ee/{hashlib.blake2b(b'a').hexdigest()}"),
        (OMIT, {"delimiter": ":"}, "namespace:12887296", "12887296"),
        (OMIT, {"delimiter": "EDU/"}, "https://institution.edu/abc/edu/f8.05v", "f8.05v"),
        (OMIT, {"delimiter": "info:"}, "no prefix", "no prefix"),
        (OMIT, {"delimiter": ":"}, "İ:x", "x"),
        (TUPLES, REVERSED, "namespace:12887296", "6927/8821/12887296"),
        (TUPLES, REVERSED, "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", "66a9/c002/6e8bc430-9c3a-11d9-9669-0800200c9a66"),
        (TUPLES, REVERSED, "abc123", "321c/ba00/abc123"),
        (TUPLES, RIGHT, "https://institution.edu/3448793", "344/879/300/3448793"),
        (TUPLES, RIGHT, "https://institution.edu/abc/edu/f8.05v", "f8./05v/000/f8.05v"),
    ],
)
def test_the_examples_of_the_extensions(name: str, config: dict[str, object], object_id: str, folder: str) -> None:
    assert LAYOUTS[name](config)(object_id) == folder


@pytest.mark.parametrize(
    ("name", "config"),
    [
        (NAMED, {"digestAlgorithm": "sha1024"}),
        (NAMED, {"digestAlgorithm": ""}),
        (NAMED, {"tupleSize": 33}),
        (NAMED, {"tupleSize": "3"}),
        (NAMED, {"tupleSize": True}),
        (NAMED, {"numberOfTuples": -1}),
        (NAMED, {"tupleSize": 0}),
        (NAMED, {"tupleSize": 32, "numberOfTuples": 3}),
        (HASHED, {"shortObjectRoot": "yes"}),
        (HASHED, {"shortObjectRoot": True, "tupleSize": 32, "numberOfTuples": 2}),
        (OMIT, {}),
        (OMIT, {"delimiter": 7}),
        (TUPLES, {"tupleSize": 0, "numberOfTuples": 0}),
        (TUPLES, {"zeroPadding": "both"}),
    ],
)
def test_parameters_that_an_extension_does_not_allow(name: str, config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        LAYOUTS[name](config)


@pytest.mark.parametrize(("name", "object_id"), [(OMIT, "urn:"), (TUPLES, "urn:"), (TUPLES, "urn:é"), (TUPLES, "urn:a\x01")])
def test_ids_without_a_folder(name: str, object_id: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        LAYOUTS[name]({"delimiter": ":"})(object_id)
