"""The rules of IIIF Presentation 3.0 that a manifest must keep, written from the specification (sections 3 and 4), as a list of faults.

Independent of the code that writes manifests; held against the IIIF cookbook to show that it accepts what is right.
"""

import re
from collections.abc import Iterator
from typing import Any

ALLOWED = {
    "Manifest": {
        "required": {"id", "type", "label", "items"},
        "forbidden": {"motivation", "body", "target", "format", "language", "height", "width", "duration", "timeMode", "profile"},
    },
    "Canvas": {
        "required": {"id", "type"},
        "forbidden": {
            "motivation",
            "body",
            "target",
            "format",
            "profile",
            "language",
            "viewingDirection",
            "structures",
            "start",
            "services",
        },
    },
    "AnnotationPage": {
        "required": {"id", "type"},
        "forbidden": {"height", "width", "duration", "format", "language", "motivation", "body"},
    },
    "Annotation": {"required": {"id", "type", "target"}, "forbidden": {"format", "height", "width", "duration", "items"}},
}
LANGUAGE_MAPS = ("label", "summary")
LISTS_OF_LINKS = ("homepage", "thumbnail", "rendering", "seeAlso", "provider", "partOf", "service", "services")
RIGHTS = re.compile(r"https?://(creativecommons\.org/|rightsstatements\.org/vocab/|example\.org/|www\.europeana\.eu/)")
MOTIVATED_INSIDE = {"Manifest": "Canvas", "Canvas": "AnnotationPage", "AnnotationPage": "Annotation"}


def faults(manifest: dict[str, Any]) -> list[str]:
    """Every rule that the manifest breaks."""
    found = list(_resource(manifest, "manifest", "Manifest"))
    context = manifest.get("@context")
    contexts = context if isinstance(context, list) else [context]
    if contexts[-1] != "http://iiif.io/api/presentation/3/context.json":
        found.append("the last @context is not Presentation 3")
    identifiers = list(_identifiers(manifest))
    found += [f"two resources are called {each}" for each in set(identifiers) if identifiers.count(each) > 1]
    return found


def _resource(resource: Any, place: str, kind: str) -> Iterator[str]:
    if not isinstance(resource, dict) or resource.get("type") != kind:
        yield f"{place} is no {kind}"
        return
    yield from (f"{place} has no {name}" for name in ALLOWED[kind]["required"] - resource.keys())
    yield from (f"{place} must not have {name}" for name in ALLOWED[kind]["forbidden"] & resource.keys())
    if not re.fullmatch(r"https?://\S+", str(resource.get("id", ""))) or ("#" in str(resource["id"]) and kind == "Canvas"):
        yield f"{place} has an id that is no address: {resource.get('id')}"
    yield from _worded(resource, place)
    yield from _linked(resource, place)
    if kind == "Canvas":
        yield from _sized(resource, place)
    yield from _inside(resource, place, kind)


def _inside(resource: dict[str, Any], place: str, kind: str) -> Iterator[str]:
    items = resource.get("items", [])
    if kind == "Manifest" and not items:
        yield f"{place} is empty"
    if kind in MOTIVATED_INSIDE:
        for index, item in enumerate(items):
            yield from _resource(item, f"{place}.items[{index}]", MOTIVATED_INSIDE[kind])
    elif resource.get("motivation") == "painting":
        yield from _body(resource.get("body"), place)


def _worded(resource: dict[str, Any], place: str) -> Iterator[str]:
    for name in LANGUAGE_MAPS:
        if name in resource:
            yield from _language_map(resource[name], f"{place}.{name}")
    pairs = [*resource.get("metadata", []), *([resource["requiredStatement"]] if "requiredStatement" in resource else [])]
    for pair in pairs:
        if set(pair) != {"label", "value"}:
            yield f"{place} has metadata that is no pair of label and value"
        for side in pair.values():
            yield from _language_map(side, f"{place}.metadata")
    if "rights" in resource and not RIGHTS.match(str(resource["rights"])):
        yield f"{place} has rights that are no address of a statement"


def _linked(resource: dict[str, Any], place: str) -> Iterator[str]:
    for name in LISTS_OF_LINKS:
        links = resource.get(name, [])
        if not isinstance(links, list) or (name in resource and not links):
            yield f"{place}.{name} is no filled list"
            continue
        for link in links:
            if not ({"id", "type"} <= link.keys() or {"@id", "@type"} <= link.keys()):
                yield f"{place}.{name} has an entry without id and type"
            if name in {"homepage", "rendering", "provider"} and "label" not in link:
                yield f"{place}.{name} has an entry without label"


def _language_map(value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict) or not value:
        yield f"{place} is no language map"
        return
    for language, words in value.items():
        if not re.fullmatch(r"none|@none|[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*", language):
            yield f"{place} has the language {language}"
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            yield f"{place} has no list of words"


def _sized(canvas: dict[str, Any], place: str) -> Iterator[str]:
    if ("width" in canvas) != ("height" in canvas):
        yield f"{place} has only one of width and height"
    for name in ("width", "height"):
        if name in canvas and not (isinstance(canvas[name], int) and canvas[name] > 0):
            yield f"{place}.{name} is no positive whole number"
    if "width" not in canvas and "duration" not in canvas:
        yield f"{place} has no size"


def _body(body: Any, place: str) -> Iterator[str]:
    if not isinstance(body, dict) or not {"id", "type"} <= body.keys():
        if not (isinstance(body, dict) and body.get("type") in {"Choice", "SpecificResource", "TextualBody"}):
            yield f"{place} paints something without id and type"
        return
    for service in body.get("service", []):
        if service.get("type") == "ImageService3" and not {"id", "profile"} <= service.keys():
            yield f"{place} has an image service without id and profile"


def _identifiers(resource: dict[str, Any]) -> Iterator[str]:
    """The ids of everything below ``items``; elsewhere a resource may be referred to again."""
    if "id" in resource:
        yield resource["id"]
    for item in resource.get("items", []):
        yield from _identifiers(item)
