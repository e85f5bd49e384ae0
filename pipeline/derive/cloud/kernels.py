"""The inner loops of colouring, compiled: sRGB to linear light in eight bits, and ramps."""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201

import numba
import numpy as np

njit = numba.njit(nogil=True, cache=True, boundscheck=False)


@njit
def linear_colours(rgb, fold, table, out):
    """Colours (n, 3) from uint16 sRGB to packed linear RGB8: ``table`` (256,) is linear light × 65535.

    Dark tones are few in eight linear bits, so below an eighth they are dithered by a hash of the point's place in the stream.
    """
    for i in range(len(rgb)):
        noise = (np.int64(i) * 2654435761 + 12345) & 0xFFFFFFFF
        packed = np.int64(0)
        for k in range(3):
            light = np.int64(table[min(np.int64(rgb[i, k]) >> fold, 255)])
            noise = (noise * 1664525 + 1013904223) & 0xFFFFFFFF
            extra = (noise >> 24) if light < 8192 else 128
            packed |= min((light + extra) >> 8, 255) << (8 * k)
        out[i] = np.uint32(packed)


@njit
def ramp_colours(values, low, high, table, out):
    """Packed linear RGB8 from a ramp ``table`` (m, 3) uint8 by where ``values`` stand between low and high."""
    last = len(table) - 1
    factor = last / max(1.0, np.float64(high) - np.float64(low))
    for i in range(len(values)):
        place = int(min(max((np.float64(values[i]) - low) * factor, 0.0), last))
        out[i] = np.uint32(np.int64(table[place, 0]) | (np.int64(table[place, 1]) << 8) | (np.int64(table[place, 2]) << 16))
