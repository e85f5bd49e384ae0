"""Reads and writes resources as JSON. Nothing is lost: a property of another shape than the model's stays where ``extra`` keeps it.

Writing what was read gives the same document, whatever it held.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from archive.errors import RecordError
from pipeline.publish.presentation.model import KINDS, Content, Pair, Resource

_PLAIN = frozenset(
    {
        "context", "type", "id", "rights", "behavior", "viewing_direction", "nav_date", "motivation",
        "height", "width", "duration", "format", "language", "value", "profile",
    }
)  # fmt: skip
_LISTS = frozenset({"items", "structures", "services"})


def read(content: bytes) -> Resource:
    """A Collection, Manifest, AnnotationPage or any other resource of Presentation 3.

    Raises:
        RecordError: the bytes are no JSON document, or it is none of Presentation 3.
    """
    try:
        document = json.loads(content)
    except ValueError as error:
        raise RecordError("This is no IIIF manifest: it is not JSON.", advice="Ask for the manifest's own address.") from error
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        raise RecordError("This is no IIIF Presentation 3 document.", advice="Version 2 and other documents are not read.")
    return resource_of(document)


def write(resource: Resource) -> bytes:
    """The document in one line: spread over many it takes ten times as long to write."""
    return json.dumps(json_of(resource), ensure_ascii=False).encode() + b"\n"


def resource_of(document: Mapping[str, Any]) -> Resource:
    """The resource of a JSON value that has a type, as the model that fits."""
    kind = KINDS.get(str(document.get("type")), Content)
    known: dict[str, Any] = {}
    extra: dict[str, Any] = dict(document)
    for attribute, name in _PROPERTIES[kind.__name__]:
        if name in document:
            value = _read(attribute, document[name])
            if value is not None:
                known[attribute] = value
                del extra[name]
    return kind(**{"type": "", **known, "extra": extra})


def json_of(resource: Resource) -> dict[str, Any]:
    """The resource as JSON values; absent properties are left out."""
    document: dict[str, Any] = {}
    for attribute, name in _PROPERTIES[type(resource).__name__]:
        value = getattr(resource, attribute)
        if value is not None and not (value == "" and name in {"id", "type"}):
            document[name] = _written(value)
    return document | dict(resource.extra)


def _properties(kind: type[Resource]) -> tuple[tuple[str, str], ...]:
    """(attribute, name in JSON): the context first, then the identity, then the rest, what is contained last."""
    early = ("context", "id", "type")
    late = ("items", "structures", "annotations", "body", "target")
    names = [each.name for each in fields(kind) if each.name not in {"extra", *early, *late}]
    own = {each.name for each in fields(kind)}
    return tuple((name, _name(name)) for name in (*early, *names, *late) if name in own)


def _name(attribute: str) -> str:
    first, *rest = attribute.split("_")
    return "@context" if attribute == "context" else first + "".join(part.capitalize() for part in rest)


def _read(attribute: str, value: Any) -> Any:
    """The property as the model holds it; None where it has another shape."""
    if attribute in _PLAIN:
        return _plain(value)
    if attribute in _LISTS and not _is_list_of(dict, value):
        return None
    return _RULES.get(attribute, _resources)(value)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value) if _is_list_of(str, value) else None
    return value if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _words(value: Any) -> Any:
    if not isinstance(value, dict) or not all(_is_list_of(str, said) for said in value.values()):
        return None
    return {language: tuple(said) for language, said in value.items()}


def _is_list_of(kind: type, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, kind) for part in value)


def _pairs(value: Any) -> Any:
    if isinstance(value, list):
        found = [_pair(each) for each in value]
        return tuple(found) if all(found) else None
    return _pair(value)


def _pair(value: Any) -> Pair | None:
    if not isinstance(value, dict) or set(value) != {"label", "value"}:
        return None
    label, said = _words(value["label"]), _words(value["value"])
    return None if label is None or said is None else Pair(label, said)


def _resources(value: Any) -> Any:
    if isinstance(value, list):
        fits = all(isinstance(each, dict | str) for each in value)
        return tuple(resource_of(each) if isinstance(each, dict) else each for each in value) if fits else None
    if isinstance(value, dict):
        return resource_of(value)
    return value if isinstance(value, str) else None


def _written(value: Any) -> Any:
    if isinstance(value, Resource):
        return json_of(value)
    if isinstance(value, Pair):
        return {"label": _written(value.label), "value": _written(value.value)}
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items()}
    return [_written(each) for each in value] if isinstance(value, tuple) else value


_RULES = {"label": _words, "summary": _words, "metadata": _pairs, "required_statement": _pair}
_KINDS: tuple[type[Resource], ...] = (Content, *KINDS.values())
_PROPERTIES = {kind.__name__: _properties(kind) for kind in _KINDS}
