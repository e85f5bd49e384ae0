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

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import MadeFile

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
    scale: float = 1.0
    """How wide it is of the picture given."""


_AVIF_GROWTH, _JPEG_GROWTH = 0.041, 0.021
_AVIF = _Aim(44, 0.038, 24, _AVIF_GROWTH)
"""780 × 585 is at most 17 kB."""
_STILL_AVIF = _Aim(44, 0.028, 18, _AVIF_GROWTH)
"""The still of a scene (780 × 585) is at most 13 kB."""
_SPHERE_AVIF = _Aim(44, 0.0215, 16, _AVIF_GROWTH)
"""The sphere that one turns until its tiles have come (1024 × 512) is at most 11.3 kB: with page, style and script below 54 kB."""
_SMALL_AVIF = _Aim(42, 0.05, 24, _AVIF_GROWTH)
"""Small pictures hold more detail a pixel; 400 × 300 is at most 6 kB, 400 × 400 at most 8 kB."""
_JPEG = _Aim(76, math.inf, 76, _JPEG_GROWTH)
"""JPEG is for the few browsers without AVIF."""
_STILL_JPEG = _Aim(76, 0.053, 16, _JPEG_GROWTH, 10 / 13)
"""600 × 450 is at most 14.3 kB: fewer pixels look better than as many at half the quality. Not narrower: link previews ask for 600."""
_SPHERE_JPEG = _Aim(76, 0.044, 16, _JPEG_GROWTH, 0.75)
"""768 × 384 is at most 13 kB."""


def write_pair(picture: pyvips.Image, output: Path, role: MediaRole, name: str, *, sphere: bool = False) -> Iterator[MadeFile]:
    """Write ``name.avif`` and ``name.jpg`` and say what was written.

    Args:
        picture: upright sRGB, 3 bands of 8 bit.
        output: folder to write to.
        role: what the pictures are for.
        name: file name without suffix.
        sphere: whether it is the sphere that one turns before its tiles have come.
    """
    avif, jpeg = _aims(role, sphere=sphere)
    plain = _jpeg if jpeg is _JPEG else _jpeg_for_the_walk
    for aim, encode, suffix, media_type in ((avif, _avif, "avif", "image/avif"), (jpeg, plain, "jpg", "image/jpeg")):
        still = (picture if aim.scale == 1 else picture.resize(aim.scale)).copy_memory()
        (output / f"{name}.{suffix}").write_bytes(_within(aim, still.width * still.height, partial(encode, still)))
        yield MadeFile(role, f"{name}.{suffix}", media_type, still.width, still.height)


def _aims(role: MediaRole, *, sphere: bool) -> tuple[_Aim, _Aim]:
    """For AVIF and JPEG. What a scene loads before one can look around is smaller than a picture that is looked at for its own sake."""
    if role is MediaRole.STILL:
        return _STILL_AVIF, _STILL_JPEG
    if sphere:
        return _SPHERE_AVIF, _SPHERE_JPEG
    return (_SMALL_AVIF if role is MediaRole.THUMBNAIL else _AVIF), _JPEG


def _within(aim: _Aim, pixels: int, encode: Callable[[int], bytes]) -> bytes:
    """The picture within its budget, or at the least quality that is worth looking at."""
    budget, quality = aim.bytes_a_pixel * pixels, aim.quality
    while True:
        content = encode(quality)
        if len(content) <= budget or quality == aim.least:
            return content
        quality = max(aim.least, quality - math.ceil(math.log(len(content) / budget) / aim.growth))


def _avif(still: pyvips.Image, quality: int) -> bytes:
    """Through Pillow, because libvips lets its thread count change the bytes."""
    from PIL import Image

    written = io.BytesIO()
    pixels = Image.frombuffer("RGB", (still.width, still.height), still.write_to_memory(), "raw", "RGB", 0, 1)
    pixels.save(written, "AVIF", quality=quality, speed=_AVIF_SPEED, max_threads=1, autotiling=False)
    return written.getvalue()


def _jpeg(still: pyvips.Image, quality: int, **options: object) -> bytes:
    return bytes(still.jpegsave_buffer(Q=quality, optimize_coding=True, keep="none", **options))


def _jpeg_for_the_walk(still: pyvips.Image, quality: int) -> bytes:
    """Progressive and chosen as mozjpeg does: a quarter fewer bytes. A libvips with another encoder makes a plain one of it."""
    return _jpeg(still, quality, interlace=True, trellis_quant=True, overshoot_deringing=True, optimize_scans=True, quant_table=3)


def fitted(picture: pyvips.Image, longest: int) -> pyvips.Image:
    """The picture with its longest side at most so many pixels; never larger than it is."""
    if max(picture.width, picture.height) <= longest:
        return picture
    return picture.thumbnail_image(longest, height=longest, size="down", no_rotate=True)
