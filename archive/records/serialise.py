r"""Records to canonical JSON and back, for every frozen record type alike.

Canonical: keys sorted, UTF-8, two spaces of indent, a final line feed; every field is written, also those at their default.
The same record is the same bytes on every machine. Bytes of a path that are not UTF-8 stand as surrogate escapes in the text and as
``\udcXX`` in the JSON, which every JSON reader takes. Events have the names of the PREMIS 3 data dictionary on disk.

Reading is strict: a field that the record does not know, a missing field without default or a value of another kind is an
error, and a record with a newer ``schema`` than this Ditich knows is refused by its number.
"""

import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from archive.errors import RecordError
from archive.records.events import Event

Record = TypeVar("Record")
_Reader = Callable[[Any, str], Any]

PREMIS_NAMES = {
    "identifier": "eventIdentifier",
    "type": "eventType",
    "when": "eventDateTime",
    "outcome": "eventOutcome",
    "agents": "linkingAgentIdentifier",
    "objects": "linkingObjectIdentifier",
    "detail": "eventDetail",
    "extra": "eventDetailExtension",
}


def to_json(record: object) -> bytes:
    """The record as canonical JSON, for a file of its own.

    Raises:
        RecordError: a value has no place in JSON (NaN, a set …).
    """
    return _dump(record, indent=2)


def to_line(record: object) -> bytes:
    """The record as one line of JSON, canonical too, ending in a line feed: for ``events.jsonl`` and the ledger."""
    return _dump(record, indent=None)


def from_json(cls: type[Record], content: bytes) -> Record:
    """The record that these bytes hold.

    Raises:
        RecordError: not JSON, not this record, or written by a newer Ditich.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"A {cls.__name__} record is not readable JSON.", detail=str(error)) from error
    return from_values(cls, found)


def from_values(cls: type[Record], found: object) -> Record:
    """The record in plain values, as a JSON or TOML reader returns them.

    Raises:
        RecordError: not this record, or written by a newer Ditich.
    """
    kind: Any = cls
    record: Record = _reader(kind)(found, cls.__name__)
    return record


def plain(value: object) -> Any:
    """The value in dicts, lists, text and numbers."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [plain(member) for member in value]
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if is_dataclass(value):
        return {name: plain(getattr(value, field)) for field, name in _names_of(value)}
    if isinstance(value, date):
        return value.isoformat()
    raise RecordError(f"A record holds a {type(value).__name__}, which JSON cannot.", detail=repr(value)[:200])


def _dump(record: object, *, indent: int | None) -> bytes:
    separators = (",", ":") if indent is None else None
    try:
        text = json.dumps(plain(record), sort_keys=True, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    except (ValueError, TypeError) as error:
        raise RecordError("A record holds a value that JSON cannot.", detail=str(error)) from error
    return f"{text}\n".encode("utf-8", "backslashreplace")


def _names_of(record: object) -> tuple[tuple[str, str], ...]:
    kind: Any = type(record)
    return _names(kind)


@cache
def _names(cls: Any) -> tuple[tuple[str, str], ...]:
    """(field, name on disk) of a record type."""
    renamed = PREMIS_NAMES if cls is Event else {}
    return tuple((field.name, renamed.get(field.name, field.name)) for field in fields(cls))


@cache
def _reader(kind: Any) -> _Reader:
    """A function that turns plain values into that type; made once for each."""
    if kind is Any or kind is object:
        return lambda value, _where: value
    if is_dataclass(kind):
        return _record_reader(typing.cast("type[Any]", kind))
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple_reader(get_args(kind))
    if origin is dict:
        return _mapping_reader(get_args(kind)[1])
    if origin in {types.UnionType, typing.Union}:
        return _optional_reader(get_args(kind))
    return _scalar_reader(kind)


def _record_reader(cls: type[Any]) -> _Reader:
    hints = get_type_hints(cls)
    kind: Any = cls
    readers = {name: (field, _reader(hints[field])) for field, name in _names(kind)}
    known = next((field.default for field in fields(cls) if field.name == "schema"), None)
    required = {field.name for field in fields(cls) if field.default is MISSING and field.default_factory is MISSING}

    def read(found: Any, where: str) -> Any:
        if not isinstance(found, Mapping):
            raise _refused(where, "an object", found)
        _refuse_newer(cls, found.get("schema", known), known)
        values = {}
        for name, value in found.items():
            if name not in readers:
                raise RecordError(f"{where} has a field “{name}” that this Ditich does not know.")
            field, reader = readers[name]
            values[field] = reader(value, f"{where}.{name}")
        missing = required - values.keys()
        if missing:
            raise RecordError(f"{where} lacks {', '.join(sorted(missing))}.")
        return cls(**values)

    return read


def _refuse_newer(cls: type[Any], schema: object, known: object) -> None:
    if isinstance(known, int) and isinstance(schema, int) and schema > known:
        raise RecordError(
            f"This {cls.__name__} record has schema {schema}; this Ditich knows up to {known}.",
            advice="It was written by a newer Ditich: update this one.",
        )


def _tuple_reader(members: tuple[Any, ...]) -> _Reader:
    endless = len(members) == 2 and members[1] is Ellipsis

    def read(found: Any, where: str) -> Any:
        if not isinstance(found, list) or (not endless and len(found) != len(members)):
            raise _refused(where, "a list" if endless else f"a list of {len(members)}", found)
        kinds = (members[0] for _ in found) if endless else iter(members)
        return tuple(_reader(kind)(value, f"{where}[{index}]") for index, (kind, value) in enumerate(zip(kinds, found, strict=True)))

    return read


def _mapping_reader(member: Any) -> _Reader:
    def read(found: Any, where: str) -> Any:
        if not isinstance(found, Mapping):
            raise _refused(where, "an object", found)
        return {name: _reader(member)(value, f"{where}.{name}") for name, value in found.items()}

    return read


def _optional_reader(members: tuple[Any, ...]) -> _Reader:
    kind = next(member for member in members if member is not types.NoneType)
    return lambda value, where: None if value is None else _reader(kind)(value, where)


def _scalar_reader(kind: Any) -> _Reader:
    def read(found: Any, where: str) -> Any:
        try:
            return _scalar(kind, found)
        except ValueError as error:
            raise _refused(where, kind.__name__, found) from error

    return read


def _scalar(kind: type[Any], found: object) -> object:
    if issubclass(kind, Enum):
        return kind(found)
    if kind is date and isinstance(found, str):
        return date.fromisoformat(found)
    if kind is float and isinstance(found, int | float) and not isinstance(found, bool):
        return float(found)
    if type(found) is kind:
        return found
    raise ValueError(kind)


def _refused(where: str, wanted: str, found: object) -> RecordError:
    return RecordError(f"{where} should be {wanted}.", detail=f"got {found!r}"[:200])
