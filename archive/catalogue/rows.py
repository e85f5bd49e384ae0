"""What the catalogue says of one object: a pure function of the object as it is kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.errors import DamageError, DitichError
from archive.home import Home
from archive.ocfl.digests import sha512_of
from archive.ocfl.inventory import Inventory
from archive.ocfl.object import read_inventory, stored_files
from archive.records.accession import DepositRecord, Fate
from archive.records.asset import Asset
from archive.records.folding import fold
from archive.records.serialise import from_json
from archive.records.site import Site
from archive.records.text import LocalText

FORMER = "former"
"""Role of a file that an older version of the asset had and the newest has not."""
UNREADABLE = "unreadable"
"""Kind of an object whose record cannot be read; an audit says why."""
_ORIGINAL = "original/"
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""surrogates that stand for no byte of a name"""
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One object of the storage root."""

    id: str
    kind: str
    head: str
    inventory_sha512: str


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset, as lists show it; ``archive.access.read_asset`` has everything."""

    ark: str
    site: str
    kind: str
    nature: str
    title_vi: str | None
    title_en: str | None
    title_th: str | None
    creator: str
    captured: str
    access: str
    rights: str
    survey: str
    deposit: str
    withdrawn: str
    ordinal: int
    latitude: float | None
    longitude: float | None
    files: int
    bytes: int

    @property
    def title(self) -> LocalText:
        """Its title by language."""
        return LocalText(self.title_vi, self.title_en, self.title_th)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site, as lists show it."""

    ark: str
    slug: str
    name_vi: str | None
    name_en: str | None
    name_th: str | None
    nature: str
    access: str

    @property
    def name(self) -> LocalText:
        """Its name by language."""
        return LocalText(self.name_vi, self.name_en, self.name_th)


@dataclass(frozen=True, slots=True)
class DepositRow:
    """One deposit, as lists show it."""

    ark: str
    site: str
    survey: str
    origin: str
    received: str
    files: int
    archived: int
    refused: int
    undone: str


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that is kept already, and as what of which asset; ``role`` is a FileRole's value or FORMER."""

    ark: str
    path: str
    role: str
    sha512: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One original of an asset."""

    ark: str
    site: str
    path: str
    role: str
    sha512: str
    sha256: str
    size: int
    format: str
    puid: str


@dataclass(frozen=True, slots=True)
class WordsRow:
    """What is searched of one asset or site; ``title`` and ``body`` are folded."""

    ark: str
    kind: str
    site: str
    title_vi: str | None
    title_en: str | None
    title_th: str | None
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class CatalogueHit:
    """Something that was found."""

    ark: str
    kind: str
    title: LocalText
    site: str


@dataclass(slots=True)
class Rows:
    """All rows of one object, or of many."""

    object: list[ObjectRow] = field(default_factory=list)
    asset: list[AssetRow] = field(default_factory=list)
    site: list[SiteRow] = field(default_factory=list)
    deposit: list[DepositRow] = field(default_factory=list)
    file: list[FileRow] = field(default_factory=list)
    words: list[WordsRow] = field(default_factory=list)


def rows_of(home: Home, object_id: str, rows: Rows) -> None:
    """Add the rows of one object; nothing when there is no such object. Damage makes it unreadable here, and nothing else."""
    if not home.objects.has(object_id):
        return
    folder = home.objects.folder_of(object_id)
    try:
        stored = read_inventory(home.tree, folder)
        kind = _add_record(home, folder, stored.inventory, rows)
        rows.object.append(ObjectRow(object_id, kind, stored.inventory.head, stored.sha512))
    except DitichError:
        rows.object.append(ObjectRow(object_id, UNREADABLE, "", ""))


def _add_record(home: Home, folder: str, inventory: Inventory, rows: Rows) -> str:
    files = {file.logical_path: file for file in stored_files(inventory, folder)}
    for name, kind in (("record.json", "asset"), ("site.json", "site"), ("deposit.json", "deposit")):
        file = files.get(name)
        if file is None:
            continue
        content = home.tree.read(file.path)
        if sha512_of(content) != file.sha512:
            raise DamageError(f"{file.path} does not match its digest.")
        if kind == "asset":
            _add_asset(from_json(Asset, content), inventory, rows)
        elif kind == "site":
            _add_site(from_json(Site, content), rows)
        else:
            rows.deposit.append(_deposit_row(from_json(DepositRecord, content)))
        return kind
    return "ledger"


def _add_asset(asset: Asset, inventory: Inventory, rows: Rows) -> None:
    position = asset.position
    rows.asset.append(
        AssetRow(
            ark=asset.ark,
            site=asset.site,
            kind=asset.kind.value,
            nature=asset.nature.value,
            title_vi=asset.title.vi,
            title_en=asset.title.en,
            title_th=asset.title.th,
            creator=asset.creator,
            captured=str(asset.captured.value) if asset.captured else "",
            access=asset.access.level.value,
            rights=asset.rights.statement,
            survey=asset.survey,
            deposit=asset.deposit,
            withdrawn=asset.withdrawn,
            ordinal=asset.ordinal,
            latitude=position.latitude if position else None,
            longitude=position.longitude if position else None,
            files=len(asset.originals),
            bytes=sum(file.size for file in asset.originals),
        )
    )
    rows.file.extend(_file_rows(asset, inventory))
    names = [_searchable(file.path) for file in asset.originals]
    captured = str(asset.captured.value) if asset.captured else ""
    body = (*_texts(asset.description), asset.creator, captured, *asset.subject, *names, asset.ark)
    rows.words.append(_words(asset.ark, asset.kind.value, asset.site, (asset.title, body)))


def _file_rows(asset: Asset, inventory: Inventory) -> Iterator[FileRow]:
    present = set()
    for file in asset.originals:
        present.add(file.sha512)
        verdict = file.format
        yield FileRow(
            asset.ark, asset.site, _searchable(file.path), file.role.value, file.sha512, file.sha256, file.size, verdict.name, verdict.puid
        )
    second = inventory.sha256_by_content_path()
    for version in inventory.versions:
        for logical, sha512, content in inventory.files(version):
            if logical.startswith(_ORIGINAL) and sha512 not in present:
                present.add(sha512)
                path = logical.removeprefix(_ORIGINAL)
                yield FileRow(asset.ark, asset.site, path, FORMER, sha512, second.get(content, ""), 0, "", "")


def _add_site(site: Site, rows: Rows) -> None:
    name = site.name
    rows.site.append(SiteRow(site.ark, site.slug, name.vi, name.en, name.th, site.nature.value, site.access.level.value))
    facts = [text for fact in site.facts for text in _texts(fact.value)]
    rows.words.append(_words(site.ark, "site", site.ark, (name, (*_texts(site.summary), *facts, site.slug, site.ark))))


def _deposit_row(deposit: DepositRecord) -> DepositRow:
    fates = [line.fate for line in deposit.lines]
    return DepositRow(
        ark=deposit.ark,
        site=deposit.site,
        survey=deposit.survey,
        origin=_searchable(deposit.origin),
        received=deposit.received,
        files=len(fates),
        archived=fates.count(Fate.ARCHIVED),
        refused=fates.count(Fate.REFUSED),
        undone=deposit.undone,
    )


def _words(ark: str, kind: str, site: str, text: tuple[LocalText, tuple[str, ...]]) -> WordsRow:
    title, body = text
    return WordsRow(
        ark=ark,
        kind=kind,
        site=site,
        title_vi=title.vi,
        title_en=title.en,
        title_th=title.th,
        title=fold("\n".join(_texts(title))),
        body=fold("\n".join(words for words in body if words)),
    )


def _texts(text: LocalText) -> tuple[str, ...]:
    return tuple(words for words in (text.vi, text.en, text.th) if words)


def _searchable(text: str) -> str:
    """The text without what a database cannot hold: bytes of a name that are not UTF-8 become U+FFFD (the record has them exactly)."""
    return _NO_BYTE.sub("\ufffd", text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def storable(value: object) -> object:
    """The value as a database can hold it: only a forged record has text with half a character, or numbers beyond 64 bits."""
    if isinstance(value, str):
        return value if value.isascii() else _searchable(value)
    return min(max(value, -_LARGEST), _LARGEST) if isinstance(value, int) else value
