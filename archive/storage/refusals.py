"""What the file system's refusals mean to the person at the screen."""

import errno
from types import TracebackType
from typing import Self

from archive.errors import ConflictError, DitichError, NotFoundError, StorageError

_FULL = "Make room (or move the archive to a larger disk) and run the same command again; what was acknowledged is safe."
_UNKNOWN = "Look whether the disk is connected and whether you may write to it, then run the same command again."
ADVICE = {
    errno.ENOSPC: ("The disk is full", _FULL),
    errno.EDQUOT: ("Your disk quota is used up", _FULL),
    errno.EROFS: ("The disk is read-only", "Mount it for writing; a disk that became read-only by itself is failing: copy it first."),
    errno.EIO: ("The disk reports an error", "Stop writing to this disk, copy the archive to another one, then run an audit there."),
    errno.EACCES: ("Permission was refused", "Run as the person who owns the archive's folder, or correct its permissions."),
    errno.EPERM: ("Permission was refused", "Run as the person who owns the archive's folder, or correct its permissions."),
    errno.EMFILE: ("Too many files are open", "Close other programs and run the same command again."),
    errno.ENFILE: ("Too many files are open", "Close other programs and run the same command again."),
    errno.EXDEV: ("The files lie on two file systems", "Keep incoming/, work/ and storage/ of one home on one disk."),
    errno.EFBIG: ("The file is too large for this disk", "Move the archive to a disk with ext4, xfs, btrfs or NTFS (FAT32 ends at 4 GiB)."),
    errno.EINTR: ("The work was interrupted", "Run the same command again; what was acknowledged is safe."),
    errno.ENOLCK: ("The disk cannot lock files", "Keep the archive on a disk of this computer, or let the network disk allow locks."),
    errno.ESTALE: ("The connection to the disk was lost", "Connect the disk again and run the same command again."),
    errno.ENODEV: ("The disk is gone", "Connect the disk again and run the same command again."),
    errno.ENXIO: ("The disk is gone", "Connect the disk again and run the same command again."),
    errno.ENAMETOOLONG: ("A name is too long for this disk", "Shorten the path of the archive home or of the deposit."),
}
CODES = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EROFS: "disk-read-only",
    errno.EIO: "disk-error",
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.EFBIG: "file-too-large",
    errno.ENOLCK: "no-locks",
    errno.ESTALE: "disk-gone",
    errno.ENODEV: "disk-gone",
    errno.ENXIO: "disk-gone",
}
_TAKEN = {errno.EEXIST, errno.ENOTEMPTY}
_ABSENT = {errno.ENOENT, errno.ENOTDIR}


class Refusals:
    """Turns every OSError inside a ``with`` into one of Ditich's errors that names the path."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> Self:
        """Nothing to prepare."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Raise the error that the OSError means."""
        if isinstance(error, OSError):
            raise refusal(error, self._path) from error


def refusal(error: OSError, path: str) -> DitichError:
    """The error that this OSError means for that path."""
    if error.errno in _ABSENT:
        return NotFoundError(f"{path} is not there.", detail=str(error))
    if error.errno in _TAKEN:
        return ConflictError(f"{path} is there already.", advice="Someone else wrote it: look again.", detail=str(error))
    what, advice = ADVICE.get(error.errno or 0, (f"The system refused ({error.strerror or error})", _UNKNOWN))
    return StorageError(f"{what}: {path}.", advice=advice, detail=str(error), code=CODES.get(error.errno or 0, ""), values={"path": path})
