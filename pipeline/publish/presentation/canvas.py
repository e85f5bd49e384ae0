"""The canvas of an asset: its best picture, or its sound, with everything said about it. The same in every manifest that shows it."""

from archive.records.asset import AssetKind
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicFile, PublicSite
from pipeline.publish.presentation import parts, remarks
from pipeline.publish.presentation.model import Annotation, AnnotationPage, Canvas, Content

_SMALLER = (MediaRole.POSTER, MediaRole.FIRST_VIEW, MediaRole.THUMBNAIL)


def canvas_id(site: PublicSite, asset: PublicAsset) -> str:
    """The name of an asset's canvas: the same in every generation, so that what others say about it holds."""
    return parts.export(site, f"canvas-{asset.id}")


def canvas_size(site: PublicSite, asset: PublicAsset) -> tuple[int, int] | None:
    """Width and height of an asset's canvas in pixels; None where it has no picture."""
    body = _picture(site, asset)
    return None if body is None or body.width is None or body.height is None else (body.width, body.height)


def canvas(site: PublicSite, asset: PublicAsset) -> Canvas | None:
    """The canvas of an asset; None where there is nothing to see or hear."""
    body = _picture(site, asset) or _sound(site, asset)
    if body is None:
        return None
    identifier = canvas_id(site, asset)
    painting = Annotation(id=f"{identifier}/painting/1", motivation="painting", body=body, target=identifier)
    return Canvas(
        id=identifier,
        label=parts.label(asset.title, asset.id),
        summary=parts.said(asset.description),
        width=body.width,
        height=body.height,
        duration=body.duration,
        metadata=parts.metadata(asset),
        required_statement=parts.credit(asset),
        rights=parts.rights_address(asset.rights),
        thumbnail=parts.thumbnail(site, asset),
        nav_place=parts.place(identifier, asset.title, asset.latitude, asset.longitude),
        items=(AnnotationPage(id=f"{identifier}/page/1", items=(painting,)),),
        annotations=_said_about(site, asset, identifier, body),
    )


def _said_about(site: PublicSite, asset: PublicAsset, identifier: str, body: Content) -> tuple[AnnotationPage, ...] | None:
    if body.width is None or body.height is None:
        return None
    surface = remarks.Surface(site, asset, identifier, (body.width, body.height))
    found = tuple(remarks.about(surface, f"{identifier}/remarks"))
    return (AnnotationPage(id=f"{identifier}/remarks", items=found),) if found else None


def _picture(site: PublicSite, asset: PublicAsset) -> Content | None:
    pyramid = next((file for file in asset.files if file.role is MediaRole.PYRAMID and file.width and file.height), None)
    if pyramid is not None:
        service = parts.image_service(site, asset.id)
        return Content(
            type="Image",
            id=f"{service}/full/max/0/default.jpg",
            format="image/jpeg",
            width=pyramid.width,
            height=pyramid.height,
            service=(Content(type="ImageService3", id=service, profile="level2"),),
        )
    file = parts.picture_file(asset, *_SMALLER)
    return None if file is None else parts.image(parts.media(site, asset.id, file.name), file)


def _sound(site: PublicSite, asset: PublicAsset) -> Content | None:
    """A recording that is offered and whose length was measured."""
    seconds = asset.facts.get("duration")
    file = _recorded(asset) if asset.kind is AssetKind.RECORDING else None
    if file is None or not isinstance(seconds, int | float) or seconds <= 0:
        return None
    address = parts.media(site, asset.id, f"original/{file.name}")
    return Content(type="Sound", id=address, format=file.media_type, duration=float(seconds))


def _recorded(asset: PublicAsset) -> PublicFile | None:
    return next((file for file in asset.downloads if file.media_type.startswith("audio/")), None)
