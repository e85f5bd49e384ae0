"""What there is to see and hear in a scene besides its ways: hotspots and annotations, each at its direction. Rules only."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Hotspot, Scene
from viewer import addresses

NEARLY = 15.0
"""degrees within which two marks of the same name are one thing"""
TEXT, AUDIO = "text", "recording"


@dataclass(frozen=True, slots=True)
class Sight:
    """Words, a recording or an asset at a direction (degrees: ``yaw`` clockwise from the image centre, ``pitch`` up).

    Attributes:
        href: the asset's page; "" where there is nothing but words.
        kind: that of the asset ("photo", "mesh", "document", …), "text" for words alone.
        number: that of an annotation among those of the scene, from 1; 0 for a hotspot.
        audio: address of the recording to play in place.
        captions: address of its captions.
    """

    href: str
    label: LocalText
    text: LocalText
    yaw: float
    pitch: float
    kind: str = TEXT
    number: int = 0
    audio: str = ""
    captions: str = ""


def sights(site: PublicSite, scene: Scene, language: Language) -> list[Sight]:
    """The hotspots of a scene, then its annotations. One whose asset is not public keeps its words and loses its link."""
    things = [_of_hotspot(site, hotspot, language) for hotspot in scene.hotspots]
    notes = list(_of_annotations(site, scene))
    alone = [thing for thing in things if thing.audio or not any(_is_same(thing, note) for note in notes)]
    return [*alone, *(_joined(note, [thing for thing in things if not thing.audio and _is_same(thing, note)]) for note in notes)]


def _joined(note: Sight, same: list[Sight]) -> Sight:
    """An annotation with the link and the words of the hotspots of the same name at its place: one mark for one thing."""
    linked = next((thing for thing in same if thing.href), note)
    told = next((sight.text for sight in (note, *same) if any(sight.text.get(spoken) for spoken in Language)), note.text)
    return replace(note, href=linked.href, kind=linked.kind, text=told)


def _is_same(thing: Sight, note: Sight) -> bool:
    return _same_name(thing.label, note.label) and _degrees_apart(thing, note) < NEARLY


def _same_name(one: LocalText, other: LocalText) -> bool:
    return any((name := one.get(spoken)) and name.casefold() == (other.get(spoken) or "").casefold() for spoken in Language)


def _degrees_apart(one: Sight, other: Sight) -> float:
    return math.hypot((one.yaw - other.yaw + 180) % 360 - 180, one.pitch - other.pitch)


def _of_hotspot(site: PublicSite, hotspot: Hotspot, language: Language) -> Sight:
    asset = next((asset for asset in site.assets if hotspot.asset and hotspot.asset in {asset.ark, asset.id}), None)
    if asset is None:
        return Sight("", hotspot.label, hotspot.text, hotspot.yaw, hotspot.pitch)
    return Sight(
        addresses.asset(language, site.slug, asset.id),
        hotspot.label,
        hotspot.text,
        hotspot.yaw,
        hotspot.pitch,
        kind=str(asset.kind),
        audio=_download(site, asset, "audio/"),
        captions=_download(site, asset, "text/vtt"),
    )


def _download(site: PublicSite, asset: PublicAsset, media_type: str) -> str:
    found = (file.name for file in asset.downloads if file.media_type.startswith(media_type))
    return next((addresses.media(site, asset, f"original/{name}") for name in found), "")


def _of_annotations(site: PublicSite, scene: Scene) -> Iterator[Sight]:
    number = 0
    for annotation in site.tour.annotations if site.tour else ():
        for target in annotation.targets:
            place = direction_of(annotation, target, scene)
            if place is not None:
                number += 1
                yield Sight("", annotation.label, annotation.text, *place, number=number)


def direction_of(annotation: Annotation, target: AnnotationTarget, scene: Scene) -> tuple[float, float] | None:
    """Yaw and pitch at which a scene shows what an annotation speaks of; None where it does not, or where that is not known.

    Said by the target itself, else it follows from the annotation's position and the scene's position and heading.
    """
    if target.asset not in {scene.panorama, scene.id}:
        return None
    if target.kind is SelectorKind.DIRECTION:
        return target.values[0], target.values[1]
    if annotation.position is None or scene.position is None or scene.heading is None:
        return None
    east, north, up = (there - here for there, here in zip(annotation.position, scene.position, strict=True))
    bearing = math.degrees(math.atan2(east, north))
    return (bearing - scene.heading + 180) % 360 - 180, math.degrees(math.atan2(up, math.hypot(east, north)))
