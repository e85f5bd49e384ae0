"""What every storage keeps, as tests that a storage's own test class inherits."""

from pathlib import Path

import pytest

from archive.errors import ConflictError, DitichError, NotFoundError
from archive.storage.base import Entry, Kind, Storage, files_under, folders_under, make_folders, parent_of, put_file


class StorageContract:
    def test_files_are_written_once_and_read_back(self, storage: Storage) -> None:
        storage.make_folder("a")
        storage.write_new("a/file", b"content")
        assert storage.read("a/file") == b"content"
        assert storage.size("a/file") == 7
        with storage.open("a/file", from_device=True) as stream:
            assert stream.read(3) == b"con"
        assert storage.entries("a") == (Entry("file", Kind.FILE),)
        assert storage.entries("") == (Entry("a", Kind.FOLDER),)
        with pytest.raises(ConflictError):
            storage.write_new("a/file", b"other")
        with pytest.raises(ConflictError):
            storage.make_folder("a")
        assert storage.path_of("a/file").name == "file"

    def test_what_is_not_there(self, storage: Storage) -> None:
        assert storage.kind("nothing") is None
        storage.write_new("file", b"")
        assert storage.kind("file/below") is None
        for call in (storage.size, storage.entries, storage.read, storage.open, storage.remove_file, storage.remove_folder):
            with pytest.raises(NotFoundError):
                call("nothing")
        with pytest.raises(NotFoundError):
            storage.entries("file")
        with pytest.raises(NotFoundError):
            storage.write_new("no/folder/file", b"")
        with pytest.raises(NotFoundError):
            storage.rename("nothing", "something")

    def test_copying_in_shows_every_block(self, storage: Storage, tmp_path: Path) -> None:
        source = tmp_path / "source"
        content = bytes(range(256)) * 3000
        source.write_bytes(content)
        blocks: list[bytes] = []
        storage.copy_in(source, "copy", blocks.append)
        assert b"".join(blocks) == content == storage.read("copy")
        with pytest.raises(ConflictError):
            storage.copy_in(source, "copy", blocks.append)
        with pytest.raises(NotFoundError):
            storage.copy_in(tmp_path / "none", "other", blocks.append)

    def test_adopting_and_releasing(self, storage: Storage, tmp_path: Path) -> None:
        source = tmp_path / "source"
        source.write_bytes(b"bytes")
        assert storage.adopt(source, "kept") == 5
        assert not source.exists()
        storage.release("kept", source)
        assert source.read_bytes() == b"bytes"
        assert storage.kind("kept") is None
        storage.discard(source)
        with pytest.raises(NotFoundError):
            storage.discard(source)
        with pytest.raises(NotFoundError):
            storage.adopt(source, "kept")

    def test_renaming_never_replaces(self, storage: Storage) -> None:
        make_folders(storage, "a/b")
        storage.write_new("a/b/file", b"1")
        storage.rename("a/b", "c")
        assert storage.read("c/file") == b"1"
        assert storage.kind("a/b") is None
        storage.make_folder("d")
        with pytest.raises(ConflictError):
            storage.rename("c", "d")

    def test_replacing_a_file(self, storage: Storage) -> None:
        storage.write_new("old", b"old")
        storage.write_new("new", b"new")
        storage.replace("new", "old")
        assert storage.read("old") == b"new"
        assert storage.kind("new") is None

    def test_put_file_leaves_nothing_beside(self, storage: Storage) -> None:
        storage.make_folder("f")
        storage.write_new("f/x.new", b"left by a killed writer")
        put_file(storage, "f/x", b"1")
        put_file(storage, "f/x", b"2", durable=False)
        assert storage.entries("f") == (Entry("x", Kind.FILE),)
        assert storage.read("f/x") == b"2"

    def test_appending_and_cutting(self, storage: Storage) -> None:
        storage.append("log", b"one\n")
        storage.append("log", b"two\n")
        assert storage.read("log") == b"one\ntwo\n"
        storage.truncate("log", 4)
        assert storage.read("log") == b"one\n"

    def test_walking(self, storage: Storage) -> None:
        assert make_folders(storage, "a/b/c") == ("a", "a/b", "a/b/c")
        assert make_folders(storage, "a/b/c") == ()
        storage.write_new("a/b/c/1", b"")
        storage.write_new("a/2", b"")
        assert files_under(storage, "a") == ("a/2", "a/b/c/1")
        assert folders_under(storage, "a") == ("a/b/c", "a/b", "a")
        with pytest.raises(DitichError):
            storage.remove_folder("a")
        storage.remove_file("a/b/c/1")
        storage.remove_folder("a/b/c")
        assert parent_of("a/b") == "a"
        assert parent_of("a") == ""

    def test_a_file_in_the_way_of_a_folder(self, storage: Storage) -> None:
        storage.write_new("a", b"")
        with pytest.raises(DitichError):
            make_folders(storage, "a/b")

    def test_syncing(self, storage: Storage) -> None:
        storage.make_folder("a")
        storage.write_new("a/f", b"1")
        storage.sync(["a/f", "a"])
        storage.sync_file("a/f")
        storage.sync_folder("a")
        assert storage.read("a/f") == b"1"

    def test_a_lock_is_held_by_one(self, storage: Storage) -> None:
        with storage.lock("lock"), pytest.raises(ConflictError, match="writing"), storage.lock("lock", seconds=0.05):
            pass
        with storage.lock("lock"):
            pass
