"""Where an equirectangular picture lies on the full sphere.

A sphere is ``full_width`` × ``full_height`` pixels, its centre column is yaw 0, its centre row the horizon. GPano says in its own
pixels which part a file holds (https://developers.google.com/streetview/spherical-metadata); files scaled after capture keep the
old numbers, so only their proportions count.
"""

from dataclasses import dataclass
from typing import Any

SMALLEST_WIDTH = 1024
_LARGEST_ENLARGEMENT = 4 / 3


@dataclass(frozen=True, slots=True)
class SpherePart:
    """A rectangle of a full sphere, in the sphere's pixels (fractions of a pixel are kept until pixels are written)."""

    full_width: float
    full_height: float
    left: float
    top: float
    width: float
    height: float

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the sphere is missing, to within a pixel."""
        return self.width > self.full_width - 1 and self.height > self.full_height - 1

    def scaled_to(self, full_width: int) -> "SpherePart":
        """The same part of a sphere of another size, twice as wide as high, its edges on whole pixels."""
        across, down = full_width / self.full_width, full_width / 2 / self.full_height
        left, top = round(self.left * across), round(self.top * down)
        width = min(max(1, round(self.width * across)), full_width - left)
        height = min(max(1, round(self.height * down)), full_width // 2 - top)
        return SpherePart(full_width, full_width // 2, left, top, width, height)


def part_of(width: int, height: int, crop: dict[str, Any] | None) -> SpherePart:
    """Where a picture of this size lies.

    Args:
        width: of the file in pixels, upright.
        height: likewise.
        crop: GPano's full_width, full_height, left, top, width, height, in whatever pixels the header counts; None when not said:
            then it goes all round, with the horizon in the middle.
    """
    if crop is None or not _is_sound(crop):
        full_height = max(width / 2, height)
        return SpherePart(width, full_height, 0.0, (full_height - height) / 2, width, height)
    across, down = width / float(crop["width"]), height / float(crop["height"])
    full_width, full_height = float(crop["full_width"]) * across, float(crop["full_height"]) * down
    left = min(max(float(crop.get("left") or 0), 0.0) * across, full_width - width)
    top = min(max(float(crop.get("top") or 0), 0.0) * down, full_height - height)
    return SpherePart(full_width, full_height, left, top, width, height)


def pyramid_width(full_width: float) -> int:
    """Width in pixels of the sphere to store: 512·2ⁿ, the largest that enlarges by no more than a third."""
    width = SMALLEST_WIDTH
    while width * 2 <= full_width * _LARGEST_ENLARGEMENT:
        width *= 2
    return width


def _is_sound(crop: dict[str, Any]) -> bool:
    try:
        full = float(crop["full_width"]), float(crop["full_height"])
        part = float(crop["width"]), float(crop["height"])
    except (KeyError, TypeError, ValueError):
        return False
    return 0 < part[0] <= full[0] and 0 < part[1] <= full[1]
