"""Annotations as the public sees them: targets that are shown, each with where on it, in the units in which it is shown.

Rules:

1. A target whose asset is not shown whole is left out; an annotation without targets is left out.
2. Directions in panoramas are computed from the annotation's position only where every asset that it names is shown whole: of a thing
   whose picture is kept back, no machine tells where it stands. A panorama named without a selector is then left out as well; what an
   officer has pointed out with a selector stays.
3. The position itself is not published, nor are points in a model's own coordinates: both may tell where on earth the house stands.
4. A selector that makes no sense on its asset (a point of a model on a photo) becomes the whole asset.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.asset import AssetKind
from archive.records.derivative import Derivative, MediaRole
from archive.records.publication import PublicAsset
from archive.records.tour import Scene
from pipeline.publish.angles import Point, bearing, signed
from pipeline.publish.references import References
from pipeline.publish.walks import DRAWN

_PICTURES = frozenset({AssetKind.PHOTO, AssetKind.PANORAMA})
_PAIR = 2


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What is needed to place annotations: scenes by the ARK of their panorama, what was derived of each asset."""

    scenes: Mapping[str, Scene]
    references: References
    derivatives: Mapping[str, tuple[Derivative, ...]]


def public_annotations(
    annotations: tuple[Annotation, ...],
    scenes: Mapping[str, Scene],
    references: References,
    derivatives: Mapping[str, tuple[Derivative, ...]],
) -> tuple[Annotation, ...]:
    """The annotations that may be seen, each target with its final place.

    Args:
        annotations: as archived.
        scenes: ARK of the panorama → public scene.
        references: of the site.
        derivatives: ARK → what was derived of that asset; the facts lead from a model's own coordinates to those shown.
    """
    around = _Surroundings(scenes, references, derivatives)
    placed = (replace(annotation, targets=tuple(_targets(annotation, around)), position=None) for annotation in annotations)
    return tuple(annotation for annotation in placed if annotation.targets)


def _targets(annotation: Annotation, around: _Surroundings) -> Iterator[AnnotationTarget]:
    secret = any(around.references.is_kept_back(target.asset) for target in annotation.targets)
    for target in annotation.targets:
        asset = around.references.public(target.asset)
        if asset is None:
            continue
        if target.kind is SelectorKind.WHOLE and asset.kind is AssetKind.PANORAMA:
            if not secret:
                yield _seen_from(asset, annotation.position, around.scenes.get(asset.ark))
        else:
            kind, values = _place(target, asset, around)
            yield AnnotationTarget(asset.ark, kind, values)


def _seen_from(panorama: PublicAsset, position: Point | None, scene: Scene | None) -> AnnotationTarget:
    """A panorama as target, with the direction in which the thing lies where both places are known in one frame."""
    if position is None or scene is None or scene.position is None or scene.heading is None or scene.position_source not in DRAWN:
        return AnnotationTarget(panorama.ark)
    east, north, up = (there - here for there, here in zip(position, scene.position, strict=True))
    pitch = math.degrees(math.atan2(up, math.hypot(east, north)))
    return AnnotationTarget(panorama.ark, SelectorKind.DIRECTION, _direction(bearing(scene.position, position) - scene.heading, pitch))


def _direction(yaw: float, pitch: float) -> tuple[float, float]:
    return round(signed(yaw), 2), round(pitch, 2)


_Place = tuple[SelectorKind, tuple[float, ...]]
_WHOLE: _Place = (SelectorKind.WHOLE, ())


def _place(target: AnnotationTarget, asset: PublicAsset, around: _Surroundings) -> _Place:
    if target.kind is SelectorKind.POINT:
        return _model_point(target.values, around.derivatives.get(asset.ark, ()))
    if target.kind is SelectorKind.DIRECTION:
        return (target.kind, _direction(target.values[0], target.values[1])) if asset.kind is AssetKind.PANORAMA else _WHOLE
    shares = _shares(target, asset)
    if shares is None:
        return _WHOLE
    if asset.kind is AssetKind.PANORAMA:
        return SelectorKind.DIRECTION, _towards(shares, asset)
    return SelectorKind.REGION, tuple(round(share, 6) for share in shares)


def _shares(target: AnnotationTarget, asset: PublicAsset) -> tuple[float, float, float, float] | None:
    """Left, top, width and height as shares of the upright picture; a point has no width. None where they are not on the picture."""
    size = asset.facts.get("pyramid")
    if target.kind is SelectorKind.WHOLE or asset.kind not in _PICTURES or size is None:
        return None
    across, down = (float(size["width"]), float(size["height"])) if target.kind is SelectorKind.PIXELS else (1.0, 1.0)
    x, y, *sides = target.values
    width, height = sides if len(sides) == _PAIR else (0.0, 0.0)
    shares = (x / across, y / down, width / across, height / down)
    inside = min(shares) >= 0 and shares[0] + shares[2] <= 1 + 1e-9 and shares[1] + shares[3] <= 1 + 1e-9
    return shares if inside else None


def _towards(shares: tuple[float, float, float, float], panorama: PublicAsset) -> tuple[float, float]:
    """The direction of the middle of a region: equirectangular, the part of the sphere as ``crop`` says."""
    size, crop = panorama.facts["pyramid"], panorama.facts.get("crop")
    x, y = (shares[0] + shares[2] / 2) * size["width"], (shares[1] + shares[3] / 2) * size["height"]
    full_width, full_height = size["width"], size["height"]
    if crop:
        x, y, full_width, full_height = x + crop["left"], y + crop["top"], crop["full_width"], crop["full_height"]
    return _direction((x / full_width - 0.5) * 360, 90 - y / full_height * 180)


def _model_point(point: tuple[float, ...], derivatives: tuple[Derivative, ...]) -> _Place:
    """A point in the frame of what is shown; the whole where its deriver has not written down how one gets there.

    Tiles of a cloud have the original's axes and unit about an origin of their own ("offset"); a light model is reached by a matrix
    ("frame", column-major).
    """
    for derivative in derivatives:
        roles = {file.role for file in derivative.files}
        frame, offset = derivative.facts.get("frame"), derivative.facts.get("offset")
        if MediaRole.TILESET in roles and offset is not None:
            return _shown_at(there - float(origin) for there, origin in zip(point, offset, strict=True))
        if MediaRole.MODEL in roles and isinstance(frame, Mapping):
            m = [float(number) for number in frame["matrix"]]
            x, y, z = point
            return _shown_at(m[k] * x + m[4 + k] * y + m[8 + k] * z + m[12 + k] for k in range(3))
    return _WHOLE


def _shown_at(point: Iterable[float]) -> _Place:
    return SelectorKind.POINT, tuple(round(value, 4) for value in point)
