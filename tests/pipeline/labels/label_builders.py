"""An archive with one public site, two standpoints and a photo, as its commands see it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.home import Home, open_home
from archive.records.asset import Asset
from archive.records.identifiers import identifier_of
from archive.records.site import Site
from archive.records.text import LocalText
from archive.records.tour import Scene, Tour
from tests.journeys.ditich_command import document, said
from tests.pipeline.publish.publish_builders import RESTRICTED, archive_assets, archive_site, panorama, photo, public_site


@dataclass(frozen=True)
class Office:
    """An archive and what it holds; commands are given to it as an officer gives them."""

    path: Path
    site: Site
    assets: dict[str, Asset]

    @property
    def home(self) -> Home:
        return open_home(self.path)

    def document(self, *argv: object, code: int = 0) -> dict[str, Any]:
        return document(*argv, "--home", self.path, code=code)

    def said(self, *argv: object) -> tuple[int, str]:
        return said(*argv, "--home", self.path)

    def tour(self, make: Callable[[Tour], Tour]) -> None:
        """Archives another tour of the site, as ``site save`` would."""
        from archive.access import head_of, read_tour

        home = self.home
        archive_site(home, self.site, make(read_tour(home, self.site.ark)), head_of(home, self.site.ark) or "")


def office_at(root: Path, slug: str = "dinh-thu") -> Office:
    """Founds it below ``root``; nothing is published yet."""
    path = root / "home"
    document("init", "--home", path, "--name", "Bảo tàng Thử")
    home, site, card = open_home(path), public_site(slug), root / "card"
    assets = {
        "gate": panorama(card / "gate.jpg", site, 1, (16.0, 108.0)),
        "yard": panorama(card / "yard.jpg", site, 2, (16.0001, 108.0), 90.0),
        "roof": photo(card / "roof.jpg", site, 3, title=LocalText(vi="Mái đình", en="The roof")),
        "hidden": photo(card / "hidden.jpg", site, 4, access=RESTRICTED, title=LocalText(vi="sắc phong")),
    }
    titles = {"gate": "Cổng", "yard": "Sân"}
    scenes = tuple(Scene(identifier_of(assets[name].ark), assets[name].ark, LocalText(vi=title)) for name, title in titles.items())
    archive_site(home, site, Tour(site.ark, scenes))
    archive_assets(home, [(asset, card / asset.principal.path) for asset in assets.values()])
    return Office(path, site, assets)
