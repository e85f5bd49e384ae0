"""What a publication is made from: the archived versions of one site, its assets and its deposits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.access import read_bytes, read_files, read_site, taken_in, withdrawn_on
from archive.catalogue import open_catalogue
from archive.errors import DamageError, NotFoundError, RecordError
from archive.findings import Finding
from archive.home import Home
from archive.records.asset import Asset
from archive.records.label import LABELS, Label, LabelRegister
from archive.records.serialise import from_json
from archive.records.site import Site
from archive.records.text import Language
from archive.records.tour import Tour
from pipeline.deposit_record import created_by
from pipeline.publish.site_files import names_in
from pipeline.publish.words import ASSET_LEFT_OUT

_TEXTS = "texts/"
WORKING = "working/"
"""Where a site's object keeps the site folder, byte for byte."""


@dataclass(frozen=True, slots=True)
class SiteMaterial:
    """Everything archived about one site. ``texts`` are Markdown by (name, language); ``deposits`` are ARKs.

    ``lost`` names assets that the archive should have and cannot read; they are not among ``assets``. ``files`` are those of the site
    folder that the tour would show, by name.
    """

    site: Site
    tour: Tour
    assets: tuple[Asset, ...]
    texts: dict[tuple[str, Language], str] = field(default_factory=dict, hash=False)
    deposits: tuple[str, ...] = ()
    lost: tuple[Finding, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict, hash=False)
    archived: dict[str, str] = field(default_factory=dict, hash=False)
    """ARK of an asset → date on which the archive took it in."""
    withdrawn: dict[str, str] = field(default_factory=dict, hash=False)
    """ARK of an asset → date on which it was withdrawn. The record itself holds the reason, which is nobody's business outside."""
    labels: tuple[Label, ...] = ()
    """the signs that were ever issued for the site"""
    versions: dict[str, str] = field(default_factory=dict, hash=False)
    """ARK → version that was read; of what is not named its head"""


def read_material(home: Home, site: str, versions: Mapping[str, str] | None = None) -> SiteMaterial:
    """Read a site whole from the archive, never from a working copy.

    The catalogue, which follows the ledger, only says which objects belong to the site; what is read of them comes from storage.

    Args:
        home: the archive home.
        site: ARK or short name; an ARK where versions are given.
        versions: ARK → version to read; what is not named does not exist. None reads every head.

    Raises:
        NotFoundError: no such site.
    """
    known = dict(versions or {})
    record = read_site(home, site) if versions is None else from_json(Site, read_bytes(home, site, "site.json", known[site]))
    with open_catalogue(home) as catalogue:
        present = {row.ark for row in catalogue.assets(record.ark)}
        every = sorted(row.ark for row in catalogue.deposits(record.ark))
    deposits = tuple(ark for ark in every if versions is None or ark in known)
    assets = sorted(ark for ark in present | created_by(home, deposits) if versions is None or ark in known)
    found = [_asset_or_loss(home, ark, known.get(ark, "")) for ark in assets]
    kept = tuple(one for one in found if isinstance(one, Asset))
    lost = tuple(one for one in found if isinstance(one, Finding))
    version = known.get(record.ark, "")
    tour = from_json(Tour, read_bytes(home, record.ark, "tour.json", version))
    archived = {asset.ark: taken_in(home, asset.ark)[:10] for asset in kept}
    withdrawn = {asset.ark: withdrawn_on(home, asset.ark)[:10] for asset in kept if asset.withdrawn}
    files, labels = _working_files(home, record, tour, version), _labels(home, record)
    texts = _texts(home, record, version)
    return SiteMaterial(record, tour, kept, texts, deposits, lost, files, archived, withdrawn, labels, known)


def _labels(home: Home, site: Site) -> tuple[Label, ...]:
    if LABELS not in read_files(home, site.ark):
        return ()
    return from_json(LabelRegister, read_bytes(home, site.ark, LABELS)).labels


def _asset_or_loss(home: Home, ark: str, version: str) -> Asset | Finding:
    """An asset whose files all have their place, or what to say of one that cannot be read."""
    try:
        read_files(home, ark, version)
        return from_json(Asset, read_bytes(home, ark, "record.json", version))
    except (NotFoundError, DamageError, RecordError) as error:
        return ASSET_LEFT_OUT.finding(ark, error.detail or error.message, ark=ark)


def _working_files(home: Home, site: Site, tour: Tour, version: str) -> dict[str, bytes]:
    present = read_files(home, site.ark, version)
    return {name: read_bytes(home, site.ark, WORKING + name, version) for name in names_in(tour) if WORKING + name in present}


def _texts(home: Home, site: Site, version: str) -> dict[tuple[str, Language], str]:
    texts = {}
    present = read_files(home, site.ark, version)
    for name in site.texts:
        for language in Language:
            path = f"{_TEXTS}{language.value}/{name}.md"
            if path in present:
                texts[name, language] = read_bytes(home, site.ark, path, version).decode("utf-8")
    return texts
