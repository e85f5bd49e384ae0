"""What a publication is made from: the archived versions of one site, its assets and its deposits."""

from dataclasses import dataclass, field

from archive.access import read_asset, read_bytes, read_files, read_site, read_tour
from archive.catalogue import open_catalogue
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

    The catalogue, which follows the ledger, only says which objects belong to the site; what is read of them comes from storage.

    Args:
        home: the archive home.
        site: ARK or short name.

    Raises:
        NotFoundError: no such site.
    """
    record = read_site(home, site)
    with open_catalogue(home) as catalogue:
        assets = tuple(row.ark for row in catalogue.assets(record.ark))
        deposits = tuple(sorted(row.ark for row in catalogue.deposits(record.ark)))
    kept = tuple(read_asset(home, ark) for ark in assets)
    return SiteMaterial(record, read_tour(home, record.ark), kept, _texts(home, record), deposits)


def _texts(home: Home, site: Site) -> dict[tuple[str, Language], str]:
    texts = {}
    present = read_files(home, site.ark)
    for name in site.texts:
        for language in Language:
            path = f"{_TEXTS}{language.value}/{name}.md"
            if path in present:
                texts[name, language] = read_bytes(home, site.ark, path).decode("utf-8")
    return texts
