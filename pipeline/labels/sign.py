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
_LONGEST = 119
"""bytes in version 10 at level H"""
_QR = 83.0
"""millimetres with the quiet zone; the dark modules begin at the margin, in line with the words below"""
_BAND, _MARGIN = 15.0, 9.0
_COLUMN = 89.0
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
    shapes = [rectangle(0, 0, WIDTH, HEIGHT, _PAPER), *_band(sign, words), *_symbol(sign), *_column(sign, words), *_foot(sign, words)]
    best = sign.name.best(Language.VI)
    return Drawing(WIDTH, HEIGHT, tuple(shapes), f"{best[0] if best else sign.archive} – {sign.printed}")


def symbol_rows(address: str) -> tuple[tuple[int, ...], ...]:
    """The modules of the QR, without a quiet zone: level H in version 10, larger than the address needs.

    Measured (tests/pipeline/labels): with 15 % of its area destroyed in one blot it is read about twice as often as the smallest symbol
    of level Q, because a blot then spoils fewer code words at its edge and hits a corner mark less often.
    """
    import segno

    fits = len(address.encode()) <= _LONGEST
    code = segno.make(address, error="h", version=10 if fits else None, micro=False, mode="byte", boost_error=False)
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


def _column(sign: Sign, words: Mapping[Language, Words]) -> Iterator[Shape]:
    """Right of the QR: the name and the title in the languages that they have, then what awaits."""
    width, y = WIDTH - _COLUMN - _MARGIN, _BAND + 6.0
    for text, kind, most in _headings(sign):
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
        kind, lines = fitted(words[language](f"label.awaits-{sign.place}"), Type("Regular", 9.4, colour), width, 3)
        for one in lines:
            y += kind.height * 0.9
            yield line(one, kind, _COLUMN, y)
        y += 1.1
    if sign.practice:
        kind, lines = fitted(sign.archive, Type("SemiBold", 9.4, _RED), width, 1)
        yield line(lines[0], kind, _COLUMN, y + 4.5)


def _headings(sign: Sign) -> Iterator[tuple[str, Type, int]]:
    main = sign.title if any((sign.title.vi, sign.title.en, sign.title.th)) else sign.name
    if main is not sign.name:
        best = sign.name.best(Language.VI)
        yield best[0] if best else "", Type("SemiBold", 11, _RED), 2
    sizes = iter((Type("Bold", 22, _INK), Type("Medium", 13, _SOFT), Type("Medium", 13, _SOFT)))
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
