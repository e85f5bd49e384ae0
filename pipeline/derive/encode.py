"""Writes small pictures as AVIF and JPEG: pixels only, the same bytes whatever the number of threads.

A picture that is shown before anything else must not cost a visitor on a slow line more than it is worth: the AVIF has a budget in
bytes a pixel, and a rich picture (leaves, gravel, grain) is written at a lower quality until it keeps it.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import MadeFile

if TYPE_CHECKING:
    from PIL.Image import Image

_AVIF_SPEED = 9
"""Against 8: the same bytes within 3 % for a quarter of the processor's time (corpus panoramas)."""
_JPEG_QUALITY = 76
"""JPEG is for the few browsers without AVIF."""
_LEAST_QUALITY = 24
_GROWTH = 0.041
"""How the logarithm of the bytes grows with a step of quality, on the pictures of the corpus."""


@dataclass(frozen=True, slots=True)
class _Aim:
    """How good an AVIF is to be, and how many bytes a pixel it may take."""

    quality: int
    bytes_a_pixel: float


_AIM = _Aim(44, 0.038)
"""780 × 585 is at most 17 kB, 1024 × 512 at most 20 kB."""
_SMALL_AIM = _Aim(42, 0.05)
"""Small pictures hold more detail a pixel; 400 × 300 is at most 6 kB, 400 × 400 at most 8 kB."""


def write_pair(picture: pyvips.Image, output: Path, role: MediaRole, name: str) -> Iterator[MadeFile]:
    """Write ``name.avif`` and ``name.jpg`` and say what was written.

    The AVIF goes through Pillow because libvips lets its thread count change the bytes.

    Args:
        picture: upright sRGB, 3 bands of 8 bit.
        output: folder to write to.
        role: what the pictures are for.
        name: file name without suffix.
    """
    from PIL import Image

    still = picture.copy_memory()
    pixels = Image.frombuffer("RGB", (still.width, still.height), still.write_to_memory(), "raw", "RGB", 0, 1)
    (output / f"{name}.avif").write_bytes(_avif_within(pixels, _SMALL_AIM if role is MediaRole.THUMBNAIL else _AIM))
    yield MadeFile(role, f"{name}.avif", "image/avif", still.width, still.height)
    still.jpegsave(str(output / f"{name}.jpg"), Q=_JPEG_QUALITY, optimize_coding=True, keep="none")
    yield MadeFile(role, f"{name}.jpg", "image/jpeg", still.width, still.height)


def _avif_within(pixels: "Image", aim: _Aim) -> bytes:
    """The picture as AVIF within its budget, or at the least quality that is worth looking at."""
    budget, quality = aim.bytes_a_pixel * pixels.width * pixels.height, aim.quality
    while True:
        content = _avif(pixels, quality)
        if len(content) <= budget or quality == _LEAST_QUALITY:
            return content
        quality = max(_LEAST_QUALITY, quality - math.ceil(math.log(len(content) / budget) / _GROWTH))


def _avif(pixels: "Image", quality: int) -> bytes:
    written = io.BytesIO()
    pixels.save(written, "AVIF", quality=quality, speed=_AVIF_SPEED, max_threads=1, autotiling=False)
    return written.getvalue()


def fitted(picture: pyvips.Image, longest: int) -> pyvips.Image:
    """The picture with its longest side at most so many pixels; never larger than it is."""
    if max(picture.width, picture.height) <= longest:
        return picture
    return picture.thumbnail_image(longest, height=longest, size="down", no_rotate=True)
