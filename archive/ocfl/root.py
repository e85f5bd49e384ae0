"""A storage root: its declaration, its layout, and the objects below it."""

import json
from collections.abc import Iterator

from archive.errors import DamageError, NotFoundError
from archive.ocfl.inventory import NAMASTE
from archive.ocfl.layouts import hash_and_id
from archive.ocfl.object import read_inventory
from archive.storage.base import Kind, Storage, files_under, make_folders

DECLARATION = "0=ocfl_1.1"
_README = """This folder is an archive. It follows the Oxford Common File Layout (OCFL), version 1.1:
https://ocfl.io/1.1/spec/ . It can be read with any file browser; no particular software is needed.

Every object has a folder of its own, three folders down, named after its identifier (percent-encoded).
In it inventory.json says which files the object has, under which names, in every version, and their sha512;
the files of version 1 lie below v1/content, what version 2 added below v2/content, and so on.
Do not change, add or remove anything here: every file is covered by a digest and a signed log (../ledger).

Thư mục này là một kho lưu trữ theo chuẩn OCFL 1.1. Xin đừng sửa, thêm hay xóa bất cứ tệp nào ở đây.
โฟลเดอร์นี้คือคลังเก็บถาวรตามมาตรฐาน OCFL 1.1 โปรดอย่าแก้ไข เพิ่ม หรือลบไฟล์ใด ๆ ที่นี่
"""


def root_files() -> dict[str, bytes]:
    """The files of an empty storage root, by path relative to it."""
    layout: dict[str, object] = {"extension": hash_and_id.NAME, "description": hash_and_id.DESCRIPTION}
    return {
        DECLARATION: b"ocfl_1.1\n",
        "README.txt": _README.encode(),
        "ocfl_layout.json": _json(layout),
        f"extensions/{hash_and_id.NAME}/config.json": _json(hash_and_id.CONFIG),
    }


def create_root(storage: Storage, prefix: str) -> None:
    """Make an empty storage root in a folder that is there and empty."""
    for path, content in root_files().items():
        make_folders(storage, f"{prefix}/{path}".rpartition("/")[0])
        storage.write_new(f"{prefix}/{path}", content)


class StorageRoot:
    """The objects of one storage root with layout 0003.

    Args:
        storage: the tree it lies in.
        prefix: its folder in that tree.
    """

    def __init__(self, storage: Storage, prefix: str = "storage") -> None:
        self.storage = storage
        self.prefix = prefix

    def folder_of(self, object_id: str) -> str:
        """The folder of an object, there or not."""
        return f"{self.prefix}/{hash_and_id.object_folder(object_id)}"

    def has(self, object_id: str) -> bool:
        """Whether the object is there."""
        return self.storage.kind(f"{self.folder_of(object_id)}/{NAMASTE}") is Kind.FILE

    def object_ids(self) -> tuple[str, ...]:
        """The ids of all objects, sorted; folders that hold no object are passed over (an audit names them)."""
        return tuple(sorted(found for folder in self.object_folders() if (found := self._id_of(folder)) is not None))

    def object_folders(self) -> Iterator[str]:
        """Every folder at the depth where objects lie, whether it holds one or not."""
        folders = [self.prefix]
        for _ in range(hash_and_id.TUPLES):
            folders = [below for folder in folders for below in self._folders_in(folder)]
        for folder in folders:
            yield from self._folders_in(folder)

    def strays(self) -> Iterator[str]:
        """What lies in the root where nothing of the archive lies: files beside the folders that lead to the objects."""
        expected = {f"{self.prefix}/{path}" for path in root_files()}
        yield from (path for path in self._files_in(self.prefix) if path not in expected)
        if self.storage.kind(f"{self.prefix}/extensions") is Kind.FOLDER:
            yield from (path for path in files_under(self.storage, f"{self.prefix}/extensions") if path not in expected)
        folders: tuple[str, ...] = (self.prefix,)
        for _ in range(hash_and_id.TUPLES):
            folders = tuple(below for folder in folders for below in self._folders_in(folder))
            yield from (path for folder in folders for path in self._files_in(folder))

    def _files_in(self, folder: str) -> tuple[str, ...]:
        return tuple(f"{folder}/{entry.name}" for entry in self.storage.entries(folder) if entry.kind is not Kind.FOLDER)

    def _folders_in(self, folder: str) -> tuple[str, ...]:
        top = folder == self.prefix
        names = (entry.name for entry in self.storage.entries(folder) if entry.kind is Kind.FOLDER)
        return tuple(f"{folder}/{name}" for name in names if not (top and name == "extensions"))

    def _id_of(self, folder: str) -> str | None:
        if self.storage.kind(f"{folder}/{NAMASTE}") is not Kind.FILE:
            return None
        named = hash_and_id.object_id(folder.rpartition("/")[2])
        if named is not None and self.folder_of(named) == folder:
            return named
        try:
            return read_inventory(self.storage, folder).inventory.object_id
        except (NotFoundError, DamageError):
            return None


def _json(values: dict[str, object]) -> bytes:
    return (json.dumps(values, sort_keys=True, indent=1) + "\n").encode()
