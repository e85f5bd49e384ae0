"""Composes the public record of a site from its material: assets in order, texts, tour, level, resolver table.

What may be shown of each asset is decided by ``public_record`` alone; this module only puts the results together. No input, no output.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from archive.findings import Finding
from archive.records.access import AccessLevel
from archive.records.asset import Asset, AssetKind, Nature
from archive.records.derivative import Derivative
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicAsset, PublicFact, PublicSite, PublicText, Resolution, ResolverEntry
from archive.records.site import Site
from archive.records.text import Language, LocalText
from archive.records.tour import Scene, Tour
from pipeline.publish.annotations import public_annotations
from pipeline.publish.labels import public_labels
from pipeline.publish.left_out import LeftOut, left_out_of
from pipeline.publish.material import SiteMaterial
from pipeline.publish.public_record import judge, public_asset, rounded
from pipeline.publish.references import References, references_of
from pipeline.publish.site_files import SiteFile, public_files, used_files
from pipeline.publish.tour_proposal import Standpoint, propose_tour
from pipeline.publish.walks import public_guides, public_plans, public_series, with_scenes
from pipeline.publish.words import numbered_title

_ORDER = (
    AssetKind.PANORAMA, AssetKind.PHOTO, AssetKind.POINT_CLOUD, AssetKind.MESH, AssetKind.SPLAT, AssetKind.DOCUMENT,
    AssetKind.RECORDING, AssetKind.FILE,
)  # fmt: skip
PICTURES = frozenset({AssetKind.PHOTO, AssetKind.PANORAMA})
_MEASURED = frozenset({AssetKind.POINT_CLOUD, AssetKind.MESH})

Derivatives = Mapping[str, tuple[Derivative, ...]]
"""ARK → what was derived from that asset."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A site as the public will see it, without generation and date, and what stands behind it.

    Attributes:
        behind: ARK → archived record of each public asset.
        files: the bytes of the site's own files by name.
        left_out: one for every file of the site folder that cannot be published.
        versions: ARK → version that was read; of what is not named its head.
        unseen: the parts of the tour that the public does not see.
    """

    site: PublicSite
    behind: Mapping[str, Asset]
    files: Mapping[str, bytes] = field(default_factory=dict)
    left_out: tuple[Finding, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    unseen: tuple[LeftOut, ...] = ()


def compose(material: SiteMaterial, derivatives: Derivatives) -> Composed:
    """The public record of a site; of one that is not public only its name in the resolver table."""
    site = material.site
    shown = [
        (asset, seen)
        for asset, fallback in titled(material.assets, site)
        if (seen := public_asset(asset, site, derivatives.get(asset.ark, ()), fallback, material.archived.get(asset.ark, ""))) is not None
    ]
    assets = tuple(seen for _, seen in shown)
    kept, left_out = public_files(material.tour, material.files, site.ark)
    tour = _tour(material, shown, derivatives, kept)
    used = tuple(used_files(tour, kept)) if tour is not None else ()
    public = PublicSite(
        ark=site.ark,
        slug=site.slug,
        generation=0,
        name=LocalText(),
        summary=LocalText(),
        nature=site.nature,
        level="listed",
        facts=(),
        texts=(),
        assets=assets,
        tour=tour,
        resolver=_resolver(material, assets),
        files=tuple(file.record for file in used),
        labels=public_labels(material.labels, site, assets, tour, material.withdrawn),
    )
    if site.access.level is not AccessLevel.RESTRICTED:
        public = replace(public, name=site.name, summary=site.summary)
    if site.access.level is AccessLevel.PUBLIC:
        facts, texts = _facts(site), _texts(material)
        level = _level(assets, tour, site, described=bool(facts or texts))
        public = replace(public, facts=facts, texts=texts, level=level, cover=_cover(assets, tour))
        public = _with_place(public, site)
    files = {file.record.name: file.content for file in used}
    unseen = left_out_of(material.tour, tour, _references(material, shown))
    return Composed(public, {asset.ark: asset for asset, _ in shown}, files, left_out, material.versions, unseen)


def in_order(assets: tuple[Asset, ...]) -> list[Asset]:
    """Assets as a page lists them: by kind, then by date of capture, then by ARK."""
    return sorted(assets, key=lambda asset: (_ORDER.index(asset.kind), _when(asset) or "~", asset.ark))


def titled(assets: tuple[Asset, ...], site: Site) -> list[tuple[Asset, LocalText]]:
    """Every asset in order with the title that it gets where nobody has given it one (never its file name).

    What is shown is numbered without gaps, for a gap would tell of what is not; that is numbered after it, for the officer's eyes.
    """
    ordered = in_order(assets)
    numbers: dict[AssetKind, int] = {}
    titles: dict[str, LocalText] = {}
    for asset in sorted(ordered, key=lambda asset: not judge(asset, site).shown):
        numbers[asset.kind] = numbers.get(asset.kind, 0) + 1
        day = _when(asset).split("T")[0] if asset.access.level is AccessLevel.PUBLIC else ""
        titles[asset.ark] = numbered_title(asset.kind, numbers[asset.kind], day)
    return [(asset, titles[asset.ark]) for asset in ordered]


def _when(asset: Asset) -> str:
    return str(asset.captured.value) if asset.captured is not None else ""


def _tour(
    material: SiteMaterial, shown: list[tuple[Asset, PublicAsset]], derivatives: Derivatives, files: Mapping[str, SiteFile]
) -> Tour | None:
    """The public tour; None where there is nothing to walk, to be told, to compare or to point out."""
    drawn = material.tour
    references = _references(material, shown)
    standpoints = [Standpoint(asset, public.title) for asset, public in shown if _is_scene(public)]
    scans = [asset for asset, _ in shown if asset.kind is AssetKind.POINT_CLOUD]
    series = public_series(drawn, references)
    dates = [tuple(epoch.asset for epoch in one.epochs) for one in series]
    scenes = propose_tour(drawn, standpoints, scans, references.public_names(), dates)
    by_ark: dict[str, Scene] = {scene.panorama: scene for scene in scenes}
    tour = Tour(
        site=drawn.site,
        scenes=scenes,
        title=drawn.title,
        plans=public_plans(drawn, by_ark, references, files),
        guides=public_guides(drawn, by_ark, references, files),
        annotations=public_annotations(drawn.annotations, by_ark, references, derivatives),
        epochs=with_scenes(series, by_ark),
    )
    return tour if any((tour.scenes, tour.guides, tour.annotations, tour.epochs)) else None


def _references(material: SiteMaterial, shown: list[tuple[Asset, PublicAsset]]) -> References:
    return references_of(in_order(material.assets), (public for asset, public in shown if judge(asset, material.site).whole))


def _is_scene(public: PublicAsset) -> bool:
    """A panorama that can be walked into: whole, so it has more than a thumbnail."""
    return public.kind is AssetKind.PANORAMA and "pyramid" in public.facts


def _resolver(material: SiteMaterial, assets: tuple[PublicAsset, ...]) -> tuple[ResolverEntry, ...]:
    """Where every ARK of the site leads, sorted."""
    slug = material.site.slug
    is_open = material.site.access.level is not AccessLevel.RESTRICTED
    public = {asset.ark for asset in assets}
    site = ResolverEntry(material.site.ark, Resolution.PUBLIC, slug) if is_open else _closed(material.site.ark)
    entries = [site, *map(_closed, material.deposits)]
    for asset in material.assets:
        if asset.ark in public:
            entries.append(ResolverEntry(asset.ark, Resolution.PUBLIC, f"{slug}/{identifier_of(asset.ark)}"))
        elif asset.withdrawn:
            entries.append(ResolverEntry(asset.ark, Resolution.WITHDRAWN, since=material.withdrawn.get(asset.ark, "")))
        else:
            entries.append(_closed(asset.ark))
    return tuple(sorted(entries, key=lambda entry: entry.ark))


def _closed(ark: str) -> ResolverEntry:
    return ResolverEntry(ark, Resolution.NOT_PUBLIC)


def _facts(site: Site) -> tuple[PublicFact, ...]:
    shown = [fact for fact in site.facts if fact.access is AccessLevel.PUBLIC]
    return tuple(PublicFact(fact.name, fact.value, fact.source, fact.certainty) for fact in shown)


def _texts(material: SiteMaterial) -> tuple[PublicText, ...]:
    texts = []
    for name in material.site.texts:
        parts = {language: _split(material.texts.get((name, language))) for language in Language}
        titles, bodies = (LocalText(**{language.value: parts[language][side] for language in Language}) for side in (0, 1))
        texts.append(PublicText(name, titles, bodies))
    return tuple(texts)


def _split(text: str | None) -> tuple[str | None, str | None]:
    """Title and body of a Markdown text: the title is its first line where that is a heading of the first level."""
    if text is None:
        return None, None
    first, _, rest = text.strip().partition("\n")
    if first.startswith("# "):
        return first[2:].strip(), rest.strip() or None
    return None, text.strip() or None


def _level(assets: tuple[PublicAsset, ...], tour: Tour | None, site: Site, *, described: bool) -> str:
    """The evidence of digitisation. What is simulated or reconstructed is no evidence of a real site."""
    evidence = [asset for asset in assets if asset.nature is Nature.SURVEY or site.nature is not Nature.SURVEY]
    kinds = {asset.kind for asset in evidence}
    walkable = {asset.ark for asset in evidence}
    scenes = [scene for scene in tour.scenes if scene.panorama in walkable] if tour is not None else []
    if kinds & _MEASURED:
        return "measured"
    if len(scenes) > 1:
        return "tour"
    if kinds & PICTURES:
        return "photographed"
    return "described" if described else "listed"


def _cover(assets: tuple[PublicAsset, ...], tour: Tour | None) -> str:
    """The asset whose picture stands for the site: the first scene, else the first with a picture."""
    if tour is not None and tour.scenes:
        return tour.scenes[0].id
    return next((asset.id for asset in assets if asset.files), "")


def _with_place(public: PublicSite, site: Site) -> PublicSite:
    place = site.coordinates
    if place.access is not AccessLevel.PUBLIC or place.latitude is None or place.longitude is None:
        return public
    return replace(public, latitude=rounded(place.latitude, site), longitude=rounded(place.longitude, site))
