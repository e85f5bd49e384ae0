"""The base colour of a glTF material (2.0, 3.9; KHR_materials_pbrSpecularGlossiness): everything else is left to the light."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.readers.meshes import Material

if TYPE_CHECKING:
    from numpy.typing import NDArray

GLOSS = "KHR_materials_pbrSpecularGlossiness"


def _base(stated: dict[str, Any]) -> tuple[Any, dict[str, Any] | None]:
    """Colour factor and texture reference."""
    gloss = stated.get("extensions", {}).get(GLOSS)
    if gloss is not None:
        return gloss.get("diffuseFactor", (1, 1, 1, 1)), gloss.get("diffuseTexture")
    metal = stated.get("pbrMetallicRoughness", {})
    return metal.get("baseColorFactor", (1, 1, 1, 1)), metal.get("baseColorTexture")


def _image_place(document: dict[str, Any], reference: dict[str, Any]) -> int | None:
    texture = document["textures"][reference["index"]]
    other = texture.get("extensions", {}).get("EXT_texture_webp", {})
    place: int | None = other.get("source", texture.get("source"))
    return place


def material_of(document: dict[str, Any], stated: dict[str, Any], image: Callable[[int], tuple[bytes | None, str]]) -> Material:
    """The material; ``image`` gives an image's bytes, or None and the name of what is missing."""
    colour, reference = _base(stated)
    r, g, b, a = (min(max(float(value), 0.0), 1.0) for value in colour)
    shade = stated.get("occlusionTexture") if reference is None else None
    reference = reference or shade
    place = _image_place(document, reference) if reference else None
    content, missing = image(place) if place is not None else (None, "an image in a format without a reader" if reference else "")
    alpha = {"MASK": "mask", "BLEND": "blend"}.get(stated.get("alphaMode", ""), "opaque")
    return Material(str(stated.get("name", "")), (r, g, b, a), content, missing, alpha, shade is not None)


def texture_frame(stated: dict[str, Any]) -> "tuple[int, NDArray[np.float64]]":
    """Which TEXCOORD set the base colour uses, and the matrix (3, 3) that KHR_texture_transform lays on it."""
    reference = _base(stated)[1] or stated.get("occlusionTexture", {})
    change = reference.get("extensions", {}).get("KHR_texture_transform", {})
    channel = int(change.get("texCoord", reference.get("texCoord", 0)))
    turn = float(change.get("rotation", 0.0))
    (width, height), (left, top) = change.get("scale", (1, 1)), change.get("offset", (0, 0))
    cos, sin = math.cos(turn), math.sin(turn)
    return channel, np.array([[cos * width, sin * height, left], [-sin * width, cos * height, top], [0, 0, 1]], np.float64)
