"""Writes small pictures as AVIF and JPEG: pixels only, the same bytes whatever the number of threads."""

from collections.abc import Iterator
from pathlib import Path

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import MadeFile

_AVIF_QUALITY = 52
_AVIF_SPEED = 9
_JPEG_QUALITY = 78


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
    options = {"quality": _AVIF_QUALITY, "speed": _AVIF_SPEED, "max_threads": 1, "autotiling": False}
    pixels.save(output / f"{name}.avif", "AVIF", **options)
    yield MadeFile(role, f"{name}.avif", "image/avif", still.width, still.height)
    still.jpegsave(str(output / f"{name}.jpg"), Q=_JPEG_QUALITY, optimize_coding=True, interlace=True, keep="none")
    yield MadeFile(role, f"{name}.jpg", "image/jpeg", still.width, still.height)


def fitted(picture: pyvips.Image, longest: int) -> pyvips.Image:
    """The picture with its longest side at most so many pixels; never larger than it is."""
    if max(picture.width, picture.height) <= longest:
        return picture
    return picture.thumbnail_image(longest, height=longest, size="down", no_rotate=True)
