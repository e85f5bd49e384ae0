"""The compiled loops that read Wavefront OBJ: first how much of everything there is, then the numbers."""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, ANN202, D417, PLR0913, PLR0917

import numba
import numpy as np

from pipeline.readers.points.text_kernels import _number

njit = numba.njit(nogil=True, cache=True)

PLACE, COORDINATE, NORMAL, FACE, MATERIAL = 0, 1, 2, 3, 4
MOST_PER_CORNER = 3


@njit
def _blank(c):
    return c in (32, 9, 13)


@njit
def _line_end(text, i):
    while i < len(text) and text[i] != 10:
        i += 1
    return i


@njit
def _statement(text, i, end):
    """What a line states (-1: nothing of interest) and where its arguments begin."""
    while i < end and _blank(text[i]):
        i += 1
    first = i
    while i < end and not _blank(text[i]):
        i += 1
    size = i - first
    if size == 1 and text[first] == 118:
        return PLACE, i
    if size == 1 and text[first] == 102:
        return FACE, i
    if size == 2 and text[first] == 118 and text[first + 1] == 116:
        return COORDINATE, i
    if size == 2 and text[first] == 118 and text[first + 1] == 110:
        return NORMAL, i
    if size == 6 and text[first] == 117 and text[first + 1] == 115 and text[first + 3] == 109:
        return MATERIAL, i
    return -1, i


@njit
def _next_word(text, i, end):
    while i < end and _blank(text[i]):
        i += 1
    first = i
    while i < end and not _blank(text[i]):
        i += 1
    return first, i


@njit
def count_statements(text):
    """Numbers (6,) of places, texture coordinates, normals, faces, material changes, and corners of faces."""
    counts = np.zeros(6, np.int64)
    i = 0
    while i < len(text):
        end = _line_end(text, i)
        kind, at = _statement(text, i, end)
        if kind >= 0:
            counts[kind] += 1
        if kind == FACE:
            first, at = _next_word(text, at, end)
            while first < at:
                counts[5] += 1
                first, at = _next_word(text, at, end)
        i = end + 1
    return counts


@njit
def _fill(text, i, end, row):
    """Numbers of a line into ``row``; how many there are, not-a-number where something is none."""
    width = 0
    first, at = _next_word(text, i, end)
    while first < at:
        if width < len(row):
            value, fine = _number(text, first, at)
            row[width] = value if fine else np.nan
        width += 1
        first, at = _next_word(text, at, end)
    return width


@njit
def _corner(text, i, end, known, corner):
    """One ``v/vt/vn``: indices from 0, -1 where nothing stands, -2 where it is not one that exists (yet or at all)."""
    slot = 0
    corner[0], corner[1], corner[2] = -1, -1, -1
    while slot < MOST_PER_CORNER and i <= end:
        negative, value, digits = False, 0, 0
        if i < end and text[i] == 45:
            negative = True
            i += 1
        while i < end and 48 <= text[i] <= 57 and digits < 12:
            value = value * 10 + (np.int64(text[i]) - 48)
            digits += 1
            i += 1
        if digits:
            corner[slot] = known[slot] - value if negative else value - 1
            if corner[slot] < 0 or value == 0:
                corner[slot] = -2
        if i < end and text[i] != 47:
            corner[slot] = -2
            return
        slot += 1
        i += 1


@njit
def fill_statements(text, places, coordinates, normals, corners, sizes, materials, changes, widths):
    """Fill what ``count_statements`` counted.

    Args:
        text: uint8 of the whole file.
        places: (v, 7) float64: x y z and what stands behind (colour, or weight). widths: (v,) how many numbers there were.
        coordinates: (vt, 2). normals: (vn, 3).
        corners: (c, 3) int64 indices of place, coordinate, normal. sizes: (f,) corners of each face.
        materials: (f,) how many material changes stand before each face. changes: (m, 2) first and last byte of their names.
    """
    known = np.zeros(3, np.int64)
    face, corner, change = 0, 0, 0
    i = 0
    while i < len(text):
        end = _line_end(text, i)
        kind, at = _statement(text, i, end)
        if kind == PLACE:
            widths[known[0]] = _fill(text, at, end, places[known[0]])
            known[0] += 1
        elif kind == COORDINATE:
            _fill(text, at, end, coordinates[known[1]])
            known[1] += 1
        elif kind == NORMAL:
            _fill(text, at, end, normals[known[2]])
            known[2] += 1
        elif kind == MATERIAL:
            changes[change, 0], changes[change, 1] = at, end
            change += 1
        elif kind == FACE:
            materials[face] = change
            first, at = _next_word(text, at, end)
            while first < at:
                _corner(text, first, at, known, corners[corner])
                corner += 1
                sizes[face] += 1
                first, at = _next_word(text, at, end)
            face += 1
        i = end + 1
