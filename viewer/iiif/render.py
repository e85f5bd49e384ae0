"""Answers that are not stored tiles: libvips reads the fitting level of the pyramid and makes the picture."""

from typing import Any

from viewer.iiif.pyramid import Pyramid
from viewer.iiif.request import ImageRequest

_WRITERS = {"jpg": ".jpg[Q=82,keep=icc]", "png": ".png[compression=3,keep=icc]", "webp": ".webp[Q=78,keep=icc]"}
_GENEROUS = 1.02
"""A level up to two per cent too small is taken: the eye does not see it and half the work is saved."""


def render(pyramid: Pyramid, request: ImageRequest) -> bytes:
    """The picture of a request, encoded. Costs at most a few times the pixels of the answer, whatever the image's size."""
    picture = _region_at_level(pyramid, request)
    width, height = request.size
    if (picture.width, picture.height) != (width, height):
        picture = picture.thumbnail_image(width, height=height, size="force")
    if request.mirrored:
        picture = picture.fliphor()
    if request.turn:
        picture = picture.rot(f"d{request.turn}")
    return bytes(_in_quality(picture, request.quality).write_to_buffer(_WRITERS[request.form]))


def _region_at_level(pyramid: Pyramid, request: ImageRequest) -> Any:
    import pyvips

    x, y, w, h = request.region
    reduction = max(1.0, min(w / request.size[0], h / request.size[1]))
    number = max(n for n, level in enumerate(pyramid.levels) if pyramid.width / level.width <= reduction * _GENEROUS)
    level = pyramid.levels[number]
    across, down = level.width / pyramid.width, level.height / pyramid.height
    picture = pyvips.Image.tiffload(str(pyramid.path), **_choice(pyramid, number))
    left, top = min(int(x * across + 0.5), level.width - 1), min(int(y * down + 0.5), level.height - 1)
    width = max(1, min(round(w * across), level.width - left))
    height = max(1, min(round(h * down), level.height - top))
    return picture.crop(left, top, width, height)


def _choice(pyramid: Pyramid, number: int) -> dict[str, int]:
    if pyramid.as_pages:
        return {"page": number}
    return {"subifd": number - 1} if number else {}


def _in_quality(picture: Any, quality: str) -> Any:
    if quality == "gray":
        return picture.colourspace("b-w")
    if quality == "bitonal":
        return picture.colourspace("b-w")[0] > 127
    return picture
