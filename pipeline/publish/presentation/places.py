"""Where on a canvas something is: directions, shares and points become regions in pixels. Rules only, no input or output.

A canvas of a panorama is its equirectangular image: a full turn is its width, half a turn its height, both cut to the part that was
photographed where it is not a whole sphere (GPano: https://developers.google.com/streetview/spherical-metadata).
"""

from dataclasses import dataclass
from typing import Any

_SPOT = 10.0
"""Degrees that a mark around one direction is wide and high."""
_POINTS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
_NAMES = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")


@dataclass(frozen=True, slots=True)
class Region:
    """Whole pixels from the upper left corner."""

    left: int
    top: int
    width: int
    height: int

    @property
    def fragment(self) -> str:
        """As a media fragment (https://www.w3.org/TR/media-frags/)."""
        return f"xywh={self.left},{self.top},{self.width},{self.height}"


@dataclass(frozen=True, slots=True)
class Sphere:
    """A canvas that shows a sphere or a part of one: sizes in pixels, the part within the whole."""

    width: int
    height: int
    full_width: float
    full_height: float
    left: float
    top: float


def sphere(width: int, height: int, crop: dict[str, Any] | None) -> Sphere:
    """The sphere behind a canvas of that size; ``crop`` in the pixels of the photograph, of which the canvas may be a smaller copy."""
    if not crop:
        return Sphere(width, height, width, height, 0, 0)
    scale = width / crop["width"]
    return Sphere(width, height, crop["full_width"] * scale, crop["full_height"] * scale, crop["left"] * scale, crop["top"] * scale)


def spot(seen: Sphere, yaw: float, pitch: float) -> Region | None:
    """The surroundings of a direction; None where that part of the sphere was not photographed."""
    x = (yaw / 360 + 0.5) % 1 * seen.full_width - seen.left
    y = (0.5 - pitch / 180) * seen.full_height - seen.top
    if not (0 <= x <= seen.width and 0 <= y <= seen.height):
        return None
    side = _SPOT / 360 * seen.full_width
    return _within(seen, x - side / 2, y - side / 2, (side, side))


def quarter(seen: Sphere, yaw: float) -> tuple[Region, ...]:
    """The quarter of a turn around a direction, as high as the canvas: two regions where it lies across the image's edge."""
    wide = seen.full_width / 4
    start = (yaw / 360 + 0.5) * seen.full_width - wide / 2 - seen.left
    found = []
    for turn in (-1, 0, 1):
        left, right = max(start + turn * seen.full_width, 0), min(start + turn * seen.full_width + wide, seen.width)
        if right - left >= 1:
            found.append(_within(seen, left, 0, (right - left, seen.height)))
    return tuple(found)


def share(width: int, height: int, values: tuple[float, ...]) -> Region | None:
    """A region given as shares of a picture: x, y, width, height from 0 to 1; None for anything else."""
    if len(values) != 4 or not all(0 <= value <= 1 for value in values):
        return None
    canvas = Sphere(width, height, width, height, 0, 0)
    return _within(canvas, values[0] * width, values[1] * height, (values[2] * width, values[3] * height))


def bearing_of(name: str) -> float | None:
    """Degrees of a direction as a tour names it ("north", "ne", "135"); None when it is none."""
    plain = name.strip().lower().replace("-", "").replace(" ", "").replace("_", "")
    for names in (_POINTS, _NAMES):
        if plain in names:
            return names.index(plain) * 45.0
    try:
        return float(plain) % 360
    except ValueError:
        return None


def _within(seen: Sphere, left: float, top: float, size: tuple[float, float]) -> Region:
    """Rounded to pixels and kept inside the canvas."""
    x, y = min(max(round(left), 0), seen.width - 1), min(max(round(top), 0), seen.height - 1)
    return Region(x, y, max(1, min(round(size[0]), seen.width - x)), max(1, min(round(size[1]), seen.height - y)))
