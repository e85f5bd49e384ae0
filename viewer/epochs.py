"""The same thing at several dates: what a comparison shows, and where each date leads. Rules only."""

from dataclasses import dataclass
from typing import Any

from archive.records.asset import AssetKind
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Epoch, EpochSeries, Scene
from viewer import addresses, pictures, walk
from viewer.panorama import panorama_config
from viewer.pictures import Picture


@dataclass(frozen=True, slots=True)
class Moment:
    """One date of a comparison.

    Attributes:
        date: EDTF.
        panorama: what the panorama viewer reads, where that date is a panorama; None otherwise.
        picture: as large as it is compared in place; None where there is none.
    """

    date: str
    href: str
    asset: PublicAsset
    note: LocalText
    picture: Picture | None
    panorama: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A series with what is public of it, oldest first, and which of its dates the page shows."""

    id: str
    title: LocalText
    moments: tuple[Moment, ...]
    at: int

    @property
    def form(self) -> str:
        """How it is compared in place: "panorama" and "photo" blend, anything else is a list of links."""
        kinds = {moment.asset.kind for moment in self.moments}
        if kinds == {AssetKind.PANORAMA}:
            return "panorama"
        return "photo" if kinds == {AssetKind.PHOTO} and all(moment.picture for moment in self.moments) else "links"


def comparisons(site: PublicSite, asset: PublicAsset, language: Language) -> list[Comparison]:
    """The series in which an asset stands beside at least one other public one."""
    made = [_comparison(site, series, asset, language) for series in (site.tour.epochs if site.tour else ())]
    return [comparison for comparison in made if comparison is not None]


def all_comparisons(site: PublicSite, language: Language) -> list[Comparison]:
    """Every series of a site with at least two public dates, shown at its newest."""
    made = []
    for series in site.tour.epochs if site.tour else ():
        moments = _moments(site, series, language)
        if len(moments) > 1:
            made.append(Comparison(series.id, series.title, moments, len(moments) - 1))
    return made


def _comparison(site: PublicSite, series: EpochSeries, asset: PublicAsset, language: Language) -> Comparison | None:
    if not any(epoch.asset in {asset.ark, asset.id} for epoch in series.epochs):
        return None
    moments = _moments(site, series, language)
    at = next((index for index, moment in enumerate(moments) if moment.asset.id == asset.id), None)
    return None if at is None or len(moments) < 2 else Comparison(series.id, series.title, moments, at)


def _moments(site: PublicSite, series: EpochSeries, language: Language) -> tuple[Moment, ...]:
    by_name = {name: asset for asset in site.assets for name in (asset.ark, asset.id)}
    shown = [(epoch, by_name[epoch.asset]) for epoch in series.epochs if epoch.asset in by_name]
    return tuple(_moment(site, epoch, asset, language) for epoch, asset in shown)


def _moment(site: PublicSite, epoch: Epoch, asset: PublicAsset, language: Language) -> Moment:
    scene = _scene(site, epoch, asset)
    if scene is None:
        return Moment(
            epoch.date, addresses.asset(language, site.slug, asset.id), asset, epoch.note, pictures.large(site, asset), None
        )  # fmt: skip
    config = panorama_config(site, asset, heading=scene.heading, view=scene.view)
    return Moment(epoch.date, addresses.scene(language, site.slug, scene.id), asset, epoch.note, None, config)


def _scene(site: PublicSite, epoch: Epoch, asset: PublicAsset) -> Scene | None:
    """The scene that shows an epoch: the one it names, else the one that stands on its panorama."""
    if epoch.scene:
        return walk.scene_of(site, epoch.scene)
    scenes = site.tour.scenes if site.tour and asset.kind is AssetKind.PANORAMA else ()
    return next((scene for scene in scenes if scene.panorama in {asset.ark, asset.id}), None)
