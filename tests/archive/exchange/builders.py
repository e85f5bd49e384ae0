"""Small makers for exchange: an archive with a site, its deposit and assets of several versions, and an empty one beside it."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from archive.access import list_objects
from archive.bagit.paths import encoded
from archive.exchange.export import Exported, Form, export
from archive.exchange.selection import select
from archive.home import Home
from archive.ocfl.digests import sha512_of
from archive.ocfl.inventory import SIDECAR, sidecar
from archive.records.access import AccessDecision, AccessLevel
from archive.records.accession import DepositRecord
from archive.records.asset import Asset
from archive.records.identifiers import ark_from_blade
from archive.records.package import FileToKeep, VersionDraft
from archive.records.serialise import to_json
from archive.storage.base import files_under
from tests.archive.builders import SITE, asset_record, file_of, keep, kept_file, new_home, site_draft

DEPOSIT = ark_from_blade("99999", "2222222222222222")
OPEN = AccessDecision(AccessLevel.PUBLIC, "a test")
PHOTO, SECRET, PLACED = b"a public photo", b"a restricted photo", b"a photo whose place is not public"


def asset(content: bytes, *, access: AccessDecision = OPEN, location: AccessDecision = OPEN) -> Asset:
    return replace(asset_record(content, content.decode(), path="ảnh 50%.jpg"), access=access, location_access=location)


def first(record: Asset, content: bytes) -> VersionDraft:
    """Its first version, with a second file whose name needs care."""
    files = (
        file_of("record.json", to_json(record)),
        file_of("original/ảnh 50%25.jpg", content),
        file_of("original/b/two%0alines.txt", content + b"2"),
    )
    return VersionDraft(record.ark, "", files, "ingest")


def changed(record: Asset, content: bytes, base: str = "v1", *extra: FileToKeep) -> VersionDraft:
    """A version with another title."""
    renamed = replace(record, title=replace(record.title, vi=f"Sau {base}"))
    files = (
        file_of("record.json", to_json(renamed)),
        kept_file("original/ảnh 50%25.jpg", content),
        kept_file("original/b/two%0alines.txt", content + b"2"),
        *extra,
    )
    return VersionDraft(record.ark, base, files, "edit")


def furnished(folder: Path) -> Home:
    """A site, its deposit, a public asset of three versions, a restricted one, one whose place is not public."""
    home = new_home(folder)
    record = asset(PHOTO)
    deposit = DepositRecord(DEPOSIT, SITE, "card", "2026-11-22T08:00:00Z", ())
    keep(home, site_draft(ark=SITE), VersionDraft(DEPOSIT, "", (file_of("deposit.json", to_json(deposit)),), "deposit"))
    keep(
        home,
        first(record, PHOTO),
        first(asset(SECRET, access=AccessDecision()), SECRET),
        first(asset(PLACED, location=AccessDecision()), PLACED),
    )
    keep(home, changed(record, PHOTO))
    keep(home, changed(record, PHOTO, "v2", file_of("technical.json", b"{}\n")))
    return home


def package(home: Home, place: Path, form: Form = Form.BAG, *, name: str = SITE, public_only: bool = False) -> Exported:
    return export(home, select(home, name, public_only=public_only), place, form)


def everything(home: Home) -> dict[str, str]:
    """Path below the storage root → sha512, of all objects."""
    arks = [ark for ark in list_objects(home) if ark.startswith("ark:")]
    paths = [path for ark in arks for path in files_under(home.tree, home.objects.folder_of(ark))]
    return {path: sha512_of(home.tree.read(path)) for path in paths}


def rebag(bag: Path) -> Path:
    """Write the manifests of a bag anew, after a test has changed its payload: valid as a bag, whatever is in it."""
    for name in ("sha512", "sha256"):
        put_over(bag / f"manifest-{name}.txt", _listed(bag, bag.glob("data/**/*"), name))
    tags = [path for path in (*bag.glob("*"), *bag.glob("ditich/*")) if not path.name.startswith("tagmanifest")]
    for name in ("sha512", "sha256"):
        put_over(bag / f"tagmanifest-{name}.txt", _listed(bag, tags, name))
    return bag


def _listed(bag: Path, paths: Iterable[Path], name: str) -> bytes:
    files = sorted(path for path in paths if path.is_file())
    return "".join(
        f"{hashlib.new(name, path.read_bytes()).hexdigest()}  {encoded(str(path.relative_to(bag)))}\n" for path in files
    ).encode()


def put_over(path: Path, content: bytes) -> None:
    """Write a file that may be there, read-only."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def reinventory(folder: Path, change: tuple[str, str], places: tuple[str, ...]) -> None:
    """Replace text in some of an object's inventories, with digest files that agree."""
    for place in places:
        path = folder / place / "inventory.json"
        content = path.read_bytes().replace(change[0].encode(), change[1].encode())
        put_over(path, content)
        put_over(path.with_name(SIDECAR), sidecar(content))
