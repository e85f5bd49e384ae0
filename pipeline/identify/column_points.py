"""Points as columns of text: PTX (Leica, with the scanner's place), PTS (a count first), XYZ (nothing but numbers).

None of them has a signature: the shape of the first lines decides, and for XYZ the ending must agree unless there are many rows.
"""

from pipeline.identify.format import Format, Recognised, Sample

_ROWS_LOOKED_AT = 50
_FEW = 8
_PTX_HEADER = (1, 1, 3, 3, 3, 3, 4, 4, 4, 4)
_ENDINGS_OF_XYZ = {"xyz", "asc", "xyzrgb", "xyzn", "pts", "txt", "csv", "neu"}
_SURE_ENDINGS = {"xyz", "asc", "xyzrgb", "xyzn"}


def recognise(sample: Sample) -> Recognised | None:
    """PTX before PTS before XYZ: each is stricter than the next."""
    rows = [numbers(line) for line in sample.lines[: _ROWS_LOOKED_AT + len(_PTX_HEADER)]]
    if not rows:
        return None
    return _ptx(rows) or _pts(rows) or _xyz(rows, sample)


def numbers(line: str) -> tuple[float, ...] | None:
    """The numbers of a line separated by blanks, commas or semicolons; None where a word is none of them."""
    parts = line.replace(",", " ").replace(";", " ").split()
    try:
        return tuple(float(part) for part in parts)
    except ValueError:
        return None


def _ptx(rows: list[tuple[float, ...] | None]) -> Recognised | None:
    shape = tuple(len(row) if row else 0 for row in rows[:10])
    if shape != _PTX_HEADER or not _is_count(rows[0]) or not _is_count(rows[1]) or not rows[9] or rows[9][3] != 1:
        return None
    columns = {len(row) for row in rows[10:] if row}
    if columns - {3, 4, 7}:
        return None
    return Recognised(
        "ptx", f"PTX header: {rows[0][0]:.0f} columns x {rows[1][0]:.0f} rows, scanner place, matrix" if rows[0] and rows[1] else ""
    )


def _pts(rows: list[tuple[float, ...] | None]) -> Recognised | None:
    first, body = rows[0], [row for row in rows[1:] if row != ()]
    if not _is_count(first) or not body or not first:
        return None
    columns = len(body[0] or ())
    if columns not in {3, 4, 6, 7} or any(row is None or len(row) != columns for row in body):
        return None
    return Recognised("pts", f"a count of {first[0]:.0f}, then rows of {columns} numbers")


def _xyz(rows: list[tuple[float, ...] | None], sample: Sample) -> Recognised | None:
    commented = [row for row, line in zip(rows, sample.lines, strict=False) if not line.startswith(("#", "//")) and row != ()]
    # One line of column names may stand first.
    body = commented[1:] if commented and commented[0] is None else commented
    columns = len(body[0] or ()) if body else 0
    if not 3 <= columns <= 12 or any(row is None or len(row) != columns for row in body):
        return None
    if sample.ending not in _ENDINGS_OF_XYZ or (len(body) < _FEW and sample.ending not in _SURE_ENDINGS):
        return None
    return Recognised("xyz", f"rows of {columns} numbers and the ending .{sample.ending}")


def _is_count(row: tuple[float, ...] | None) -> bool:
    return row is not None and len(row) == 1 and row[0] == row[0] // 1 and 0 <= row[0] < 1e12


FORMAT = Format({"ptx": ("text/x-ptx", "PTX"), "pts": ("text/x-pts", "PTS"), "xyz": ("text/x-xyz", "")}, recognise)
