"""IIIF Presentation 3 manifests: ``manifest.json`` of the site and ``manifest-<asset id>.json`` of every asset with a picture.

https://iiif.io/api/presentation/3.0/ . Addresses begin with PLACEHOLDER_BASE; whoever serves them puts its own origin there.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from archive.publications.read import ORIGINAL, PLACEHOLDER_BASE
from archive.records.asset import Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText

_CONTEXT = "http://iiif.io/api/presentation/3/context.json"
_LABELS: dict[str, LocalText] = {
    "captured": LocalText("Ngày chụp", "Captured", "วันที่บันทึก"),
    "creator": LocalText("Người thực hiện", "Creator", "ผู้สร้าง"),
    "subject": LocalText("Chủ đề", "Subject", "หัวเรื่อง"),
    "credit": LocalText("Ghi công", "Credit", "เครดิต"),
    "nature": LocalText("Tính chất", "Nature", "ลักษณะ"),
    "ark": LocalText("Mã định danh", "Identifier", "ตัวระบุ"),
}
_NATURES: dict[Nature, LocalText] = {
    Nature.SURVEY: LocalText("Khảo sát thực địa", "Survey of the real place", "การสำรวจสถานที่จริง"),
    Nature.RECONSTRUCTION: LocalText("Phục dựng", "Reconstruction", "การสร้างขึ้นใหม่"),
    Nature.SIMULATED: LocalText("Mô phỏng", "Simulated", "จำลอง"),
}
_RESOURCE = {"model": "Model", "image": "Image", "video": "Video", "audio": "Sound", "text": "Text"}


def make(site: PublicSite) -> Iterator[tuple[str, bytes]]:
    """The manifests of a site: its own, when any asset has a picture, and one for each asset that has one."""
    canvases = {asset.id: canvas for asset in site.assets if (canvas := _canvas(site, asset)) is not None}
    if not canvases:
        return
    whole = _described(f"{_base(site)}/manifest.json", "Manifest", site.name, site.slug)
    whole |= _filled(summary=_words(site.summary), homepage=_homepages(site, ""), items=list(canvases.values()))
    yield "manifest.json", _json(whole)
    for asset in site.assets:
        if asset.id in canvases:
            yield f"manifest-{asset.id}.json", _json(_asset_manifest(site, asset, canvases[asset.id]))


def _asset_manifest(site: PublicSite, asset: PublicAsset, canvas: dict[str, Any]) -> dict[str, Any]:
    manifest = _described(f"{_base(site)}/manifest-{asset.id}.json", "Manifest", asset.title, asset.id)
    credit = [{"label": _words(_LABELS["credit"]), "value": {"none": [asset.credit]}}] if asset.credit else [None]
    see_also = {"id": f"{_base(site)}/oai_dc-{asset.id}.xml", "type": "Dataset", "format": "application/xml"}
    return manifest | _filled(
        summary=_words(asset.description),
        metadata=_metadata(asset),
        requiredStatement=credit[0],
        rights=asset.rights if asset.rights.startswith("http") else "",
        thumbnail=_thumbnail(site, asset),
        homepage=_homepages(site, f"/{asset.id}"),
        seeAlso=[see_also],
        rendering=_renderings(site, asset),
        items=[canvas],
    )


def _described(identifier: str, kind: str, label: LocalText, fallback: str) -> dict[str, Any]:
    return {"@context": _CONTEXT, "id": identifier, "type": kind, "label": _words(label) or {"none": [fallback]}}


def _canvas(site: PublicSite, asset: PublicAsset) -> dict[str, Any] | None:
    """A canvas as large as the best picture of an asset; None where it has none."""
    body = _picture(site, asset)
    if body is None:
        return None
    base = f"{PLACEHOLDER_BASE}/iiif/{site.slug}/{site.generation}/{asset.id}"
    canvas = f"{base}/canvas"
    annotation = {"id": f"{base}/annotation", "type": "Annotation", "motivation": "painting", "body": body, "target": canvas}
    page = {"id": f"{base}/page", "type": "AnnotationPage", "items": [annotation]}
    described = {"id": canvas, "type": "Canvas", "label": _words(asset.title) or {"none": [asset.id]}}
    size = {"width": body["width"], "height": body["height"]}
    return described | size | _filled(thumbnail=_thumbnail(site, asset), metadata=_metadata(asset)) | {"items": [page]}


def _picture(site: PublicSite, asset: PublicAsset) -> dict[str, Any] | None:
    pyramid = _file(asset, MediaRole.PYRAMID, "image/tiff")
    if pyramid is not None:
        image = f"{PLACEHOLDER_BASE}/iiif/{site.slug}/{site.generation}/{asset.id}"
        service = {"id": image, "type": "ImageService3", "profile": "level2"}
        return _image(f"{image}/full/max/0/default.jpg", pyramid, "image/jpeg") | {"service": [service]}
    for role in (MediaRole.POSTER, MediaRole.FIRST_VIEW, MediaRole.THUMBNAIL):
        if (file := _file(asset, role, "image/jpeg")) is not None:
            return _image(_media(site, asset, file.name), file, file.media_type)
    return None


def _file(asset: PublicAsset, role: MediaRole, media_type: str) -> DerivedFile | None:
    return next((file for file in asset.files if file.role is role and file.media_type == media_type and file.width), None)


def _image(identifier: str, file: DerivedFile, media_type: str) -> dict[str, Any]:
    return {"id": identifier, "type": "Image", "format": media_type, "width": file.width, "height": file.height}


def _thumbnail(site: PublicSite, asset: PublicAsset) -> list[dict[str, Any]]:
    file = _file(asset, MediaRole.THUMBNAIL, "image/jpeg")
    return [] if file is None else [_image(_media(site, asset, file.name), file, file.media_type)]


def _renderings(site: PublicSite, asset: PublicAsset) -> list[dict[str, Any]]:
    return [
        {
            "id": _media(site, asset, f"{ORIGINAL}/{quote(file.name)}"),
            "type": _RESOURCE.get(file.media_type.split("/")[0], "Dataset"),
            "label": {"none": [file.name]},
            "format": file.media_type,
        }
        for file in asset.downloads
    ] + [
        {"id": _media(site, asset, file.name), "type": "Image", "label": {"none": [file.name]}, "format": file.media_type}
        for file in asset.files
        if file.role is MediaRole.ACCESS_COPY
    ]


def _metadata(asset: PublicAsset) -> list[dict[str, Any]]:
    plain = {"captured": [asset.captured], "creator": [asset.creator], "subject": list(asset.subject), "ark": [asset.ark]}
    pairs = [{"label": _words(_LABELS[name]), "value": {"none": values}} for name, values in plain.items() if any(values)]
    return [*pairs, {"label": _words(_LABELS["nature"]), "value": _words(_NATURES[asset.nature])}]


def _homepages(site: PublicSite, below: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{PLACEHOLDER_BASE}/{language.value}/{site.slug}{below}",
            "type": "Text",
            "label": _words(site.name) or {"none": [site.slug]},
            "format": "text/html",
            "language": [language.value],
        }
        for language in Language
    ]


def _words(text: LocalText) -> dict[str, list[str]]:
    return {language.value: [words] for language in Language if (words := text.get(language))}


def _filled(**fields: Any) -> dict[str, Any]:
    """Only the fields that hold something: IIIF allows no empty ones."""
    return {name: value for name, value in fields.items() if value}


def _base(site: PublicSite) -> str:
    return f"{PLACEHOLDER_BASE}/export/{site.slug}"


def _media(site: PublicSite, asset: PublicAsset, name: str) -> str:
    return f"{PLACEHOLDER_BASE}/media/{site.slug}/{site.generation}/{asset.id}/{name}"


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
