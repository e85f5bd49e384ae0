"""What an image request means: the rules of the IIIF Image API 3.0, section 4, and nothing that touches pixels.

Left out: arbitrary rotation (level 2 asks for multiples of 90 degrees only).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from urllib.parse import unquote

MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
QUALITIES = ("default", "color", "gray", "bitonal")
MAX_AREA = 16 * 1024 * 1024
MAX_SIDE = 16384
_WHOLE = r"(\d{1,9})"
_DECIMAL = r"(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})"
_PIXELS = re.compile(",".join([_WHOLE] * 4))
_PERCENT = re.compile("pct:" + ",".join([_DECIMAL] * 4))
_SIZE_PERCENT = re.compile("pct:" + _DECIMAL)
_SIZE_PIXELS = re.compile(r"(!?)(\d{0,9}),(\d{0,9})")


class BadImageRequestError(ValueError):
    """The request breaks a rule of the Image API: answer 400."""


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A request in pixels of the whole image.

    Attributes:
        region: x, y, width, height.
        size: width and height of the answer, before rotation.
        turn: degrees clockwise, one of 0, 90, 180, 270; ``mirrored`` first.
        form: "jpg", "png" or "webp".
    """

    region: tuple[int, int, int, int]
    size: tuple[int, int]
    mirrored: bool
    turn: int
    quality: str
    form: str

    @property
    def is_plain(self) -> bool:
        """Whether stored JPEG bytes can answer it."""
        return not self.mirrored and self.turn == 0 and self.quality in {"default", "color"} and self.form == "jpg"

    def canonical(self, width: int, height: int) -> str:
        """The canonical form of the request (section 4.7)."""
        x, y, w, h = self.region
        region = "full" if self.region == (0, 0, width, height) else f"{x},{y},{w},{h}"
        upscaled = "^" if self.size[0] > w or self.size[1] > h else ""
        size = "max" if self.size == (w, h) and w * h <= MAX_AREA else f"{upscaled}{self.size[0]},{self.size[1]}"
        return f"{region}/{size}/{'!' if self.mirrored else ''}{self.turn}/{self.quality}.{self.form}"


def parse(segments: Sequence[str], width: int, height: int, *, most: int = MAX_AREA) -> ImageRequest:
    """Read region, size, rotation and quality.format, as they stand in the address.

    Args:
        segments: the four parts, still escaped.
        width: of the image in pixels.
        height: of the image in pixels.
        most: pixels that an answer may have.

    Raises:
        BadImageRequestError: a segment is malformed, asks for nothing, or for more than it may.
    """
    if len(segments) != 4:
        raise BadImageRequestError("An image request has four parts: region, size, rotation, quality.format.")
    region_text, size_text, turn_text, last = (unquote(segment, errors="replace") for segment in segments)
    quality, _, form = last.rpartition(".")
    if quality not in QUALITIES or form not in MEDIA_TYPES:
        raise BadImageRequestError("This quality or format is not offered; see info.json.")
    region = _region(region_text, width, height)
    mirrored, turn = _rotation(turn_text)
    return ImageRequest(region, _size(size_text, (region[2], region[3]), most), mirrored, turn, quality, form)


def _region(text: str, width: int, height: int) -> tuple[int, int, int, int]:
    if text == "full":
        return 0, 0, width, height
    if text == "square":
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side, side
    if match := _PIXELS.fullmatch(text):
        x, y, w, h = (int(part) for part in match.groups())
    elif match := _PERCENT.fullmatch(text):
        px, py, pw, ph = (float(part) for part in match.groups())
        x, y, w, h = (round(px * width / 100), round(py * height / 100), round(pw * width / 100), round(ph * height / 100))
    else:
        raise BadImageRequestError("The region is not understood.")
    if w < 1 or h < 1 or x >= width or y >= height:
        raise BadImageRequestError("The region holds no pixel of the image.")
    return x, y, min(w, width - x), min(h, height - y)


def _size(text: str, region: tuple[int, int], most: int) -> tuple[int, int]:
    upscale = text.startswith("^")
    wanted = _wanted_size(text.removeprefix("^"), region, most, upscale=upscale)
    if min(wanted) < 1:
        raise BadImageRequestError("The size holds no pixel.")
    if not upscale and (wanted[0] > region[0] or wanted[1] > region[1]):
        raise BadImageRequestError("Larger than the region; “^” allows enlarging.")
    if wanted[0] * wanted[1] > most or max(wanted) > MAX_SIDE:
        raise BadImageRequestError(f"Larger than {most} pixels.")
    return wanted


def _wanted_size(text: str, region: tuple[int, int], most: int, *, upscale: bool) -> tuple[int, int]:
    width, height = region
    if text == "max":
        return _largest(width, height, most, upscale=upscale)
    if match := _SIZE_PERCENT.fullmatch(text):
        factor = float(match[1]) / 100
        return max(round(width * factor), min(1, round(factor * 1e6))), max(round(height * factor), min(1, round(factor * 1e6)))
    match = _SIZE_PIXELS.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise BadImageRequestError("The size is not understood.")
    w, h = int(match[2] or 0), int(match[3] or 0)
    if match[1]:
        return _within(w, h, region, upscale=upscale)
    if not match[2]:
        return (max(1, round(width * h / height)), h) if h else (0, 0)
    if not match[3]:
        return (w, max(1, round(height * w / width))) if w else (0, 0)
    return w, h


def _within(w: int, h: int, region: tuple[int, int], *, upscale: bool) -> tuple[int, int]:
    """“!w,h”: as large as fits, never larger than the region unless asked (section 4.2)."""
    if not (w and h):
        raise BadImageRequestError("“!w,h” needs both.")
    factor = min(w / region[0], h / region[1])
    factor = factor if upscale else min(factor, 1.0)
    return max(1, round(region[0] * factor)), max(1, round(region[1] * factor))


def _largest(width: int, height: int, most: int, *, upscale: bool) -> tuple[int, int]:
    factor = min(sqrt(most / (width * height)), MAX_SIDE / max(width, height))
    if factor >= 1 and not upscale:
        return width, height
    return max(1, int(width * factor)), max(1, int(height * factor))


def _rotation(text: str) -> tuple[bool, int]:
    mirrored = text.startswith("!")
    plain = text.removeprefix("!")
    if plain not in {"0", "90", "180", "270", "360"}:
        raise BadImageRequestError("Rotation is offered in steps of 90 degrees.")
    return mirrored, int(plain) % 360
