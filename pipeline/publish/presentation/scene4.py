"""Draft IIIF Presentation 4: a Scene for what has a shape in space. https://iiif.io/api/presentation/4.0/ , marked as draft everywhere.

Kept apart from the models of version 3: the draft may change, and these exports with it. Scenes have y up, in the unit of the model.
"""

from collections.abc import Iterator
from typing import Any

from archive.records.annotation import Annotation, SelectorKind
from archive.records.asset import AssetKind
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from pipeline.publish.presentation import parts
from pipeline.publish.presentation.model import Words

CONTEXT = "http://iiif.io/api/presentation/4/context.json"
DRAFT = LocalText("bản thảo", "draft", "ร่าง")
TILES = "https://www.opengis.net/spec/3dtiles/1.1"
"""Says that a JSON document is a tileset (OGC 22-025r4)."""
_SPACE = frozenset({AssetKind.MESH, AssetKind.POINT_CLOUD})


def scene_manifest(site: PublicSite, asset: PublicAsset) -> dict[str, Any] | None:
    """The draft manifest of a mesh or cloud; None for anything that has no shape to show."""
    model = _model(site, asset) if asset.kind in _SPACE else None
    if model is None:
        return None
    identifier = parts.export(site, f"manifest4-{asset.id}.json")
    scene = _scene(site, asset, f"{identifier}/scene", model)
    manifest = {"@context": CONTEXT, "id": identifier, "type": "Manifest", "label": _draft(asset.title, asset.id)}
    return manifest | _described(site, asset) | {"items": [scene]}


def site_manifest(site: PublicSite) -> dict[str, Any] | None:
    """The draft manifest of a site: one scene for every shape it has; None where it has none."""
    identifier = parts.export(site, "manifest4.json")
    scenes = [
        _scene(site, asset, f"{identifier}/scene/{asset.id}", model)
        for asset in site.assets
        if asset.kind in _SPACE and (model := _model(site, asset)) is not None
    ]
    if not scenes:
        return None
    badge = parts.NATURES[site.nature]
    return {
        "@context": CONTEXT,
        "id": identifier,
        "type": "Manifest",
        "label": _draft(site.name, site.slug),
        "metadata": [{"label": _said(parts.LABELS["nature"]), "value": _said(badge)}],
        "items": scenes,
    }


def _model(site: PublicSite, asset: PublicAsset) -> dict[str, Any] | None:
    mesh = next((file for file in asset.files if file.role is MediaRole.MODEL), None)
    if mesh is not None:
        return {"id": parts.media(site, asset.id, mesh.name), "type": "Model", "format": "model/gltf-binary"}
    if any(file.role is MediaRole.TILESET for file in asset.files):
        address = parts.media(site, asset.id, "tiles/tileset.json")
        return {"id": address, "type": "Model", "format": "application/json", "profile": TILES}
    return None


def _scene(site: PublicSite, asset: PublicAsset, identifier: str, model: dict[str, Any]) -> dict[str, Any]:
    painting = {
        "id": f"{identifier}/painting/1",
        "type": "Annotation",
        "motivation": ["painting"],
        "body": model,
        "target": {"id": identifier, "type": "Scene"},
    }
    scene: dict[str, Any] = {"id": identifier, "type": "Scene", "label": _said(asset.title) or {"none": [asset.id]}}
    scene["items"] = [{"id": f"{identifier}/page/1", "type": "AnnotationPage", "items": [painting]}]
    remarks = list(_remarks(site, asset, identifier))
    if remarks:
        scene["annotations"] = [{"id": f"{identifier}/remarks", "type": "AnnotationPage", "items": remarks}]
    return scene


def _remarks(site: PublicSite, asset: PublicAsset, scene: str) -> Iterator[dict[str, Any]]:
    for statement in site.tour.annotations if site.tour else ():
        for target in statement.targets:
            on_this = target.asset in {asset.ark, asset.id} and parts.said(statement.label)
            if on_this and target.kind is SelectorKind.POINT and len(target.values) == 3:
                yield _remark(statement, f"{scene}/remarks/{statement.id}", scene, y_up(asset, target.values))


def _remark(statement: Annotation, identifier: str, scene: str, point: tuple[float, ...]) -> dict[str, Any]:
    words = [
        {"type": "TextualBody", "value": said, "language": [language.value], "format": "text/plain"}
        for language in Language
        if (said := ". ".join(filter(None, (statement.label.get(language), statement.text.get(language)))))
    ]
    body = words[0] if len(words) == 1 else {"type": "Choice", "items": words}
    selector = {"type": "PointSelector", "x": point[0], "y": point[1], "z": point[2]}
    target = {"id": f"{identifier}/target", "type": "SpecificResource", "source": {"id": scene, "type": "Scene"}, "selector": [selector]}
    return {"id": identifier, "type": "Annotation", "motivation": ["commenting"], "body": body, "target": target}


def y_up(asset: PublicAsset, point: tuple[float, ...]) -> tuple[float, ...]:
    """Meshes are published with y up, tilesets with z up, which a scene turns by a quarter about x."""
    x, y, z = point
    return (x, z, -y) if asset.kind is AssetKind.POINT_CLOUD else (x, y, z)


def _described(site: PublicSite, asset: PublicAsset) -> dict[str, Any]:
    found: dict[str, Any] = {"metadata": [{"label": _map(each.label), "value": _map(each.value)} for each in parts.metadata(asset)]}
    credit = parts.credit(asset)
    if credit is not None:
        found["requiredStatement"] = {"label": _map(credit.label), "value": _map(credit.value)}
    rights = parts.rights_address(asset.rights)
    if rights is not None:
        found["rights"] = rights
    found["homepage"] = [
        {"id": page.id, "type": "Text", "label": _map(page.label or {}), "format": "text/html"}
        for page in parts.homepages(site, asset.title, asset.id)
    ]
    return found


def _draft(title: LocalText, fallback: str) -> dict[str, list[str]]:
    """The title with the word "draft" in every language."""
    return {language.value: [f"{title.get(language) or fallback} ({DRAFT.get(language)})"] for language in Language}


def _said(text: LocalText) -> dict[str, list[str]]:
    return _map(parts.said(text) or {})


def _map(words: Words) -> dict[str, list[str]]:
    return {language: list(said) for language, said in words.items()}
