"""Where a panorama's pixels lie on the full sphere, from GPano (Photo Sphere XMP Metadata), in pixels of the file as it is.

Files are scaled down after capture while GPano keeps the captured size: every number is scaled by file width / stated width of the crop.
"""

from collections.abc import Mapping
from typing import Any

from pipeline.describe.gps import number

_FIELDS = {
    "full_width": "GPano:FullPanoWidthPixels",
    "full_height": "GPano:FullPanoHeightPixels",
    "left": "GPano:CroppedAreaLeftPixels",
    "top": "GPano:CroppedAreaTopPixels",
    "width": "GPano:CroppedAreaImageWidthPixels",
    "height": "GPano:CroppedAreaImageHeightPixels",
}


def stated_crop(properties: Mapping[str, Any]) -> dict[str, int] | None:
    """The crop as the file states it, None when a number is missing or they contradict each other."""
    found = {field: number(properties.get(name)) for field, name in _FIELDS.items()}
    crop = {field: round(value) for field, value in found.items() if value is not None}
    if len(crop) < len(_FIELDS) or min(crop.values()) < 0 or crop["width"] == 0 or crop["height"] == 0:
        return None
    # Stitchers round: a pixel or two beyond the sphere is theirs, not a contradiction.
    inside = crop["left"] + crop["width"] <= crop["full_width"] + 2 and crop["top"] + crop["height"] <= crop["full_height"] + 2
    return crop if inside else None


def is_whole_sphere(crop: Mapping[str, int]) -> bool:
    """Whether the crop is the whole sphere, give or take two pixels."""
    return crop["full_width"] - crop["width"] <= 2 and crop["full_height"] - crop["height"] <= 2


def scaled_crop(crop: Mapping[str, int], size: tuple[int, int]) -> dict[str, int] | None:
    """The crop in pixels of a file of this size, None where the file is not that crop's shape (turned, or cut again).

    Args:
        crop: from :func:`stated_crop`.
        size: width and height of the file, pixels.
    """
    width, height = size
    across, down = width / crop["width"], height / crop["height"]
    if abs(across / down - 1) > 0.02:
        return None
    return {
        "full_width": max(round(crop["full_width"] * across), width),
        "full_height": max(round(crop["full_height"] * down), height),
        "left": round(crop["left"] * across),
        "top": round(crop["top"] * down),
        "width": width,
        "height": height,
    }
