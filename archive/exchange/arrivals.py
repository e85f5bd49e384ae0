"""What would become of every object of a package of ours: a plan that is computed and shown before anything is written.

What the package says about itself only tells where to look; every object is judged by its own inventories.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from archive.access import head_of
from archive.bagit.paths import PAYLOAD
from archive.bagit.report import BagReport
from archive.catalogue import open_catalogue
from archive.errors import DamageError, NotFoundError, RecordError
from archive.exchange.contents import LABEL, OBJECTS, TAG_MANIFEST, Contents, ObjectKind, PackedObject, folder_of
from archive.exchange.faults import CONFLICT, NEWER, NOT_OURS, SITE_ABSENT, SITE_REFUSED, SLUG_TAKEN
from archive.exchange.tree import ObjectTree, read_tree
from archive.findings import Finding, Severity
from archive.home import Home
from archive.ocfl.digests import sha512_of
from archive.ocfl.object import read_inventory
from archive.records.accession import DepositRecord
from archive.records.asset import Asset, FileRole
from archive.records.serialise import from_json
from archive.records.site import Site
from archive.storage.base import Storage

_RECORDS: dict[ObjectKind, tuple[str, type[Asset] | type[Site] | type[DepositRecord]]] = {
    ObjectKind.ASSET: ("record.json", Asset),
    ObjectKind.SITE: ("site.json", Site),
    ObjectKind.DEPOSIT: ("deposit.json", DepositRecord),
}


_SLUG = re.compile("[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")


class Fate(StrEnum):
    """What becomes of an object of a package."""

    TAKE = "take"
    GROW = "grow"
    SAME = "same"
    OLDER = "older"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One object of a package.

    Attributes:
        folder: in the package.
        version: its newest there.
        here: the newest version that the archive has; "" for none.
        slug: of a site.
        findings: why it is refused, or what somebody should know.
    """

    ark: str
    kind: ObjectKind
    folder: str
    site: str
    version: str = ""
    files: int = 0
    bytes: int = 0
    here: str = ""
    slug: str = ""
    fate: Fate = Fate.REFUSED
    findings: tuple[Finding, ...] = ()


def is_ours(report: BagReport) -> bool:
    """Whether a bag says that it was made by Ditich."""
    return {OBJECTS, TAG_MANIFEST} <= set(report.tag_files) and any(label == LABEL for label, _ in report.info)


def plan_arrivals(home: Home, bag: Storage, *, newer: bool = False) -> tuple[Arrival, ...]:
    """What becomes of each object, sites first.

    Args:
        home: the archive.
        bag: the valid bag's own tree.
        newer: whether versions that go on where the archive's end are wanted.

    Raises:
        RecordError: what the package says about itself cannot be read, or was written by a newer Ditich.
    """
    contents = from_json(Contents, bag.read(OBJECTS))
    if len({one.ark for one in contents.objects}) != len(contents.objects):
        raise RecordError(f"{OBJECTS} of the bag names an object twice.", advice="Ask the sender for another bag.")
    with open_catalogue(home) as catalogue:
        slugs = {row.slug: row.ark for row in catalogue.sites()}
    ordered = sorted(contents.objects, key=lambda one: (one.kind is not ObjectKind.SITE, one.kind, one.ark))
    arrivals = [_arrival(home, bag, one, slugs) for one in ordered]
    sites = {one.ark: one for one in arrivals}
    placed = (_with_site(home, one, sites) for one in arrivals)
    return tuple(one if newer or one.fate is not Fate.GROW else _refused(one, _newer(one)) for one in placed)


def _arrival(home: Home, bag: Storage, packed: PackedObject, slugs: dict[str, str]) -> Arrival:
    arrival = Arrival(packed.ark, packed.kind, PAYLOAD + folder_of(packed.ark), packed.site)
    try:
        tree = read_tree(bag, arrival.folder, packed.ark)
        record = _record(bag, tree, packed.kind)
    except (DamageError, RecordError, NotFoundError) as error:
        return _refused(arrival, NOT_OURS.at(arrival.folder, error.detail or error.message, ark=packed.ark))
    arrival = replace(
        arrival,
        version=tree.inventory.head,
        files=len(tree.files),
        bytes=tree.size,
        here=head_of(home, packed.ark) or "",
        site=record.ark if isinstance(record, Site) else record.site,
        slug=record.slug if isinstance(record, Site) else "",
    )
    if arrival.slug and slugs.get(arrival.slug, arrival.ark) != arrival.ark:
        return _refused(arrival, SLUG_TAKEN.at(arrival.folder, slug=arrival.slug))
    return _compared(home, arrival, tree) if arrival.here else replace(arrival, fate=Fate.TAKE)


def _record(bag: Storage, tree: ObjectTree, kind: ObjectKind) -> Asset | Site | DepositRecord:
    """The object's own record; it must be of the object itself."""
    name, cls = _RECORDS[kind]
    for logical, _digest, path in tree.inventory.files():
        if logical == name:
            record = from_json(cls, bag.read(f"{tree.folder}/{path}"))
            if record.ark != tree.object_id:
                raise RecordError(f"{name} is about {record.ark}.")
            _require_sound(record, tree)
            return record
    raise NotFoundError(f"There is no {name}.")


def _require_sound(record: Asset | Site | DepositRecord, tree: ObjectTree) -> None:
    """What only a forged record gets wrong, and what others rely on: a site's name in paths, an asset's originals."""
    if isinstance(record, Site) and not _SLUG.fullmatch(record.slug):
        raise RecordError(f"“{record.slug}” is no short name of a site.")
    if isinstance(record, Asset):
        kept = {digest for logical, digest, _ in tree.inventory.files() if logical.startswith("original/")}
        principals = [file for file in record.originals if file.role is FileRole.PRINCIPAL]
        if len(principals) != 1 or not {file.sha512 for file in record.originals} <= kept:
            raise RecordError("The record speaks of originals that the object does not have.")


def _compared(home: Home, arrival: Arrival, tree: ObjectTree) -> Arrival:
    """What becomes of an object that the archive has."""
    there = [(version, sha512_of(inventory)) for version, inventory in tree.versions]
    here = list(_versions(home, arrival.ark))
    common = min(len(there), len(here))
    if there[:common] != here[:common]:
        return _refused(arrival, CONFLICT.at(arrival.folder, ark=arrival.ark, here=arrival.here, there=arrival.version))
    if len(there) > len(here):
        return replace(arrival, fate=Fate.GROW)
    return replace(arrival, fate=Fate.SAME if len(there) == len(here) else Fate.OLDER)


def _newer(arrival: Arrival) -> Finding:
    return NEWER.at(arrival.folder, ark=arrival.ark, here=arrival.here, there=arrival.version)


def _versions(home: Home, ark: str) -> Iterator[tuple[str, str]]:
    folder = home.objects.folder_of(ark)
    for number in range(1, int((head_of(home, ark) or "v0")[1:]) + 1):
        yield f"v{number}", read_inventory(home.tree, f"{folder}/v{number}").sha512


def _with_site(home: Home, arrival: Arrival, sites: dict[str, Arrival]) -> Arrival:
    """Looks at what becomes of the object's site: without one it is refused or at least remarked."""
    if arrival.fate is not Fate.TAKE or arrival.kind is ObjectKind.SITE or head_of(home, arrival.site) is not None:
        return arrival
    site = sites.get(arrival.site)
    if site is None:
        return replace(arrival, findings=(SITE_ABSENT.at(arrival.folder, site=arrival.site, ark=arrival.ark),))
    return arrival if site.fate is Fate.TAKE else _refused(arrival, SITE_REFUSED.at(arrival.folder, site=arrival.site))


def _refused(arrival: Arrival, finding: Finding) -> Arrival:
    return replace(arrival, fate=Fate.REFUSED, findings=(finding,))


def findings_of(arrivals: tuple[Arrival, ...]) -> tuple[Finding, ...]:
    """Everything that is to be said, refusals first."""
    found = [finding for one in arrivals for finding in one.findings]
    return tuple(sorted(found, key=lambda one: one.severity is not Severity.REFUSE))
