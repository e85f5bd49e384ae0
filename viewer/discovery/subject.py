"""What a page is about: a site, one of its assets, or a scene of its tour."""

from dataclasses import dataclass

from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import LocalText
from archive.records.tour import Scene
from viewer import pictures, walk
from viewer.pictures import Picture


@dataclass(frozen=True, slots=True)
class Subject:
    """A site; with ``asset`` one thing of it; with ``scene`` too the standpoint whose panorama ``asset`` is."""

    site: PublicSite
    asset: PublicAsset | None = None
    scene: Scene | None = None

    @property
    def title(self) -> LocalText:
        """Its name."""
        if self.scene is not None:
            return self.scene.title
        return self.site.name if self.asset is None else self.asset.title

    @property
    def description(self) -> LocalText:
        """What is written about it."""
        if self.scene is not None:
            return self.scene.description
        return self.site.summary if self.asset is None else self.asset.description

    @property
    def below(self) -> str:
        """What follows the site's own address: "", "dt…" or "scene/dt…"."""
        if self.scene is not None:
            return f"scene/{self.scene.id}"
        return "" if self.asset is None else self.asset.id

    @property
    def manifest(self) -> str:
        """The name of the manifest among the exports of the site."""
        if self.scene is not None:
            return "manifest-tour.json"
        return "manifest.json" if self.asset is None else f"manifest-{self.asset.id}.json"

    @property
    def picture(self) -> Picture | None:
        """The picture that stands for it: a straight view rather than the bent whole of a panorama."""
        if self.asset is None:
            return pictures.cover(self.site)
        wanted = self.scene.view.yaw if self.scene else 0.0
        nearest = min(pictures.STILL_YAWS, key=lambda yaw: abs((yaw - wanted + 180) % 360 - 180))
        return pictures.still(self.site, self.asset, nearest) or pictures.large(self.site, self.asset)


def subject_at(site: PublicSite, kind: str, name: str) -> Subject | None:
    """The subject of a page's address: ``kind`` is "scene" or "", ``name`` an id; None where nothing public is called so."""
    if kind == "scene":
        scene = walk.scene_of(site, name)
        panorama = walk.panorama_of(site, scene) if scene else None
        return Subject(site, panorama, scene) if panorama is not None else None
    if not name:
        return Subject(site)
    asset = next((asset for asset in site.assets if asset.id == name), None)
    return None if asset is None else Subject(site, asset)
