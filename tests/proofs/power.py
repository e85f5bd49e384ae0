"""A real file system whose power can be cut: an image in a folder of its own, mounted by loop, and the shutdown call of ext4 and xfs.

The call makes the file system drop everything that is not durable yet, as a cut does (``XFS_IOC_GOINGDOWN`` with ``NOLOGFLUSH``, which ext4
has too). What an image costs is forgotten: the image is sparse and lies in memory where there is some.
"""

import fcntl
import os
import shutil
import struct
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
MEBIBYTE = 1 << 20
MAKERS = {"ext4": ("mkfs.ext4", "-q", "-F"), "xfs": ("mkfs.xfs", "-q", "-f")}
USUAL = {"ext4": 256, "xfs": 320}
"""MiB of an image: xfs takes no smaller one"""


class Disk:
    """An image with a file system in it, mounted while the ``with`` lasts and unmounted by name afterwards, whatever happened.

    Args:
        folder: an empty folder of the caller; the image and the mount point are made in it.
        system: "ext4" or "xfs".
        options: more words for the maker of the file system.
        mebibytes: size; that of USUAL when 0.
    """

    def __init__(self, folder: Path, system: str, *, options: tuple[str, ...] = (), mebibytes: int = 0) -> None:
        self.place = folder / "disk"
        self._image = folder / f"{system}.image"
        self.system, self._options = system, options
        self._size = (mebibytes or USUAL[system]) * MEBIBYTE

    def __enter__(self) -> Self:
        self.place.mkdir()
        with self._image.open("wb") as image:
            image.truncate(self._size)
        _call(*MAKERS[self.system], *self._options, str(self._image))
        try:
            self.mount()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"this proof did not run: loop mount of {self.system} failed ({error.stderr.strip()})")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.place.is_mount():
            with suppress(subprocess.CalledProcessError):
                self.unmount()
            if self.place.is_mount():  # somebody still holds a file: the mount goes when they end
                _call("umount", "--lazy", str(self.place))
        self._image.unlink()

    def mount(self) -> None:
        """Attach it; a file system that was cut off replays its journal."""
        _call("mount", "-o", "loop", str(self._image), str(self.place))

    def unmount(self) -> None:
        """Detach it; nothing of it stays in memory."""
        _call("umount", str(self.place))

    def remount(self, how: str) -> None:
        """Change it to "ro" or "rw"."""
        _call("mount", "-o", f"remount,{how}", str(self.place))

    def cut(self) -> None:
        """Cut the power: from now on nothing can be written, and what was not durable is lost."""
        descriptor = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(descriptor)

    def restart(self) -> None:
        """After a cut: as the machine comes up again."""
        self.unmount()
        self.mount()


def require_maker(system: str) -> None:
    """Skip where this file system cannot be made."""
    if shutil.which(MAKERS[system][0]) is None:
        pytest.skip(f"this proof did not run: it needs {MAKERS[system][0]} (apt-get install e2fsprogs xfsprogs)")


def _call(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
