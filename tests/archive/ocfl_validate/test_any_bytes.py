"""Whatever bytes stand where an inventory, a digest file, a declaration or a configuration should be: a judgement, never a traceback."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.ocfl.validate import validate_path
from archive.ocfl.validate.moments import is_moment
from tests.archive.ocfl_validate.builders import inventory_of, make_object, make_root, name_layout, write_inventory

PLACES = (
    "a/one/inventory.json",
    "a/one/v1/inventory.json",
    "a/one/inventory.json.sha512",
    "a/one/0=ocfl_object_1.1",
    "0=ocfl_1.1",
    "ocfl_layout.json",
    "extensions/0003-hash-and-id-n-tuple-storage-layout/config.json",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity", "other"])


def a_root(folder: str) -> Path:
    root = make_root(Path(folder) / "r", "a/one")
    name_layout(root, "0003-hash-and-id-n-tuple-storage-layout")
    return root


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.sampled_from(PLACES),
    damage=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=4),
    cut=st.integers(0, 2000),
)
def test_damaged_bytes_are_judged(place: str, damage: list[tuple[int, int]], cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = a_root(folder)
        content = bytearray((root / place).read_bytes())
        for position, value in damage:
            content[position % len(content)] = value
        changed = bytes(content[:cut]) if cut < len(content) else bytes(content)
        same = changed == (root / place).read_bytes()
        (root / place).write_bytes(changed)
        found = validate_path(root)
        assert not found.unchecked
        assert same or not place.startswith("a/one") or not found.valid


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.dictionaries(KEYS, JSON, max_size=3),
    in_version=st.dictionaries(st.sampled_from(["created", "state", "message", "user"]), JSON, max_size=2),
)
def test_any_json_is_judged(values: dict[str, object], in_version: dict[str, object]) -> None:
    import json

    with tempfile.TemporaryDirectory() as folder:
        root = make_object(Path(folder) / "o", versions=2)
        inventory = inventory_of(2)
        inventory["versions"]["v1"].update(in_version)
        write_inventory(root, json.dumps({**inventory, **values}).encode())
        found = validate_path(root)
        assert not found.unchecked
        assert not found.valid or not {**values, **in_version}


@given(st.datetimes())
def test_every_moment_in_the_format_is_one(moment: object) -> None:
    assert is_moment(f"{moment.isoformat()}Z")  # type: ignore[attr-defined]
