"""A small real publication: one site, a photo, two linked panoramas and a document, all pixels painted here."""

import hashlib
from pathlib import Path

import numpy as np
import pyvips

from archive.publications.read import Publications
from archive.publications.write import write_publication
from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.publication import PublicAsset, PublicFact, PublicFile, PublicSite, PublicText, Resolution, ResolverEntry
from archive.records.text import LocalText
from archive.records.tour import Hotspot, Scene, SceneLink, Tour, View

SLUG = "dinh-nho"
SITE = ark_from_blade("99999", "s" * 16)
PHOTO = ark_from_blade("99999", "1" * 16)
GATE = ark_from_blade("99999", "2" * 16)
YARD = ark_from_blade("99999", "3" * 16)
PAPER = ark_from_blade("99999", "4" * 16)
HIDDEN = ark_from_blade("99999", "5" * 16)
GONE = ark_from_blade("99999", "6" * 16)
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def small_publication(root: Path) -> Publications:
    """Write the small publication below ``root`` (made when missing) and open it."""
    root.mkdir(parents=True, exist_ok=True)
    site, media = small_site(root.parent / f"{root.name}-pictures")
    write_publication(root, site, media, {"manifest.json": b'{"type": "Manifest"}\n'})
    return Publications(root)


def small_site(pictures: Path) -> tuple[PublicSite, dict[tuple[str, str], Path]]:
    """The record of the small site, and where its painted media lie below ``pictures``."""
    media: dict[tuple[str, str], Path] = {}
    assets = (
        _asset(pictures, media, PHOTO, AssetKind.PHOTO, LocalText(vi="Mái đình Thạc Gián", en="Roof of the communal house")),
        _asset(pictures, media, GATE, AssetKind.PANORAMA, LocalText(vi="Cổng đình", en="The gate", th="ประตูศาลาประชาคม")),
        _asset(pictures, media, YARD, AssetKind.PANORAMA, LocalText(vi="Sân đình", en="The courtyard", th="ลานหน้าศาลาประชาคม")),
        _asset(pictures, media, PAPER, AssetKind.DOCUMENT, LocalText(vi="Hồ sơ di tích")),
    )
    site = PublicSite(
        ark=SITE,
        slug=SLUG,
        generation=0,
        name=LocalText(vi="Đình Nhỏ", en="The Small Communal House", th="ศาลาประชาคมหลังเล็ก"),
        summary=LocalText(vi="Một ngôi đình nhỏ để thử.", en="A small communal house for trials."),
        nature=Nature.SURVEY,
        level="tour",
        facts=(
            PublicFact("dating", LocalText(vi="thế kỷ 18", en="18th century"), "Hồ sơ xếp hạng", "A"),
            PublicFact("dating", LocalText(vi="năm 1802", en="1802"), "Bia đá", "B"),
        ),
        texts=(PublicText("story", LocalText(vi="Chuyện đình"), LocalText(vi="Đình thờ *Thành hoàng*.\n\nXem **bia đá**.")),),
        assets=assets,
        tour=_tour(),
        resolver=(
            ResolverEntry(SITE, Resolution.PUBLIC, SLUG),
            *(ResolverEntry(asset.ark, Resolution.PUBLIC, f"{SLUG}/{asset.id}") for asset in assets),
            ResolverEntry(HIDDEN, Resolution.NOT_PUBLIC),
            ResolverEntry(GONE, Resolution.WITHDRAWN, since="2026-01-02"),
        ),
        cover=identifier_of(PHOTO),
        latitude=16.07,
        longitude=108.21,
        published="2026-01-01T00:00:00Z",
    )
    return site, media


def _tour() -> Tour:
    gate, yard = identifier_of(GATE), identifier_of(YARD)
    return Tour(
        SITE,
        (
            Scene(
                gate,
                GATE,
                LocalText(vi="Cổng đình", en="The gate", th="ประตูศาลาประชาคม"),
                LocalText(vi="Cổng gạch nhìn ra đường làng.", en="A brick gate towards the village road."),
                directions=(("north", LocalText(vi="Sân đình và nhà bia", en="The courtyard and the stele house")),),
                position=(0.0, 0.0, 0.0),
                heading=0.0,
                view=View(0.0, 0.0, 80.0),
                links=(SceneLink(yard, 0.0, -5.0, LocalText(vi="Vào sân", en="Into the courtyard")),),
                hotspots=(Hotspot(40.0, 10.0, LocalText(vi="Mái đình", en="The roof"), asset=PHOTO),),
            ),
            Scene(
                yard,
                YARD,
                LocalText(vi="Sân đình", en="The courtyard", th="ลานหน้าศาลาประชาคม"),
                position=(0.0, 12.0, 0.0),
                heading=90.0,
                links=(SceneLink(gate, 90.0, proposed=True),),
            ),
        ),
    )


def _asset(pictures: Path, media: dict[tuple[str, str], Path], ark: str, kind: AssetKind, title: LocalText) -> PublicAsset:
    identity = identifier_of(ark)
    folder = pictures / identity
    files = _paint(folder, kind, int(identity[2]))
    media |= {(identity, file.name): folder / file.name for file in files}
    downloads: tuple[PublicFile, ...] = ()
    if kind is AssetKind.DOCUMENT:
        paper = folder / "original" / "Hồ sơ.pdf"
        paper.parent.mkdir()
        paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
        media[identity, "original/Hồ sơ.pdf"] = paper
        digest = hashlib.sha512(paper.read_bytes()).hexdigest()
        downloads = (PublicFile("Hồ sơ.pdf", "PDF", "application/pdf", paper.stat().st_size, digest),)
    pyramid = [file for file in files if file.role is MediaRole.PYRAMID]
    facts = {"pyramid": _levels(pyramid[0])} if pyramid else {}
    return PublicAsset(
        ark, identity, kind, Nature.SURVEY, title, LocalText(), "Phòng Văn hóa", "2026-01-01", LICENCE, "© Phòng Văn hóa",
        ("đình",), files, facts, downloads,
    )  # fmt: skip


def _levels(file: DerivedFile) -> dict[str, object]:
    sizes = [[file.width or 0, file.height or 0]]
    while max(sizes[-1]) > 512:
        sizes.append([side // 2 for side in sizes[-1]])
    return {"width": file.width, "height": file.height, "tile": 512, "levels": sizes}


def _paint(folder: Path, kind: AssetKind, seed: int) -> tuple[DerivedFile, ...]:
    """Every media file that an asset of this kind has, painted as a sky, a ground and a grid of ten degrees."""
    folder.mkdir(parents=True)
    height, width = (1024, 2048) if kind is AssetKind.PANORAMA else (900, 1200)
    rows, columns = np.mgrid[0:height, 0:width]
    sky = rows * 2 < height
    pixels = np.stack([np.where(sky, 120, 150) + seed * 9, np.where(sky, 170, 110), np.where(sky, 210, 80)], axis=-1)
    pixels[(rows % (height // 18) < 2) | (columns % (width // 36) < 2)] = (60, 30, 20)
    picture = pyvips.Image.new_from_array(pixels.astype(np.uint8)).copy(interpretation="srgb")
    made = []
    if kind is not AssetKind.DOCUMENT:
        options = {"tile": True, "pyramid": True, "tile_width": 512, "tile_height": 512, "compression": "jpeg", "Q": 82}
        picture.tiffsave(str(folder / "pyramid.tif"), keep="none", **options)
        made.append(_made(folder, "pyramid.tif", MediaRole.PYRAMID, "image/tiff", picture))
    first = MediaRole.POSTER if kind is AssetKind.DOCUMENT else MediaRole.FIRST_VIEW
    sizes = {first.value: (first, 1024), "thumbnail": (MediaRole.THUMBNAIL, 400)}
    if kind is AssetKind.PANORAMA:
        sizes |= {f"still-{yaw}": (MediaRole.STILL, 640) for yaw in (0, 90, 180, 270)}
    for name, (role, side) in sizes.items():
        small = picture.thumbnail_image(side)
        for suffix, media_type in ((".avif", "image/avif"), (".jpg", "image/jpeg")):
            speed = {"effort": 0} if suffix == ".avif" else {}
            small.write_to_file(str(folder / f"{name}{suffix}"), keep="none", Q=60, **speed)
            made.append(_made(folder, f"{name}{suffix}", role, media_type, small))
    return tuple(made)


def _made(folder: Path, name: str, role: MediaRole, media_type: str, picture: pyvips.Image) -> DerivedFile:
    path = folder / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return DerivedFile(role, name, media_type, path.stat().st_size, digest, picture.width, picture.height)
