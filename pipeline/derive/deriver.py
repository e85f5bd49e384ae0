"""What a deriver is: a recipe that makes files from an asset's originals, and what one run of it made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from archive.records.asset import Asset, AssetKind
from archive.records.derivative import MediaRole
from pipeline.workers import Limits


def always(_asset: Asset) -> bool:
    """The deriver wants every asset of its kinds."""
    return True


@dataclass(frozen=True, slots=True)
class Deriver:
    """One recipe. Everything here except ``limits`` and ``wants`` decides the bytes, so it stands in the derivative's key.

    The task is a plain function in a worker process::

        def make(sources, output, asset_facts, **parameters) -> Made

    ``sources`` is ((logical path, Path), …), the principal file first; ``output`` is an empty folder, the only place it may write
    to. ``asset_facts`` holds "kind", "nature", "formats" (logical path → format name), those of the asset's facts that ``uses``
    names, and for redactable derivers "location_public". It never holds a title, a person or a position.

    Attributes:
        name: stable kebab-case name.
        version: goes up whenever the same sources would give other bytes.
        kinds: kinds of asset that it concerns.
        task: "package.module:function".
        parameters: JSON values handed to the task.
        limits: time and memory of one run.
        wants: a last look at the asset (formats, facts).
        uses: names of asset facts that the task reads ("projection", "crop", "unit" …).
        badge: whether natures other than survey are written into its pixels (the words then belong to the recipe).
        redactable: whether what it makes depends on whether the location may be shown.
    """

    name: str
    version: str
    kinds: frozenset[AssetKind]
    task: str
    limits: Limits
    parameters: dict[str, Any] = field(default_factory=dict, hash=False)
    wants: Callable[[Asset], bool] = always
    uses: tuple[str, ...] = ()
    badge: bool = False
    redactable: bool = False


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file that a task wrote into its output folder; width and height in pixels where it is a picture."""

    role: MediaRole
    name: str
    media_type: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a task made: its files, and facts that pages need (plain JSON values)."""

    files: tuple[MadeFile, ...]
    facts: dict[str, Any] = field(default_factory=dict, hash=False)
