"""The tour of a site: what people have drawn, completed from what the panoramas say about themselves.

Positions come from the drawn tour, from scan stations that bear the panorama's name, or from GPS, whichever knows most of the
panoramas: frames are never mixed. Links are proposed where nobody has drawn any: to the nearest standpoints, and to others within
1.6 times the usual distance, at most four, never two in nearly the same direction. To a scene that the drawn links leave out one
more is proposed: every scene can be reached from the first. A panorama that shows a standpoint at an older date is a scene, but no stop:
nothing leads to it but the comparison of dates, ways drawn to it lead to the newest, and its own ways are those of the newest.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from archive.records.asset import Asset
from archive.records.identifiers import identifier_of
from archive.records.text import LocalText
from archive.records.tour import Hotspot, Scene, SceneLink, Tour, View
from pipeline.publish.angles import Point, bearing, signed
from pipeline.publish.past_scenes import newest_of, of_the_past, to_stops
from pipeline.site_definition import FILE_REFERENCE

MOST_LINKS = 4
REACH = 1.6
"""How much farther than the usual nearest neighbour a proposed link may lead."""
LEAST_ANGLE = 30.0
"""Two proposed links from one scene are at least so many degrees apart."""
LINK_PITCH = -6.0
"""A proposed link lies a little below the horizon, where one would set foot."""
_SAME_PLACE = 0.05


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A public panorama with its public title."""

    asset: Asset
    title: LocalText

    @property
    def id(self) -> str:
        """The scene's id: from the ARK, never from an order."""
        return identifier_of(self.asset.ark)


def propose_tour(
    drawn: Tour, standpoints: Sequence[Standpoint], scans: Iterable[Asset], public: Mapping[str, str], dates: Iterable[Sequence[str]] = ()
) -> tuple[Scene, ...]:
    """The scenes of the tour to publish: the stops in their order, then those of older dates.

    Args:
        drawn: the archived tour; scenes name their panorama by ARK or as ``file:NAME``.
        standpoints: public panoramas in the order of the site.
        scans: public point clouds, whose stations may say where panoramas stand.
        public: ARK, id and ``file:NAME`` of every public asset → its ARK.
        dates: ARKs of public assets that show the same thing, each series oldest first.
    """
    by_ark = {point.asset.ark: point for point in standpoints}
    drawn_scenes = {ark: scene for scene in drawn.scenes if (ark := public.get(scene.panorama, "")) in by_ark}
    order = [*drawn_scenes, *(ark for ark in by_ark if ark not in drawn_scenes)]
    scenes = [_scene(by_ark[ark], drawn_scenes.get(ark), public, by_ark) for ark in order]
    placed = _placed(scenes, [by_ark[ark].asset for ark in order], list(scans))
    newest = newest_of(dates, set(by_ark))
    stops = _all_reached(_linked([to_stops(scene, newest) for scene in placed if scene.id not in newest]))
    today = {scene.id: scene for scene in stops}
    past = (of_the_past(scene, today[newest[scene.id]], newest) for scene in placed if scene.id in newest)
    return (*stops, *past)


def _scene(point: Standpoint, drawn: Scene | None, public: Mapping[str, str], scenes: Mapping[str, Standpoint]) -> Scene:
    heading, source = _heading(point.asset)
    view = View(yaw=_initial_yaw(point.asset, heading))
    if drawn is None:
        return Scene(point.id, point.asset.ark, point.title, heading=heading, heading_source=source, view=view)
    titled = any((drawn.title.vi, drawn.title.en, drawn.title.th))
    targets = [(link, public.get(link.to, "")) for link in drawn.links]
    links = tuple(replace(link, to=identifier_of(ark)) for link, ark in targets if ark in scenes)
    scene = replace(drawn, id=point.id, panorama=point.asset.ark, title=drawn.title if titled else point.title, links=links)
    scene = replace(scene, hotspots=tuple(_hotspots(drawn.hotspots, public)))
    if drawn.heading is None:
        scene = replace(scene, heading=heading, heading_source=source)
    return scene if drawn.view != View() else replace(scene, view=view)


def _hotspots(drawn: tuple[Hotspot, ...], public: Mapping[str, str]) -> Iterable[Hotspot]:
    """Hotspots whose asset is public or who have none: words about something that is not shown would tell of it."""
    for spot in drawn:
        if not spot.asset:
            yield spot
        elif (ark := public.get(spot.asset) or public.get(unicodedata.normalize("NFC", f"{FILE_REFERENCE}{spot.asset}"))) is not None:
            yield replace(spot, asset=ark)


def _heading(asset: Asset) -> tuple[float | None, str]:
    fact = asset.facts.get("heading")
    if fact is not None and isinstance(fact.value, int | float) and math.isfinite(fact.value):
        return float(fact.value) % 360, fact.source
    if asset.position is not None and asset.position.heading is not None:
        return asset.position.heading % 360, asset.position.source
    return None, ""


def _initial_yaw(asset: Asset, heading: float | None) -> float:
    """GPano's initial view, where the photographer set one; else the centre of the image."""
    fact = asset.facts.get("initial_view_heading")
    if fact is None or heading is None or not isinstance(fact.value, int | float):
        return 0.0
    return signed(float(fact.value) - heading)


def _placed(scenes: list[Scene], assets: list[Asset], scans: list[Asset]) -> list[Scene]:
    """The scenes with positions from the one frame that knows most of them; drawn positions win over equals."""
    stations = _station_positions(assets, scans)
    frames: list[dict[str, tuple[Point, str]]] = [
        {scene.id: (scene.position, scene.position_source or "tour") for scene in scenes if scene.position is not None},
        {identifier_of(ark): found for ark, found in stations.items()},
        _gps_positions(assets),
    ]
    best = max(frames, key=len)
    placed = []
    for scene in scenes:
        position, source = best.get(scene.id, (None, ""))
        placed.append(replace(scene, position=position, position_source=source))
    return placed


def _station_positions(assets: list[Asset], scans: list[Asset]) -> dict[str, tuple[Point, str]]:
    """Positions of panoramas that carry the name of a scan station, from the first scan that knows any."""
    for scan in scans:
        fact = scan.facts.get("stations")
        listed = fact.value if fact is not None and isinstance(fact.value, list | tuple) else ()
        stations = {_plain(str(station.get("name", ""))): station.get("translation") for station in listed if isinstance(station, dict)}
        found: dict[str, tuple[Point, str]] = {}
        for asset in assets:
            name = _plain(_file_stem(asset))
            translation = stations.get(name)
            if name and isinstance(translation, list | tuple) and len(translation) == 3:
                x, y, z = map(float, translation)
                found[asset.ark] = ((x, y, z), f"station of {scan.ark}")
        if found:
            return _from_centre(found)
    return {}


def _from_centre(found: dict[str, tuple[Point, str]]) -> dict[str, tuple[Point, str]]:
    """Positions about their own middle: a scan's frame may be a national grid, which would give the place away."""
    middle = [sum(point[axis] for point, _ in found.values()) / len(found) for axis in range(3)]
    return {
        ark: ((round(x - middle[0], 3), round(y - middle[1], 3), round(z - middle[2], 3)), source)
        for ark, ((x, y, z), source) in found.items()
    }


def _gps_positions(assets: list[Asset]) -> dict[str, tuple[Point, str]]:
    """Metres east and north of the middle of all positions; height is left out, GPS does not know it well enough.

    Lengths of a degree on the WGS84 ellipsoid: series of the meridian arc and of the parallel (NGA.STND.0036, accurate to 1 cm here).
    """
    known = [(asset, asset.position) for asset in assets if asset.position is not None]
    if not known:
        return {}
    latitude = sum(position.latitude for _, position in known) / len(known)
    longitude = sum(position.longitude for _, position in known) / len(known)
    phi = math.radians(latitude)
    north = 111132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    return {
        identifier_of(asset.ark): (
            (round((position.longitude - longitude) * east, 2), round((position.latitude - latitude) * north, 2), 0.0),
            position.source or "gps",
        )
        for asset, position in known
    }


def _linked(scenes: list[Scene]) -> list[Scene]:
    """The scenes with proposed links wherever a scene has none that was drawn."""
    edges = proposed_edges({scene.id: scene.position for scene in scenes if scene.position is not None})
    edges |= _chain([scene.id for scene in scenes], edges)
    places = {scene.id: place for place, scene in enumerate(scenes)}
    linked = []
    for scene in scenes:
        neighbours = {other for edge in edges if scene.id in edge for other in edge}
        neighbours |= {other.id for other in scenes if any(link.to == scene.id for link in other.links)}
        others = [scenes[places[name]] for name in sorted(neighbours - {scene.id})]
        proposals = [_proposal(scene, other, ahead=places[other.id] > places[scene.id]) for other in others]
        linked.append(scene if scene.links else replace(scene, links=tuple(sorted(proposals, key=lambda link: (link.yaw, link.to)))))
    return linked


def _all_reached(scenes: list[Scene]) -> list[Scene]:
    """The scenes, with one more proposed way to each that the drawn ways leave out: a panorama that came later must not be lost."""
    linked = {scene.id: scene for scene in scenes}
    order = list(linked)
    while missing := [name for name in order if name not in (walked := _walked(linked, order[0]))]:
        doors = ((link.to, name) for name in missing for link in linked[name].links if link.to in walked)
        here, there = next(doors, (order[order.index(missing[0]) - 1], missing[0]))
        way = _proposal(linked[here], linked[there], ahead=order.index(there) > order.index(here))
        linked[here] = replace(linked[here], links=(*linked[here].links, way))
    return list(linked.values())


def _walked(scenes: Mapping[str, Scene], first: str) -> set[str]:
    """The scenes that one comes to from the first."""
    found: set[str] = set()
    waiting = [first]
    while waiting:
        here = waiting.pop()
        found.add(here)
        waiting += [link.to for link in scenes[here].links if link.to not in found]
    return found


def _proposal(scene: Scene, other: Scene, *, ahead: bool) -> SceneLink:
    """A link in the direction of the other scene; where none is known, later scenes are ahead and earlier ones behind, as a guess."""
    if scene.position is None or other.position is None or scene.heading is None:
        return SceneLink(other.id, 0.0 if ahead else -180.0, LINK_PITCH, other.title, proposed=True, direction_known=False)
    yaw = signed(bearing(scene.position, other.position) - scene.heading)
    return SceneLink(other.id, round(yaw, 2), LINK_PITCH, other.title, proposed=True)


def proposed_edges(positions: Mapping[str, Point]) -> set[frozenset[str]]:
    """Pairs of scenes to link, by their positions in metres.

    Shortest first: each scene with its nearest, then others within REACH times the median nearest distance, unless a scene has
    MOST_LINKS already or a link in nearly that direction; last, whatever joins the parts that are left.
    """
    names = sorted(positions)
    lengths = {frozenset((a, b)): _distance(positions[a], positions[b]) for i, a in enumerate(names) for b in names[i + 1 :]}
    ordered = sorted(lengths, key=lambda edge: (lengths[edge], sorted(edge)))
    nearest = {name: next((edge for edge in ordered if name in edge), frozenset()) for name in names}
    usual = median([lengths[edge] for edge in nearest.values() if edge] or [0.0])
    chosen: set[frozenset[str]] = set()
    for edge in ordered:
        if (edge in nearest.values() or lengths[edge] <= REACH * usual) and _is_free(edge, chosen, positions):
            chosen.add(edge)
    parts = {name: name for name in names}
    for edge in [*sorted(chosen, key=sorted), *ordered]:
        first, second = (_root(parts, name) for name in sorted(edge))
        if first != second:
            parts[first] = second
            chosen.add(edge)
    return chosen


def _root(parts: dict[str, str], name: str) -> str:
    while parts[name] != name:
        name = parts[name]
    return name


def _is_free(edge: frozenset[str], chosen: set[frozenset[str]], positions: Mapping[str, Point]) -> bool:
    for name in edge:
        (target,) = edge - {name}
        others = [next(iter(other - {name})) for other in chosen if name in other]
        way = bearing(positions[name], positions[target])
        if len(others) >= MOST_LINKS:
            return False
        if any(abs(signed(bearing(positions[name], positions[other]) - way)) < LEAST_ANGLE for other in others):
            return False
    return True


def _chain(order: list[str], edges: set[frozenset[str]]) -> set[frozenset[str]]:
    """Links in the order of the tour for scenes that no position joins to the rest."""
    reached = {name for edge in edges for name in edge}
    return {frozenset(pair) for pair in pairwise(order) if not set(pair) <= reached}


def _distance(a: Point, b: Point) -> float:
    return max(math.dist(a, b), _SAME_PLACE)


def _file_stem(asset: Asset) -> str:
    return asset.principal.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
