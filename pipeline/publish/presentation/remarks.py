"""What is said about an asset, as W3C annotations on its canvas: ways, sights, directions, annotations of the site, spoken words.

Words in several languages are one body each (https://www.w3.org/TR/annotation-model/#cardinality-of-bodies-and-targets).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.records.annotation import Annotation as Statement
from archive.records.annotation import SelectorKind
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Hotspot, Narration, Scene, SceneLink
from pipeline.publish.presentation import parts, places
from pipeline.publish.presentation.model import Annotation, Content, Resource, SpecificResource


@dataclass(frozen=True, slots=True)
class Surface:
    """The canvas that is spoken of: its name and its size in pixels."""

    site: PublicSite
    asset: PublicAsset
    canvas: str
    size: tuple[int, int]

    @property
    def sphere(self) -> places.Sphere:
        """The canvas as a part of a sphere."""
        pyramid = self.asset.facts.get("crop")
        return places.sphere(*self.size, pyramid if isinstance(pyramid, dict) else None)


def about(surface: Surface, page: str) -> Iterator[Annotation]:
    """Everything said about an asset, in the order of the walk's page; names count up within ``page``."""
    for number, (motivation, body, target) in enumerate(_said(surface), 1):
        yield Annotation(id=f"{page}/{number}", motivation=motivation, body=body, target=target)


Said = tuple[str, tuple[Resource, ...], str | tuple[str, ...]]
"""(motivation, bodies, targets)"""


def _said(surface: Surface) -> Iterator[Said]:
    tour = surface.site.tour
    if tour is None:
        return
    for scene in tour.scenes:
        if scene.panorama in {surface.asset.ark, surface.asset.id}:
            yield from _of_scene(surface, scene)
    for statement in tour.annotations:
        yield from _of_statement(surface, statement)


def _of_scene(surface: Surface, scene: Scene) -> Iterator[Said]:
    if words := bodies(scene.description):
        yield "commenting", words, surface.canvas
    for link in scene.links:
        if link.direction_known:
            yield from _way(surface, link)
    for hotspot in scene.hotspots:
        yield from _sight(surface, hotspot)
    if scene.heading is not None:
        for name, text in scene.directions:
            bearing = places.bearing_of(name)
            if bearing is not None and (words := bodies(text)):
                regions = places.quarter(surface.sphere, bearing - scene.heading)
                yield "commenting", words, _targets(surface, regions)
    yield from _spoken(surface, scene)


def _way(surface: Surface, link: SceneLink) -> Iterator[Said]:
    """A way to another scene: a link to its canvas, as the cookbook has it (recipe 0022)."""
    target = next((asset for asset in surface.site.assets if asset.id == link.to), None)
    where = places.spot(surface.sphere, link.yaw, link.pitch)
    if target is None or where is None:
        return
    words = bodies(link.label if parts.said(link.label) else target.title)
    within = Content(type="Manifest", id=parts.export(surface.site, "manifest-tour.json"))
    there = Content(type="Canvas", id=parts.export(surface.site, f"canvas-{target.id}"), part_of=(within,))
    yield "linking", (*words, SpecificResource(source=there)), _target(surface, where)


def _sight(surface: Surface, hotspot: Hotspot) -> Iterator[Said]:
    where = places.spot(surface.sphere, hotspot.yaw, hotspot.pitch)
    if where is None:
        return
    words = (*bodies(hotspot.label), *bodies(hotspot.text))
    asset = next((asset for asset in surface.site.assets if hotspot.asset and hotspot.asset in {asset.ark, asset.id}), None)
    if words:
        yield "commenting", words, _target(surface, where)
    if asset is not None:
        pages = tuple(
            Content(type="Text", id=parts.page(language, surface.site, asset.id), format="text/html", language=language.value)
            for language in Language
        )
        yield "linking", pages, _target(surface, where)


def _of_statement(surface: Surface, statement: Statement) -> Iterator[Said]:
    words = (*bodies(statement.label), *bodies(statement.text))
    for target in statement.targets:
        if target.asset in {surface.asset.ark, surface.asset.id} and words:
            yield "commenting", words, place_of(surface, target.kind, target.values)


def place_of(surface: Surface, kind: SelectorKind, values: tuple[float, ...]) -> str:
    """The target on the canvas; all of it where the place is in space or is not on the picture."""
    region = None
    if kind is SelectorKind.DIRECTION and len(values) >= 2:
        region = places.spot(surface.sphere, values[0], values[1])
    elif kind is SelectorKind.REGION:
        region = places.share(*surface.size, values)
    return _target(surface, region) if region else surface.canvas


def _spoken(surface: Surface, scene: Scene) -> Iterator[Said]:
    """The narration of every step of a guided walk that stops here, with its captions."""
    for guide in surface.site.tour.guides if surface.site.tour else ():
        for step in guide.steps:
            if step.scene == scene.id:
                for narration in step.narrations:
                    yield "supplementing", _narration(surface.site, narration), surface.canvas


def _narration(site: PublicSite, narration: Narration) -> tuple[Resource, ...]:
    kinds = {file.name: file.media_type for file in site.files}
    language = narration.language.value
    spoken = Content(
        type="Sound",
        id=parts.media(site, site.id, narration.file),
        format=kinds.get(narration.file, "audio/mpeg"),
        language=language,
        duration=narration.seconds,
    )
    if not narration.captions:
        return (spoken,)
    return spoken, Content(type="Text", id=parts.media(site, site.id, narration.captions), format="text/vtt", language=language)


def bodies(text: LocalText) -> tuple[Content, ...]:
    """The words in every language that has them, as textual bodies."""
    return tuple(
        Content(type="TextualBody", value=words, language=language.value, format="text/plain")
        for language in Language
        if (words := text.get(language))
    )


def _target(surface: Surface, region: places.Region) -> str:
    return f"{surface.canvas}#{region.fragment}"


def _targets(surface: Surface, regions: tuple[places.Region, ...]) -> str | tuple[str, ...]:
    found = tuple(_target(surface, region) for region in regions)
    return found[0] if len(found) == 1 else found or surface.canvas
