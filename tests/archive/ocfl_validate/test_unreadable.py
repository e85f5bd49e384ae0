"""What cannot be read is said, and is neither intact nor broken. Errors are made by the system call: root may read everything."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.errors import UsageError
from archive.ocfl.validate import validate_path
from tests.archive.ocfl_validate.builders import make_object, make_root, name_layout


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make the disk refuse every path with this end."""

    def refuse_end(end: str) -> None:
        for name in ("open", "scandir"):
            monkeypatch.setattr(os, name, refusing(getattr(os, name), end))

    return refuse_end


def refusing(call: Callable[..., Any], end: str) -> Callable[..., Any]:
    def refused(path: Any, *arguments: Any, **named: Any) -> Any:
        if str(path).endswith(end):
            raise OSError(errno.EIO, "Input/output error", path)
        return call(path, *arguments, **named)

    return refused


OF_OBJECT = {
    "o": "",
    "v1": "v1",
    "v1/content": "v1/content",
    "v1/content/a.txt": "v1/content/a.txt",
    "o/inventory.json": "inventory.json",
    "v1/inventory.json": "v1/inventory.json",
    "o/inventory.json.sha512": "inventory.json.sha512",
    "0=ocfl_object_1.1": "0=ocfl_object_1.1",
    "extensions": "extensions",
    "logs": "logs",
    "logs/deep": "logs/deep",
}


@pytest.mark.parametrize("end", OF_OBJECT)
def test_what_cannot_be_read_of_an_object(tmp_path: Path, refuse: Callable[[str], None], end: str) -> None:
    folder = make_object(tmp_path / "o")
    (folder / "extensions").mkdir()
    (folder / "logs/deep").mkdir(parents=True)
    (folder / "logs/deep/2026.log").write_text("x")
    refuse(end)
    found = validate_path(folder)
    assert [missed.path for missed in found.unchecked] == [OF_OBJECT[end]]
    assert "Input/output error" in found.unchecked[0].detail
    assert not found.valid
    assert found.codes == ()


def test_a_prior_inventory_does_not_miss_what_cannot_be_read(tmp_path: Path, refuse: Callable[[str], None]) -> None:
    folder = make_object(tmp_path / "o", change=lambda inventory: inventory.update(fixity={"md5": {"0" * 32: ["v1/content/d/b.bin"]}}))
    refuse("content/d")
    found = validate_path(folder)
    assert ([missed.path for missed in found.unchecked], found.codes) == (["v1/content/d"], ())


OF_ROOT = {
    "a": "a",
    "a/one": "a/one",
    "extensions": "extensions",
    "ocfl_layout.json": "ocfl_layout.json",
    "config.json": "extensions/0002-flat-direct-storage-layout/config.json",
    "one/v1": "a/one/v1",
}


@pytest.mark.parametrize("end", OF_ROOT)
def test_what_cannot_be_read_of_a_root(tmp_path: Path, refuse: Callable[[str], None], end: str) -> None:
    root = make_root(tmp_path / "r", "a/one", "a/two")
    name_layout(root, "0002-flat-direct-storage-layout")
    refuse(end)
    found = validate_path(root)
    assert OF_ROOT[end] in [missed.path for missed in found.unchecked]
    assert "E088" not in found.codes


def test_a_nested_folder_that_cannot_be_read_is_said_once(tmp_path: Path, refuse: Callable[[str], None]) -> None:
    root = make_root(tmp_path / "r", "a/one")
    (root / "a/one/odd").mkdir()
    refuse("one/odd")
    found = validate_path(root)
    assert [missed.path for missed in found.unchecked] == ["a/one/odd"]


def test_a_folder_that_cannot_be_looked_into_says_nothing_of_what_it_is(tmp_path: Path, refuse: Callable[[str], None]) -> None:
    (tmp_path / "some/below").mkdir(parents=True)
    refuse("below")
    assert validate_path(tmp_path / "some").kind == "object"


def test_the_id_of_an_object_that_fails_meanwhile_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_root(tmp_path / "r", "a/one", "b/one")
    opened: list[str] = []
    call = os.open

    def failing(path: Any, *arguments: Any, **named: Any) -> Any:
        opened.append(str(path))
        if str(path).endswith("/inventory.json") and opened.count(str(path)) > 1:
            raise OSError(errno.EIO, "Input/output error", path)
        return call(path, *arguments, **named)

    monkeypatch.setattr(os, "open", failing)
    assert validate_path(root).codes == ()


def test_an_object_that_vanishes_while_it_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_object(tmp_path / "o")
    calls: list[str] = []
    call = os.scandir

    def vanishing(path: Any) -> Any:
        calls.append(str(path))
        if calls.count(str(folder)) > 1:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)
        return call(path)

    monkeypatch.setattr(os, "scandir", vanishing)
    found = validate_path(folder)
    assert [missed.path for missed in found.unchecked] == [""]


def test_logs_that_vanish_are_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_object(tmp_path / "o")
    (folder / "logs").mkdir()
    calls: list[str] = []
    call = os.scandir

    def vanishing(path: Any) -> Any:
        calls.append(str(path))
        if str(path).endswith("logs") and calls.count(str(path)) > 1:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)
        return call(path)

    monkeypatch.setattr(os, "scandir", vanishing)
    assert validate_path(folder).findings == ()


def test_an_inventory_that_no_memory_can_hold_is_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_object(tmp_path / "o")

    def exhausted(_descriptor: int, _size: int) -> bytes:
        raise MemoryError

    monkeypatch.setattr(os, "read", exhausted)
    found = validate_path(folder)
    assert "inventory.json" in [missed.path for missed in found.unchecked]


@pytest.mark.parametrize("name", ["nothing", "file"])
def test_a_path_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="There is no folder"):
        validate_path(tmp_path / name)
