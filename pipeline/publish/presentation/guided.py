"""Guided walks as ranges: one for each walk, in it one for each step, which leads to the canvas and the view that it speaks of."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from archive.records.publication import PublicAsset, PublicSite
from archive.records.tour import Guide, GuideStep
from pipeline.publish.presentation import parts, places
from pipeline.publish.presentation.model import Canvas, Content, Range, Resource, SpecificResource
from pipeline.publish.presentation.remarks import Surface


def guided_ranges(site: PublicSite, manifest: str, made: Mapping[str, Canvas]) -> Iterator[Range]:
    """The guided walks of a site whose steps the manifest can show."""
    for guide in site.tour.guides if site.tour else ():
        identifier = f"{manifest}/range/guide/{quote(guide.id)}"
        steps = tuple(_steps(site, guide, identifier, made))
        if steps:
            yield Range(id=identifier, label=parts.label(guide.title, guide.id), summary=parts.said(guide.summary), items=steps)


def _steps(site: PublicSite, guide: Guide, identifier: str, made: Mapping[str, Canvas]) -> Iterator[Range]:
    by_name = {name: asset for asset in site.assets for name in (asset.ark, asset.id)}
    scenes = {scene.id: scene.panorama for scene in (site.tour.scenes if site.tour else ())}
    for number, step in enumerate(guide.steps, 1):
        asset = by_name.get(scenes.get(step.scene, "") or step.asset)
        if asset is not None and asset.id in made:
            where = _place(site, step, asset, made[asset.id])
            title = parts.label(step.title, str(number))
            yield Range(id=f"{identifier}/{number}", label=title, summary=parts.said(step.text), items=(where,))


def _place(site: PublicSite, step: GuideStep, asset: PublicAsset, made: Canvas) -> Resource:
    """The canvas, or the part of it that the step looks at."""
    if step.view is None or not step.scene or made.width is None or made.height is None:
        return Canvas(id=made.id)
    seen = places.spot(Surface(site, asset, made.id, (made.width, made.height)).sphere, step.view.yaw, step.view.pitch)
    if seen is None:
        return Canvas(id=made.id)
    selector = Content(type="FragmentSelector", value=seen.fragment)
    return SpecificResource(source=Canvas(id=made.id), selector=selector)
