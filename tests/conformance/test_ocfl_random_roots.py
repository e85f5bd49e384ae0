"""Random storage roots: a good one is valid by every layout, and whatever is moved, lost or left in it is found."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from string import ascii_letters, digits
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ocfl.validate import validate_path
from tests.conformance.ocfl_mutations.root_drafts import (
    FLAT,
    FLAT_WITHOUT_PREFIX,
    HASH_AND_ID,
    HASHED,
    TUPLES_WITHOUT_PREFIX,
    Arrangement,
    RootDraft,
    root_draft,
)
from tests.conformance.test_ocfl_random_objects import randomly

WORDS = st.text(ascii_letters + digits + "-_", min_size=1, max_size=30)
TUPLES = st.sampled_from([(0, 0), (1, 1), (2, 3), (3, 3), (4, 8), (1, 32)])
DIGESTS = st.sampled_from(["sha256", "sha512", "md5", "sha1", "blake2b-512", "blake2b-160"])
Damage = Callable[[Path, random.Random], object]


@st.composite
def configs(drawn: st.DrawFn) -> tuple[str, dict[str, Any]]:
    layout = drawn(st.sampled_from([FLAT, HASH_AND_ID, HASHED, FLAT_WITHOUT_PREFIX, TUPLES_WITHOUT_PREFIX]))
    size, count = drawn(TUPLES)
    hashed = {"digestAlgorithm": drawn(DIGESTS), "tupleSize": size, "numberOfTuples": count}
    padding = {"zeroPadding": drawn(st.sampled_from(["left", "right"])), "reverseObjectRoot": drawn(st.booleans())}
    config: dict[str, dict[str, Any]] = {
        FLAT: {},
        HASH_AND_ID: hashed,
        HASHED: {**hashed, "shortObjectRoot": size * count < 32 and drawn(st.booleans())},
        FLAT_WITHOUT_PREFIX: {"delimiter": ":"},
        TUPLES_WITHOUT_PREFIX: {"delimiter": ":", "tupleSize": max(size, 1), "numberOfTuples": max(count, 1), **padding},
    }
    return layout, config[layout]


@st.composite
def good_roots(drawn: st.DrawFn) -> RootDraft:
    layout, config = drawn(configs())
    names = drawn(st.lists(WORDS, min_size=2, max_size=5, unique_by=str.lower))
    ocfl, object_ocfl = drawn(st.sampled_from([("1.1", "1.1"), ("1.1", "1.0"), ("1.0", "1.0")]))
    return root_draft(Arrangement(layout, config, [f"urn:x:{name}" for name in names], ocfl=ocfl, object_ocfl=object_ocfl))


def objects_of(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.rglob("0=ocfl_object_1.?"))


@randomly(60)
@given(good_roots())
def test_a_good_root_is_valid_by_every_layout(made: RootDraft) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "root"
        made.write(place)
        judged = validate_path(place)
        assert (judged.codes, judged.valid, judged.objects) == ((), True, len(made.objects))


def object_moved(root: Path, rnd: random.Random) -> None:
    moved = rnd.choice(objects_of(root))
    moved.rename(moved.with_name(f"{moved.name[:100]}~"))


def object_copied(root: Path, rnd: random.Random) -> None:
    copied = rnd.choice(objects_of(root))
    shutil.copytree(copied, copied.with_name(f"{copied.name[:100]}~"))


def objects_exchanged(root: Path, rnd: random.Random) -> None:
    one, other = rnd.sample(objects_of(root), 2)
    one.rename(root / "~")
    other.rename(one)
    (root / "~").rename(other)


def object_hollowed(root: Path, rnd: random.Random) -> None:
    hollow = rnd.choice(objects_of(root))
    shutil.rmtree(hollow)
    hollow.mkdir()


def object_in_an_object(root: Path, rnd: random.Random) -> None:
    one, other = rnd.sample(objects_of(root), 2)
    one.rename(other / "inner")


def declaration_lost(root: Path, _rnd: random.Random) -> None:
    next(root.glob("0=ocfl_1.?")).unlink()


def object_declaration_lost(root: Path, rnd: random.Random) -> None:
    next(rnd.choice(objects_of(root)).glob("0=*")).unlink()


def content_changed(root: Path, rnd: random.Random) -> None:
    (rnd.choice(objects_of(root)) / "v1/content/a.txt").write_bytes(b"?")


def file_left(root: Path, rnd: random.Random) -> None:
    (rnd.choice(objects_of(root)) / "~").touch()


def folder_left(root: Path, _rnd: random.Random) -> None:
    (root / "~").mkdir()


def layout_exchanged(root: Path, _rnd: random.Random) -> None:
    (root / "ocfl_layout.json").write_text('{"extension": "0005-mutable-head", "description": "no layout"}')


@pytest.mark.parametrize(
    "damage",
    [
        *(object_moved, object_copied, objects_exchanged, object_hollowed, object_in_an_object, declaration_lost),
        *(object_declaration_lost, content_changed, file_left, folder_left, layout_exchanged),
    ],
    ids=lambda one: one.__name__,
)
@randomly(12)
@given(good_roots(), st.randoms(use_true_random=False))
def test_whatever_happens_to_a_root_is_found(damage: Damage, made: RootDraft, rnd: random.Random) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "root"
        made.write(place)
        damage(place, rnd)
        judged = validate_path(place)
        assert not judged.valid
        assert any(code.startswith("E") for code in judged.codes)
