"""Which objects an export takes, and which it leaves out where only what is public may go.

By default everything goes: it is the archive's keeper who exports. ``public_only`` leaves out whatever is not public as a whole:

- assets that are withdrawn, not public, or whose place is not (their own, or that of their site where they tell it);
- assets with an earlier version that holds other originals than the newest: nobody has decided about those;
- sites with a fact or coordinates that are not public;
- deposits: their lists, spreadsheets and refused files were never meant for the public.
"""

from dataclasses import dataclass

from archive.access import head_of, read_asset, read_deposit, read_site, record_kind, site_ark
from archive.catalogue import open_catalogue
from archive.errors import NotFoundError
from archive.exchange.contents import ObjectKind, most_closed
from archive.home import Home
from archive.ocfl.object import read_inventory
from archive.records.access import AccessLevel
from archive.records.asset import Asset, AssetKind
from archive.records.site import Site

_SCANS = frozenset({AssetKind.POINT_CLOUD, AssetKind.MESH, AssetKind.SPLAT})
_ORIGINALS = "original/"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One object that goes out; ``access`` is that of the object as a whole, with everything in it."""

    ark: str
    kind: ObjectKind
    site: str
    title: str
    access: AccessLevel


@dataclass(frozen=True, slots=True)
class Selection:
    """What goes out.

    Attributes:
        ark: of the asset, site or deposit that was asked for.
        title: of it.
        left_out: ARKs that ``public_only`` leaves out.
    """

    ark: str
    title: str
    chosen: tuple[Chosen, ...]
    left_out: tuple[str, ...] = ()

    @property
    def not_public(self) -> int:
        """How many of the objects that go out are not public."""
        return sum(one.access is not AccessLevel.PUBLIC for one in self.chosen)


def select(home: Home, name: str, *, public_only: bool = False) -> Selection:
    """The objects of a site (its ARK or short name: its record, its deposits, all its assets), or the one object of an ARK.

    Raises:
        NotFoundError: there is no such site or object, or nothing of it is public.
        DamageError: a record is damaged.
    """
    ark = site_ark(home, name)
    if head_of(home, ark) is None:
        raise NotFoundError(
            f"{ark} is not in this archive.",
            advice="Check the identifier; `ditich search` finds it by words.",
            code="no-asset",
            values={"ark": ark},
        )
    found = tuple(_described(home, one) for one in _belonging(home, ark))
    chosen = tuple(one for one in found if not public_only or one.access is AccessLevel.PUBLIC)
    left_out = tuple(one.ark for one in found if one not in chosen)
    if not chosen:
        raise NotFoundError(
            f"Nothing of {ark} is public, so there is nothing to export.",
            advice="Leave --public-only out, or change the access level first (`ditich edit`).",
            code="export-nothing-public",
            values={"ark": ark},
        )
    return Selection(ark, next(one.title for one in found if one.ark == ark), chosen, left_out)


def _belonging(home: Home, ark: str) -> tuple[str, ...]:
    if record_kind(home, ark) != "site":
        return (ark,)
    with open_catalogue(home) as catalogue:
        deposits = sorted(row.ark for row in catalogue.deposits(ark))
        return (ark, *deposits, *(row.ark for row in catalogue.assets(ark)))


def _described(home: Home, ark: str) -> Chosen:
    kind = record_kind(home, ark)
    if kind == "asset":
        asset = read_asset(home, ark)
        return Chosen(ark, ObjectKind.ASSET, asset.site, _first(asset.title.vi, asset.title.en, asset.title.th), _asset_level(home, asset))
    if kind == "site":
        site = read_site(home, ark)
        return Chosen(ark, ObjectKind.SITE, ark, _first(site.name.vi, site.name.en, site.name.th), _site_level(site))
    if kind == "deposit":
        return Chosen(ark, ObjectKind.DEPOSIT, read_deposit(home, ark).site, "", AccessLevel.RESTRICTED)
    raise NotFoundError(f"{ark} is no asset, site or deposit: it seals a part of the ledger.", advice="`ditich replicate` carries those.")


def _first(*titles: str | None) -> str:
    return next((title for title in titles if title), "")


def _asset_level(home: Home, asset: Asset) -> AccessLevel:
    """An asset's object holds its originals, its place and its past: it is as closed as they are."""
    place = asset.location_access.level is not AccessLevel.PUBLIC
    if asset.position is not None or asset.kind in _SCANS:
        place = place or not _coordinates_public(home, asset.site)
    closed = bool(asset.withdrawn) or place or _has_other_originals(home, asset.ark)
    return most_closed((asset.access.level, AccessLevel.RESTRICTED)) if closed else asset.access.level


def _coordinates_public(home: Home, site: str) -> bool:
    return head_of(home, site) is not None and read_site(home, site).coordinates.access is AccessLevel.PUBLIC


def _site_level(site: Site) -> AccessLevel:
    """A site's object holds all its facts and its coordinates: it is as closed as they are."""
    closed = site.coordinates.latitude is not None and site.coordinates.access is not AccessLevel.PUBLIC
    closed = closed or any(fact.access is not AccessLevel.PUBLIC for fact in site.facts)
    return AccessLevel.RESTRICTED if closed else site.access.level


def _has_other_originals(home: Home, ark: str) -> bool:
    inventory = read_inventory(home.tree, home.objects.folder_of(ark)).inventory
    originals = [
        {digest for logical, digest, _ in inventory.files(version) if logical.startswith(_ORIGINALS)} for version in inventory.versions
    ]
    newest = {digest for logical, digest, _ in inventory.files() if logical.startswith(_ORIGINALS)}
    return any(found - newest for found in originals)
