"""Random objects: a good one is valid, any change to it at rest is found, and no bytes make the validator fall over."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.ocfl.validate import validate_path
from tests.conformance.ocfl_mutations.drafts import Draft, digest, draft

TIMES = int(os.environ.get("DITICH_RANDOM_TIMES", "1"))
"""more examples by this factor, when somebody has the time"""
SMALL_FILES = ("inventory.json", "inventory.json.sha512", "0=ocfl_object_1.1", "v1/inventory.json", "v1/inventory.json.sha512")
ALGORITHMS = ("md5", "sha1", "sha256", "sha512", "blake2b-512", "blake2b-160", "sha512/256", "size")
VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1.5, "", "v1", "v9", ".", "..", "/", "a/b", "v1/content", "sha512", "\0", "\u202e"),
    *([], [[]], {}, {"a": 1}, ["a"], [1]),
)
NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
ELEMENTS = NAMES.filter(lambda name: name not in {".", ".."})
PATHS = st.lists(ELEMENTS, min_size=1, max_size=3).map("/".join)
CONTENTS = st.sampled_from([b"", b"a", b"b\n", b"\0" * 40, bytes(range(256))])
Damage = Callable[[Path, random.Random], object]


def without_conflicts(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without files that other files use as folders."""
    return {path: content for path, content in files.items() if not any(other.startswith(f"{path}/") for other in files)}


STATES = st.dictionaries(PATHS, CONTENTS, max_size=5).map(without_conflicts)


def randomly(examples: int) -> settings:
    return settings(max_examples=examples * TIMES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def good_objects(drawn: st.DrawFn) -> Draft:
    made = draft(
        *drawn(st.lists(STATES, min_size=1, max_size=4)),
        ocfl=drawn(st.sampled_from(["1.0", "1.1"])),
        algorithm=drawn(st.sampled_from(["sha512", "sha256"])),
        width=drawn(st.sampled_from([0, 0, 2, 5])),
        directory=drawn(st.sampled_from(["content", "data", "Bản gốc"])),
        says_directory=True,
    )
    for algorithm in drawn(st.lists(st.sampled_from(ALGORITHMS), max_size=3, unique=True)):
        add_fixity(made, algorithm)
    return made


def add_fixity(made: Draft, algorithm: str) -> None:
    for inventory in made.inventories.values():
        block: dict[str, list[str]] = {}
        for path in (path for paths in inventory["manifest"].values() for path in paths):
            block.setdefault(digest(made.files[path], algorithm), []).append(path)
        inventory.setdefault("fixity", {})[algorithm] = block


def codes_of(place: Path) -> set[str]:
    return set(validate_path(place).codes)


@randomly(60)
@given(good_objects())
def test_a_good_object_is_valid_whatever_its_names(made: Draft) -> None:
    warnings = {code for code, given in (("W001", made.width), ("W004", made.algorithm == "sha256")) if given}
    with TemporaryDirectory() as folder:
        place = Path(folder) / "object"
        made.write(place)
        judged = validate_path(place)
        assert set(judged.codes) == warnings
        assert judged.valid


def changed_byte(path: Path, rnd: random.Random) -> None:
    content = bytearray(path.read_bytes() or b"\0")
    content[rnd.randrange(len(content))] ^= 0x80
    path.write_bytes(content)


def cut(path: Path, rnd: random.Random) -> None:
    """At any place; a sidecar without its line feed is still right, so never between the two."""
    content = path.read_bytes()
    path.write_bytes(content[: rnd.randrange(len(content.rstrip()) or 1)] if content else b"grown")


def grown(path: Path, _rnd: random.Random) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def lost(path: Path, _rnd: random.Random) -> None:
    path.unlink()


def renamed(path: Path, _rnd: random.Random) -> None:
    path.rename(path.with_name(path.name[:100] + "~"))


def became_a_folder(path: Path, _rnd: random.Random) -> None:
    path.unlink()
    path.mkdir()


def became_a_link(path: Path, _rnd: random.Random) -> None:
    path.rename(path.parent / "~aside")
    path.symlink_to("~aside")


@pytest.mark.parametrize("damage", [changed_byte, cut, grown, lost, renamed, became_a_folder, became_a_link], ids=lambda one: one.__name__)
@randomly(25)
@given(good_objects(), st.randoms(use_true_random=False))
def test_any_change_to_a_file_at_rest_is_found(damage: Damage, made: Draft, rnd: random.Random) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "object"
        made.write(place)
        before = codes_of(place)
        path = rnd.choice(sorted(path for path in place.rglob("*") if path.is_file()))
        damage(path, rnd)
        after = codes_of(place)
        lost_history = after - before == {"W010"} and path.name.startswith("inventory.json") and path.parent != place
        assert lost_history or {code for code in after if code.startswith("E")}, path


@randomly(40)
@given(good_objects(), st.randoms(use_true_random=False), ELEMENTS, st.sampled_from([Path.mkdir, Path.touch]))
def test_anything_added_is_found(made: Draft, rnd: random.Random, name: str, add: Callable[[Path], None]) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "object"
        made.write(place)
        before = codes_of(place)
        parents = sorted(path for path in [place, *place.rglob("*")] if path.is_dir())
        added = rnd.choice(parents) / f"{name[:8]}~"
        add(added)
        assert codes_of(place) - before, added


def nodes(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of everything inside a JSON value."""
    inside: list[tuple[Any, Any]] = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else [])
    return [place for key, held in inside for place in [(*path, key), *nodes(held, (*path, key))]]


def put_something_odd(value: Any, rnd: random.Random) -> None:
    """Another value, or another key, at one place of a JSON value."""
    path = rnd.choice(nodes(value))
    for key in path[:-1]:
        value = value[key]
    if isinstance(value, dict) and rnd.random() < 0.3:
        value[str(rnd.choice(VALUES))] = value.pop(path[-1])
    else:
        value[path[-1]] = rnd.choice(VALUES)


@randomly(150)
@given(good_objects(), st.randoms(use_true_random=False))
def test_no_inventory_makes_the_validator_fall_over(made: Draft, rnd: random.Random) -> None:
    for _ in range(rnd.randint(1, 3)):
        put_something_odd(made.inventories[rnd.choice(list(made.inventories))], rnd)
    with TemporaryDirectory() as folder:
        place = Path(folder) / "object"
        made.write(place)
        assert validate_path(place).kind == "object"


@randomly(60)
@given(st.sampled_from(SMALL_FILES), st.binary(max_size=60))
def test_no_bytes_make_the_validator_fall_over(name: str, content: bytes) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "object"
        draft().write(place)
        (place / name).write_bytes(content)
        assert not validate_path(place).valid
