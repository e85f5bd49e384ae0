"""Whether two folders lie on one disk: a copy that dies with the original is none.

Two folders of one device number share a disk. Where the system tells (Linux: ``/sys/dev/block``), so do two partitions, two volumes
of one disk group, and a disk image on the disk that holds it. What cannot be known counts as different.
"""

import os
from pathlib import Path

SYS = Path("/sys/dev/block")
MOUNTS = Path("/proc/self/mountinfo")


def on_one_disk(one: Path, other: Path, *, system: Path = SYS, mounts: Path = MOUNTS) -> bool:
    """Whether both folders (or, where they are not there yet, the folders that will hold them) lie on one disk.

    Args:
        one: a folder.
        other: another.
        system: where Linux describes block devices.
        mounts: where Linux lists what is mounted.
    """
    devices = _device(one), _device(other)
    if devices[0] == devices[1]:
        return True
    first, second = (_disks(device, system, mounts) for device in devices)
    return bool(first & second)


def _device(path: Path) -> int:
    path = Path(os.path.abspath(path))  # noqa: PTH100 - not resolve(): a link that leads nowhere has no device
    while not path.exists():
        path = path.parent
    return path.stat().st_dev


def _disks(device: int, system: Path, mounts: Path) -> set[str]:
    """The names of the whole disks below a device; none where that is not known."""
    number = f"{os.major(device)}:{os.minor(device)}"
    if (system / number).exists():
        return _below((system / number).resolve(), system, mounts)
    # btrfs and its like have numbers of their own: the list of mounts names the block device
    source = _source_of(number, mounts)
    if not source.is_block_device():
        return set()
    return _disks(source.stat().st_rdev, system, mounts)


def _source_of(number: str, mounts: Path) -> Path:
    """The device that was mounted under this number (mountinfo, proc(5): the second field after the hyphen)."""
    if mounts.is_file():
        for line in mounts.read_text("utf-8", "replace").splitlines():
            fields = line.split()
            if fields[2] == number:
                return Path(fields[fields.index("-") + 2])
    return Path("none")


def _below(described: Path, system: Path, mounts: Path) -> set[str]:
    """From a partition to its disk, from a volume to what it is made of, from an image to the disk that holds it."""
    if (described / "partition").exists():
        described = described.parent
    image = described / "loop" / "backing_file"
    if image.exists():
        return _disks(_device(Path(image.read_text().strip())), system, mounts)
    parts = list((described / "slaves").iterdir()) if (described / "slaves").is_dir() else []
    if parts:
        return {name for part in parts for name in _below(part.resolve(), system, mounts)}
    return {described.name}
