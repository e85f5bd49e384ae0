"""The small site as a walk worth walking: a plan, guided walks with narrations, standpoints and photos at two dates; or with many stops."""

import hashlib
from dataclasses import replace
from pathlib import Path

from archive.publications.write import write_publication
from archive.records.access import AccessLevel
from archive.records.asset import Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.publication import PublicAsset, PublicFact, PublicSite, Resolution, ResolverEntry
from archive.records.text import Language, LocalText
from archive.records.tour import Epoch, EpochSeries, Guide, GuideStep, Narration, Plan, Scene, SceneLink, View
from tests.archive.publications.builders import GATE, PHOTO, SLUG, YARD, small_site

OLD_YARD = ark_from_blade("99999", "f" * 16)
OLD_PHOTO = ark_from_blade("99999", "g" * 16)
GUIDE = "quanh-dinh"
PLAN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 80"><rect width="100" height="80" fill="#ded"/></svg>'
SAID = "WEBVTT\n\n00:00.000 --> 00:02.000\nTrước mặt là cổng đình.\n"
LONG = "Nhà " + "thờ " * 49
Media = dict[tuple[str, str], Path | bytes]


def write_walk(folder: Path) -> Path:
    """Write the site below ``folder``/publications and return that root."""
    root = folder / "publications"
    root.mkdir(parents=True)
    write_publication(root, *walk_record(folder), {"manifest.json": b"{}"})
    return root


def walk_record(folder: Path) -> tuple[PublicSite, Media]:
    """The record of that site, and where its files are; pictures are painted below ``folder``."""
    painted, pictures = small_site(folder / "pictures")
    media: Media = dict(pictures)
    old = tuple(_older(painted, media, ark, copied) for ark, copied in ((OLD_YARD, YARD), (OLD_PHOTO, PHOTO)))
    tour = painted.tour
    assert tour is not None
    gate, yard = tour.scenes
    gate = replace(gate, directions=(*gate.directions, ("north-east", LocalText(vi="Cây đa")), ("south", LocalText(en="The road"))))
    past = replace(yard, id="dtold", panorama=OLD_YARD, links=(), title=LocalText(vi="Sân đình xưa", en="The old courtyard"))
    files = _site_files(painted, media)
    site = replace(
        painted,
        assets=(*painted.assets, *old),
        files=files,
        tour=replace(
            tour,
            scenes=(gate, yard, past),
            plans=(_plan(),),
            guides=(
                _guide(),
                Guide("alone", LocalText(vi="Một mình"), steps=(GuideStep(LocalText(), asset=GATE, view=View(-100.0)),)),
                Guide("empty", LocalText(vi="Trống"), steps=(GuideStep(LocalText(vi="Mất"), scene="dtgone"),)),
            ),
            epochs=(
                EpochSeries(
                    "yard",
                    LocalText(vi="Sân đình qua năm tháng", en="The courtyard over the years"),
                    (Epoch("1925~", OLD_YARD, "dtold", LocalText(vi="Theo bưu ảnh.")), Epoch("2026-01", YARD, yard.id)),
                ),
                EpochSeries("roof", LocalText(vi="Mái"), (Epoch("1998", OLD_PHOTO), Epoch("2026-01-01", PHOTO))),
                EpochSeries("lost", LocalText(vi="Mất"), (Epoch("1990", "ark:99999/dtgone"), Epoch("2026", GATE))),
            ),
        ),
        resolver=(*painted.resolver, *(ResolverEntry(asset.ark, Resolution.PUBLIC, f"{SLUG}/{asset.id}") for asset in old)),
    )
    return site, media


def write_long_walk(folder: Path, stops: int) -> Path:
    """Write a site whose walk has so many stops, all on the same two panoramas, each linked to the next; long names; no plan."""
    site, media = small_site(folder / "pictures")
    tour = site.tour
    assert tour is not None
    scenes = tuple(
        Scene(
            f"dtstop{number:03}",
            (GATE, YARD)[number % 2],
            LocalText(vi=f"{LONG}{number}"),
            position=(number % 20 * 3.0, number // 20 * 4.0, 0.0),
            heading=None if number % 3 else 45.0,
            links=(SceneLink(f"dtstop{(number + 1) % stops:03}", 90.0),),
        )
        for number in range(stops)
    )
    root = folder / "publications"
    root.mkdir(parents=True)
    write_publication(root, replace(site, tour=replace(tour, scenes=scenes), name=LocalText(vi=LONG)), media, {})
    return root


def _older(site: PublicSite, media: Media, ark: str, copied: str) -> PublicAsset:
    """The same thing at an earlier date, rebuilt from sources, with the same pictures."""
    model = next(asset for asset in site.assets if asset.ark == copied)
    identity = identifier_of(ark)
    media |= {(identity, file.name): media[model.id, file.name] for file in model.files}
    return replace(
        model,
        ark=ark,
        id=identity,
        nature=Nature.RECONSTRUCTION,
        captured="1925~",
        archived="2026-02-03",
        paradata=(PublicFact("sources", LocalText(vi="Bưu ảnh của bảo tàng"), "người gửi"),),
    )


def _plan() -> Plan:
    return Plan("ground", LocalText(vi="Mặt bằng", en="Ground plan"), "plan.svg", (0, 0, 100, 80), (50, 60), 4.0, access=AccessLevel.PUBLIC)


def _guide() -> Guide:
    spoken = tuple(
        Narration(language, f"narration/{language}/gate.wav", f"narration/{language}/gate.vtt", 2.0)
        for language in (Language.VI, Language.EN)
    )
    gate, yard = identifier_of(GATE), identifier_of(YARD)
    return Guide(
        GUIDE,
        LocalText(vi="Quanh đình", en="Around the house"),
        LocalText(vi="Ba chặng."),
        (
            GuideStep(
                LocalText(vi="Qua cổng", en="Through the gate"),
                LocalText(vi="Đứng trước **cổng**.", en="Stand before the **gate**."),
                scene=gate,
                view=View(92.0, 4.0, 60.0),
                narrations=spoken,
            ),
            GuideStep(LocalText(vi="Mất"), scene="dtgone"),
            GuideStep(LocalText(), LocalText(vi="Giữa sân."), scene=yard, narrations=spoken[:1]),
            GuideStep(LocalText(vi="Mái"), asset=PHOTO),
        ),
    )


def _site_files(site: PublicSite, media: Media) -> tuple[DerivedFile, ...]:
    contents = {"plan.svg": (MediaRole.PLAN, "image/svg+xml", PLAN)}
    for language in (Language.VI, Language.EN):
        contents[f"narration/{language}/gate.wav"] = (MediaRole.NARRATION, "audio/wav", _silence())
        contents[f"narration/{language}/gate.vtt"] = (MediaRole.CAPTIONS, "text/vtt", SAID.encode())
    made = []
    for name, (role, media_type, content) in contents.items():
        media[site.id, name] = content
        made.append(DerivedFile(role, name, media_type, len(content), hashlib.sha256(content).hexdigest()))
    return tuple(made)


def _silence() -> bytes:
    """Four seconds of nothing, 8 kHz, 8 bit (RIFF WAVE)."""
    samples = b"\x80" * 32000
    form = b"fmt " + (16).to_bytes(4, "little") + b"\1\0\1\0" + (8000).to_bytes(4, "little") * 2 + b"\1\0\x08\0"
    body = b"WAVE" + form + b"data" + len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + len(body).to_bytes(4, "little") + body
