"""JSON as the specification wants it: RFC 8259 in UTF-8, without a byte order mark, NaN, or names that occur twice."""

import gc
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

_SHOWN = 200
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


class NotJsonError(ValueError):
    """The bytes are no JSON that everybody reads alike."""


class Repeated(dict[str, Any]):
    """A JSON object in which names occur more than once: a reader keeps one of the values, and nobody knows which."""

    twice: tuple[str, ...] = ()


@dataclass(slots=True)
class JsonText:
    """A JSON value and what was odd about its text.

    Attributes:
        value: objects are dicts, numbers are floats (no number is allowed in an inventory, so none has to be exact).
        twice: names that occur more than once in the same object.
    """

    value: Any
    twice: list[str] = field(default_factory=list)


def parse_json(content: bytes) -> JsonText:
    """Read JSON.

    Raises:
        NotJsonError: not UTF-8, not JSON, too deep, half a character, or a number that JSON does not have.
    """
    twice: list[str] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        repeated = Repeated(found)
        repeated.twice = tuple(name for name, times in Counter(name for name, _value in pairs).items() if times > 1)
        twice.extend(repeated.twice)
        return repeated

    try:
        with _without_collector():
            value = json.loads(content.decode(), object_pairs_hook=collect, parse_constant=_refuse, parse_int=float)
        if _HALF_CHARACTER.search(content):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotJsonError(f"{type(error).__name__}: {str(error)[:200]}") from error
    return JsonText(value, twice)


def _refuse(constant: str) -> NoReturn:
    raise NotJsonError(f"{constant} is no number of JSON")


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep Python from walking again and again through what is being read: a JSON value has no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def shown(value: Any) -> str:
    """A JSON value for a detail: texts as they are, shortened; of everything else its kind, for it may be deep."""
    if isinstance(value, str):
        return f"{value[:_SHOWN]!r}{'…' if len(value) > _SHOWN else ''}"
    kinds = {dict: "a JSON object", Repeated: "a JSON object", list: "an array", float: "a number", bool: "true or false"}
    return kinds.get(type(value), "null")
