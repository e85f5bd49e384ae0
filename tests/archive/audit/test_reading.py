import io
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.audit import Condition, audit
from archive.errors import StorageError
from archive.home import Home
from archive.ocfl.comparing import Reading, compare
from archive.ocfl.digests import sha512_of
from archive.ocfl.fixity import check_object
from archive.storage import device
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW, draft, keep, memory_copy

ONE = "ark:99999/dt1"


def at(home: Home, path: str) -> Path:
    return home.root / home.objects.folder_of(ONE) / path


def test_memory_is_told_to_forget_before_during_and_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(device, "DROP_EVERY", 500_000)
    monkeypatch.setattr(os, "posix_fadvise", lambda _file, start, length, _advice: told.append((start, length)))
    (tmp_path / "a").write_bytes(bytes(1_200_000))
    with LocalStorage(tmp_path).open("a", from_device=True) as stream:
        buffer = bytearray(250_000)
        sizes = [stream.readinto(buffer) for _ in range(6)]  # type: ignore[attr-defined]
    stream.close()
    assert sizes == [250_000] * 4 + [200_000, 0]
    assert told == [(0, 0), (0, 500_000), (500_000, 500_000), (0, 0)]


def test_nothing_but_a_file_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(StorageError):
            LocalStorage(tmp_path).open(name, from_device=True)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_pipe_in_the_place_of_a_file_does_not_stop_the_audit(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"))
    at(home, "v1/content/a").unlink()
    os.mkfifo(at(home, "v1/content/a"))
    (problem,) = audit(home, now=NOW).problems
    assert (problem.path, problem.what) == ("v1/content/a", Condition.UNREADABLE)


class Failing(LocalStorage):
    """A disk that reports an error when that file is read for the n-th time, or hands out few bytes at a time."""

    def __init__(self, root: Path, name: str, error: BaseException | None, *, after: int = 0) -> None:
        super().__init__(root)
        self.name, self.error, self.after = name, error, after

    def open(self, path: str, *, from_device: bool = False) -> Any:
        stream = super().open(path, from_device=from_device)
        if not path.endswith(self.name) or not from_device:
            return stream
        return _Slow(stream, self.error, self.after)


class _Slow(io.RawIOBase):
    def __init__(self, stream: Any, error: BaseException | None, after: int) -> None:
        super().__init__()
        self.stream, self.error, self.left = stream, error, after

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.error is not None and not self.left:
            raise self.error
        self.left -= 1
        return int(self.stream.readinto(memoryview(buffer)[:1000]))

    def close(self) -> None:
        self.stream.close()
        super().close()


@pytest.mark.parametrize("after", [0, 70])
@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), StorageError("The disk reports an error: a.", detail="EIO")])
def test_a_disk_error_is_not_checked_and_not_damage(home: Home, error: Exception, after: int) -> None:
    keep(home, draft(ONE, a=bytes(200_000), b=b"2"))
    report = audit(replace(home, tree=Failing(home.root, "content/a", error, after=after)), now=NOW)
    (problem,) = report.problems
    assert (problem.path, problem.what, report.exit_code, report.not_checked) == ("v1/content/a", Condition.UNREADABLE, 2, 1)
    assert "error" in problem.detail


@pytest.mark.parametrize("name", ["inventory.json", "0=ocfl_object_1.1"])
def test_an_inventory_that_cannot_be_read(home: Home, name: str) -> None:
    keep(home, draft(ONE, a=b"1"))
    report = audit(replace(home, tree=Failing(home.root, name, OSError(5, "Input/output error"))), now=NOW)
    assert {problem.what for problem in report.problems if problem.path.endswith(name)} == {Condition.UNREADABLE}
    assert not report.has_damage


def test_few_bytes_at_a_time_are_the_same_file(home: Home) -> None:
    keep(home, draft(ONE, a=bytes(range(256)) * 600, b=b"2"))
    for algorithm in ("sha256", "sha512"):
        assert audit(replace(home, tree=Failing(home.root, "", None)), algorithm=algorithm, now=NOW).exit_code == 0


def test_other_interruptions_close_the_file(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"))
    with pytest.raises(KeyboardInterrupt):
        audit(replace(home, tree=Failing(home.root, "content/a", KeyboardInterrupt())), now=NOW)


def test_a_file_is_compared_where_there_is_no_device(home: Home) -> None:
    keep(home, draft(ONE, a=bytes(100_000)))
    memory = memory_copy(home)
    path = f"{home.objects.folder_of(ONE)}/v1/content/a"
    assert compare(memory.tree, (path, "a"), sha512_of(bytes(100_000)), Reading("sha512")) is None
    problem = compare(memory.tree, (path, "a"), "0", Reading("sha512"))
    assert problem is not None
    assert problem.what is Condition.CHANGED
    assert audit(memory, now=NOW).exit_code == 0


def test_a_stray_file_is_read_and_counted(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"))
    at(home, "v1/content/stray").write_bytes(bytes(1000))
    read: list[int] = []
    assert audit(home, now=NOW, progress=read.append).extra == 1
    assert 1000 in read
    checked = check_object(home.tree, home.objects.folder_of(ONE), {}, Reading("sha512"))
    assert [(problem.path, problem.what) for problem in checked.problems] == [("v1/content/stray", Condition.EXTRA)]
