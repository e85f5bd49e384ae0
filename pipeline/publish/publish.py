"""Publishes a site: says first what it will and will not show, and why, then writes one new generation.

The generation and its date come from the ledger, so the same archive gives the same publication after everything disposable was
deleted. Publishing again without a change writes nothing new and raises nothing.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archive.access import read_files
from archive.findings import Finding
from archive.home import Home
from archive.publications.read import ORIGINAL
from archive.publications.write import is_written, write_publication
from archive.records.access import AccessLevel
from archive.records.asset import Asset, AssetKind
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.events import Event, EventType, Outcome
from archive.records.publication import PublicSite
from archive.records.serialise import to_json
from archive.records.text import LocalText
from pipeline.publish.compose import PICTURES, Composed, Derivatives, compose, titled
from pipeline.publish.exporters import EXPORTERS
from pipeline.publish.left_out import LeftOut
from pipeline.publish.material import SiteMaterial, read_material
from pipeline.publish.public_record import Withheld, downloads_of, judge
from pipeline.publish.taken_away import LESS
from pipeline.publish.words import COPY_INSTEAD, WHY


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one asset: shown or not, with or without place, originals or their access copy, and every reason against.

    ``why`` are sentences in the three languages, in the order of ``withheld``.
    """

    ark: str
    kind: AssetKind
    title: LocalText
    shown: bool
    location: bool
    originals: bool
    access_copy: bool
    withheld: tuple[Withheld, ...]

    @property
    def why(self) -> tuple[LocalText, ...]:
        """The reasons in words, and what is offered instead."""
        return (*(WHY[reason] for reason in self.withheld), *((COPY_INSTEAD,) if self.access_copy else ()))


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What a publication shows and does not show.

    Attributes:
        generation: number now served; of a plan the number that it would get.
        changed: whether this differs from what was published last.
        level: evidence of digitisation, "listed" to "measured".
        lost: one for every asset that the archive should have and cannot read, and for every file of the site folder that cannot be
            cleaned for publication.
        left_out: parts of the tour that are not shown, each with the reason; for the officer alone.
        review: ARKs whose access decision was to be looked at again before today.
    """

    slug: str
    generation: int
    changed: bool
    level: str
    will_show: tuple[Verdict, ...]
    will_not_show: tuple[Verdict, ...]
    review: tuple[str, ...] = ()
    lost: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def assets_to_derive(home: Home, site: str) -> tuple[Asset, ...]:
    """The assets of a site that a publication will show: these need their derivatives first.

    A location that is hidden for the site's sake is hidden in the record given back too, so that derivers need not know the site.
    """
    return assets_shown(read_material(home, site))


def assets_shown(material: SiteMaterial) -> tuple[Asset, ...]:
    """The assets of this material that a publication shows, as derivers may know them."""
    judged = ((asset, judge(asset, material.site)) for asset in material.assets)
    return tuple(asset if judgement.location else _without_location(asset) for asset, judgement in judged if judgement.shown)


def _without_location(asset: Asset) -> Asset:
    decision = asset.location_access
    level = AccessLevel.RESTRICTED if decision.level is AccessLevel.PUBLIC else decision.level
    return replace(asset, location_access=replace(decision, level=level))


def verdicts(material: SiteMaterial) -> tuple[Verdict, ...]:
    """What may be shown of every asset of a site, in the order of its page."""
    found = []
    for asset, fallback in titled(material.assets, material.site):
        judgement = judge(asset, material.site)
        named = any((asset.title.vi, asset.title.en, asset.title.th))
        title = asset.title if named else fallback
        copy = judgement.access_copy and asset.kind in PICTURES
        offered = (judgement.location, judgement.originals, copy)
        found.append(Verdict(asset.ark, asset.kind, title, judgement.shown, *offered, judgement.withheld))
    return tuple(found)


def plan(home: Home, site: str, derivatives: Derivatives, now: datetime) -> PublishReport:
    """What ``publish`` would show and not show; nothing is written.

    Raises:
        NotFoundError: no such site.
    """
    return _prepared(home, read_material(home, site), derivatives, now).report


def publish(
    home: Home, site: str, derivatives: Derivatives, now: datetime, before: Callable[[PublishReport], None] | None = None
) -> PublishReport:
    """Publish a site from its archived versions.

    Args:
        home: the archive home.
        site: ARK or short name.
        derivatives: what has been derived from its assets (``assets_to_derive``).
        now: the date of a new generation.
        before: told what will and will not be shown before anything is written; may raise to stop.

    Raises:
        NotFoundError: no such site.
    """
    ready = _prepared(home, read_material(home, site), derivatives, now)
    if before is not None:
        before(ready.report)
    return _written(home, ready, derivatives, now, {})


def publish_less(home: Home, material: SiteMaterial, derivatives: Derivatives, now: datetime) -> PublishReport:
    """Publish what is left after something was taken away (``taken_away.less_taken_away``): nothing that was not public gets so by it."""
    return _written(home, _prepared(home, material, derivatives, now), derivatives, now, {LESS: True})


def _written(home: Home, ready: "_Prepared", derivatives: Derivatives, now: datetime, extra: dict[str, object]) -> PublishReport:
    final = replace(ready.composed.site, generation=ready.report.generation, published=ready.published)
    if ready.report.changed or not is_written(home.publications, final):
        write_publication(home.publications, final, media_of(home, ready.composed, derivatives), exports_of(final))
    if ready.report.changed:
        home.log.append((_event(home, final, ready.content, extra),), home.signers(), now)
    return ready.report


@dataclass(frozen=True, slots=True)
class _Prepared:
    composed: Composed
    content: str
    published: str
    report: PublishReport


def _prepared(home: Home, material: SiteMaterial, derivatives: Derivatives, now: datetime) -> _Prepared:
    composed = compose(material, derivatives)
    content = _digest(composed.site, exports_of(composed.site))
    last = last_publication(home, composed.site.ark) or LastPublication(0, "", "")
    changed = last.content != content
    generation = last.generation + changed
    published = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if changed else last.when
    return _Prepared(composed, content, published, _report(material, composed, generation, changed=changed, today=now))


@dataclass(frozen=True, slots=True)
class LastPublication:
    """What the ledger says of a site's last publication."""

    generation: int
    when: str
    content: str


def last_publication(home: Home, site_ark: str) -> LastPublication | None:
    """The newest generation of a site that the ledger knows, published or not at this moment."""
    found = None
    for entry in home.log.entries():
        event = entry.event
        if event.type is EventType.PUBLICATION and site_ark in event.objects and "generation" in event.extra:
            found = LastPublication(int(str(event.extra["generation"])), event.when, str(event.extra.get("content", "")))
    return found


def media_of(home: Home, composed: Composed, derivatives: Derivatives) -> dict[tuple[str, str], Path | bytes]:
    """Where every file that the public site lists lies now; of the site's own files their bytes."""
    media: dict[tuple[str, str], Path | bytes] = {(composed.site.id, name): content for name, content in composed.files.items()}
    for asset in composed.site.assets:
        places = {
            _place_key(file): home.derivatives / derivative.folder / file.name
            for derivative in reversed(derivatives.get(asset.ark, ()))
            for file in derivative.files
        }
        media |= {(asset.id, file.name): places[_place_key(file)] for file in asset.files}
        if asset.downloads:
            kept = {file.sha512: file.path for file in read_files(home, asset.ark, composed.versions.get(asset.ark, "")).values()}
            offered = downloads_of(composed.behind[asset.ark])
            media |= {(asset.id, f"{ORIGINAL}/{download.name}"): kept[file.sha512] for download, file in offered}
    return media


def _place_key(file: DerivedFile) -> str:
    """What a file is found by: an access copy has another name in public than among the derivatives."""
    return file.role if file.role is MediaRole.ACCESS_COPY else file.name


def exports_of(site: PublicSite) -> Mapping[str, bytes]:
    """Every export of a public site by file name."""
    return {name: content for exporter in EXPORTERS for name, content in exporter.make(site)}


def _digest(site: PublicSite, exports: Mapping[str, bytes]) -> str:
    """The digest of everything public, before it has a generation and a date."""
    whole = hashlib.sha256(to_json(site))
    for name in sorted(exports):
        whole.update(f"\n{name}\n".encode() + exports[name])
    return whole.hexdigest()


def _report(material: SiteMaterial, composed: Composed, generation: int, *, changed: bool, today: datetime) -> PublishReport:
    public = composed.site
    every = verdicts(material)
    shown = tuple(verdict for verdict in every if verdict.shown)
    hidden = tuple(verdict for verdict in every if not verdict.shown)
    decisions = [(asset.ark, decision.review) for asset in material.assets for decision in (asset.access, asset.location_access)]
    due = dict.fromkeys(ark for ark, review in decisions if review is not None and review <= today.date())
    return PublishReport(
        public.slug, generation, changed, public.level, shown, hidden, tuple(due), (*material.lost, *composed.left_out), composed.unseen
    )


def _event(home: Home, site: PublicSite, digest: str, extra: dict[str, object]) -> Event:
    name = f"{home.config.origin}/publication/{site.ark}/{site.generation}"
    return Event(
        identifier=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}",
        type=EventType.PUBLICATION,
        when=site.published,
        outcome=Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=(site.ark,),
        detail=f"generation {site.generation} of {site.slug}: {len(site.assets)} assets shown",
        extra={"generation": site.generation, "content": digest, "shown": [asset.ark for asset in site.assets], **extra},
    )
