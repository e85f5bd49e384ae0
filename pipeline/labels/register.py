"""Issues and retires signs; the register is archived with the site, as a new version each time."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive.access import head_of, read_asset, read_bytes, read_files, read_tour
from archive.accession import accession
from archive.catalogue import open_catalogue
from archive.errors import DamageError, NotFoundError, RecordError, UsageError
from archive.home import Home
from archive.publications.read import Publications
from archive.records.asset import AssetKind
from archive.records.events import Event, EventType, Outcome
from archive.records.identifiers import TEST_NAAN, identifier_of
from archive.records.label import LABELS, Label, LabelPlace, LabelRegister, code_for
from archive.records.package import FileToKeep, VersionDraft
from archive.records.serialise import from_json, to_json
from archive.records.site import Site
from archive.records.text import LocalText
from archive.records.tour import Tour
from pipeline.site_archive import archived_sites


@dataclass(frozen=True, slots=True)
class Target:
    """What a sign is asked for: ARK, where it leads, the words and the public address of the viewer that are printed."""

    ark: str
    place: LabelPlace
    title: LocalText
    address: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """The signs that were asked for, in order, and how many of them are new."""

    labels: tuple[Label, ...]
    new: int
    version: str


def read_register(home: Home, site_ark: str) -> LabelRegister:
    """The signs of a site; none where none was ever issued.

    Raises:
        DamageError: there is a register, and it cannot be read: no code may be given while nobody knows which are taken.
    """
    if LABELS not in read_files(home, site_ark):
        return LabelRegister(site_ark)
    try:
        return from_json(LabelRegister, read_bytes(home, site_ark, LABELS))
    except RecordError as error:
        raise DamageError(
            f"The register of signs of {site_ark} is damaged: {error}",
            advice="Run: ditich audit, then ditich repair.",
            code="sign-register",
            values={"ark": site_ark, "fault": str(error)},
        ) from error


def targets(home: Home, site: Site, scenes: Sequence[str], assets: Sequence[str]) -> tuple[Target, ...]:
    """What signs are asked for: the named scenes (ids or titles) and assets (ARKs or ids), else the site itself.

    Raises:
        NotFoundError: the site has no such scene or asset.
    """
    if not scenes and not assets:
        return (Target(site.ark, LabelPlace.SITE, LocalText()),)
    return (*(_scene(home, site, name) for name in scenes), *(_asset(home, site, name) for name in assets))


def every_scene(home: Home, site: Site) -> tuple[str, ...]:
    """The stops of a site as published, without what older dates show; else the panoramas of its ``tour.toml``, else all."""
    public = _public_tour(home, site)
    if public is not None and public.stops:
        return tuple(scene.panorama for scene in public.stops)
    named = tuple(scene.panorama for scene in read_tour(home, site.ark).scenes if scene.panorama.startswith("ark:"))
    if named:
        return named
    with open_catalogue(home) as catalogue:
        return tuple(row.ark for row in catalogue.assets(site.ark) if row.kind == AssetKind.PANORAMA and not row.withdrawn)


def _public_tour(home: Home, site: Site) -> Tour | None:
    try:
        return Publications(home.publications).site(site.slug).tour
    except NotFoundError:
        return None


def numbers(home: Home, site: Site) -> dict[str, int]:
    """ARK of a panorama → number of its stop in the walk, as published."""
    tour = _public_tour(home, site)
    return {scene.panorama: number for number, scene in enumerate(tour.stops, 1)} if tour else {}


def _scene(home: Home, site: Site, name: str) -> Target:
    public = _public_tour(home, site)
    for scene in (*read_tour(home, site.ark).scenes, *(public.scenes if public else ())):
        if name in {scene.id, scene.panorama, scene.title.vi, scene.title.en, scene.title.th} and scene.panorama.startswith("ark:"):
            return Target(scene.panorama, LabelPlace.SCENE, scene.title)
    asset = _asset(home, site, name)
    return replace(asset, place=LabelPlace.SCENE)


def _asset(home: Home, site: Site, name: str) -> Target:
    ark = name if name.startswith("ark:") else f"ark:{site.ark.removeprefix('ark:').partition('/')[0]}/{name}"
    try:
        asset = read_asset(home, ark)
    except (NotFoundError, UsageError) as error:
        raise _unknown(name, site) from error
    if asset.site != site.ark:
        raise _unknown(name, site)
    return Target(ark, LabelPlace.ASSET, asset.title)


def _unknown(name: str, site: Site) -> NotFoundError:
    return NotFoundError(
        f"“{site.slug}” has no scene or asset “{name}”.",
        advice="Take the id from the address of its page.",
        code="label-target",
        values={"slug": site.slug, "name": name},
    )


def issue(home: Home, site: Site, wanted: Sequence[Target], *, practice: bool, now: datetime) -> Issued:
    """Give every target its sign: the one that hangs there, or a new code. New codes are archived before anything is printed.

    Raises:
        UsageError: the archive has only the test NAAN, and this is no exercise.
    """
    require_name(home, practice=practice)
    register = read_register(home, site.ark)
    taken = {label.code for one in archived_sites(home) for label in read_register(home, one.ark).labels}
    given: list[Label] = []
    for target in wanted:
        label = register.hanging(target.ark, target.place)
        if label is None:
            code = _free_code(home, target, taken)
            taken.add(code)
            label = Label(code, target.ark, target.place, target.title, _day(now), practice=practice, address=target.address)
            register = register.with_label(label)
        given.append(label)
    kept = {label.code for label in read_register(home, site.ark).labels}
    fresh = [label for label in given if label.code not in kept]
    version = _keep(home, site, register, [("issued", label) for label in fresh], now) if fresh else head_of(home, site.ark) or ""
    return Issued(tuple(given), len(fresh), version)


def retire(home: Home, site: Site, code: str, story: LocalText, now: datetime) -> Label:
    """Take a sign down: whoever scans it from now on reads its story.

    Raises:
        NotFoundError: it was not issued for this site.
    """
    register = read_register(home, site.ark).retire(code, _day(now), story)
    label = next(label for label in register.labels if label.code == code)
    _keep(home, site, register, [("retired", label)], now)
    return label


def site_of(home: Home, code: str) -> Site:
    """The site for which a sign was issued.

    Raises:
        NotFoundError: this archive never issued it.
    """
    for site in archived_sites(home):
        if any(label.code == code for label in read_register(home, site.ark).labels):
            return site
    raise NotFoundError(
        f"This archive never issued a sign “{code}”.",
        advice="Compare it with the sign, character by character.",
        code="no-such-sign",
        values={"code": code},
    )


def require_name(home: Home, *, practice: bool) -> None:
    """A sign on a wall outlives a test: under the test NAAN only practice signs are printed."""
    if home.config.naan == TEST_NAAN and not practice:
        raise UsageError(
            "This archive still uses the test number 99999 for its names; a sign with it would lead nowhere one day.",
            advice="Ask for a NAAN at https://arks.org and write it into ditich.toml; or print an exercise with --practice.",
            code="label-test-naan",
        )


def _free_code(home: Home, target: Target, taken: set[str]) -> str:
    ordinal = 0
    while (code := code_for(home.config.identifier, target.ark, target.place, ordinal)) in taken:
        ordinal += 1
    return code


def _keep(home: Home, site: Site, register: LabelRegister, acts: Sequence[tuple[str, Label]], now: datetime) -> str:
    content = to_json(register)
    present = read_files(home, site.ark).items()
    files = [FileToKeep(path, file.sha512, file.sha256, file.size, kept=True) for path, file in present if path != LABELS]
    digests = hashlib.sha512(content).hexdigest(), hashlib.sha256(content).hexdigest()
    files.append(FileToKeep(LABELS, *digests, len(content), content=content))
    codes = ", ".join(label.code for _, label in acts)
    draft = VersionDraft(site.ark, head_of(home, site.ark) or "", tuple(files), f"Signs {acts[0][0]}: {codes}")
    events = [_event(home, site, act, label, now) for act, label in acts]
    return accession(home, [draft], agent=home.config.agent, now=now, events=events)[0].version


def _event(home: Home, site: Site, act: str, label: Label, now: datetime) -> Event:
    name = f"{home.config.origin}/sign/{label.code}/{act}"
    return Event(
        identifier=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}",
        type=EventType.METADATA_MODIFICATION,
        when=now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        outcome=Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=tuple(dict.fromkeys((site.ark, label.ark))),
        detail=f"sign {label.code} {act} for {identifier_of(label.ark)}",
        extra={"sign": label.code, "act": act},
    )


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
