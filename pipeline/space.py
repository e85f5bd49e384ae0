"""How much room a deposit needs, summed before anything is written.

Received bytes are written once: accession moves them inside one file system. Records, inventories and derivatives come on top; the
factors were set generously from what the rehearsal and real cards took, and an estimate that is too high only warns.
"""

import os
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.errors import UsageError

RECORD_BYTES = 64 * 1024
"""record.json, technical.json, events.jsonl, inventories and sidecars of one asset"""
INODES_AN_ASSET = 20
"""what must be free for each asset; a photo takes 16 (docs/file-layout.md), a later version or a second original some more"""
EXPECTED_ASSETS = 1000
"""what `init` takes when nobody says how many assets there will be"""
DERIVATIVE_SHARE = 0.8
"""pyramids, tiles and posters per byte of original"""
DERIVATIVE_INODES = 16
MARGIN = 1.05
RESERVE = 64 * 2**20
"""left free for the catalogue, the ledger and the system"""


class Fits(StrEnum):
    """What the disk has room for."""

    EVERYTHING = "everything"
    ORIGINALS_ONLY = "originals-only"
    TOO_LITTLE = "too-little"


@dataclass(frozen=True, slots=True)
class SpacePlan:
    """Bytes and inodes needed and free. ``free_inodes`` is None where the file system counts none (btrfs, NTFS)."""

    received: int
    records: int
    scratch: int
    derivatives: int
    inodes: int
    derivative_inodes: int
    free: int
    free_inodes: int | None

    @property
    def originals(self) -> int:
        """Bytes without which nothing can be archived."""
        return int((self.received + self.records) * MARGIN) + RESERVE

    @property
    def everything(self) -> int:
        """Bytes with scratch and derivatives."""
        return self.originals + int((self.scratch + self.derivatives) * MARGIN)

    @property
    def lacks_inodes(self) -> bool:
        """Whether the file system cannot take so many more files, whatever their size."""
        return self.free_inodes is not None and self.free_inodes < self.inodes

    @property
    def verdict(self) -> Fits:
        """What fits."""
        inodes = self.free_inodes if self.free_inodes is not None else self.inodes + self.derivative_inodes
        if self.free < self.originals or self.lacks_inodes:
            return Fits.TOO_LITTLE
        if self.free < self.everything or inodes < self.inodes + self.derivative_inodes:
            return Fits.ORIGINALS_ONLY
        return Fits.EVERYTHING


def plan_space(sizes: tuple[int, ...], place: Path) -> SpacePlan:
    """What files of these sizes (bytes, already unpacked) need in the file system of ``place``."""
    received, count = sum(sizes), len(sizes)
    return SpacePlan(
        received=received,
        records=count * RECORD_BYTES,
        scratch=max(sizes, default=0),
        derivatives=int(received * DERIVATIVE_SHARE),
        inodes=count * INODES_AN_ASSET,
        derivative_inodes=count * DERIVATIVE_INODES,
        free=shutil.disk_usage(place).free,
        free_inodes=_free_inodes(place),
    )


def require_inodes(place: Path, assets: int) -> None:
    """Refuse a place whose file system cannot hold the files of so many assets.

    Args:
        place: a folder, or where one will be made.
        assets: how many are expected.

    Raises:
        UsageError: fewer than INODES_AN_ASSET are free for each.
    """
    there = next(folder for folder in (place, *place.absolute().parents) if folder.exists())
    free, needed = _free_inodes(there), assets * INODES_AN_ASSET
    if free is not None and free < needed:
        raise UsageError(
            f"The disk of {place} has room for {free} more files; {assets} assets need {needed}.",
            advice=f"Choose another disk, or format it for more files (ext4: `mkfs.ext4 -i 8192`; xfs and btrfs make them as needed); "
            f"with --expect {free // INODES_AN_ASSET} it can be used for fewer assets.",
            code="too-few-inodes",
            values={"place": place, "free": free, "needed": needed, "assets": assets, "fewer": free // INODES_AN_ASSET},
        )


def _free_inodes(place: Path) -> int | None:
    if not hasattr(os, "statvfs"):
        return None
    state = os.statvfs(place)
    return state.f_favail if state.f_files else None
