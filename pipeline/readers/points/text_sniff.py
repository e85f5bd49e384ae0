"""Telling PTX, PTS and XYZ apart by the shape of their first lines, whatever the file is called."""

PTX_SHAPE = [1, 1, 3, 3, 3, 3, 4, 4, 4, 4]
"""Numbers in each line of a PTX scan's head: columns, rows, place, three axes, matrix."""


def _width(line: str) -> int:
    """How many numbers a line has; 0 when a word of it is none."""
    words = line.replace(",", " ").replace(";", " ").split()
    try:
        return len([float(word) for word in words])
    except ValueError:
        return 0


def text_format(head: bytes) -> str:
    """Return "ptx", "pts" or "xyz" for the beginning of a text file of points."""
    lines = [line for line in head.decode("utf-8", "replace").splitlines() if line.strip()]
    widths = [_width(line) for line in lines[:11]]
    if widths[:10] == PTX_SHAPE:
        return "ptx"
    return "pts" if widths[:1] == [1] else "xyz"
