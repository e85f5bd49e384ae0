"""LZF (liblzf), the compression inside binary_compressed PCD files, undone without trusting a byte."""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, C901

import numba
import numpy as np

njit = numba.njit(nogil=True, cache=True)


@njit
def unpack_lzf(packed, out):
    """Undo LZF (liblzf) from ``packed`` into ``out``, both uint8; the number of bytes written, -1 when it is damaged."""
    i, o = 0, 0
    while i < len(packed):
        control = np.int64(packed[i])
        i += 1
        if control < 32:
            control += 1
            if o + control > len(out) or i + control > len(packed):
                return -1
            out[o : o + control] = packed[i : i + control]
            i += control
            o += control
            continue
        length = control >> 5
        if length == 7:
            if i >= len(packed):
                return -1
            length += np.int64(packed[i])
            i += 1
        if i >= len(packed):
            return -1
        source = o - ((control & 31) << 8) - np.int64(packed[i]) - 1
        i += 1
        length += 2
        if source < 0 or o + length > len(out):
            return -1
        for _ in range(length):
            out[o] = out[source]
            o += 1
            source += 1
    return o
