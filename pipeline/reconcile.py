"""What is new, what is known, what is a new version and what is a correction. Decisions only; nothing is written here.

The rules (DESIGN.md "Identifiers"), in this order, for each asset of a deposit:

1. ``replaces`` names an archived asset of the site: a correction, a new version with these files as its originals.
2. No archived asset of the same kind has one of the files as its principal: a new asset, even where other files are known elsewhere
   (a texture belongs to two models).
3. Several have: a finding; nothing is merged.
4. Exactly one has: files that it lacks are new companions, metadata that a sheet states otherwise is a change; either makes a new version.
   A file at the path of one of its originals but with other bytes is a changed original: a finding, unless rule 1 said so. Neither: the
   same again.

"As new" skips rules 3 and 4 for what other deposits brought and takes the next ordinal. Two candidates of one deposit with the same
principal are one asset.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from archive.errors import DamageError, NotFoundError, RecordError
from archive.findings import Finding
from archive.records.asset import Asset, AssetKind, FileRole, OriginalFile
from archive.records.identifiers import mint_asset
from pipeline.asset_record import Provenance, facts_of, new_record, originals, with_explicit_changes
from pipeline.reconcile_words import CHANGED_ORIGINAL, EARLIER_VERSION, OBJECT_LOST, REPLACES_NOTHING, TWO_ASSETS, WITHDRAWN
from pipeline.sip import CheckedAsset

_IMAGES = frozenset({AssetKind.PHOTO, AssetKind.PANORAMA})


class Action(StrEnum):
    """What becomes of an asset."""

    NEW = "new"
    SAME = "same"
    NEW_VERSION = "new-version"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """What reconciling needs to know of the archive.

    Attributes:
        principals: (sha512) → ARKs of the site's assets whose principal has it, in their head version.
        read: ARK → its head record.
        head: ARK → head version, None when there is no such object.
        expected: ARKs of assets that were archived for the site, there or lost.
    """

    principals: Callable[[str], tuple[str, ...]]
    read: Callable[[str], Asset]
    head: Callable[[str], str | None]
    expected: frozenset[str] = frozenset()


@dataclass(slots=True)
class Decision:
    """What becomes of one ARK.

    Attributes:
        base: the head version it stands on, "" for a new object.
        record: what its head will say.
        parts: the deposit's assets that it is made from.
        known: sha512 of the originals that the head holds already.
    """

    action: Action
    ark: str
    base: str
    record: Asset
    parts: list[CheckedAsset] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rejected:
    """An asset that cannot be reconciled, and why."""

    asset: CheckedAsset
    finding: Finding


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the officer said about the whole deposit: new ARKs for everything, and whether an access level was named."""

    naan: str
    as_new: bool = False
    access_stated: bool = False


class Reconciler:
    """Decides one asset after another; what it decided before counts as known."""

    def __init__(self, view: ArchiveView, provenance: Provenance, wishes: Wishes) -> None:
        self._view = view
        self._provenance = provenance
        self._wishes = wishes
        self._decided: dict[str, Decision] = {}

    def decide(self, assets: Iterable[CheckedAsset]) -> tuple[tuple[Decision, ...], tuple[Rejected, ...]]:
        """All decisions, one an ARK, and what could not be decided."""
        rejected = [
            Rejected(asset, finding) for asset in sorted(assets, key=_preference) if (finding := self._decide_or_lose(asset)) is not None
        ]
        return tuple(sorted(self._decided.values(), key=lambda one: _path(one.parts[0]))), tuple(rejected)

    def _decide_or_lose(self, checked: CheckedAsset) -> Finding | None:
        """What the archive should have and cannot read costs the asset that needs it, and no other."""
        try:
            return self._decide_one(checked)
        except (NotFoundError, DamageError, RecordError) as error:
            digests = [one.file.sha512 for one in checked.described.candidate.files]
            arks = {ark for digest in digests for ark in self._view.principals(digest)} | {checked.described.replaces} - {""}
            return OBJECT_LOST.finding(_path(checked), error.detail or error.message, arks=", ".join(sorted(arks)))

    def _decide_one(self, checked: CheckedAsset) -> Finding | None:
        if checked.described.replaces:
            return self._correct(checked, checked.described.replaces)
        owners = self._owners(checked)
        if len(owners) > 1:
            return TWO_ASSETS.finding(_path(checked), arks=", ".join(owners))
        return self._extend(checked, owners[0]) if owners else self._begin(checked)

    def _owners(self, checked: CheckedAsset) -> list[str]:
        kind = checked.described.kind
        digests = {one.file.sha512 for one in checked.described.candidate.files}
        found = {ark for digest in sorted(digests) for ark in self._view.principals(digest)}
        mine = {ark for ark, one in self._decided.items() if one.record.principal.sha512 in digests}
        return sorted(ark for ark in found | mine if self._counts(self._record(ark), kind))

    def _counts(self, record: Asset, kind: AssetKind) -> bool:
        """As new, only what this very deposit wrote is known: so an interrupted ingest still finds itself."""
        same_kind = record.kind is kind or {record.kind, kind} <= _IMAGES
        return same_kind and (not self._wishes.as_new or record.deposit == self._provenance.deposit)

    def _record(self, ark: str) -> Asset:
        return self._decided[ark].record if ark in self._decided else self._view.read(ark)

    def _begin(self, checked: CheckedAsset) -> Finding | None:
        principal = checked.described.candidate.principal.file.sha512
        ordinal = 0
        ark = mint_asset(self._wishes.naan, self._provenance.site, principal)
        while self._wishes.as_new and (ark in self._decided or ark in self._view.expected or self._view.head(ark) is not None):
            ordinal += 1
            ark = mint_asset(self._wishes.naan, self._provenance.site, principal, ordinal)
        head = self._view.head(ark)
        if head is not None:
            note = EARLIER_VERSION.finding(_path(checked), ark=ark)
            self._decided[ark] = replace(self._known(ark), parts=[checked], findings=[note])
        elif ark in self._view.expected:
            return OBJECT_LOST.finding(_path(checked), "not in the storage", arks=ark)
        else:
            record = new_record(checked, ark, self._provenance, ordinal)
            self._decided[ark] = Decision(Action.NEW, ark, "", record, [checked])
        return None

    def _extend(self, checked: CheckedAsset, ark: str) -> Finding | None:
        decision = self._decided.get(ark) or self._known(ark)
        if (changed := _changed_original(decision.record, checked)) is not None:
            return CHANGED_ORIGINAL.finding(changed, name=changed, ark=ark)
        stated = self._stated(decision.record, checked)
        record = replace(stated, originals=(*stated.originals, *_companions(stated, checked)))
        if record != decision.record and decision.action is Action.SAME:
            decision.action = Action.NEW_VERSION
        if record.withdrawn:
            decision.findings.append(WITHDRAWN.finding(_path(checked), record.withdrawn, ark=ark))
        decision.record = record
        decision.parts.append(checked)
        self._decided[ark] = decision
        return None

    def _stated(self, record: Asset, checked: CheckedAsset) -> Asset:
        """The record with what a sheet or an option says; an access level so set is the acting agent's decision."""
        stated = with_explicit_changes(record, checked.described, access_option=self._wishes.access_stated)
        for name in ("access", "location_access"):
            if getattr(stated, name) != getattr(record, name):
                stated = replace(stated, **{name: replace(getattr(stated, name), decided_by=self._provenance.agent)})
        return stated

    def _known(self, ark: str) -> Decision:
        record = self._view.read(ark)
        digests = frozenset(one.sha512 for one in record.originals)
        return Decision(Action.SAME, ark, self._view.head(ark) or "", record, known=digests)

    def _correct(self, checked: CheckedAsset, ark: str) -> Finding | None:
        head = self._view.head(ark)
        if head is None:
            return _cannot(checked, ark, ("chưa có trong kho", "it is not in this archive", "ไม่มีในคลังนี้"))
        record = self._view.read(ark)
        if record.site != self._provenance.site:
            return _cannot(checked, ark, ("thuộc di tích khác", "it belongs to another site", "เป็นของแหล่งอื่น"))
        if ark in self._decided:
            return _cannot(checked, ark, ("đã được thay trong lần nạp này", "this deposit replaces it already", "ชุดนี้แทนที่ไปแล้ว"))
        described = checked.described
        files = originals(described)
        if {one.sha512 for one in files} == {one.sha512 for one in record.originals}:
            self._decided[ark] = replace(self._known(ark), parts=[checked])
            return None
        stated = self._stated(record, checked)
        corrected = replace(
            stated,
            kind=described.kind,
            originals=files,
            facts=facts_of(described),
            captured=described.captured or stated.captured,
            position=described.position or stated.position,
        )
        self._decided[ark] = replace(self._known(ark), action=Action.CORRECTION, record=corrected, parts=[checked])
        return None


def _changed_original(record: Asset, checked: CheckedAsset) -> str | None:
    """The path of a file that the asset holds under the same exact name with other bytes."""
    held = {one.path_hex: one.sha512 for one in record.originals}
    for one in checked.described.candidate.files:
        if held.get(one.file.path_hex, one.file.sha512) != one.file.sha512:
            return one.file.path
    return None


def _companions(record: Asset, checked: CheckedAsset) -> Iterator[OriginalFile]:
    """Files that the asset does not hold yet. Whoever was principal stays so: the ARK was minted from it."""
    held = {one.sha512 for one in record.originals}
    for one in originals(checked.described):
        if one.sha512 not in held:
            held.add(one.sha512)
            yield replace(one, role=FileRole.COMPANION if one.role is FileRole.PRINCIPAL else one.role)


def _cannot(checked: CheckedAsset, ark: str, reasons: tuple[str, str, str]) -> Finding:
    vi, en, th = reasons
    return REPLACES_NOTHING.finding(_path(checked), ark=ark, vi_reason=vi, en_reason=en, th_reason=th)


def _preference(checked: CheckedAsset) -> tuple[bool, int, str]:
    """Of files that are the same, the one that a sheet names is the original, else the one with the shorter name."""
    unnamed = all(one.source != "sheet" for one in checked.described.descriptions)
    return unnamed, len(_path(checked)), _path(checked)


def _path(checked: CheckedAsset) -> str:
    return checked.described.candidate.principal.file.path
