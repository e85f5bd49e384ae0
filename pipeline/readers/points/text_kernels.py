"""The compiled loop that turns lines of text into numbers, without trusting a character.

A number is read as mantissa × 10^exponent; up to 15 digits and exponents up to 22 this is the correctly rounded double
(Clinger, "How to read floating point numbers accurately", 1990, fast path), beyond it may differ in the last bit.
"""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, ANN202, C901

import numba
import numpy as np

njit = numba.njit(nogil=True, cache=True)

_POWERS = 10.0 ** np.arange(23)


@njit
def _scaled(mantissa, exponent):
    value = float(mantissa)
    while exponent > 0:
        step = min(exponent, 22)
        value *= _POWERS[step]
        exponent -= step
    while exponent < 0:
        step = min(-exponent, 22)
        value /= _POWERS[step]
        exponent += step
    return value


@njit
def _word(text, start, end):
    """Value of ``nan``, ``inf`` and their signed and capital forms; (value, understood)."""
    sign = 1.0
    if start < end and (text[start] == 45 or text[start] == 43):
        sign = -1.0 if text[start] == 45 else 1.0
        start += 1
    if end - start < 3:
        return 0.0, False
    a, b, c = text[start] | 32, text[start + 1] | 32, text[start + 2] | 32
    if a == 110 and b == 97 and c == 110:
        return np.nan, True
    if a == 105 and b == 110 and c == 102:
        return sign * np.inf, True
    return 0.0, False


@njit
def _exponent(text, i, end):
    """The integer at ``i``: (value clipped to ±400, understood)."""
    negative = False
    if i < end and (text[i] == 45 or text[i] == 43):
        negative = text[i] == 45
        i += 1
    if i == end:
        return 0, False
    value = 0
    while i < end:
        digit = text[i] - 48
        if digit < 0 or digit > 9:
            return 0, False
        value = min(value * 10 + digit, 400)
        i += 1
    return (-value if negative else value), True


@njit
def _number(text, start, end):
    """The number in ``text[start:end]``: (value, understood)."""
    i = start
    negative = False
    if text[i] == 45 or text[i] == 43:
        negative = text[i] == 45
        i += 1
    mantissa, digits, exponent, seen, point = 0, 0, 0, False, False
    while i < end:
        c = np.int64(text[i])
        if 48 <= c <= 57:
            seen = True
            if digits < 18:
                mantissa = mantissa * 10 + (c - 48)
                digits += 1 if mantissa > 0 else 0
                exponent -= 1 if point else 0
            elif not point:
                exponent += 1
        elif c == 46 and not point:
            point = True
        else:
            break
        i += 1
    if not seen:
        return _word(text, start, end)
    if i < end:
        if text[i] | 32 != 101:
            return 0.0, False
        power, fine = _exponent(text, i + 1, end)
        if not fine:
            return 0.0, False
        exponent += power
    value = _scaled(mantissa, max(-400, min(400, exponent)))
    return (-value if negative else value), True


@njit
def _gap(c):
    return c in (32, 9, 44, 59, 13)


@njit
def _row(text, start, end, values):
    """Fill ``values`` from one line; the number of numbers, or -1 when something there is none."""
    width = 0
    i = start
    while True:
        while i < end and _gap(text[i]):
            i += 1
        if i == end:
            return width
        first = i
        while i < end and not _gap(text[i]):
            i += 1
        value, fine = _number(text, first, i)
        if not fine:
            return -1
        if width < len(values):
            values[width] = value
        width += 1


@njit
def parse_rows(text, values, widths):
    """Rows of ``text`` (uint8, ending with a line feed), skipping blank lines and comments; (rows, bytes used)."""
    rows, i, n = 0, 0, len(text)
    while i < n and rows < len(values):
        end = i
        while end < n and text[end] != 10:
            end += 1
        if end == n:
            break
        first = i
        while first < end and _gap(text[first]):
            first += 1
        if first < end and text[first] != 35 and text[first] != 47:
            widths[rows] = _row(text, first, end, values[rows])
            rows += 1
        i = end + 1
    return rows, i
