"""Small assets with real files, for deriving."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archive.records.asset import Asset, AssetKind, FileRole, FormatVerdict, Nature, OriginalFile, SourcedValue
from archive.records.identifiers import ark_from_blade, mint_asset
from archive.records.text import LocalText

SITE = ark_from_blade("99999", "s" * 16)
NORTH, EAST, SOUTH, WEST = (230, 40, 40), (40, 210, 50), (50, 70, 230), (235, 225, 60)
SKY, GROUND = (150, 200, 250), (120, 90, 60)


def sphere_pixels(width: int) -> NDArray[np.uint8]:
    """An equirectangular picture: sky above 30°, ground below -30°, between them one colour for each quarter around.

    The centre of the image is NORTH, to its right is EAST.
    """
    height = width // 2
    pitch = 90 - (np.arange(height) + 0.5) * 180 / height
    yaw = (np.arange(width) + 0.5) * 360 / width - 180
    quarters = np.array([NORTH, EAST, SOUTH, WEST], np.uint8)
    row = quarters[(np.floor((yaw + 45) / 90).astype(int)) % 4]
    pixels = np.repeat(row[None], height, axis=0)
    pixels[pitch > 30] = SKY
    pixels[pitch < -30] = GROUND
    return pixels


def save(pixels: NDArray[np.uint8], path: Path) -> Path:
    """Write pixels as a JPEG of high quality, or as the suffix says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {"quality": 95, "subsampling": 0} if path.suffix == ".jpg" else {}
    Image.fromarray(pixels).save(path, **options)
    return path


def original(path: Path, format_name: str, role: FileRole = FileRole.PRINCIPAL) -> OriginalFile:
    """The record of a file as delivered."""
    content = path.read_bytes()
    digests = hashlib.sha512(content).hexdigest(), hashlib.sha256(content).hexdigest()
    return OriginalFile(
        path.name, path.name.encode().hex(), len(content), *digests, role, FormatVerdict(format_name, f"image/{format_name}")
    )


def asset_of(path: Path, kind: AssetKind, format_name: str = "jpeg", nature: Nature = Nature.SURVEY, **facts: Any) -> Asset:
    """An asset whose only original is this file."""
    file = original(path, format_name)
    sourced = {name: SourcedValue(value, "test") for name, value in facts.items()}
    ark = mint_asset("99999", SITE, file.sha512)
    return Asset(ark, SITE, kind, nature, LocalText(vi="Tên", en="Title"), (file,), facts=sourced)


def crop_of(full: tuple[int, int], left: int, top: int, size: tuple[int, int]) -> dict[str, int]:
    """GPano's numbers as the record keeps them."""
    return {"full_width": full[0], "full_height": full[1], "left": left, "top": top, "width": size[0], "height": size[1]}
