"""Where a delivered path stands in an object, and back to its exact bytes."""

import pytest

from pipeline.logical_paths import exact_bytes, logical_path


@pytest.mark.parametrize("name", [b"a/b.jpg", b"\xff%41/\n", "Đình NFD e\u0301".encode(), b"a/../b", b"./x", b"..."])
def test_logical_paths_are_reversible(name: bytes) -> None:
    logical = logical_path("original", name.hex())
    assert exact_bytes(logical) == name
    assert not {"", ".", ".."} & set(logical.split("/"))
