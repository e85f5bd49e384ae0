"""The manifests of a public site: the whole of it, its walk, each asset that can be seen or heard, and the collection of all these.

https://iiif.io/api/presentation/3.0/ . Addresses begin with PLACEHOLDER_BASE; whoever serves them puts its own origin there.
"""

from archive.records.asset import AssetKind
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicSite
from pipeline.publish.presentation import parts
from pipeline.publish.presentation.canvas import canvas
from pipeline.publish.presentation.guided import guided_ranges
from pipeline.publish.presentation.model import Canvas, Collection, Content, Manifest, Range, Resource
from pipeline.publish.presentation.statements import statements_page

_RESOURCE = {"model": "Model", "image": "Image", "video": "Video", "audio": "Sound", "text": "Text"}
_MODELS = frozenset({AssetKind.MESH, AssetKind.POINT_CLOUD, AssetKind.SPLAT})
_GROUPS = {AssetKind.PANORAMA: "panorama", AssetKind.PHOTO: "photo"}
IN_SPACE = frozenset({AssetKind.MESH, AssetKind.POINT_CLOUD})


def canvases(site: PublicSite) -> dict[str, Canvas]:
    """The canvas of every asset that has one, by asset id: the walk's scenes first, in their order, then the publication's order."""
    found = {asset.id: made for asset in site.assets if (made := canvas(site, asset)) is not None}
    return {identifier: found[identifier] for identifier in dict.fromkeys((*walk(site), *found)) if identifier in found}


def walk(site: PublicSite) -> tuple[str, ...]:
    """The assets of the walk's scenes as it is today, in order, each once."""
    by_name = {name: asset.id for asset in site.assets for name in (asset.ark, asset.id)}
    stops = site.tour.stops if site.tour else ()
    return tuple(dict.fromkeys(by_name[scene.panorama] for scene in stops if scene.panorama in by_name))


def site_manifest(site: PublicSite, made: dict[str, Canvas]) -> Manifest:
    """The whole site: the walk, then everything else, with ranges to find one's way."""
    identifier = parts.export(site, "manifest.json")
    return _of_site(site, identifier, tuple(made.values()), (*_walk_ranges(site, made), *_groups(site, made)))


def tour_manifest(site: PublicSite, made: dict[str, Canvas]) -> Manifest | None:
    """The walk alone: one canvas for each scene; None where there is none."""
    scenes = {identifier: made[identifier] for identifier in walk(site) if identifier in made}
    if not scenes:
        return None
    identifier = parts.export(site, "manifest-tour.json")
    return _of_site(site, identifier, tuple(scenes.values()), tuple(guided_ranges(site, identifier, scenes)))


def asset_manifest(site: PublicSite, asset: PublicAsset, made: Canvas) -> Manifest:
    """One asset, with its records and what may be downloaded."""
    identifier = parts.export(site, f"manifest-{asset.id}.json")
    return Manifest(
        context=_contexts(made.nav_place is not None),
        id=identifier,
        label=parts.label(asset.title, asset.id),
        summary=parts.said(asset.description),
        metadata=parts.metadata(asset),
        required_statement=parts.credit(asset),
        rights=parts.rights_address(asset.rights),
        provider=parts.provider(),
        thumbnail=parts.thumbnail(site, asset),
        homepage=parts.homepages(site, asset.title, asset.id),
        see_also=_records(site, asset),
        rendering=_renderings(site, asset) or None,
        part_of=(Content(type="Collection", id=parts.export(site, "collection.json")),),
        items=(made,),
    )


def site_collection(site: PublicSite, made: dict[str, Canvas]) -> Collection:
    """The list of a site's manifests: the whole, the walk, and each asset."""
    by_id = {asset.id: asset for asset in site.assets}
    whole = Manifest(id=parts.export(site, "manifest.json"), label=parts.label(site.name, site.slug), thumbnail=_cover(site))
    tour = [
        Manifest(id=parts.export(site, "manifest-tour.json"), label=parts.said(parts.LABELS["walk"]), thumbnail=_cover(site))
        for _ in walk(site)[:1]
    ]
    single = [
        Manifest(
            id=parts.export(site, f"manifest-{identifier}.json"),
            label=parts.label(by_id[identifier].title, identifier),
            thumbnail=parts.thumbnail(site, by_id[identifier]),
        )
        for identifier in made
    ]
    return Collection(
        context=_contexts(site.latitude is not None),
        id=parts.export(site, "collection.json"),
        label=parts.label(site.name, site.slug),
        summary=parts.said(site.summary),
        metadata=(parts.pair("ark", {"none": (site.ark,)}), parts.nature_pair(site.nature)),
        provider=parts.provider(),
        thumbnail=_cover(site),
        homepage=parts.homepages(site, site.name, ""),
        see_also=(_dublin_core(site, "oai_dc.xml"),) if parts.said(site.name) else None,
        nav_place=parts.place(parts.export(site, "collection.json"), site.name, site.latitude, site.longitude),
        items=(whole, *tour, *single),
    )


def _of_site(site: PublicSite, identifier: str, items: tuple[Canvas, ...], structures: tuple[Range, ...]) -> Manifest:
    placed = any(item.nav_place for item in items) or site.latitude is not None
    see_also = [_dublin_core(site, "oai_dc.xml")] if parts.said(site.name) else []
    if statements_page(site) is not None:
        see_also.append(_see(site, "annotations.json", "annotations", "application/ld+json"))
    return Manifest(
        context=_contexts(placed),
        id=identifier,
        label=parts.label(site.name, site.slug),
        summary=parts.said(site.summary),
        metadata=(parts.pair("ark", {"none": (site.ark,)}), parts.nature_pair(site.nature)),
        provider=parts.provider(),
        thumbnail=_cover(site),
        homepage=parts.homepages(site, site.name, ""),
        see_also=tuple(see_also) or None,
        part_of=(Content(type="Collection", id=parts.export(site, "collection.json")),),
        nav_place=parts.place(identifier, site.name, site.latitude, site.longitude),
        items=items,
        structures=structures or None,
    )


def _walk_ranges(site: PublicSite, made: dict[str, Canvas]) -> list[Range]:
    identifier = parts.export(site, "manifest.json")
    scenes = tuple(_reference(made[each]) for each in walk(site) if each in made)
    whole = [Range(id=f"{identifier}/range/walk", label=parts.said(parts.LABELS["walk"]), items=scenes)] if scenes else []
    return [*whole, *guided_ranges(site, identifier, made)]


def _groups(site: PublicSite, made: dict[str, Canvas]) -> list[Range]:
    """What is not in the walk, by kind."""
    groups: dict[str, list[Resource]] = {}
    in_walk = set(walk(site))
    for asset in site.assets:
        if asset.id in made and asset.id not in in_walk:
            name = "models" if asset.kind in _MODELS else _GROUPS.get(asset.kind, "other")
            groups.setdefault(name, []).append(_reference(made[asset.id]))
    identifier = parts.export(site, "manifest.json")
    return [
        Range(id=f"{identifier}/range/{name}", label=parts.said(parts.LABELS[name]), items=tuple(items)) for name, items in groups.items()
    ]


def _reference(made: Canvas) -> Canvas:
    return Canvas(id=made.id)


def _contexts(placed: object) -> str | tuple[str, ...]:
    return (parts.PLACE_CONTEXT, parts.CONTEXT) if placed else parts.CONTEXT


def _cover(site: PublicSite) -> tuple[Content, ...] | None:
    by_name = {name: asset for asset in site.assets for name in (asset.ark, asset.id)}
    candidates = [by_name[name] for name in (site.cover, *walk(site)) if name in by_name]
    return next((found for asset in (*candidates, *site.assets) if (found := parts.thumbnail(site, asset))), None)


def _records(site: PublicSite, asset: PublicAsset) -> tuple[Content, ...]:
    records = [_dublin_core(site, f"oai_dc-{asset.id}.xml"), _see(site, f"premis-{asset.id}.xml", "premis", "application/xml")]
    if asset.kind in IN_SPACE and in_space(asset):
        records.append(_see(site, f"manifest4-{asset.id}.json", "draft", "application/ld+json"))
    return tuple(records)


def in_space(asset: PublicAsset) -> bool:
    """Whether there is a model or a tileset to show."""
    return any(file.role in {MediaRole.MODEL, MediaRole.TILESET} for file in asset.files)


def _dublin_core(site: PublicSite, name: str) -> Content:
    found = _see(site, name, "record", "application/xml")
    return Content(
        type=found.type, id=found.id, label=found.label, format=found.format, profile="http://www.openarchives.org/OAI/2.0/oai_dc/"
    )


def _see(site: PublicSite, name: str, label: str, media_type: str) -> Content:
    return Content(type="Dataset", id=parts.export(site, name), label=parts.said(parts.LABELS[label]), format=media_type)


def _renderings(site: PublicSite, asset: PublicAsset) -> tuple[Content, ...]:
    """Originals and access copies that may be downloaded, and the light model that the pages show."""
    offered = [(f"original/{file.name}", file.name, file.media_type) for file in asset.downloads]
    shown = {MediaRole.ACCESS_COPY, MediaRole.MODEL, MediaRole.USDZ}
    offered += [(file.name, file.name, file.media_type) for file in asset.files if file.role in shown]
    return tuple(
        Content(
            type=_RESOURCE.get(media_type.split("/")[0], "Dataset"),
            id=parts.media(site, asset.id, path),
            label={"none": (name,)},
            format=media_type,
        )
        for path, name, media_type in offered
    )
