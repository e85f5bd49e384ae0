"""Writes small pictures as AVIF and JPEG: pixels only, the same bytes whatever the number of threads.

A picture that is shown before anything else must not cost a visitor on a slow line more than it is worth: it has a budget in bytes a
pixel, and a rich picture (leaves, gravel, grain) is written at a lower quality until it keeps it.
"""

import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import MadeFile

if TYPE_CHECKING:
    from PIL.Image import Image

_AVIF_SPEED = 9
"""Against 8: the same bytes within 3 % for a quarter of the processor's time (corpus panoramas)."""


@dataclass(frozen=True, slots=True)
class _Aim:
    """How good a picture is to be, how many bytes a pixel it may take, and how bad it may become for that."""

    quality: int
    bytes_a_pixel: float
    least: int
    growth: float
    """How the logarithm of the bytes grows with a step of quality, on the pictures of the corpus."""


_AVIF_GROWTH, _JPEG_GROWTH = 0.041, 0.021
_AVIF = _Aim(44, 0.038, 24, _AVIF_GROWTH)
"""780 × 585 is at most 17 kB."""
_WALK_AVIF = _Aim(44, 0.031, 18, _AVIF_GROWTH)
"""The still of a scene (780 × 585) is at most 14 kB, its sphere (1024 × 512) 16 kB: with page, style and script below 60 kB."""
_SMALL_AVIF = _Aim(42, 0.05, 24, _AVIF_GROWTH)
"""Small pictures hold more detail a pixel; 400 × 300 is at most 6 kB, 400 × 400 at most 8 kB."""
_JPEG = _Aim(76, math.inf, 76, _JPEG_GROWTH)
"""JPEG is for the few browsers without AVIF."""
_WALK_JPEG = _Aim(76, 0.075, 34, _JPEG_GROWTH)
"""780 × 585 is at most 34 kB, 1024 × 512 39 kB, unless it is all leaves and gravel."""


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
    avif, jpeg = _aims(role, still)
    (output / f"{name}.avif").write_bytes(_within(avif, pixels.width * pixels.height, partial(_avif, pixels)))
    yield MadeFile(role, f"{name}.avif", "image/avif", still.width, still.height)
    (output / f"{name}.jpg").write_bytes(_within(jpeg, pixels.width * pixels.height, partial(_jpeg, still)))
    yield MadeFile(role, f"{name}.jpg", "image/jpeg", still.width, still.height)


def _aims(role: MediaRole, picture: pyvips.Image) -> tuple[_Aim, _Aim]:
    """For AVIF and JPEG. What a scene loads before one can look around is smaller than a picture that is looked at for its own sake."""
    is_sphere = role is MediaRole.FIRST_VIEW and picture.width == 2 * picture.height
    if role is MediaRole.STILL or is_sphere:
        return _WALK_AVIF, _WALK_JPEG
    return (_SMALL_AVIF if role is MediaRole.THUMBNAIL else _AVIF), _JPEG


def _within(aim: _Aim, pixels: int, encode: Callable[[int], bytes]) -> bytes:
    """The picture within its budget, or at the least quality that is worth looking at."""
    budget, quality = aim.bytes_a_pixel * pixels, aim.quality
    while True:
        content = encode(quality)
        if len(content) <= budget or quality == aim.least:
            return content
        quality = max(aim.least, quality - math.ceil(math.log(len(content) / budget) / aim.growth))


def _avif(pixels: "Image", quality: int) -> bytes:
    written = io.BytesIO()
    pixels.save(written, "AVIF", quality=quality, speed=_AVIF_SPEED, max_threads=1, autotiling=False)
    return written.getvalue()


def _jpeg(still: pyvips.Image, quality: int) -> bytes:
    return bytes(still.jpegsave_buffer(Q=quality, optimize_coding=True, keep="none"))


def fitted(picture: pyvips.Image, longest: int) -> pyvips.Image:
    """The picture with its longest side at most so many pixels; never larger than it is."""
    if max(picture.width, picture.height) <= longest:
        return picture
    return picture.thumbnail_image(longest, height=longest, size="down", no_rotate=True)
