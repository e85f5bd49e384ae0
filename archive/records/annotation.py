"""An annotation: one statement about a thing, stored once and shown wherever the thing is seen.

The model is that of the W3C Web Annotation (https://www.w3.org/TR/annotation-model/): bodies in several languages, several targets,
each with a selector. A site folder keeps annotations as W3C JSON-LD (``annotations.json``); these types are what they are read into.
"""

from dataclasses import dataclass
from enum import StrEnum

from archive.records.text import LocalText


class SelectorKind(StrEnum):
    """How a target says where on an asset something is."""

    WHOLE = "whole"
    """the whole asset; no values"""
    DIRECTION = "direction"
    """on a panorama: yaw and pitch in degrees"""
    REGION = "region"
    """on a picture: x, y, width, height as shares of the upright picture, 0 to 1, from the upper left"""
    POINT = "point"
    """on a model or cloud: x, y, z. Archived: in the original's own units and axes. Published: in the frame of what is shown
    (model.glb: y up; tileset.json: z up), since the original's may tell where on earth it stands"""
    PIXELS = "pixels"
    """on a picture: x, y or x, y, width, height in pixels of the upright picture. Archived only; published as REGION or DIRECTION"""


@dataclass(frozen=True, slots=True)
class AnnotationTarget:
    """One place of an annotation: an asset by ARK and where on it."""

    asset: str
    kind: SelectorKind = SelectorKind.WHOLE
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """One statement.

    Attributes:
        id: short stable name ("ridge-dragons"), unique within the site.
        position: where the thing is in the site's local frame, metres (x east, y north, z up); from it the direction in every panorama
            named without one follows.
        sources: what the statement stands on (London Charter: evidence is one tap away).
    """

    id: str
    label: LocalText
    text: LocalText = LocalText()
    targets: tuple[AnnotationTarget, ...] = ()
    position: tuple[float, float, float] | None = None
    sources: tuple[str, ...] = ()
    certainty: str = ""
