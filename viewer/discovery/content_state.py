"""IIIF Content State 1.0: a link that opens one view of one thing, here and in other viewers.

https://iiif.io/api/content-state/1.0/ .
A state is made for every scene and asset. One that arrives (``?iiif-content=``) leads to the page of what it names, if that is ours and
public; the address is always put together here from names that were found in a publication, never taken from the state.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from archive.publications.read import PLACEHOLDER_BASE
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset
from archive.records.text import Language
from viewer import addresses
from viewer.discovery.subject import Subject

PARAMETER = "iiif-content"
LONGEST = 8192
_DEEPEST = 6
_CANVAS = re.compile(r"/export/([^/]+)/canvas-([0-9a-z]{1,64})")
_DOCUMENT = re.compile(r"/export/([^/]+)/(?:manifest(?:4)?-([0-9a-z]{1,64})|manifest4?|collection)\.json(?:/.*)?")
_FRAGMENT = re.compile(r"xywh=(pixel:|percent:)?" + ",".join([r"(\d{1,9}(?:\.\d{1,9})?)"] * 4))


@dataclass(frozen=True, slots=True)
class Named:
    """What a content state names: a thing of a site by its id ("" for the site, "tour" for its walk), and a region of its canvas.

    ``region`` is x, y, width, height: pixels of the canvas, or shares of 0 to 100 where ``percent``.
    """

    slug: str
    name: str
    region: tuple[float, float, float, float] | None = None
    percent: bool = False


def encoded(subject: Subject, origin: str) -> str:
    """The content state of a scene or asset, ready to stand in a link: its canvas within its manifest (section 2.2, the target alone)."""
    manifest = f"{origin}{addresses.export(subject.site.slug, subject.manifest)}"
    target: dict[str, Any] = {"id": manifest, "type": "Manifest"}
    if subject.asset is not None:
        canvas = f"{origin}{addresses.export(subject.site.slug, f'canvas-{subject.asset.id}')}"
        target = {"id": canvas, "type": "Canvas", "partOf": [target]}
    return encode(json.dumps(target, ensure_ascii=False, separators=(",", ":")))


def encode(state: str) -> str:
    """Section 6: percent-encoded as JavaScript does, then base64url without padding."""
    return base64.urlsafe_b64encode(quote(state, safe="-_.!~*'()").encode("ascii")).decode("ascii").rstrip("=")


def decode(text: str) -> str:
    """The state as it was before it was encoded; bare addresses and JSON are taken as they are.

    Raises:
        ValueError: this is no content state.
    """
    if len(text) > LONGEST:
        raise ValueError("too long")
    if text.lstrip().startswith(("http://", "https://", "{")):
        return text
    try:
        return unquote(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("utf-8"), errors="strict")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not base64url") from error


def named(text: str, origin: str) -> Named | None:
    """What of ours a content state names; None where it names something else or nothing that can be read."""
    try:
        state = decode(text)
        value = json.loads(state) if state.lstrip().startswith("{") else state
    except (ValueError, RecursionError):
        return None
    return _of_target(value, origin)


def _of_target(value: Any, origin: str, depth: int = 0) -> Named | None:
    """An address, a resource, an annotation, or a part of one of these; of several the first."""
    if isinstance(value, str):
        return _of_address(value, origin)
    if isinstance(value, list):
        return _of_target(value[0], origin, depth + 1) if value and depth <= _DEEPEST else None
    return _of_resource(value, origin, depth) if isinstance(value, dict) and depth <= _DEEPEST else None


def _of_resource(value: dict[str, Any], origin: str, depth: int) -> Named | None:
    if value.get("type") == "Annotation":
        return _of_target(value.get("target"), origin, depth + 1)
    if "source" in value:
        found = _of_target(value["source"], origin, depth + 1)
        return found if found is None else _with_selector(found, value.get("selector"))
    return _of_target(value.get("id"), origin, depth + 1)


def _with_selector(found: Named, selector: Any) -> Named:
    first = selector[0] if isinstance(selector, list) and selector else selector
    fragment = first.get("value") if isinstance(first, dict) else None
    return _with_fragment(found, fragment) if isinstance(fragment, str) else found


def _of_address(address: str, origin: str) -> Named | None:
    whole, _, fragment = address.partition("#")
    try:
        parts = urlsplit(whole)
    except ValueError:
        return None
    if f"{parts.scheme}://{parts.netloc}" not in {origin, PLACEHOLDER_BASE}:
        return None
    if match := _CANVAS.fullmatch(parts.path) or _DOCUMENT.fullmatch(parts.path):
        name = match[2] or ""
        return _with_fragment(Named(unquote(match[1]), "" if name == "tour" else name), fragment)
    return None


def _with_fragment(found: Named, fragment: str) -> Named:
    match = _FRAGMENT.fullmatch(fragment)
    if match is None:
        return found
    left, top, width, height = (float(match[number]) for number in (2, 3, 4, 5))
    return Named(found.slug, found.name, (left, top, width, height), match[1] == "percent:")


def page_of(subject: Subject, state: Named, language: Language) -> str:
    """The page of what a state names, at the view that it names."""
    path = addresses.site(language, subject.site.slug) + subject.below
    if state.region is None or subject.asset is None:
        return path
    size = _size(subject.asset)
    if size is None:
        return path
    region = _pixels(state, size)
    if subject.scene is not None:
        return f"{path}#{_view(subject.asset, region, size)}"
    return f"{path}#xywh={','.join(str(round(value)) for value in region)}"


def _pixels(state: Named, size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, top, width, height = state.region or (0.0, 0.0, 0.0, 0.0)
    if state.percent:
        across, down = size[0] / 100, size[1] / 100
        return left * across, top * down, width * across, height * down
    return left, top, width, height


def _view(asset: PublicAsset, region: tuple[float, float, float, float], size: tuple[int, int]) -> str:
    """The middle of a region of an equirectangular picture as yaw, pitch and field of view in degrees."""
    crop = asset.facts.get("crop") or {"full_width": size[0], "full_height": size[1], "left": 0, "top": 0, "width": size[0]}
    scale = crop["width"] / size[0]
    x = (region[0] + region[2] / 2) * scale + crop["left"]
    y = (region[1] + region[3] / 2) * scale + crop["top"]
    yaw = x / crop["full_width"] * 360 - 180
    pitch = 90 - y / crop["full_height"] * 180
    fov = min(max(region[2] * scale / crop["full_width"] * 360, 30), 100)
    return f"v={yaw:.1f},{pitch:.1f},{fov:.0f}"


def _size(asset: PublicAsset) -> tuple[int, int] | None:
    """The size of an asset's canvas where it is that of its pyramid."""
    pyramid = next((file for file in asset.files if file.role is MediaRole.PYRAMID), None)
    return None if pyramid is None or not pyramid.width or not pyramid.height else (pyramid.width, pyramid.height)
