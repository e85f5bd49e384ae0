"""Read the rows of a spreadsheet in a parser worker: XLSX, XLS, ODS through calamine, CSV and TSV by the standard library."""

import csv
import io
import unicodedata
from dataclasses import dataclass
from typing import Any, BinaryIO

from archive.errors import UnreadableError
from pipeline.worker_process import WorkerInput

TASK = "pipeline.sheet_rows:read"
MOST_ROWS = 100_000
MOST_BYTES = 64 * 2**20
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Rows:
    """The first sheet with its headings; ``encoding`` is how a text table was read ("cp1258" is a guess)."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    encoding: str = ""


def read(source: WorkerInput) -> Rows:
    """All rows of the first sheet; cells are text, numbers, booleans or dates.

    Raises:
        UnreadableError: not a table, or a monstrous one.
    """
    head = source.stream.read(4)
    source.stream.seek(0)
    table, encoding = (_workbook(source.stream), "") if head in _WORKBOOKS else _text_table(source.stream)
    if not table:
        raise UnreadableError("The sheet is empty.")
    return Rows(tuple(str(cell).strip() for cell in table[0]), tuple(table[1:]), encoding)


def _workbook(stream: BinaryIO) -> list[tuple[Any, ...]]:
    import python_calamine

    try:
        rows = python_calamine.CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python(nrows=MOST_ROWS)
    except Exception as error:
        raise UnreadableError(f"The workbook cannot be read: {error}") from error
    return [tuple(row) for row in rows]


def _text_table(stream: BinaryIO) -> tuple[list[tuple[Any, ...]], str]:
    content = stream.read(MOST_BYTES)
    text, encoding = _decoded(content)
    delimiter = max(",;\t|", key=text.split("\n", 1)[0].count)
    try:
        rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise UnreadableError(f"The table cannot be read: {error}") from error
    return rows[:MOST_ROWS], encoding


def _decoded(content: bytes) -> tuple[str, str]:
    guesses = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1258")
    for encoding in guesses:
        try:
            # The code page has letters and tones apart; the record has them together.
            return unicodedata.normalize("NFC", content.decode(encoding)) if encoding == "cp1258" else content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableError("The text of the table is in no known encoding; save it as UTF-8.")
