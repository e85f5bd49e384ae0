"""What a visitor sees before anything else has loaded: the whole picture small, a thumbnail, and stills of a panorama.

The stills are perspective views (90° wide) from the centre of the image and each quarter turn to the right; without JavaScript
they are the scene. Views that would show more nothing than picture are left out.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.badge import stamp_photo, stamp_sphere
from pipeline.derive.deriver import Made, MadeFile
from pipeline.derive.encode import fitted, write_pair
from pipeline.derive.sphere import SpherePart, part_of
from pipeline.readers.images import choose_picture, open_upright

_PHOTO = 1280
_THUMBNAIL = 400
_SPHERE = 1024
_WORKING_SPHERE = 3072
"""Wide enough that a 780 px still of 90° has a source pixel for each of its own: 780 / 2 · 2π = 2450."""
_STILL = (780, 585)
_YAWS = (0, 90, 180, 270)
_LEAST_COVERED = 0.3
_NOTHING = (38, 35, 32)
"""Colour where a partial panorama has no picture."""
_WRAP = 4


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any]) -> Made:
    """Write first-view, thumbnail and, for a panorama, still-0, still-90, still-180 and still-270, each as AVIF and JPEG.

    Args:
        sources: (logical path, file), principal first.
        output: empty folder.
        asset_facts: "kind", "nature", "formats", and "crop" of a panorama.

    Returns:
        facts: ``stills``, the yaws (degrees) that have one.

    Raises:
        UnreadableError: no reader knows the picture.
    """
    path, format_name = choose_picture(sources, asset_facts["formats"])
    if asset_facts["kind"] == "panorama":
        return _panorama(open_upright(path, format_name, at_least=_WORKING_SPHERE).picture, output, asset_facts)
    picture = fitted(open_upright(path, format_name, at_least=_PHOTO).picture, _PHOTO).copy_memory()
    nature = asset_facts["nature"]
    first = write_pair(stamp_photo(picture, nature), output, MediaRole.FIRST_VIEW, "first-view")
    return Made((*first, *_thumbnail(picture, output, nature)))


def _thumbnail(small_from: pyvips.Image, output: Path, nature: str) -> Iterator[MadeFile]:
    return write_pair(stamp_photo(fitted(small_from, _THUMBNAIL), nature), output, MediaRole.THUMBNAIL, "thumbnail")


def _panorama(picture: pyvips.Image, output: Path, asset_facts: dict[str, Any]) -> Made:
    nature = asset_facts["nature"]
    part = part_of(picture.width, picture.height, asset_facts.get("crop")).scaled_to(_WORKING_SPHERE)
    sphere = _full_sphere(picture, part).copy_memory()
    stills = {yaw: view for yaw in _YAWS if (view := still(sphere, part, yaw)) is not None}
    whole = fitted(sphere, _SPHERE)
    shown = SpherePart(_SPHERE, _SPHERE // 2, 0, 0, _SPHERE, _SPHERE // 2)
    files = list(write_pair(stamp_sphere(whole, nature, shown), output, MediaRole.FIRST_VIEW, "first-view", sphere=True))
    files += _thumbnail(next(iter(stills.values()), whole), output, nature)
    for yaw, view in stills.items():
        files += write_pair(stamp_photo(view, nature), output, MediaRole.STILL, f"still-{yaw}")
    return Made(tuple(files), {"stills": list(stills)})


def _full_sphere(picture: pyvips.Image, part: SpherePart) -> pyvips.Image:
    """The picture at its place on a whole sphere; where it has nothing there is one quiet colour."""
    placed = picture.thumbnail_image(int(part.width), height=int(part.height), size="force", no_rotate=True)
    if part.is_whole:
        return placed
    size = (int(part.full_width), int(part.full_height))
    return placed.embed(int(part.left), int(part.top), *size, extend="background", background=_NOTHING)


def still(sphere: pyvips.Image, part: SpherePart, yaw: float) -> pyvips.Image | None:
    """A perspective view, 90° wide, level; None where the part of the sphere that exists covers too little of it.

    Gnomonic projection: a pixel at (x, y) focal lengths from the centre looks along longitude atan2(x, 1), latitude
    atan2(-y, √(x² + 1)).

    Args:
        sphere: whole sphere, equirectangular, in memory.
        part: which part of it is picture.
        yaw: degrees to the right of the sphere's centre.
    """
    import numpy as np

    width, height = _STILL
    focal = width / 2
    x = ((np.arange(width) + 0.5) - width / 2)[None, :] / focal
    y = ((np.arange(height) + 0.5) - height / 2)[:, None] / focal
    longitude = np.broadcast_to(np.arctan2(x, 1.0), (height, width)) + np.radians(yaw)
    latitude = np.arctan2(-y, np.sqrt(x * x + 1.0))
    across = (longitude / (2 * np.pi) + 0.5) % 1.0 * sphere.width - 0.5
    down = (0.5 - latitude / np.pi) * sphere.height - 0.5
    inside = (across >= part.left) & (across < part.left + part.width) & (down >= part.top) & (down < part.top + part.height)
    if inside.mean() < _LEAST_COVERED:
        return None
    left, right = sphere.crop(0, 0, _WRAP, sphere.height), sphere.crop(sphere.width - _WRAP, 0, _WRAP, sphere.height)
    wrapped = right.join(sphere, "horizontal").join(left, "horizontal")
    index = pyvips.Image.new_from_array(np.stack([across + _WRAP, down], axis=-1).astype(np.float32))
    return wrapped.mapim(index, interpolate=pyvips.Interpolate.new("bicubic")).copy(interpretation="srgb")
