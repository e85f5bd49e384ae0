"""Reading what is kept: always from the archive, never from a deposit, and without the catalogue where an ARK is given."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive.errors import NotFoundError
from archive.home import Home
from archive.ocfl.object import StoredFile, read_inventory, stored_files
from archive.records.accession import DepositRecord
from archive.records.asset import Asset
from archive.records.serialise import from_json
from archive.records.site import Site
from archive.records.tour import Tour

RECORDS: dict[str, Literal["asset", "site", "deposit"]] = {"record.json": "asset", "site.json": "site", "deposit.json": "deposit"}
"""The file that tells what an object is."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a version: where its bytes lie, their digests and their number."""

    path: Path
    sha512: str
    sha256: str
    size: int


def list_objects(home: Home) -> Iterator[str]:
    """The ids of all objects, sorted, from the storage itself."""
    return iter(home.objects.object_ids())


def head_of(home: Home, object_id: str) -> str | None:
    """The newest version of an object ("v3"), or None when there is no such object."""
    if not home.objects.has(object_id):
        return None
    return read_inventory(home.tree, home.objects.folder_of(object_id)).inventory.head


def taken_in(home: Home, object_id: str) -> str:
    """When the archive took an object in, RFC 3339: the moment of its first version.

    Raises:
        DamageError: its inventory is damaged.
    """
    return read_inventory(home.tree, home.objects.folder_of(object_id)).inventory.versions["v1"].created


def read_files(home: Home, object_id: str, version: str = "") -> dict[str, KeptFile]:
    """The files of a version by logical path, sorted; the head when no version is named.

    Raises:
        NotFoundError: no such object or version.
        DamageError: its inventory is damaged.
    """
    return {file.logical_path: _kept(home, file) for file in _stored(home, object_id, version)}


def read_bytes(home: Home, object_id: str, logical_path: str, version: str = "") -> bytes:
    """The bytes of one small file of a version; the head when no version is named.

    Raises:
        NotFoundError: no such object, version or file.
    """
    return home.tree.read(_find(home, object_id, logical_path, version).path)


def read_asset(home: Home, ark: str) -> Asset:
    """The record of an asset."""
    return from_json(Asset, read_bytes(home, ark, "record.json"))


def withdrawn_on(home: Home, ark: str) -> str:
    """When an asset was taken from the public, RFC 3339: the moment of the first of its latest versions that say so; "" while none does.

    Raises:
        NotFoundError: no such asset.
        DamageError: its inventory is damaged.
    """
    versions, when = read_inventory(home.tree, home.objects.folder_of(ark)).inventory.versions, ""
    for name in sorted(versions, key=lambda version: int(version[1:]), reverse=True):
        if not from_json(Asset, read_bytes(home, ark, "record.json", name)).withdrawn:
            break
        when = versions[name].created
    return when


def read_site(home: Home, ark_or_slug: str) -> Site:
    """The record of a site, by its ARK or its short name."""
    return from_json(Site, read_bytes(home, site_ark(home, ark_or_slug), "site.json"))


def read_tour(home: Home, ark_or_slug: str) -> Tour:
    """The tour of a site, by the site's ARK or short name."""
    return from_json(Tour, read_bytes(home, site_ark(home, ark_or_slug), "tour.json"))


def read_deposit(home: Home, ark: str) -> DepositRecord:
    """The record of a deposit."""
    return from_json(DepositRecord, read_bytes(home, ark, "deposit.json"))


def record_kind(home: Home, object_id: str) -> Literal["asset", "site", "deposit", "ledger"]:
    """What an object is, told by the record that it holds."""
    names = {file.logical_path for file in _stored(home, object_id, "")}
    return next((kind for name, kind in RECORDS.items() if name in names), "ledger")


def site_ark(home: Home, ark_or_slug: str) -> str:
    """The ARK of a site that is named by its ARK or its short name.

    Raises:
        NotFoundError: no site has that short name.
    """
    if ark_or_slug.startswith("ark:"):
        return ark_or_slug
    from archive.catalogue import open_catalogue

    with open_catalogue(home) as catalogue:
        sites = catalogue.sites()
    for site in sites:
        if site.slug == ark_or_slug:
            return site.ark
    known = ", ".join(site.slug for site in sites) or "none yet"
    raise NotFoundError(f"There is no site “{ark_or_slug}” in this archive.", advice=f"Sites: {known}. A new one: `ditich site save DIR`.")


def _stored(home: Home, object_id: str, version: str) -> Iterator[StoredFile]:
    if not home.objects.has(object_id):
        raise NotFoundError(f"{object_id} is not in this archive.", advice="Check the identifier; `ditich search` finds it by words.")
    folder = home.objects.folder_of(object_id)
    return stored_files(read_inventory(home.tree, folder).inventory, folder, version)


def _find(home: Home, object_id: str, logical_path: str, version: str) -> StoredFile:
    for file in _stored(home, object_id, version):
        if file.logical_path == logical_path:
            return file
    raise NotFoundError(f"{object_id} has no file {logical_path}.")


def _kept(home: Home, file: StoredFile) -> KeptFile:
    return KeptFile(home.tree.path_of(file.path), file.sha512, file.sha256, home.tree.size(file.path))
