"""Random sequences of what officers do to an archive, for properties that must hold after any of them."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from archive.access import head_of
from archive.home import Home
from archive.ocfl.digests import sha512_of
from archive.ocfl.object import read_inventory
from archive.records.asset import Asset
from archive.records.package import VersionDraft
from archive.records.serialise import to_json
from archive.records.text import LocalText
from tests.archive.builders import asset_record, file_of, keep, kept_file

WORDS = st.sampled_from(["Đình", "Thạc Gián", "bia", "วัดพระแก้ว", "stele", "cổng", "", "'\"%_"])


@dataclass(frozen=True)
class Step:
    """One thing that is done: an asset (by number) gets a title, other bytes for its original, or is withdrawn."""

    asset: int
    title: str
    content: int
    withdrawn: bool


STEPS = st.lists(st.builds(Step, st.integers(0, 3), WORDS, st.integers(0, 2), st.booleans()), min_size=1, max_size=6)


def record_after(step: Step) -> Asset:
    """The record that a step leaves: its ARK from the asset's number, its original from the step's content."""
    first = asset_record(b"asset %d" % step.asset, step.title)
    original = asset_record(b"asset %d content %d" % (step.asset, step.content), "").originals
    return replace(first, originals=original, title=LocalText(vi=step.title or None), withdrawn="x" if step.withdrawn else "")


def take(home: Home, step: Step) -> str:
    """Do it; the ARK that it concerned."""
    record = record_after(step)
    content = b"asset %d content %d" % (step.asset, step.content)
    base = head_of(home, record.ark) or ""
    files = [file_of("record.json", to_json(record)), file_of("original/a.jpg", content)]
    if base and _kept(home, record, content):
        files.append(kept_file("original/a copy.jpg", content))
    keep(home, VersionDraft(record.ark, base, tuple(files), "step"))
    return record.ark


def _kept(home: Home, record: Asset, content: bytes) -> bool:
    return sha512_of(content) in read_inventory(home.tree, home.objects.folder_of(record.ark)).inventory.manifest
