"""Words as outlines, in one typeface that has Vietnamese, Latin and Thai (Sarabun, SIL Open Font Licence).

HarfBuzz places the glyphs: the marks of Thai and the stacked marks of Vietnamese stand where they belong. Outlines print the same on
every machine, whatever fonts it has.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.labels.drawing import Shape, Step

POINT = 25.4 / 72
"""millimetres"""
_RUNS = re.compile("[\u0e00-\u0e7f]+|[^\u0e00-\u0e7f]+")


@dataclass(frozen=True, slots=True)
class Type:
    """A cut of the typeface ("Regular", "Bold" …), a size in points and a colour."""

    cut: str
    size: float
    colour: str = "#241916"

    @property
    def height(self) -> float:
        """From one line to the next, in millimetres; Thai and Vietnamese carry marks above marks."""
        return self.size * POINT * 1.36


@dataclass(slots=True)
class _Pen:
    """Takes the outline of a glyph and turns it into steps at its place."""

    scale: float
    x: float
    y: float
    steps: list[Step] = field(default_factory=list)
    _last: tuple[float, float] = (0.0, 0.0)

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        return self.x + point[0] * self.scale, self.y - point[1] * self.scale

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - the names that the shaping library calls
        self._last = point
        self.steps.append(Step("M", self._at(point)))

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._last = point
        self.steps.append(Step("L", self._at(point)))

    def qCurveTo(self, handle: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        """A quadratic curve as the cubic one that is the same (its handles lie two thirds of the way)."""
        (sx, sy), (hx, hy), (ex, ey) = self._last, handle, end
        one = (sx + (hx - sx) * 2 / 3, sy + (hy - sy) * 2 / 3)
        self.curveTo(one, (ex + (hx - ex) * 2 / 3, ey + (hy - ey) * 2 / 3), end)

    def curveTo(self, one: tuple[float, float], two: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        self._last = end
        self.steps.append(Step("C", (*self._at(one), *self._at(two), *self._at(end))))

    def closePath(self) -> None:  # noqa: N802
        self.steps.append(Step("Z"))


@cache
def _font(cut: str) -> Any:
    import uharfbuzz

    content = files("fontpkg_sarabun").joinpath("files", f"Sarabun-{cut}.ttf").read_bytes()
    return uharfbuzz.Font(uharfbuzz.Face(content))


def _glyphs(text: str, kind: Type) -> Iterator[tuple[int, float, float, float]]:
    """Glyph, its place along and above the line, and how far it carries on, in millimetres."""
    import uharfbuzz

    font = _font(kind.cut)
    scale = kind.size * POINT / font.face.upem
    for run in _RUNS.findall(unicodedata.normalize("NFC", text)):
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer, {})
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            yield info.codepoint, place.x_offset * scale, place.y_offset * scale, place.x_advance * scale


def width_of(text: str, kind: Type) -> float:
    """How long the words are, in millimetres."""
    return sum(advance for *_, advance in _glyphs(text, kind))


def line(text: str, kind: Type, x: float, y: float) -> Shape:
    """One line of words from ``x`` on the base line ``y``."""
    font = _font(kind.cut)
    scale = kind.size * POINT / font.face.upem
    steps: list[Step] = []
    for glyph, right, up, advance in _glyphs(text, kind):
        pen = _Pen(scale, x + right, y - up)
        font.draw_glyph_with_pen(glyph, pen)
        steps += pen.steps
        x += advance
    return Shape(tuple(steps), kind.colour)


def wrapped(text: str, kind: Type, width: float) -> list[str]:
    """The words in lines that are no longer than ``width`` millimetres where a space allows it."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, kind) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fitted(text: str, kind: Type, width: float, most: int) -> tuple[Type, list[str]]:
    """The words in at most ``most`` lines within ``width``, made smaller until they fit (Thai has few spaces to break at)."""
    while True:
        lines = wrapped(text, kind, width)
        if (len(lines) <= most and all(width_of(one, kind) <= width for one in lines)) or kind.size <= 5:
            return kind, lines[:most]
        kind = Type(kind.cut, kind.size * 0.94, kind.colour)
