import hashlib
import json
from typing import Any

import pytest

from archive.errors import DamageError
from archive.ocfl.inventory import Inventory, Version, inventory_json, parse_inventory, parse_sidecar, sidecar

DIGEST = "ab" * 64


def sample() -> Inventory:
    version = Version("2026-11-22T00:00:00+00:00", "m", "urn:a", "urn:a", {DIGEST: ("b", "a")})
    return Inventory("ark:99999/dt1", "v1", {DIGEST: ("v1/content/a",)}, {"cd" * 32: ("v1/content/a",)}, {"v1": version})


def changed(**values: Any) -> bytes:
    return json.dumps({**json.loads(inventory_json(sample())), **values}).encode()


def test_an_inventory_comes_back() -> None:
    content = inventory_json(sample())
    found = parse_inventory(content)
    assert inventory_json(found) == content
    assert list(found.files()) == [("a", DIGEST, "v1/content/a"), ("b", DIGEST, "v1/content/a")]
    assert parse_sidecar(sidecar(content)) == hashlib.sha512(content).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 200_000,
        changed(type="https://ocfl.io/1.0/spec/#inventory"),
        changed(id=7),
        changed(manifest=[]),
        changed(fixity=[]),
        changed(versions={"v1": {"created": "x", "message": "m", "user": "nobody", "state": {}}}),
        changed(versions={"v2": json.loads(inventory_json(sample()))["versions"]["v1"]}),
        changed(head="v2"),
        changed(manifest={}),
        changed(manifest={DIGEST: []}),
    ],
)
def test_what_is_not_an_inventory(content: bytes) -> None:
    with pytest.raises(DamageError, match="inventory"):
        parse_inventory(content)


@pytest.mark.parametrize("content", [b"", b"ab inventory.json\n", b"ab" * 64 + b" other.json\n", b"\xff" * 140])
def test_what_is_not_a_digest_file(content: bytes) -> None:
    with pytest.raises(DamageError, match="digest file"):
        parse_sidecar(content)
