"""Which picture of an asset a page shows, with its sizes, so that nothing jumps while it loads."""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.records.asset import AssetKind
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.publication import PublicAsset, PublicSite
from viewer import addresses

STILL_YAWS = (0, 90, 180, 270)
_AVIF = "image/avif"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture in its two formats; ``avif`` may be empty. Sizes in pixels; ``octets`` of the one most browsers take."""

    avif: str
    jpeg: str
    width: int
    height: int
    octets: int

    @property
    def tall(self) -> bool:
        """Higher than wide."""
        return self.height > self.width


def of_role(site: PublicSite, asset: PublicAsset, *roles: MediaRole) -> Picture | None:
    """The picture with the first of these roles that the asset has."""
    for role in roles:
        found = _picture(site, asset, [file for file in asset.files if file.role is role])
        if found is not None:
            return found
    return None


def still(site: PublicSite, asset: PublicAsset, yaw: int) -> Picture | None:
    """The perspective view of a panorama towards ``yaw`` (0, 90, 180 or 270 degrees from the image centre)."""
    return _picture(site, asset, [file for file in asset.files if file.name.rpartition(".")[0] == f"still-{yaw}"])


def card(site: PublicSite, asset: PublicAsset) -> Picture | None:
    """A small picture for lists (of a panorama, its maker took what lies ahead, not the bent whole)."""
    return of_role(site, asset, MediaRole.THUMBNAIL, MediaRole.POSTER, MediaRole.FIRST_VIEW)


def large(site: PublicSite, asset: PublicAsset) -> Picture | None:
    """The whole thing, as large as one answer should be."""
    return of_role(site, asset, MediaRole.FIRST_VIEW, MediaRole.POSTER, MediaRole.THUMBNAIL)


def cover(site: PublicSite) -> Picture | None:
    """The site's own picture: its cover asset, else the first scene, else the first asset that has a picture."""
    for asset in _cover_candidates(site):
        ahead = still(site, asset, 0) if asset.kind is AssetKind.PANORAMA else None
        found = ahead or large(site, asset)
        if found is not None:
            return found
    return None


def _cover_candidates(site: PublicSite) -> Iterable[PublicAsset]:
    by_name = {asset.id: asset for asset in site.assets} | {asset.ark: asset for asset in site.assets}
    wanted = [site.cover, *(scene.panorama for scene in (site.tour.scenes if site.tour else ()))]
    return [*(by_name[name] for name in wanted if name in by_name), *site.assets]


def _picture(site: PublicSite, asset: PublicAsset, files: list[DerivedFile]) -> Picture | None:
    images = [file for file in files if file.media_type.startswith("image/") and file.media_type != "image/tiff"]
    plain = next((file for file in images if file.media_type != _AVIF), None)
    modern = next((file for file in images if file.media_type == _AVIF), None)
    shown = plain or modern
    if shown is None or not shown.width or not shown.height:
        return None
    return Picture(
        avif=addresses.media(site, asset, modern.name) if modern else "",
        jpeg=addresses.media(site, asset, shown.name),
        width=shown.width,
        height=shown.height,
        octets=(modern or shown).size,
    )


def by_kind(site: PublicSite) -> list[PublicAsset]:
    """Every asset of a site: photos first, then the other kinds in their order; within a kind as published."""
    kinds = [AssetKind.PHOTO, *(kind for kind in AssetKind if kind is not AssetKind.PHOTO)]
    return sorted(site.assets, key=lambda asset: kinds.index(asset.kind))
