"""``annotations.json``: a W3C AnnotationPage (https://www.w3.org/TR/annotation-model/) as the standard writes it.

Of the standard's many ways those are read that say what our records can hold: textual bodies by language (purpose ``identifying`` for the
name, ``describing`` for the words), targets that are assets (by ARK, or by the file name they were delivered under), and selectors
``FragmentSelector`` (``xywh=`` on a picture, ``v=yaw,pitch`` on a panorama) and ``PointSelector`` (x, y on a picture, x, y, z on a model).
Anything else is refused by name, so that nothing written is lost without a word. Ours are ``dcterms:source``, ``ditich:certainty`` and
``ditich:position``.
"""

import json
import re
from collections import Counter
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.text import Language, LocalText
from pipeline.site_definition.faults import SiteFaultError, wrong_fields
from pipeline.site_definition.toml_model import reference

NAME = "annotations.json"
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MOST = 2000
_ID = re.compile(r"(?:.*[#/])?([a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?)")
_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_PERCENT = re.compile(rf"xywh=percent:{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}")
_PIXELS = re.compile(rf"xywh=(?:pixel:)?{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}")
_DIRECTION = re.compile(rf"v={_NUMBER},{_NUMBER}(?:,{_NUMBER})?")
_PURPOSES = ("identifying", "describing")
Motivation = Literal["describing", "commenting", "identifying", "classifying", "highlighting", "linking", "tagging"]


class _Part(BaseModel):
    """A part of the page: unknown members are refused, so that nothing is lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True)


class _Body(_Part):
    type: Literal["TextualBody"]
    value: str
    language: Language
    purpose: Literal["identifying", "describing"] = "describing"
    format: Literal["text/plain"] = "text/plain"


class _FragmentSelector(_Part):
    type: Literal["FragmentSelector"]
    value: str
    conforms_to: Annotated[str, Field(alias="conformsTo")] = ""

    def place(self) -> tuple[SelectorKind, tuple[float, ...]]:
        """What the fragment points at.

        Raises:
            ValueError: a fragment of another kind, or a region outside the picture.
        """
        if match := _PERCENT.fullmatch(self.value):
            x, y, width, height = (float(number) / 100 for number in match.groups())
            if min(x, y) < 0 or min(width, height) <= 0 or max(x + width, y + height) > 1 + 1e-9:
                raise ValueError(f"“{self.value}” lies outside the picture")
            return SelectorKind.REGION, (x, y, width, height)
        if match := _PIXELS.fullmatch(self.value):
            return SelectorKind.PIXELS, tuple(map(float, match.groups()))
        if match := _DIRECTION.fullmatch(self.value):
            return SelectorKind.DIRECTION, _direction(float(match[1]), float(match[2]))
        raise ValueError(f"“{self.value}” is none of xywh=percent:x,y,w,h · xywh=x,y,w,h · v=yaw,pitch")


def _direction(yaw: float, pitch: float) -> tuple[float, float]:
    if not (-90 <= pitch <= 90 and -360 <= yaw <= 360):
        raise ValueError("a yaw lies between -360 and 360, a pitch between -90 and 90")
    return yaw, pitch


class _PointSelector(_Part):
    type: Literal["PointSelector"]
    x: float
    y: float
    z: float | None = None

    def place(self) -> tuple[SelectorKind, tuple[float, ...]]:
        """A point of a picture (x, y in pixels) or of a model (x, y, z)."""
        if self.z is None:
            return SelectorKind.PIXELS, (self.x, self.y)
        return SelectorKind.POINT, (self.x, self.y, self.z)


_Selector = Annotated[_FragmentSelector | _PointSelector, Field(discriminator="type")]


class _Target(_Part):
    type: Literal["SpecificResource"] = "SpecificResource"
    source: Annotated[str, Field(min_length=1)]
    selector: _Selector | None = None

    @field_validator("selector", mode="after")
    @classmethod
    def _understood(cls, selector: _FragmentSelector | _PointSelector | None) -> _FragmentSelector | _PointSelector | None:
        if selector is not None:
            selector.place()
        return selector

    def record(self) -> AnnotationTarget:
        kind, values = self.selector.place() if self.selector else (SelectorKind.WHOLE, ())
        return AnnotationTarget(reference(self.source), kind, values)


class _Annotation(_Part):
    context: Annotated[Any, Field(alias="@context")] = CONTEXT
    id: str
    type: Literal["Annotation"]
    motivation: Motivation = "describing"
    body: tuple[_Body, ...]
    target: tuple[_Target, ...]
    sources: Annotated[tuple[str, ...], Field(alias="dcterms:source")] = ()
    certainty: Annotated[Literal["A", "B", "C", "?", ""], Field(alias="ditich:certainty")] = ""
    position: Annotated[tuple[float, float, float] | None, Field(alias="ditich:position")] = None

    @field_validator("body", "target", "sources", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        """The standard lets a single value stand without brackets."""
        return value if isinstance(value, list) else [value]

    @field_validator("target", mode="before")
    @classmethod
    def _bare_address(cls, value: Any) -> Any:
        """The standard lets a target without selector be its address alone, or end in a fragment."""
        return [_specific(one) if isinstance(one, str) else one for one in (value if isinstance(value, list) else [value])]

    @field_validator("id")
    @classmethod
    def _short_name(cls, value: str) -> str:
        match = _ID.fullmatch(value)
        if match is None:
            raise ValueError(f"“{value}” does not end in a short name of lower-case letters, digits and hyphens")
        return match[1]

    @model_validator(mode="after")
    def _words_once(self) -> Self:
        spoken = Counter((body.purpose, body.language) for body in self.body)
        if any(count > 1 for count in spoken.values()):
            raise ValueError("two bodies of one purpose are in one language")
        if not any(body.purpose == "identifying" for body in self.body):
            raise ValueError("a name is missing: a body with purpose “identifying”")
        return self

    def record(self) -> Annotation:
        label, text = (self._words(purpose) for purpose in _PURPOSES)
        targets = tuple(target.record() for target in self.target)
        return Annotation(self.id, label, text, targets, self.position, self.sources, self.certainty)

    def _words(self, purpose: str) -> LocalText:
        return LocalText(**{body.language.value: body.value for body in self.body if body.purpose == purpose})


def _specific(address: str) -> dict[str, Any]:
    source, mark, fragment = address.partition("#")
    selector = {"type": "FragmentSelector", "value": fragment} if mark else None
    return {"source": source, "selector": selector}


class _Page(_Part):
    context: Annotated[Any, Field(alias="@context")]
    id: str = ""
    type: Literal["AnnotationPage"]
    items: Annotated[tuple[_Annotation, ...], Field(max_length=MOST)]

    @field_validator("context")
    @classmethod
    def _standard(cls, value: Any) -> Any:
        if CONTEXT not in (value if isinstance(value, list) else [value]):
            raise ValueError(f"the page does not name {CONTEXT}")
        return value

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        twice = [one for one, count in Counter(item.id for item in self.items).items() if count > 1]
        if twice:
            raise ValueError(f"items: the id “{twice[0]}” stands twice")
        return self


def read_annotations(content: bytes) -> tuple[Annotation, ...]:
    """The annotations of a page; assets named by file have the form ``file:NAME``.

    Raises:
        SiteFaultError: not JSON, or not what the standard and our records can say together; the message names the field.
    """
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SiteFaultError(f"{NAME} is not UTF-8 text.", advice="Save it as UTF-8.", detail=str(error)) from error
    except (ValueError, RecursionError) as error:
        commented = re.search(rb"^\s*(?://|/\*|#)", content, re.MULTILINE)
        if commented:
            line = content[: commented.end()].count(b"\n") + 1
            raise SiteFaultError(
                f"{NAME}, line {line}: JSON has no comments.", advice="Take that line out.", code="json-comment", values={"line": line}
            ) from error
        raise SiteFaultError(
            f"{NAME} cannot be read as JSON: {error}.", advice="Mend that line.", detail=str(error), code="json", values={"error": error}
        ) from error
    try:
        page = _Page.model_validate(found)
    except ValidationError as error:
        raise wrong_fields(NAME, _Page, found, error) from error
    return tuple(item.record() for item in page.items)
