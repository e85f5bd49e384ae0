"""Panoramas whose colour tells the direction: what a view must look like follows from its yaw, pitch and field of view alone."""

import hashlib
import io
import math
import wave
from pathlib import Path

import numpy as np
import pyvips
from numpy.typing import NDArray

from archive.publications.write import write_publication
from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.publication import PublicAsset, PublicFile, PublicSite, Resolution, ResolverEntry
from archive.records.text import LocalText
from archive.records.tour import Hotspot, Scene, SceneLink, Tour, View

SLUG = "dinh-mau-sac"
SITE, WHOLE, PART, HUGE, NEXT, DRUM, PICTURE = (ark_from_blade("99999", letter * 16) for letter in "bcdfghj")
PART_SPAN = (-60, -20, 60, 10)
"""Left, bottom, right and top of what the partial panorama shows, in degrees."""
HUGE_WIDTH = 16384
Colours = NDArray[np.float64]


def colours_towards(rays: Colours) -> Colours:
    """The colour (0 to 255) of unit vectors (…, 3): x right of the image centre, y up, -z ahead. Smooth, never the same twice."""
    x, y, z = rays[..., 0], rays[..., 1], rays[..., 2]
    yaw = np.arctan2(x, -z)
    across = np.hypot(x, z)
    waves = np.stack([np.sin(24 * yaw) * across, np.sin(30 * y), np.cos(24 * yaw) * across], axis=-1)
    return np.asarray(128 + 85 * rays + 30 * waves)


def sphere(width: int) -> pyvips.Image:
    """The whole sphere, equirectangular, ``width`` × ``width / 2`` pixels."""
    yaw = ((np.arange(width) + 0.5) / width - 0.5) * 2 * math.pi
    pitch = (0.5 - (np.arange(width // 2) + 0.5) / (width // 2)) * math.pi
    across = np.cos(pitch)[:, None]
    rays = np.stack([np.sin(yaw) * across, np.broadcast_to(np.sin(pitch)[:, None], (width // 2, width)), -np.cos(yaw) * across], axis=-1)
    pixels = colours_towards(rays).round().clip(0, 255).astype(np.uint8)
    return pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")


def seen(view: tuple[float, float, float], width: int, height: int) -> Colours:
    """What a camera sees, (height, width, 3), 0 to 255. Reference of the viewer's projection, made without it.

    Gnomonic: the field of view is the angle across a square of the picture's area, so a pixel is
    tan(fov / 2) · 2 / √(width · height) wide on the plane at distance one.
    """
    yaw, pitch, fov = (math.radians(angle) for angle in view)
    pixel = 2 * math.tan(fov / 2) / math.sqrt(width * height)
    across = (np.arange(width) + 0.5 - width / 2)[None, :] * pixel
    up = (height / 2 - np.arange(height) - 0.5)[:, None] * pixel
    rays = np.stack(np.broadcast_arrays(across, up, -1.0), axis=-1)
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    tilt = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]])
    turn = np.array([[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]])
    return colours_towards(rays @ (turn @ tilt).T)


def write_spheres(folder: Path) -> Path:
    """Write the site below ``folder``/publications; returns the publications' root."""
    media: dict[tuple[str, str], Path] = {}
    fine = sphere(4096)
    left, bottom, right, top = PART_SPAN
    box = [round((left + 180) / 360 * 4096), round((90 - top) / 180 * 2048)]
    size = [round((right - left) / 360 * 4096), round((top - bottom) / 180 * 2048)]
    crop = {"full_width": 4096, "full_height": 2048, "left": box[0], "top": box[1], "width": size[0], "height": size[1]}
    part = fine.crop(*box, *size)
    huge = fine.resize(HUGE_WIDTH / 4096, kernel="linear")
    assets = (
        _panorama(folder, media, WHOLE, fine, avif=True),
        _panorama(folder, media, PART, part, crop=crop, around=fine),
        _panorama(folder, media, HUGE, huge, around=fine),
        _panorama(folder, media, NEXT, fine.invert()),
        _recording(folder, media),
        _photo(folder, media, fine),
    )
    name = LocalText(vi="Đình màu", en="House of colours", th="ศาลาสี")
    known = (
        ResolverEntry(SITE, Resolution.PUBLIC, SLUG),
        *(ResolverEntry(one.ark, Resolution.PUBLIC, f"{SLUG}/{one.id}") for one in assets),
    )
    site = PublicSite(SITE, SLUG, 0, name, LocalText(), Nature.SIMULATED, "tour", (), (), assets, _tour(), known, published="2026-01-01")
    root = folder / "publications"
    root.mkdir()
    write_publication(root, site, media, {"manifest.json": b"{}"})
    return root


def _tour() -> Tour:
    whole, part, huge, beyond = (identifier_of(ark) for ark in (WHOLE, PART, HUGE, NEXT))
    level = View(0.0, 0.0, 75.0)
    words = LocalText(vi="Hai con rồng chầu mặt trời.", en="Two dragons face the sun.", th="มังกรสองตัวหันหน้าเข้าหาดวงอาทิตย์")
    return Tour(
        SITE,
        (
            Scene(
                whole,
                WHOLE,
                LocalText(vi="Giữa sân", en="The middle of the yard", th="กลางลาน"),
                heading=40.0,
                view=level,
                links=(
                    SceneLink(beyond, 0.0, -5.0, LocalText(vi="Ra cổng", en="To the gate", th="ไปที่ประตู")),
                    SceneLink(part, 150.0, 0.0, LocalText(vi="Nhà bia", en="The stele house", th="ศาลาจารึก")),
                    SceneLink(huge, 0.0, 0.0, LocalText(vi="Sau đình", en="Behind the house", th="หลังศาลา"), direction_known=False),
                ),
                hotspots=(
                    Hotspot(12.0, 12.0, LocalText(vi="Tiếng trống", en="The drum", th="เสียงกลอง"), words, asset=DRUM),
                    Hotspot(-14.0, 14.0, LocalText(vi="Bức ảnh", en="A photo", th="ภาพถ่าย"), asset=PICTURE),
                    Hotspot(-14.0, 13.0, LocalText(vi="Mái đình", en="The roof", th="หลังคา"), words),
                ),
            ),
            Scene(part, PART, LocalText(vi="Nhà bia", en="The stele house", th="ศาลาจารึก"), view=level),
            Scene(huge, HUGE, LocalText(vi="Sau đình", en="Behind the house", th="หลังศาลา"), heading=0.0, view=level),
            Scene(
                beyond,
                NEXT,
                LocalText(vi="Cổng", en="The gate", th="ประตู"),
                heading=90.0,
                view=level,
                links=(SceneLink(whole, 140.0, label=LocalText(vi="Về sân", en="Back to the yard", th="กลับไปที่ลาน")),),
            ),
        ),
        annotations=(
            Annotation(
                "dragons",
                LocalText(vi="Lưỡng long", en="The dragons", th="มังกรคู่"),
                words,
                (AnnotationTarget(WHOLE, SelectorKind.DIRECTION, (30.0, -14.0)),),
            ),
        ),
    )


def _panorama(
    folder: Path,
    media: dict[tuple[str, str], Path],
    ark: str,
    picture: pyvips.Image,
    *,
    crop: dict[str, int] | None = None,
    around: pyvips.Image | None = None,
    avif: bool = False,
) -> PublicAsset:
    """A panorama with its pyramid, first views and stills; ``around`` is the whole sphere that its first view is made from."""
    place = folder / identifier_of(ark)
    place.mkdir()
    options = {"tile": True, "pyramid": True, "tile_width": 512, "tile_height": 512, "compression": "jpeg", "Q": 90}
    picture.tiffsave(str(place / "pyramid.tif"), keep="none", **options)
    pages = int(pyvips.Image.tiffload(str(place / "pyramid.tif")).get("n-pages"))
    levels = [pyvips.Image.tiffload(str(place / "pyramid.tif"), page=page) for page in range(pages)]
    files = [_made(place, "pyramid.tif", MediaRole.PYRAMID, "image/tiff", picture)]
    first = (around or picture).thumbnail_image(1024)
    if crop:
        share = 1024 / crop["full_width"]
        edges = [round(crop[name] * share) for name in ("left", "top", "width", "height")]
        first = first.crop(*edges).embed(edges[0], edges[1], 1024, 512, extend="background", background=[255, 0, 255])
    still = first.crop(256, 64, 512, 384)
    for name, role, image in (("first-view", MediaRole.FIRST_VIEW, first), ("still-0", MediaRole.STILL, still)):
        image.write_to_file(str(place / f"{name}.jpg"), keep="none", Q=90)
        image.write_to_file(str(place / f"{name}.avif"), keep="none", Q=80, effort=0)
        files += [_made(place, f"{name}.{end}", role, f"image/{kind}", image) for end, kind in (("jpg", "jpeg"), ("avif", "avif"))]
    if avif:
        (place / "avif.pack").write_bytes(b"nothing yet")
        (place / "avif.json").write_text("{}")
        files += [_made(place, "avif.pack", MediaRole.AVIF_TILES, "application/octet-stream", None)]
        files += [_made(place, "avif.json", MediaRole.AVIF_TILES, "application/json", None)]
    media |= {(place.name, file.name): place / file.name for file in files}
    sizes = [[level.width, level.height] for level in levels]
    pyramid = {"width": picture.width, "height": picture.height, "tile": 512, "levels": sizes}
    facts: dict[str, object] = {"pyramid": pyramid, "crop": crop} if crop else {"pyramid": pyramid}
    return _asset(ark, AssetKind.PANORAMA, tuple(files), facts)


def _recording(folder: Path, media: dict[tuple[str, str], Path]) -> PublicAsset:
    """A second of silence with a caption."""
    place = folder / identifier_of(DRUM) / "original"
    place.mkdir(parents=True)
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, 8000, 8000, "NONE", ""))
        file.writeframes(b"\x80" * 8000)
    (place / "drum.wav").write_bytes(sound.getvalue())
    (place / "drum.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nTùng\n")
    files = []
    for name, media_type in (("drum.wav", "audio/wav"), ("drum.vtt", "text/vtt")):
        content = (place / name).read_bytes()
        files.append(PublicFile(name, name, media_type, len(content), hashlib.sha512(content).hexdigest()))
        media[identifier_of(DRUM), f"original/{name}"] = place / name
    return _asset(DRUM, AssetKind.RECORDING, (), {}, tuple(files))


def _photo(folder: Path, media: dict[tuple[str, str], Path], picture: pyvips.Image) -> PublicAsset:
    place = folder / identifier_of(PICTURE)
    place.mkdir()
    small = picture.thumbnail_image(400)
    small.write_to_file(str(place / "thumbnail.jpg"), keep="none")
    media[place.name, "thumbnail.jpg"] = place / "thumbnail.jpg"
    return _asset(PICTURE, AssetKind.PHOTO, (_made(place, "thumbnail.jpg", MediaRole.THUMBNAIL, "image/jpeg", small),), {})


def _asset(
    ark: str, kind: AssetKind, files: tuple[DerivedFile, ...], facts: dict[str, object], downloads: tuple[PublicFile, ...] = ()
) -> PublicAsset:
    title = LocalText(vi="Một vật", en="A thing", th="สิ่งหนึ่ง")
    return PublicAsset(ark, identifier_of(ark), kind, Nature.SIMULATED, title, LocalText(), "", "", "", "", (), files, facts, downloads)


def _made(folder: Path, name: str, role: MediaRole, media_type: str, picture: pyvips.Image | None) -> DerivedFile:
    content = (folder / name).read_bytes()
    sides = (picture.width, picture.height) if picture else (None, None)
    return DerivedFile(role, name, media_type, len(content), hashlib.sha256(content).hexdigest(), *sides)
