"""Whatever a reader gives, as JSON values that can be kept: nothing is lost silently, nothing is unbounded."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

LONGEST_BYTES = 256
LONGEST_TEXT = 20_000
LONGEST_LIST = 4096
_DEEPEST = 12


def json_value(value: Any, depth: int = 0) -> Any:
    """The value as JSON: bytes as ``{"hex", "bytes"}`` (cut, with their whole length), ratios as "n/d", NaN and infinities as null."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        content = bytes(value)
        return {"hex": content[:LONGEST_BYTES].hex(), "bytes": len(content)}
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return _compound(value, depth)


def _compound(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return _text(repr(value)[:LONGEST_TEXT])
    if isinstance(value, Mapping):
        return {_text(str(key)): json_value(one, depth + 1) for key, one in list(value.items())[:LONGEST_LIST]}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(one, depth + 1) for one in list(value)[:LONGEST_LIST]]
    return _text(str(value))


def _text(text: str) -> str:
    """Without lone surrogates, which JSON in UTF-8 cannot hold, and cut."""
    return text[:LONGEST_TEXT].encode("utf-8", "backslashreplace").decode("utf-8")
