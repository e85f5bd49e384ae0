"""What a publication is made from: the archived versions of one site, its assets and its deposits."""

from dataclasses import dataclass, field

from archive.access import list_objects, read_asset, read_bytes, read_deposit, read_files, read_site, read_tour, record_kind
from archive.home import Home
from archive.records.asset import Asset
from archive.records.site import Site
from archive.records.text import Language
from archive.records.tour import Tour

_TEXTS = "texts/"


@dataclass(frozen=True, slots=True)
class SiteMaterial:
    """Everything archived about one site. ``texts`` are Markdown by (name, language); ``deposits`` are ARKs."""

    site: Site
    tour: Tour
    assets: tuple[Asset, ...]
    texts: dict[tuple[str, Language], str] = field(default_factory=dict, hash=False)
    deposits: tuple[str, ...] = ()


def read_material(home: Home, site: str) -> SiteMaterial:
    """Read a site whole from the archive, never from a working copy.

    Args:
        home: the archive home.
        site: ARK or short name.

    Raises:
        NotFoundError: no such site.
    """
    record = read_site(home, site)
    assets, deposits = [], []
    for identifier in list_objects(home):
        kind = record_kind(home, identifier)
        if kind == "asset" and (asset := read_asset(home, identifier)).site == record.ark:
            assets.append(asset)
        elif kind == "deposit" and read_deposit(home, identifier).site == record.ark:
            deposits.append(identifier)
    return SiteMaterial(record, read_tour(home, record.ark), tuple(assets), _texts(home, record), tuple(deposits))


def _texts(home: Home, site: Site) -> dict[tuple[str, Language], str]:
    texts = {}
    present = read_files(home, site.ark)
    for name in site.texts:
        for language in Language:
            path = f"{_TEXTS}{language.value}/{name}.md"
            if path in present:
                texts[name, language] = read_bytes(home, site.ark, path).decode("utf-8")
    return texts
