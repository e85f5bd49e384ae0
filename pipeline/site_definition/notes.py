"""What is no fault of a site folder and yet hardly meant: names that lead to nothing, words that nobody hears, stops beside the plan."""

import difflib
import math
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from archive.records.tour import Plan, Scene, Tour
from pipeline.site_definition.captions import read_captions
from pipeline.site_definition.recording import clean_recording
from pipeline.site_definition.toml_model import FILE_REFERENCE

if TYPE_CHECKING:
    from pipeline.site_definition.folder import SiteDefinition

_CLOSE = 0.7
_LATE_MS = 500
"""Captions may end this much after the recording: players round."""
_SCRIPTS = (b"<script", b" onload=", b" onclick=", b"javascript:")


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a site folder: what it is ("scene", "link", "hotspot", "plan", "step", "date", "annotation"), which one, in what."""

    part: str
    number: int
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of an asset and the place where it stands."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """One note: ``kind`` is the end of its sentence's key, ``place`` the part that it is about where there is one."""

    kind: str
    values: dict[str, str]
    place: Place | None = None


def plain(reference: str) -> str:
    """A reference as it was written."""
    return reference.removeprefix(FILE_REFERENCE)


def mentions(tour: Tour) -> Iterator[Mention]:
    """Every place of a tour that names an asset."""
    for number, scene in enumerate(tour.scenes, 1):
        yield Mention(Place("scene", number), scene.panorama)
        yield from _in_scene(scene)
    for plan in tour.plans:
        yield from (Mention(Place("plan", number, plan.id), name) for number, name in enumerate(plan.scenes, 1))
    for guide in tour.guides:
        yield from (Mention(Place("step", k, guide.id), step.scene or step.asset) for k, step in enumerate(guide.steps, 1))
    for series in tour.epochs:
        yield from (Mention(Place("date", k, series.id), epoch.asset) for k, epoch in enumerate(series.epochs, 1))
    for annotation in tour.annotations:
        yield from (Mention(Place("annotation", k, annotation.id), target.asset) for k, target in enumerate(annotation.targets, 1))


def _in_scene(scene: Scene) -> Iterator[Mention]:
    inside = plain(scene.panorama)
    yield from (Mention(Place("link", number, inside), link.to) for number, link in enumerate(scene.links, 1))
    yield from (Mention(Place("hotspot", number, inside), spot.asset) for number, spot in enumerate(scene.hotspots, 1) if spot.asset)


def notes_on(definition: "SiteDefinition", names: Collection[str]) -> tuple[Note, ...]:
    """What an officer would want to know of a folder that is valid.

    Args:
        definition: the folder.
        names: every name that leads to an asset of the site: ARKs, ids, file names as delivered.
    """
    tour, files = definition.tour, definition.files
    return (*_unknown(tour, names), *_recordings(files), *_plans(tour, files))


def _unknown(tour: Tour, names: Collection[str]) -> Iterator[Note]:
    known = {unicodedata.normalize("NFC", name) for name in names}
    for mention in mentions(tour):
        name = unicodedata.normalize("NFC", unquote(plain(mention.name)))
        if not known & {name, unicodedata.normalize("NFC", plain(mention.name))}:
            close = difflib.get_close_matches(name, sorted(known), 1, _CLOSE)
            yield Note("close" if close else "unknown", {"name": name, **({"close": close[0]} if close else {})}, mention.place)


def _recordings(files: Mapping[str, bytes]) -> Iterator[Note]:
    for name in sorted(files):
        if not name.startswith("narration/") or not name.endswith((".mp3", ".wav")):
            continue
        captions = f"{name.rpartition('.')[0]}.vtt"
        if captions in files:
            seconds = clean_recording(files[name], name).seconds
            last = max(cue.end for cue in read_captions(files[captions], captions))
            if last > seconds * 1000 + _LATE_MS:
                yield Note("late", {"name": captions, "last": f"{last / 1000:.1f}", "seconds": f"{seconds:.1f}"})


def _plans(tour: Tour, files: Mapping[str, bytes]) -> Iterator[Note]:
    for number, plan in enumerate(tour.plans, 1):
        content = files.get(plan.file, b"").lower()
        if any(trace in content for trace in _SCRIPTS):
            yield Note("scripts", {"name": plan.file})
        wanted = [scene for scene in tour.scenes if scene.position is not None and (not plan.scenes or scene.panorama in plan.scenes)]
        if not any(_lies_inside(plan, scene.position) for scene in wanted if scene.position is not None):
            yield Note("beside", {"name": plan.file}, Place("drawing", number))


def _lies_inside(plan: Plan, position: tuple[float, float, float]) -> bool:
    """Whether a standpoint lies in the drawing: ``origin + units_per_metre · R(turn) · (x, −y)``, R clockwise as SVG turns."""
    turn = math.radians(plan.turn)
    x, y = position[0], -position[1]
    across = plan.origin[0] + plan.units_per_metre * (x * math.cos(turn) - y * math.sin(turn))
    down = plan.origin[1] + plan.units_per_metre * (x * math.sin(turn) + y * math.cos(turn))
    left, top, width, height = plan.box
    return left <= across <= left + width and top <= down <= top + height
