"""What a cell of an officer's spreadsheet may hold: dates as people write them, levels in three languages, ARKs and degrees.

Shared by the sheet of a deposit and by ``edit SHEET``. Dates become EDTF level 0/1 (ISO 8601-2:2019, Extended Date/Time Format).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from archive.records.access import AccessLevel
from archive.records.asset import Nature
from archive.records.folding import fold
from archive.records.identifiers import is_ark
from archive.records.rights import statement_of

_ISO = re.compile(r"\d{4}([-/.]\d{1,2}([-/.]\d{1,2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_EDTF = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?[?~%]?(/(\d{4}(-\d{2}(-\d{2})?)?[?~%]?|\.\.)?)?|\d{2}XX|\d{3}X|\d{4}-XX(-XX)?")
_LEVELS = {
    AccessLevel.PUBLIC: ("public", "cong khai", "open", "สาธารณะ"),
    AccessLevel.REDUCED: ("reduced", "han che mot phan", "rut gon", "ลดทอน"),
    AccessLevel.RESTRICTED: ("restricted", "han che", "noi bo", "private", "จำกัด"),
}
_NATURES = {
    Nature.SURVEY: ("survey", "khao sat", "สำรวจ"),
    Nature.RECONSTRUCTION: ("reconstruction", "phuc dung", "สร้างใหม่"),
    Nature.SIMULATED: ("simulated", "mo phong", "จำลอง"),
}
_UNITS = {
    "metre": ("metre", "metres", "meter", "meters", "m", "mét", "เมตร"),
    "centimetre": ("centimetre", "centimetres", "centimeter", "centimeters", "cm", "xentimét", "เซนติเมตร"),
    "millimetre": ("millimetre", "millimetres", "millimeter", "millimeters", "mm", "milimét", "มิลลิเมตร"),
    "foot": ("foot", "feet", "ft", "bộ Anh", "ฟุต"),
}


class CellError(ValueError):
    """A cell cannot be understood; its sentences say what would be."""

    def __init__(self, vi: str, en: str, th: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en
        self.th = th


@dataclass(frozen=True, slots=True)
class CellValue:
    """A cell as it is understood; ``certainty`` is "assumed" where it was read in one of several possible ways."""

    value: Any
    certainty: str = "stated"


def cell_value(field: str, cell: Any) -> CellValue | None:
    """The value of a cell for a field of :mod:`pipeline.sheet_columns`; None when the cell is empty.

    Raises:
        CellError: the cell says something that the field cannot hold.
    """
    if isinstance(cell, str):
        cell = cell.strip()
    if cell is None or cell == "":
        return None
    return _READERS.get(field, _text)(cell)


def as_text(cell: Any) -> str:
    """A cell as its user typed it: 7.0 is 7, a date is its day."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell).strip()


def _text(cell: Any) -> CellValue:
    return CellValue(as_text(cell))


def _rights(cell: Any) -> CellValue:
    """A short name that is known stands for its URI; the cell itself stays in the raw values."""
    return CellValue(statement_of(as_text(cell)))


def _date(cell: Any) -> CellValue:
    text = as_text(cell)
    if _EDTF.fullmatch(text):
        return CellValue(text)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
        # 03/05 is 3 May in Vietnam and Thailand; where both readings are days, that is an assumption and said to be one.
        return CellValue(_day(year, month, day), "assumed" if day <= 12 and day != month else "stated")
    if _ISO.fullmatch(text):
        parts = [int(part) for part in re.split(r"[-/.]", text[:10].split("T")[0].split(" ")[0])]
        return CellValue(_day(*parts) + text[10:].replace(" ", "T") if len(parts) == 3 else "-".join(f"{part:02}" for part in parts))
    raise CellError(
        f"“{text}” không phải là ngày. Ví dụ đúng: 2024-05-03 hoặc 03/05/2024.",
        f"“{text}” is not a date. Write it like 2024-05-03 or 03/05/2024.",
        f"“{text}” ไม่ใช่วันที่ ตัวอย่างที่ถูก: 2024-05-03 หรือ 03/05/2024",
    )


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        text = f"{day}/{month}/{year}"
        raise CellError(f"Không có ngày {text}.", f"There is no day {text}.", f"ไม่มีวันที่ {text}") from error


def _degrees(limit: float) -> Callable[[Any], CellValue]:
    def read(cell: Any) -> CellValue:
        text = as_text(cell).replace(",", ".").rstrip("°")
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not abs(number) <= limit:
            raise CellError(
                f"“{text}” không phải là số từ −{limit:g} đến {limit:g}.",
                f"“{text}” is not a number from −{limit:g} to {limit:g}.",
                f"“{text}” ไม่ใช่ตัวเลขระหว่าง −{limit:g} ถึง {limit:g}",
            )
        return CellValue(number)

    return read


def _choice(table: Mapping[Any, tuple[str, ...]]) -> Callable[[Any], CellValue]:
    def read(cell: Any) -> CellValue:
        text = as_text(cell)
        for value, words in table.items():
            if fold(text) in {fold(word) for word in words}:
                return CellValue(value)
        known = ", ".join(str(value) for value in table)
        raise CellError(
            f"“{text}” không có nghĩa ở đây; hãy chọn: {known}.", f"“{text}” is not one of: {known}.", f"“{text}” ไม่ใช่หนึ่งใน: {known}"
        )

    return read


def _ark(cell: Any) -> CellValue:
    text = as_text(cell)
    if not is_ark(text):
        raise CellError(
            f"“{text}” không phải là mã ARK; hãy chép lại nguyên vẹn.",
            f"“{text}” is not an ARK; copy it whole.",
            f"“{text}” ไม่ใช่รหัส ARK โปรดคัดลอกทั้งหมด",
        )
    return CellValue(text)


def _keywords(cell: Any) -> CellValue:
    return CellValue(tuple(part.strip() for part in re.split(r"[|;]", as_text(cell)) if part.strip()))


_READERS: dict[str, Callable[[Any], CellValue]] = {
    "captured": _date,
    "rights": _rights,
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    "altitude": _degrees(12000),
    "heading": _degrees(360),
    "access": _choice(_LEVELS),
    "location_access": _choice(_LEVELS),
    "nature": _choice(_NATURES),
    "unit": _choice(_UNITS),
    "replaces": _ark,
    "ark": _ark,
    "subject": _keywords,
}
