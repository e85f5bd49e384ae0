"""How numbers, sizes, dates and directions are written in each language. Rules only."""

import re
from dataclasses import dataclass

from archive.records.text import Language, LocalText

_MONTHS = {
    Language.EN: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    Language.TH: (
        ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"]
    ),
}
_EDTF_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T[0-9:.Z+-]*)?([?~%]?)")
_COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
_COMPASS_NAMES = {
    "north": 0,
    "northeast": 45,
    "east": 90,
    "southeast": 135,
    "south": 180,
    "southwest": 225,
    "west": 270,
    "northwest": 315,
}
BUDDHIST_ERA = 543


_THAI = re.compile("[\u0e01-\u0e5b]")
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯĩũĨŨ\u1ea0-\u1ef9]|[a-z][àáãèéìíòóõùúý]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """Words as they will stand on the screen, with the language they are in."""

    words: str
    language: Language
    foreign: bool


def shown(text: LocalText, language: Language) -> Shown | None:
    """The words in that language, else in the first that has any, marked as foreign; None where nobody has written them."""
    best = text.best(language)
    return None if best is None else Shown(best[0], best[1], foreign=best[1] is not language)


def tongue(words: str) -> Language | None:
    """The language of words that nobody marked (a source, a name), where their letters tell it; None where they do not."""
    if _THAI.search(words):
        return Language.TH
    return Language.VI if _VIETNAMESE.search(words) else None


def number(value: float, language: Language) -> str:
    """1234567.5 as “1,234,567.5”, in Vietnamese “1.234.567,5”; at most two decimals."""
    written = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")
    return written.translate(str.maketrans(",.", ".,")) if language is Language.VI else written


def significant(value: float, language: Language) -> str:
    """A small quantity to two figures: 0.00123 as “0.0012”."""
    written = f"{value:.2g}" if 1e-4 <= value < 100 else f"{value:.0f}" if value >= 100 else f"{value:.6f}"
    return written.translate(str.maketrans(",.", ".,")) if language is Language.VI else written


def size(octets: int, language: Language) -> str:
    """Bytes as a visitor reads them on a phone's bill: decimal kB and MB."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= scale:
            value = octets / scale
            return f"{number(round(value, 1) if value < 10 else round(value), language)} {unit}"
    return f"{number(octets, language)} B"


def edtf(date: str, language: Language) -> tuple[str, str]:
    """An EDTF date in words, and its qualifier key ("", "uncertain", "approximate", "both"); unknown forms as they are."""
    match = _EDTF_DAY.fullmatch(date)
    if match is None:
        return date, ""
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if month > 12:
        return date, ""
    qualifier = {"": "", "?": "uncertain", "~": "approximate", "%": "both"}[match[4]]
    return _date_words(year, month, day, language), qualifier


def _date_words(year: int, month: int, day: int, language: Language) -> str:
    if language is Language.VI:
        return "/".join(str(part) for part in (day, month, year) if part)
    parts = [str(day)] if day else []
    parts += [_MONTHS[language][month - 1]] if month else []
    written = f"พ.ศ. {year + BUDDHIST_ERA} (ค.ศ. {year})" if language is Language.TH else str(year)
    return " ".join([*parts, written])


def compass_key(bearing: float) -> str:
    """The nearest of eight compass points: "n", "ne" … for degrees clockwise from north."""
    return _COMPASS[round(bearing % 360 / 45) % 8]


def compass_bearing(name: str) -> float | None:
    """Degrees of a direction as people write it in a tour ("n", "north-east", "135"); None when it is none."""
    plain = name.strip().lower().replace("-", "").replace(" ", "").replace("_", "")
    if plain in _COMPASS:
        return _COMPASS.index(plain) * 45.0
    if plain in _COMPASS_NAMES:
        return float(_COMPASS_NAMES[plain])
    try:
        return float(plain) % 360
    except ValueError:
        return None


def apart(one: float, other: float) -> float:
    """The angle between two bearings, 0 to 180 degrees."""
    return abs((one - other + 180) % 360 - 180)
