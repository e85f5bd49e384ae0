"""``info.json`` (Image API 3.0, section 5): what there is, and in which sizes it costs nothing."""

from typing import Any

from viewer.iiif.pyramid import Pyramid
from viewer.iiif.request import MAX_AREA, MEDIA_TYPES, QUALITIES

CONTEXT = "http://iiif.io/api/image/3/context.json"
LEVEL_2 = "http://iiif.io/api/image/3/level2.json"
LEVEL_0 = "http://iiif.io/api/image/3/level0.json"


def information(base: str, pyramid: Pyramid, most: int = MAX_AREA) -> dict[str, Any]:
    """What a running server answers.

    Args:
        base: address of the image, without a slash at its end.
        pyramid: the image.
        most: pixels that an answer may have.
    """
    return _common(base, pyramid) | {
        "profile": "level2",
        "maxArea": most,
        "sizes": [{"width": level.width, "height": level.height} for level in reversed(pyramid.levels)],
        "preferredFormats": ["avif", "jpg"] if pyramid.avif else ["jpg"],
        "extraFormats": [form for form in MEDIA_TYPES if form not in {"jpg", "png"}],
        "extraQualities": list(QUALITIES[1:]),
        "extraFeatures": ["mirroring", "rotationArbitrary", "sizeUpscaling", "canonicalLinkHeader", "profileLinkHeader"],
    }


def level0_information(base: str, pyramid: Pyramid) -> dict[str, Any]:
    """What stands beside frozen tiles: those tiles, whole pictures that are one tile, and ``full/max`` within the area of one tile."""
    side = pyramid.levels[0].tile_width
    halves = [(-(-pyramid.width >> power), -(-pyramid.height >> power)) for power in range(len(pyramid.levels))]
    sizes = [{"width": width, "height": height} for width, height in reversed(halves) if max(width, height) <= side]
    extra = {"extraFormats": ["avif"], "preferredFormats": ["avif", "jpg"]} if pyramid.avif else {}
    return _common(base, pyramid) | {"profile": "level0", "maxArea": side * side, "sizes": sizes} | extra


def _common(base: str, pyramid: Pyramid) -> dict[str, Any]:
    side = pyramid.levels[0].tile_width
    return {
        "@context": CONTEXT,
        "id": base,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "width": pyramid.width,
        "height": pyramid.height,
        "tiles": [{"width": side, "height": side, "scaleFactors": [1 << power for power in range(len(pyramid.levels))]}],
    }
