"""What the 3D viewer in the browser is told: what each class of devices loads, in which unit it stands, how well places are known.

Of the uncertainty: ``accuracy`` is that of the survey as its paradata state it; ``deviation`` how far a light model strays from the
original, measured when it was made; ``resolution`` the grid of a cloud's tiles. What nobody has stated or measured is None, never 0.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import LocalText
from viewer import addresses

METRES = {"metre": 1.0, "decimetre": 0.1, "centimetre": 0.01, "millimetre": 0.001, "foot": 0.3048, "US survey foot": 1200 / 3937}
"""Metres in a unit that the records name."""
PROGRAM = 200_000
"""Bytes of the viewer's program that come with the first thing opened: the most that its budget allows."""
LIGHT_POINTS, FULL_POINTS = 500_000, 3_000_000
"""Points that a phone and a desktop draw at most."""
_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(mm|cm|dm|m)\b")
_SHORT = {"mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0}
_ACCURACY = ("accuracy", "accuracy_m", "registration_rms", "registration_error", "control_point_error")


def space_of(site: PublicSite, asset: PublicAsset, size: Callable[[int], str]) -> dict[str, Any] | None:
    """The configuration of a mesh or cloud as JSON values, without its pins; None where there is nothing to open.

    Args:
        site: the asset's site.
        asset: a mesh or cloud.
        size: says a number of bytes in words.
    """
    shares = _mesh_shares(site, asset) or _cloud_shares(site, asset)
    if shares is None:
        return None
    first, light, full = shares
    is_mesh = light["points"] == 0
    return {
        "form": "mesh" if is_mesh else "cloud",
        "first": first,
        "light": light | {"size": size(light["octets"])},
        "full": full | {"size": size(full["octets"])},
        "focus": _focus(asset),
        "from": asset.facts.get("seen_from"),
        "metres": metres_of(asset),
        "isOriented": bool(asset.facts.get("oriented")),
        "accuracy": accuracy_of(asset),
        "deviation": _deviation(asset) if is_mesh else None,
        "resolution": asset.facts.get("resolution") if not is_mesh else None,
    }


def metres_of(asset: PublicAsset) -> float:
    """Metres in one unit of what is shown; 0 where the unit is not known."""
    return METRES.get(str(asset.facts.get("shown_unit", asset.facts.get("unit", ""))), 0.0)


def accuracy_of(asset: PublicAsset) -> float | None:
    """The accuracy that facts or paradata state, in the unit of what is shown; None where none is, or the unit is not known."""
    metres = metres_of(asset)
    stated = next(_stated_accuracies(asset), None)
    return stated / metres if stated and metres else None


def _stated_accuracies(asset: PublicAsset) -> Iterator[float]:
    """In metres."""
    for name in _ACCURACY:
        value = asset.facts.get(name)
        if isinstance(value, int | float) and value > 0:
            yield float(value)
    for fact in asset.paradata:
        if fact.name in _ACCURACY:
            words = f"{fact.value.en} {fact.value.vi} {fact.value.th}"
            yield from (float(number.replace(",", ".")) * _SHORT[unit] for number, unit in _LENGTH.findall(words))


def numbered_notes(site: PublicSite, asset: PublicAsset) -> list[tuple[int, Annotation, AnnotationTarget]]:
    """The annotations of an asset in their order, numbered from 1, each with where on it."""
    annotations = site.tour.annotations if site.tour else ()
    found = [(note, target) for note in annotations for target in note.targets if target.asset == asset.ark]
    return [(number, note, target) for number, (note, target) in enumerate(found, start=1)]


def space_pins(site: PublicSite, asset: PublicAsset, words: Callable[[LocalText], str]) -> list[dict[str, Any]]:
    """Annotations at a point of a mesh or cloud. Clouds stand z up in their own frame, and y up in the browser's."""
    turned = asset.kind.value == "point-cloud"
    pins = []
    for number, note, target in numbered_notes(site, asset):
        if target.kind is SelectorKind.POINT:
            x, y, z = target.values
            pins.append({"id": note.id, "number": number, "label": words(note.label), "place": [x, z, -y] if turned else [x, y, z]})
    return pins


def photo_pins(site: PublicSite, asset: PublicAsset, words: Callable[[LocalText], str]) -> list[dict[str, Any]]:
    """Annotations at a region of a photo: x, y, width, height as shares of it."""
    return [
        {"id": note.id, "number": number, "label": words(note.label), "region": list(target.values)}
        for number, note, target in numbered_notes(site, asset)
        if target.kind is SelectorKind.REGION
    ]


def turn_stills(site: PublicSite, asset: PublicAsset) -> list[tuple[str, str, str]]:
    """The eight pictures of an asset from around: (degrees as three digits, address of the AVIF or "", address of the JPEG)."""
    names = {file.name for file in asset.files if file.role is MediaRole.TURNTABLE}
    degrees = sorted({name[5:8] for name in names if re.fullmatch(r"turn-\d{3}\.(?:jpg|avif)", name)})

    def address(name: str) -> str:
        return addresses.media(site, asset, name) if name in names else ""

    return [(angle, address(f"turn-{angle}.avif"), address(f"turn-{angle}.jpg")) for angle in degrees if f"turn-{angle}.jpg" in names]


_Shares = tuple[str, dict[str, Any], dict[str, Any]]


def _mesh_shares(site: PublicSite, asset: PublicAsset) -> _Shares | None:
    first, light, large = (_file(asset, role) for role in (MediaRole.MODEL_FIRST, MediaRole.MODEL, MediaRole.MODEL_LARGE))
    if light is None:
        return None

    def share(file: DerivedFile) -> dict[str, Any]:
        return {
            "address": addresses.media(site, asset, file.name),
            "octets": PROGRAM + file.size + (first.size if first else 0),
            "points": 0,
        }

    return addresses.media(site, asset, first.name) if first else "", share(light), share(large or light)


def _cloud_shares(site: PublicSite, asset: PublicAsset) -> _Shares | None:
    """A share of the points is taken to weigh the same share of the bytes: the tiles are pressed one by one."""
    pack = next((file for file in asset.files if file.role is MediaRole.TILES and file.name.endswith(".pack")), None)
    if _file(asset, MediaRole.TILESET) is None or pack is None:
        return None
    points = int(asset.facts.get("points") or FULL_POINTS)

    def share(most: int) -> dict[str, Any]:
        octets = PROGRAM + (pack.size if points <= most else pack.size * most // points)
        return {"address": addresses.media(site, asset, "tiles/tileset.json"), "octets": octets, "points": most}

    return "", share(LIGHT_POINTS), share(FULL_POINTS)


def _deviation(asset: PublicAsset) -> float | None:
    """How far the light view strays from the original at 95 of 100 places, and its grid; in the unit shown."""
    error = (asset.facts.get("views") or {}).get("model.glb", {}).get("error") or {}
    parts = [float(value) for value in (error.get("p95"), asset.facts.get("grid_step")) if value is not None]
    return sum(part * part for part in parts) ** 0.5 if parts else None


def _focus(asset: PublicAsset) -> list[float] | None:
    """Two corners of where a cloud mostly is, in its own frame; None for tiles made before this was measured."""
    box = asset.facts.get("focus")
    return [round(value, 3) for value in (*box["minimum"], *box["maximum"])] if box else None


def _file(asset: PublicAsset, role: MediaRole) -> DerivedFile | None:
    return next((file for file in asset.files if file.role is role), None)
