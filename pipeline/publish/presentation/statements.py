"""The annotations of a site, each once, with every place where the thing is seen as a target."""

from collections.abc import Iterator
from urllib.parse import quote

from archive.records.annotation import Annotation as Statement
from archive.records.annotation import AnnotationTarget, SelectorKind
from archive.records.publication import PublicAsset, PublicSite
from pipeline.publish.presentation import parts
from pipeline.publish.presentation.canvas import canvas_id, canvas_size
from pipeline.publish.presentation.model import Annotation, AnnotationPage, Content, Resource, SpecificResource
from pipeline.publish.presentation.remarks import Surface, bodies, place_of
from pipeline.publish.presentation.scene4 import y_up

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def statements_page(site: PublicSite) -> AnnotationPage | None:
    """All annotations of a site; None where it has none that say something about a public asset."""
    identifier = parts.export(site, "annotations.json")
    found = tuple(_annotations(site, identifier))
    return AnnotationPage(context=_CONTEXT, id=identifier, items=found) if found else None


def _annotations(site: PublicSite, page: str) -> Iterator[Annotation]:
    by_name = {name: asset for asset in site.assets for name in (asset.ark, asset.id)}
    for statement in site.tour.annotations if site.tour else ():
        places = [_target(site, by_name[target.asset], target) for target in statement.targets if target.asset in by_name]
        words = (*bodies(statement.label), *bodies(statement.text), *_sources(statement))
        if places and words:
            target = places[0] if len(places) == 1 else tuple(places)
            yield Annotation(id=f"{page}#{quote(statement.id)}", motivation="describing", body=words, target=target)


def _sources(statement: Statement) -> tuple[Content, ...]:
    """What the statement stands on."""
    return tuple(
        Content(type="TextualBody", value=source, format="text/plain", extra={"purpose": "identifying"}) for source in statement.sources
    )


def _target(site: PublicSite, asset: PublicAsset, target: AnnotationTarget) -> Resource | str:
    if target.kind is SelectorKind.POINT and len(target.values) == 3:
        scene = f"{parts.export(site, f'manifest4-{asset.id}.json')}/scene"
        x, y, z = y_up(asset, target.values)
        return SpecificResource(source=scene, selector=Content(type="PointSelector", extra={"x": x, "y": y, "z": z}))
    size = canvas_size(site, asset)
    canvas = canvas_id(site, asset)
    return place_of(Surface(site, asset, canvas, size), target.kind, target.values) if size else canvas
