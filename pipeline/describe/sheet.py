"""The deposit's spreadsheet: each row describes one file, so the asset that the file belongs to.

File cells are matched exactly, then loosely (NFC, case, blanks, file name alone where only one file has it); what is not found is a
finding that names the cell and what was probably meant.
"""

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from archive.findings import Finding
from archive.records.asset import SourcedValue
from pipeline.describe.words import SHEET_COLUMN, SHEET_PROBLEM
from pipeline.sheet_columns import field_of
from pipeline.sheet_rows import Rows
from pipeline.sheet_values import CellError, as_text, cell_value
from pipeline.sip import Description


class FileNames:
    """The deposit's files, found by what an officer types."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = sorted(paths)
        self._exact = set(self._paths)
        self._loose: dict[str, list[str]] = defaultdict(list)
        for path in self._paths:
            for name in {_loose(path), _loose(path.rpartition("/")[2]), _loose(path.rpartition("/")[2].rpartition(".")[0])} - {""}:
                self._loose[name].append(path)

    def find(self, typed: str) -> str:
        """The one deposit path that is meant.

        Raises:
            CellError: none or several; says which come close.
        """
        if typed in self._exact:
            return typed
        found = self._loose.get(_loose(typed), [])
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(found[:3])
            raise CellError(
                f"“{typed}” có thể là nhiều tệp ({several}); hãy ghi cả thư mục.",
                f"“{typed}” could be several files ({several}); write the folder too.",
                f"“{typed}” อาจหมายถึงหลายไฟล์ ({several}) โปรดระบุโฟลเดอร์ด้วย",
            )
        close = difflib.get_close_matches(_loose(typed), self._loose, n=1)
        meant = self._loose[close[0]][0] if close else "–"
        raise CellError(
            f"không có tệp “{typed}” trong thư mục (gần giống: {meant}).",
            f"there is no file “{typed}” in the folder (closest: {meant}).",
            f"ไม่มีไฟล์ “{typed}” ในโฟลเดอร์ (ใกล้เคียงที่สุด: {meant})",
        )


def describe_rows(sheet: str, rows: Rows, names: FileNames) -> tuple[tuple[Description, ...], tuple[Finding, ...]]:
    """One description per row that names a file; ``sheet`` is the deposit path of the spreadsheet."""
    fields = [field_of(heading) for heading in rows.headings]
    if "file" not in fields:
        return (), ()
    descriptions: list[Description] = []
    findings = _unknown_columns(sheet, rows, fields)
    described: dict[str, int] = {}
    for number, row in enumerate(rows.rows, start=2):
        typed = as_text(row[fields.index("file")]) if len(row) > fields.index("file") else ""
        if not typed:
            continue
        try:
            path = names.find(typed)
            _refuse_second_row(path, number, described)
        except CellError as error:
            findings.append(problem(sheet, cell_name(fields.index("file"), number), error))
            continue
        raw = {heading: as_text(cell) for heading, cell in zip(rows.headings, row, strict=False)}
        values = dict(_values(sheet, number, zip(fields, row, strict=False), findings))
        descriptions.append(Description("sheet", path, raw, values))
    return tuple(descriptions), tuple(findings)


def _unknown_columns(sheet: str, rows: Rows, fields: list[str]) -> list[Finding]:
    filled = {column for row in rows.rows for column, cell in enumerate(row) if as_text(cell)}
    return [
        SHEET_COLUMN.finding(sheet, cell_name(column, 1), sheet=sheet, heading=heading)
        for column, (heading, field) in enumerate(zip(rows.headings, fields, strict=True))
        if not field and column in filled
    ]


def _refuse_second_row(path: str, number: int, described: dict[str, int]) -> None:
    """Two rows about one file would be two truths: the first is taken.

    Raises:
        CellError: an earlier row describes this file.
    """
    first = described.setdefault(path, number)
    if first != number:
        raise CellError(
            f"tệp “{path}” đã được mô tả ở dòng {first}; dòng này không được dùng.",
            f"the file “{path}” is described in row {first} already; this row is not used.",
            f"ไฟล์ “{path}” มีคำอธิบายในแถว {first} แล้ว จึงไม่ใช้แถวนี้",
        )


def problem(sheet: str, cell: str, error: CellError) -> Finding:
    """The finding of a cell that could not be understood."""
    return SHEET_PROBLEM.finding(sheet, cell, sheet=sheet, cell=cell, vi_reason=error.vi, en_reason=error.en, th_reason=error.th)


def cell_name(column: int, row: int) -> str:
    """The address of a cell as spreadsheets show it; columns count from 0, rows from 1."""
    letters = ""
    column += 1
    while column:
        column, remainder = divmod(column - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return f"{letters}{row}"


def _values(sheet: str, row: int, cells: Iterable[tuple[str, object]], findings: list[Finding]) -> Iterator[tuple[str, SourcedValue]]:
    for column, (field, cell) in enumerate(cells):
        if not field or field == "file":
            continue
        address = cell_name(column, row)
        try:
            value = cell_value(field, cell)
        except CellError as error:
            findings.append(problem(sheet, address, error))
            continue
        if value is not None:
            yield field, SourcedValue(value.value, f"sheet:{sheet}!{address}", value.certainty)


def _loose(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\\", "/").strip()).casefold()
