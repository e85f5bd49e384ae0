"""The resources of IIIF Presentation 3.0 as frozen types: https://iiif.io/api/presentation/3.0/ section 5 and appendix A.

The same types are written for our publications and read from anybody's manifests (``document``). What they do not know is kept under
``extra`` as it was. ``None`` is a property that is absent; an empty tuple is one that is present and empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Words = Mapping[str, tuple[str, ...]]
"""A language map: BCP 47 code or "none" → what is said."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value, both in languages."""

    label: Words
    value: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What every resource may have. ``id`` is "" where it has none (textual bodies, selectors)."""

    type: str
    id: str = ""
    context: str | tuple[str, ...] | None = None
    label: Words | None = None
    summary: Words | None = None
    metadata: tuple[Pair, ...] | None = None
    required_statement: Pair | None = None
    rights: str | None = None
    provider: "Linked | None" = None
    homepage: "Linked | None" = None
    see_also: "Linked | None" = None
    rendering: "Linked | None" = None
    thumbnail: "Linked | None" = None
    part_of: "Linked | None" = None
    service: "Linked | None" = None
    behavior: str | tuple[str, ...] | None = None
    nav_place: "Linked | None" = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)


Linked = Resource | str | tuple[Resource | str, ...]
"""One resource or its address, or a list of such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container(Resource):
    """What Collection, Manifest, Canvas, Range and the annotation lists share: things in order."""

    items: tuple[Resource, ...] | None = None
    annotations: tuple[Resource, ...] | None = None
    placeholder_canvas: Resource | None = None
    accompanying_canvas: Resource | None = None
    viewing_direction: str | None = None
    nav_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Container):
    """A list of manifests and collections."""

    type: str = "Collection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Container):
    """One thing to look at: canvases in order."""

    type: str = "Manifest"
    structures: tuple[Resource, ...] | None = None
    start: Resource | None = None
    services: tuple[Resource, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas(Container):
    """A surface in pixels, a length of time in seconds, or both."""

    type: str = "Canvas"
    height: int | None = None
    width: int | None = None
    duration: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Container):
    """A part of a manifest: canvases, parts of canvases, and ranges."""

    type: str = "Range"
    start: Resource | None = None
    supplementary: Resource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationPage(Container):
    """Annotations in order."""

    type: str = "AnnotationPage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Resource):
    """What is painted on a canvas or said about it: https://www.w3.org/TR/annotation-model/ ."""

    type: str = "Annotation"
    motivation: str | tuple[str, ...] | None = None
    body: Linked | None = None
    target: Linked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content(Resource):
    """An image, sound, model, text or page, a service, a feature of navPlace: whatever is no structure of IIIF itself."""

    format: str | None = None
    height: int | None = None
    width: int | None = None
    duration: float | None = None
    language: str | tuple[str, ...] | None = None
    value: str | None = None
    profile: str | None = None
    items: tuple[Resource, ...] | None = None
    logo: Linked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificResource(Resource):
    """A part or a state of another resource."""

    type: str = "SpecificResource"
    source: Linked | None = None
    selector: Linked | None = None


KINDS: Mapping[str, type[Resource]] = {
    "Collection": Collection,
    "Manifest": Manifest,
    "Canvas": Canvas,
    "Range": Range,
    "AnnotationPage": AnnotationPage,
    "Annotation": Annotation,
    "SpecificResource": SpecificResource,
}
"""Which type reads which resource; all others are Content."""
