"""Disks that the system describes in many ways: partitions, volumes over disks, images in files, file systems with numbers of their own."""

import os
import stat
from pathlib import Path

import pytest

from archive.replicas import device
from archive.replicas.device import on_one_disk

HERE, THERE, IMAGE, VOLUME = (8 << 8) | 1, (8 << 8) | 17, (7 << 8) | 3, (253 << 8) | 0


class Machine:
    """A tree as Linux describes it: sda1 and sdb1 are partitions, dm-0 a volume over sdb1, loop3 an image kept on sda1."""

    def __init__(self, folder: Path) -> None:
        self.system, self.mounts = folder / "block", folder / "mountinfo"
        self.system.mkdir()
        for disk, number in (("sda", "8:1"), ("sdb", "8:17")):
            part = folder / "devices" / disk / f"{disk}1"
            part.mkdir(parents=True)
            (part / "partition").write_text("1\n")
            (self.system / number).symlink_to(part)
        volume = folder / "devices" / "dm-0"
        (volume / "slaves").mkdir(parents=True)
        (volume / "slaves" / "sdb1").symlink_to(folder / "devices" / "sdb" / "sdb1")
        (self.system / "253:0").symlink_to(volume)
        loop = folder / "devices" / "loop3"
        (loop / "loop").mkdir(parents=True)
        (folder / "image").write_bytes(b"")
        (loop / "loop" / "backing_file").write_text(f"{folder / 'image'}\n")
        (self.system / "7:3").symlink_to(loop)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Which device number each folder has."""
    numbers: dict[str, int] = {}
    real = device._device
    monkeypatch.setattr(device, "_device", lambda path: numbers.get(path.name) or real(path))
    return numbers


def test_one_device_number_is_one_disk(tmp_path: Path) -> None:
    assert on_one_disk(tmp_path, tmp_path / "not" / "there" / "yet")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (HERE, THERE, False),
        (THERE, VOLUME, True),
        (HERE, VOLUME, False),
        (HERE, IMAGE, True),
        (THERE, IMAGE, False),
        (HERE, 99 << 8, False),
    ],
)
def test_what_lies_below(machine: Machine, devices: dict[str, int], one: int, other: int, same: bool) -> None:  # noqa: FBT001 - a table
    devices |= {"a": one, "b": other, "image": HERE}
    assert on_one_disk(Path("a"), Path("b"), system=machine.system, mounts=machine.mounts) is same


def test_a_file_system_with_a_number_of_its_own(
    machine: Machine, devices: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices |= {"a": 44, "b": THERE, "c": HERE}
    disk = tmp_path / "sdb1"
    disk.write_bytes(b"")
    machine.mounts.write_text(f"21 1 0:9 / /other rw - tmpfs tmpfs rw\n22 1 0:44 / /data rw shared:1 - btrfs {disk} rw\n")
    assert not on_one_disk(Path("a"), Path("b"), system=machine.system, mounts=machine.mounts)  # the source is no device
    real = Path.stat

    def block(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = real(self, follow_symlinks=follow_symlinks)
        if self != disk:
            return found
        return os.stat_result((stat.S_IFBLK | 0o600, *found[1:]), {"st_rdev": THERE})

    monkeypatch.setattr(Path, "stat", block)
    monkeypatch.setattr(Path, "is_block_device", lambda self: self == disk)
    assert on_one_disk(Path("a"), Path("b"), system=machine.system, mounts=machine.mounts)
    assert not on_one_disk(Path("a"), Path("c"), system=machine.system, mounts=machine.mounts)
    machine.mounts.write_text("")
    assert not on_one_disk(Path("a"), Path("b"), system=machine.system, mounts=machine.mounts)
