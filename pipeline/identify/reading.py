"""One visit of a file to a parser worker: its format, the files it names, and the headings if it is a spreadsheet."""

import csv
import io
from dataclasses import dataclass
from typing import BinaryIO

from archive.errors import UnreadableError
from archive.records.asset import FormatVerdict
from pipeline.identify import identify_file, references
from pipeline.worker_process import WorkerInput

_TEXT_SHEETS = frozenset({"csv", "tsv", "text", "txt"})
_BINARY_SHEETS = frozenset({"xlsx", "ods", "xls"})
_SHEET_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".xls")
_HEAD = 65536


@dataclass(frozen=True, slots=True)
class Reading:
    """What the visit found. ``trouble`` says why the references or the headings could not be read."""

    verdict: FormatVerdict
    references: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    trouble: str = ""


def read(source: WorkerInput) -> Reading:
    """Identify, then read what grouping needs."""
    verdict = identify_file(source.stream, source.name, source.size)
    try:
        source.stream.seek(0)
        if verdict.name in references.FORMATS_WITH_REFERENCES or verdict.name.startswith("ply"):
            return Reading(verdict, references.read(source, name=verdict.name.partition("-")[0]))
        return Reading(verdict, headings=_headings(verdict.name, source))
    except UnreadableError as error:
        return Reading(verdict, trouble=str(error))


def _headings(name: str, source: WorkerInput) -> tuple[str, ...]:
    if not source.name.lower().endswith(_SHEET_ENDINGS):
        return ()
    if name in _TEXT_SHEETS:
        return first_row(source.stream.read(_HEAD))
    return _first_row_of_workbook(source.stream) if name in _BINARY_SHEETS else ()


def first_row(head: bytes) -> tuple[str, ...]:
    """The cells of a text table's first line, whatever separates them."""
    line = _first_line(head).strip("\r")
    delimiter = max(",;\t|", key=line.count)
    return tuple(cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=delimiter), ()))


def _first_line(head: bytes) -> str:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace").split("\n", 1)[0]
    line = head.split(b"\n", 1)[0]
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1258", "replace")  # what older Vietnamese office programs write


def _first_row_of_workbook(stream: BinaryIO) -> tuple[str, ...]:
    import python_calamine

    try:
        rows = python_calamine.CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python(nrows=1)
    except Exception as error:  # calamine has no common base for its errors
        raise UnreadableError(f"The workbook cannot be read: {error}") from error
    return tuple(str(cell).strip() for cell in rows[0]) if rows else ()
