import errno
import fcntl
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from archive.errors import ConflictError, NotFoundError, StorageError
from archive.storage import SCHEMES, local
from archive.storage.base import BLOCK, Kind, Storage, make_folders
from archive.storage.local import LocalStorage
from archive.storage.memory import MemoryStorage
from archive.storage.refusals import Refusals, refusal
from tests.archive.storage_contract import StorageContract


class TestLocalStorage(StorageContract):
    @pytest.fixture
    def storage(self, tmp_path: Path) -> Storage:
        folder = tmp_path / "tree"
        folder.mkdir()
        return SCHEMES["file"](str(folder))


class TestMemoryStorage(StorageContract):
    @pytest.fixture
    def storage(self) -> Storage:
        return SCHEMES["memory"]("")


def test_links_and_devices_are_neither_files_nor_followed(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    (tmp_path / "file").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    assert storage.kind("link") is Kind.OTHER
    assert {entry.name: entry.kind for entry in storage.entries("")}["pipe"] is Kind.OTHER
    with pytest.raises(StorageError):
        storage.read("link")
    with pytest.raises(StorageError, match="not an ordinary file"):
        storage.adopt(tmp_path / "link", "adopted")
    with pytest.raises(StorageError):
        storage.copy_in(tmp_path / "link", "copied", len)


def test_kept_files_are_read_only(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.write_new("a", b"1")
    (tmp_path / "b").write_bytes(b"2")
    storage.adopt(tmp_path / "b", "c")
    assert [(tmp_path / name).stat().st_mode & 0o222 for name in "ac"] == [0, 0]


def test_a_path_that_the_system_refuses(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="too long"):
        LocalStorage(tmp_path).kind("x" * 300)


def test_without_syncfs_each_path_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalStorage(tmp_path)
    storage.make_folder("a")
    storage.write_new("a/f", b"1")
    synced: list[int] = []
    monkeypatch.setattr(local, "_syncfs", lambda: None)
    monkeypatch.setattr(local, "_flush", synced.append)
    storage.sync(["a/f", "a"])
    assert len(synced) == 2


def test_a_failed_syncfs_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = local._syncfs()
    assert flush is not None
    with pytest.raises(OSError, match="Bad file descriptor"):
        flush(-1)

    def failing(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(local, "_syncfs", lambda: failing)
    with pytest.raises(StorageError, match="The disk reports an error"):
        LocalStorage(tmp_path).sync([])


def test_a_lock_whose_file_was_removed_by_its_last_holder_is_taken_anew(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    held, waiting = threading.Event(), threading.Event()
    order: list[str] = []

    def second() -> None:
        held.wait()
        waiting.set()
        with storage.lock("lock", seconds=30):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with storage.lock("lock"):
        held.set()
        waiting.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert not (tmp_path / "lock").exists()


def test_a_lock_on_a_name_that_is_gone_is_not_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalStorage(tmp_path)
    flock = fcntl.flock
    calls: list[int] = []

    def removing(descriptor: int, operation: int) -> None:
        flock(descriptor, operation)
        if not calls:
            (tmp_path / "lock").unlink()
        elif len(calls) == 1:
            (tmp_path / "lock").unlink()
            (tmp_path / "lock").touch()
        calls.append(descriptor)

    monkeypatch.setattr(fcntl, "flock", removing)
    with storage.lock("lock"):
        assert len(calls) == 3


def test_windows_refuses_to_write_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(StorageError, match="WSL 2"), LocalStorage(tmp_path).lock("lock"):
        pass


def test_another_writer_may_make_the_same_folder(tmp_path: Path) -> None:
    class Slow(LocalStorage):
        def make_folder(self, path: str) -> None:
            super().make_folder(path)
            super().make_folder(path)

    assert make_folders(Slow(tmp_path), "a") == ()

    class Occupied(LocalStorage):
        def make_folder(self, path: str) -> None:
            self.write_new(path, b"")
            super().make_folder(path)

    with pytest.raises(ConflictError):
        make_folders(Occupied(tmp_path), "b")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (errno.ENOSPC, StorageError, "The disk is full"),
        (errno.EROFS, StorageError, "read-only"),
        (errno.EIO, StorageError, "reports an error"),
        (errno.EXDEV, StorageError, "two file systems"),
        (errno.ENOENT, NotFoundError, "not there"),
        (errno.EEXIST, ConflictError, "there already"),
        (errno.EDOM, StorageError, "refused"),
    ],
)
def test_what_refusals_mean(code: int, kind: type[Exception], words: str) -> None:
    error = refusal(OSError(code, os.strerror(code)), "some/file")
    assert isinstance(error, kind)
    assert words in str(error)
    assert "some/file" in str(error)


def test_other_exceptions_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), Refusals("x"):
        raise ZeroDivisionError


def test_memory_lists_only_folders() -> None:
    storage = MemoryStorage()
    storage.write_new("f", b"")
    with pytest.raises(NotFoundError):
        storage.read("")
    assert str(storage.path_of("f")).endswith("f")


def test_whoever_reads_is_told_in_words_which_file_fails(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.write_new("file", b"content" * 1000)
    reads: tuple[Callable[[BinaryIO], object], ...] = (lambda stream: stream.read(10), lambda stream: stream.read())
    for read in reads:
        with storage.open("file") as stream:
            os.close(stream.fileno())
            with pytest.raises(StorageError, match="file") as refused:
                read(stream)
            assert refused.value.advice


def test_a_card_that_fails_is_named_and_not_the_archive(tmp_path: Path) -> None:
    (tmp_path / "card").write_bytes(bytes(2 * BLOCK))
    storage = LocalStorage(tmp_path)

    def pulled_out(_block: bytes) -> None:
        for descriptor in Path("/dev/fd").iterdir():
            if os.path.realpath(descriptor) == str((tmp_path / "card").resolve()):
                os.close(int(descriptor.name))

    with pytest.raises(StorageError, match="card"):
        storage.copy_in(tmp_path / "card", "copy", pulled_out)


def test_a_disk_that_takes_nothing_is_not_asked_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda _descriptor, _content: 0)
    with pytest.raises(StorageError, match="The disk reports an error: file"):
        LocalStorage(tmp_path).write_new("file", b"content")


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOLCK])
def test_a_disk_that_cannot_lock(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(_descriptor: int, _operation: int) -> None:
        raise OSError(code, os.strerror(code))

    before = len(list(Path("/dev/fd").iterdir()))
    monkeypatch.setattr(fcntl, "flock", refusing)
    with pytest.raises(StorageError, match="lock") as refused, LocalStorage(tmp_path).lock("lock"):
        pass
    assert refused.value.advice
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_an_unknown_refusal_still_says_what_to_do() -> None:
    error = refusal(OSError(errno.EDOM, "Odd"), "a/b")
    assert "Odd" in error.message
    assert "a/b" in error.message
    assert "run the same command again" in error.advice


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    storage = LocalStorage(tmp_path)
    for what in (
        storage.read,
        storage.open,
        lambda one: storage.open(one, from_device=True),
        lambda one: storage.copy_in(tmp_path / one, "a", len),
    ):
        with pytest.raises(StorageError, match="not a regular file"):
            what("pipe")


@pytest.mark.parametrize("path", ["../outside", "a/../../outside", "a/..", "..", "a\0b"])
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    """Inventories and ledgers of a forged copy name paths too."""
    root = tmp_path / "tree"
    (root / "a").mkdir(parents=True)
    (tmp_path / "outside").write_bytes(b"o")
    storage = LocalStorage(root)
    for what in (storage.kind, storage.read, storage.remove_file, lambda one: storage.write_new(one, b"x")):
        with pytest.raises(StorageError, match="leads out"):
            what(path)
    storage.write_new("a/..b", b"x")
    assert storage.read("a/..b") == b"x"
    assert (tmp_path / "outside").read_bytes() == b"o"
