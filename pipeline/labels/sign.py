"""The sign itself, 18 × 12 cm: the QR, the address in letters, the name in three languages, what awaits the visitor, whose sign it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.records.label import Label, LabelPlace
from archive.records.text import Language, LocalText
from pipeline.labels.drawing import Drawing, Shape, Step, rectangle, rectangle_steps
from pipeline.labels.lettering import POINT, Type, fitted, line, width_of
from pipeline.words import Words

WIDTH, HEIGHT = 180.0, 120.0
_QUIET = 4
"""modules around a symbol (ISO/IEC 18004, section 9.1)"""
_VERSION = 7
"""the smallest with more than one alignment pattern"""
_LONGEST = 64
"""bytes in that version at level H (ISO/IEC 18004, table 7)"""
_QR = 83.0
"""millimetres with the quiet zone; the dark modules begin at the margin, in line with the words below"""
_BAND, _MARGIN = 15.0, 9.0
_COLUMN = 89.0
_COLUMN_END = 95.0
_SCALES = tuple(percent / 100 for percent in range(132, 40, -4))
"""of the words beside the symbol, largest first"""
_INK, _RED, _GOLD, _SOFT, _PAPER, _YELLOW = "#241916", "#8c1a1c", "#b98a2f", "#5c4b43", "#ffffff", "#ffd400"


@dataclass(frozen=True, slots=True)
class Sign:
    """What is printed.

    Attributes:
        address: what the QR holds and what stands below it, with its scheme.
        name: of the site; ``title``: of the standpoint or asset, empty for the site itself.
        archive: whose sign it is.
    """

    address: str
    name: LocalText
    title: LocalText
    archive: str
    place: LabelPlace
    practice: bool = False

    @property
    def printed(self) -> str:
        """The address as people type it."""
        return self.address.partition("://")[2]


def sign_for(label: Label, *, address: str, name: LocalText, archive: str) -> Sign:
    """The sign of a label below a public address."""
    return Sign(f"{address.rstrip('/')}/q/{label.code}", name, label.title, archive, label.place, label.practice)


def draw(sign: Sign, words: Mapping[Language, Words]) -> Drawing:
    """The sheet. All sizes in millimetres."""
    shapes = [rectangle(0, 0, WIDTH, HEIGHT, _PAPER), *_band(sign, words), *_symbol(sign), *column(sign, words), *_foot(sign, words)]
    best = sign.name.best(Language.VI)
    return Drawing(WIDTH, HEIGHT, tuple(shapes), f"{best[0] if best else sign.archive} – {sign.printed}")


def symbol_rows(address: str) -> tuple[tuple[int, ...], ...]:
    """The modules of the QR, without a quiet zone: level H (30 % of the code words may be lost) in version 7 or what a long address takes.

    Measured (docs/decisions/0130): with 15 % of its area gone in one blot beside the corner marks the smallest symbol of level Q is read
    about every second time, this one every time; and larger versions have modules too small to be read from across a path.
    """
    import segno

    fits = len(address.encode()) <= _LONGEST
    code = segno.make(address, error="h", version=_VERSION if fits else None, micro=False, mode="byte", boost_error=False)
    return tuple(tuple(int(module) for module in row) for row in code.matrix)


def _band(sign: Sign, words: Mapping[Language, Words]) -> Iterator[Shape]:
    """The upper edge: whose sign it is; of an exercise, that it is one."""
    if sign.practice:
        yield rectangle(0, 0, WIDTH, _BAND, _YELLOW)
        for start in range(-1, 13):
            yield _slanted(start * 15.0)
        text = " · ".join(words[language]("label.practice-mark") for language in Language)
        kind, lines = fitted(text, Type("Bold", 21, _INK), WIDTH - 34, 1)
        length = width_of(lines[0], kind)
        yield rectangle((WIDTH - length) / 2 - 5, 1.6, length + 10, _BAND - 3.2, _YELLOW)
        yield line(lines[0], kind, (WIDTH - length) / 2, _BAND / 2 + kind.size * POINT * 0.36)
        return
    yield rectangle(0, 0, WIDTH, _BAND - 1.1, _RED)
    yield rectangle(0, _BAND - 1.1, WIDTH, 1.1, _GOLD)
    kind, lines = fitted(sign.archive, Type("SemiBold", 15, _PAPER), WIDTH - 2 * _MARGIN, 1)
    yield line(lines[0], kind, _MARGIN, (_BAND - 1.1) / 2 + kind.size * POINT * 0.36)


def _slanted(x: float) -> Shape:
    """One dark stripe of the band of an exercise."""
    corners = ((x + 7, 0.0), (x + 14.5, 0.0), (x + 7.5, _BAND), (x, _BAND))
    clipped = [(min(WIDTH, max(0.0, across)), down) for across, down in corners]
    return Shape((Step("M", clipped[0]), *(Step("L", corner) for corner in clipped[1:]), Step("Z")), _INK)


def _symbol(sign: Sign) -> Iterator[Shape]:
    """The QR with its quiet zone, as runs of dark modules; one shape, so that no hairlines show between them."""
    rows = symbol_rows(sign.address)
    module = _QR / (len(rows) + 2 * _QUIET)
    left, top = _MARGIN - _QUIET * module, _BAND + 9 - _QUIET * module
    steps: list[Step] = []
    for down, row in enumerate(rows):
        start = None
        for across, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                x, y = left + (start + _QUIET) * module, top + (down + _QUIET) * module
                steps += rectangle_steps(x, y, (across - start) * module, module)
                start = None
    yield Shape(tuple(steps), "#000000")


def column(sign: Sign, words: Mapping[Language, Words]) -> list[Shape]:
    """Right of the QR: the name and the title in the languages that they have, then what awaits; as large as there is room for."""
    shapes: list[Shape] = []
    for scale in _SCALES:
        shapes = list(_column(sign, words, scale))
        if max(y for shape in shapes for step in shape.steps for y in step.points[1::2]) <= _COLUMN_END:
            break
    return shapes


def _column(sign: Sign, words: Mapping[Language, Words], scale: float) -> Iterator[Shape]:
    width, y = WIDTH - _COLUMN - _MARGIN, _BAND + 6.0
    for text, kind, most in _headings(sign, scale):
        fitting, lines = fitted(text, kind, width, most)
        for one in lines:
            y += fitting.height * 0.92
            yield line(one, fitting, _COLUMN, y)
        y += 1.2
    y += 2.2
    yield rectangle(_COLUMN, y, 22, 0.7, _GOLD)
    y += 1.5
    for language in Language:
        colour = _INK if language is Language.VI else _SOFT
        kind, lines = fitted(words[language](f"label.awaits-{sign.place}"), Type("Regular", 9.4 * scale, colour), width, 3)
        for one in lines:
            y += kind.height * 0.9
            yield line(one, kind, _COLUMN, y)
        y += 1.1
    if sign.practice:
        kind, lines = fitted(sign.archive, Type("SemiBold", 9.4 * scale, _RED), width, 1)
        yield line(lines[0], kind, _COLUMN, y + 0.5 + kind.height * 0.9)


def _headings(sign: Sign, scale: float) -> Iterator[tuple[str, Type, int]]:
    main = sign.title if any((sign.title.vi, sign.title.en, sign.title.th)) else sign.name
    if main is not sign.name:
        best = sign.name.best(Language.VI)
        yield best[0] if best else "", Type("SemiBold", 11 * scale, _RED), 1
    small = Type("Medium", 13 * scale, _SOFT)
    sizes = iter((Type("Bold", 22 * scale, _INK), small, small))
    for text in (main.vi, main.en, main.th):
        if text:
            yield text, next(sizes), 2


def _foot(sign: Sign, words: Mapping[Language, Words]) -> Iterator[Shape]:
    """Below: the address in letters, as large as it fits, and in the three languages how to use it."""
    kind, lines = fitted(sign.printed, Type("Bold", 25, _INK), WIDTH - 2 * _MARGIN, 1)
    y = HEIGHT - 13.2
    yield line(lines[0], kind, _MARGIN, y)
    how = "   ·   ".join(words[language]("label.how") for language in Language)
    kind, lines = fitted(how, Type("Regular", 9.2, _SOFT), WIDTH - 2 * _MARGIN, 1)
    yield line(lines[0], kind, _MARGIN, HEIGHT - 6)
