"""Answers that are not stored tiles: libvips reads the fitting level of the pyramid and makes the picture.

What is read is bounded by the answer, never by the image; whoever waits for a picture may stop it while it is being made.
"""

import io
import itertools
from collections.abc import Callable
from typing import Any

from viewer.iiif.pyramid import Pyramid
from viewer.iiif.request import MAX_AREA, ImageRequest

_WRITERS = {
    "jpg": ".jpg[Q=82,keep=icc]",
    "png": ".png[compression=3,keep=icc]",
    "webp": ".webp[Q=78,effort=2,keep=icc]",
    "avif": ".avif[Q=52,effort=0,keep=icc]",
    "gif": ".gif[effort=1,keep=icc]",
    "tif": ".tif[compression=jpeg,Q=88,keep=icc]",
}
_SEE_THROUGH = frozenset({"png", "webp", "avif", "gif"})
"""Formats in which the corners of a turned picture are left open; elsewhere they are white."""
_GENEROUS = 1.02
"""A level up to two per cent too small is taken: the eye does not see it and half the work is saved."""
_MOST_READ = 4 * MAX_AREA
"""Pixels read for one answer: a picture one pixel high of a large image is made from a small level."""
_THRESHOLD = 127
_STOPPED = "stopped"
_numbers = itertools.cycle(range(1 << 30))


class StoppedError(RuntimeError):
    """Nobody waits for the picture any longer, or it has taken too long."""


def never() -> bool:
    """Draw to the end, however long it takes."""
    return False


def render(pyramid: Pyramid, request: ImageRequest, stopped: Callable[[], bool] = never) -> bytes:
    """The picture of a request, encoded. Costs at most a few times the pixels of the answer, whatever the image's size.

    Args:
        pyramid: the image.
        request: what to make of it.
        stopped: asked again and again while pixels are made.

    Raises:
        StoppedError: ``stopped`` said so.
        OSError: the image cannot be read.
    """
    import pyvips

    # Remembered operations would hold files open that have been withdrawn since.
    pyvips.cache_set_max(0)
    try:
        return _encoded(_drawn(pyramid, request, stopped), request.form)
    except pyvips.Error as error:
        if stopped():
            raise StoppedError(_STOPPED) from error
        raise OSError(str(error)) from error


def _drawn(pyramid: Pyramid, request: ImageRequest, stopped: Callable[[], bool]) -> Any:
    picture = _region_at_level(pyramid, request)
    width, height = request.size
    if (picture.width, picture.height) != (width, height):
        picture = picture.thumbnail_image(width, height=height, size="force")
    if request.mirrored:
        picture = picture.fliphor()
    picture = _in_quality(_turned(picture, request), request.quality)
    if stopped():
        raise StoppedError(_STOPPED)
    # libvips may give two threads the same picture for the same work; what is watched and killed must be this request's own.
    picture = picture.copy(xoffset=next(_numbers))
    picture.set_progress(True)
    picture.signal_connect("eval", lambda made, _progress: made.set_kill(True) if stopped() else None)
    return picture


def _region_at_level(pyramid: Pyramid, request: ImageRequest) -> Any:
    import pyvips

    x, y, w, h = request.region
    reduction = max(1.0, min(w / request.size[0], h / request.size[1]))
    number = max(n for n, level in enumerate(pyramid.levels) if pyramid.width / level.width <= reduction * _GENEROUS)
    while number + 1 < len(pyramid.levels) and w * h >> 2 * number > _MOST_READ:
        number += 1
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


def _turned(picture: Any, request: ImageRequest) -> Any:
    if request.turn % 90 == 0:
        return picture.rot(f"d{int(request.turn)}") if request.turn else picture
    if request.form in _SEE_THROUGH:
        return picture.addalpha().similarity(angle=request.turn)
    return picture.similarity(angle=request.turn, background=[255.0] * picture.bands)


def _in_quality(picture: Any, quality: str) -> Any:
    if quality not in {"gray", "bitonal"}:
        return picture
    grey = picture.colourspace("b-w")
    if quality == "gray":
        return grey
    light = grey[0] > _THRESHOLD
    return light.bandjoin(grey[1]).copy(interpretation="b-w") if grey.hasalpha() else light


def _encoded(picture: Any, form: str) -> bytes:
    if form == "pdf":
        return _pdf(bytes(picture.write_to_buffer(_WRITERS["jpg"])), picture)
    if form == "jp2":
        return _jp2(picture)
    return bytes(picture.write_to_buffer(_WRITERS[form]))


def _jp2(picture: Any) -> bytes:
    """By Pillow: this build of libvips has no JPEG 2000."""
    from PIL import Image

    mode = "L" if picture.bands == 1 else "RGB"
    size = picture.width, picture.height
    written = io.BytesIO()
    Image.frombuffer(mode, size, picture.write_to_memory(), "raw", mode, 0, 1).save(
        written, "JPEG2000", quality_mode="rates", quality_layers=[20], irreversible=True
    )
    return written.getvalue()


def _pdf(jpeg: bytes, picture: Any) -> bytes:
    """One page that is the picture, a point for each pixel (ISO 32000-1, sections 7.5 and 8.9.5)."""
    width, height = picture.width, picture.height
    space = b"/DeviceGray" if picture.bands == 1 else b"/DeviceRGB"
    drawing = b"q %d 0 0 %d 0 0 cm /I Do Q" % (width, height)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>" % (width, height),
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace%s/BitsPerComponent 8" % (width, height, space)
        + b"/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (len(jpeg), jpeg),
    )
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(written))
        written += b"%d 0 obj%s\nendobj\n" % (number, content)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, b"".join(places))
    return written + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(written))
