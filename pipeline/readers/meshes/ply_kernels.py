"""The compiled walk over PLY rows that hold lists, binary and as text."""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, ANN202, D417, PLR0913, PLR0917

import numba
import numpy as np

njit = numba.njit(nogil=True, cache=True)


@njit
def _unsigned(content, at, size, big):
    value = 0
    for k in range(size):
        place = at + k if big else at + size - 1 - k
        value = value * 256 + np.int64(content[place])
    return value


@njit
def walk_binary(content, at, lengths, sizes, big, starts, counts):
    """Where every list of every row begins and how long it is; the byte after the last row, or -1 where the file ends before it.

    Args:
        content: uint8 of the file. at: first byte of the first row.
        lengths: (p,) bytes of a list's length, 0 for a scalar. sizes: (p,) bytes of an item.
        big: whether the highest byte comes first.
        starts, counts: (rows, p) int64, filled; a scalar counts as one item.
    """
    for row in range(len(starts)):
        for k in range(len(sizes)):
            count = 1
            if lengths[k]:
                if at + lengths[k] > len(content):
                    return -1
                count = _unsigned(content, at, lengths[k], big)
                at += lengths[k]
            if count > len(content) or at + count * sizes[k] > len(content):
                return -1
            starts[row, k], counts[row, k] = at, count
            at += count * sizes[k]
    return at


@njit
def walk_text(numbers, at, lengths, starts, counts):
    """The same over a flat list of numbers; the number after the last row, or -1."""
    for row in range(len(starts)):
        for k in range(len(lengths)):
            count = 1
            if lengths[k]:
                if at >= len(numbers) or not 0 <= numbers[at] <= len(numbers):
                    return -1
                count = np.int64(numbers[at])
                at += 1
            if at + count > len(numbers):
                return -1
            starts[row, k], counts[row, k] = at, count
            at += count
    return at


@njit
def gather_binary(content, starts, counts, size, out):
    """Copy the items of lists, ``size`` bytes each, behind one another into ``out`` (uint8)."""
    at = 0
    for row in range(len(starts)):
        for k in range(counts[row] * size):
            out[at] = content[starts[row] + k]
            at += 1


@njit
def gather_text(numbers, starts, counts, out):
    """The same for numbers."""
    at = 0
    for row in range(len(starts)):
        for k in range(counts[row]):
            out[at] = numbers[starts[row] + k]
            at += 1
