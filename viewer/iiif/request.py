"""What an image request means: the rules of the IIIF Image API 3.0, section 4, and nothing that touches pixels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from urllib.parse import unquote

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "avif": "image/avif",
    "gif": "image/gif",
    "jp2": "image/jp2",
    "pdf": "application/pdf",
    "tif": "image/tiff",
    "webp": "image/webp",
}
QUALITIES = ("default", "color", "gray", "bitonal")
MAX_AREA = 16 * 1024 * 1024
MAX_SIDE = 16384
_WHOLE = r"([0-9]{1,9})"
_DECIMAL = r"([0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})"
_PIXELS = re.compile(",".join([_WHOLE] * 4))
_PERCENT = re.compile("pct:" + ",".join([_DECIMAL] * 4))
_SIZE_PERCENT = re.compile("pct:" + _DECIMAL)
_ROTATION = re.compile("(!?)" + _DECIMAL)
_SIZE_PIXELS = re.compile(r"(!?)([0-9]{0,9}),([0-9]{0,9})")


class BadImageRequestError(ValueError):
    """The request breaks a rule of the Image API: answer 400."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How requests are judged.

    Attributes:
        most: pixels that an answer may have (``maxArea``).
        as_validator: judge as the official validator 1.0.5 does where it departs from section 4.2 of the specification: “!w,h” larger
            than its region is an error (by the specification it gives the region's own size), and “^max” is no larger than the region
            (by the specification it is as large as ``maxArea`` permits).
    """

    most: int = MAX_AREA
    as_validator: bool = False


STRICT = Rules()


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A request in pixels of the whole image.

    Attributes:
        region: x, y, width, height.
        size: width and height of the answer, before rotation.
        turn: degrees clockwise, 0 to below 360; ``mirrored`` first.
        form: one of MEDIA_TYPES.
    """

    region: tuple[int, int, int, int]
    size: tuple[int, int]
    mirrored: bool
    turn: float
    quality: str
    form: str

    @property
    def is_plain(self) -> bool:
        """Whether stored bytes can answer it."""
        return not self.mirrored and self.turn == 0 and self.quality in {"default", "color"} and self.form in {"jpg", "avif"}

    def canonical(self, width: int, height: int, rules: Rules = STRICT) -> str:
        """The canonical form of the request (section 4.7)."""
        x, y, w, h = self.region
        region = "full" if self.region == (0, 0, width, height) else f"{x},{y},{w},{h}"
        upscaled = "^" if self.size[0] > w or self.size[1] > h else ""
        size = "max" if self.size == (w, h) and w * h <= rules.most else f"{upscaled}{self.size[0]},{self.size[1]}"
        turn = f"{self.turn:.9f}".rstrip("0").rstrip(".")
        return f"{region}/{size}/{'!' if self.mirrored else ''}{turn}/{self.quality}.{self.form}"


def parse(segments: Sequence[str], width: int, height: int, rules: Rules = STRICT) -> ImageRequest:
    """Read region, size, rotation and quality.format, as they stand in the address.

    Args:
        segments: the four parts, still escaped.
        width: of the image in pixels.
        height: of the image in pixels.
        rules: how they are judged.

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
    return ImageRequest(region, _size(size_text, (region[2], region[3]), rules), mirrored, turn, quality, form)


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


def _size(text: str, region: tuple[int, int], rules: Rules) -> tuple[int, int]:
    upscale = text.startswith("^")
    wanted = _wanted_size(text.removeprefix("^"), region, rules, upscale=upscale)
    if min(wanted) < 1:
        raise BadImageRequestError("The size holds no pixel.")
    if not upscale and (wanted[0] > region[0] or wanted[1] > region[1]):
        raise BadImageRequestError("Larger than the region; “^” allows enlarging.")
    if wanted[0] * wanted[1] > rules.most or max(wanted) > MAX_SIDE:
        raise BadImageRequestError(f"Larger than {rules.most} pixels.")
    return wanted


def _wanted_size(text: str, region: tuple[int, int], rules: Rules, *, upscale: bool) -> tuple[int, int]:
    width, height = region
    if text == "max":
        return _largest(width, height, rules.most, upscale=upscale and not rules.as_validator)
    if match := _SIZE_PERCENT.fullmatch(text):
        factor = float(match[1]) / 100
        return max(round(width * factor), min(1, round(factor * 1e6))), max(round(height * factor), min(1, round(factor * 1e6)))
    match = _SIZE_PIXELS.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise BadImageRequestError("The size is not understood.")
    w, h = int(match[2] or 0), int(match[3] or 0)
    if match[1]:
        if rules.as_validator and not upscale and (w > width and h > height):
            raise BadImageRequestError("Larger than the region; “^” allows enlarging.")
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


def _rotation(text: str) -> tuple[bool, float]:
    match = _ROTATION.fullmatch(text)
    if match is None or float(match[2]) > 360:
        raise BadImageRequestError("Rotation is 0 to 360 degrees.")
    return match[1] == "!", float(match[2]) % 360
