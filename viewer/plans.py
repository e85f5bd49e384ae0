"""The drawing of a walk: where its standpoints lie on a plan, or beside each other by their positions alone. Rules only.

A plan's transform is that of ``archive.records.tour.Plan``. Without a plan the drawing is in metres, north up.
"""

import math
from dataclasses import dataclass, replace
from itertools import combinations

from archive.records.publication import PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Plan, Scene
from viewer import addresses, walk

Box = tuple[float, float, float, float]
"""left, top, width, height in the drawing's units"""
_WIDE, _HIGH = 320.0, 400.0
"""pixels of the smallest room in which a drawing is shown"""
_TARGET, _SMALL_TARGET = 22.0, 12.0
"""radius in pixels of what a finger meets: 44 across, or 24 where neighbours leave no room for more (WCAG 2.5.8)"""
_LEAST_APART, _ROUNDS = 27.0, 8
"""pixels between two standpoints, so that a drawing shown a little smaller still has 24; how often neighbours are moved apart"""
_STRIP = 40.0
_CROWD = 40
_NEIGHBOURS = 24
_SMALLEST_SIDE = 8.0
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A stop on a drawing: its number in the list of stops, and the radius within which it can be tapped, all in drawing units."""

    scene: Scene
    number: int
    href: str
    x: float
    y: float
    reach: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn.

    Attributes:
        title: of the plan; None where there is none and positions alone are shown.
        picture: address of the plan's drawing, with its box; "" without.
        box: the part that is shown.
        pixel: one screen pixel at the smallest size in which it is shown.
        north: clockwise degrees from up on the sheet to north.
        bar: a round length in metres, and how long that is in the drawing's units.
        here: the standpoint one stands at.
        bearing: clockwise degrees from up to where one looks; None where the scene's heading is not known.
    """

    title: LocalText | None
    picture: str
    sheet: Box
    box: Box
    pixel: float
    north: float
    bar: tuple[float, float]
    standpoints: tuple[Standpoint, ...]
    here: Standpoint | None = None
    bearing: float | None = None

    @property
    def frame(self) -> Box:
        """The box with a strip below it for the scale bar and the north arrow: they cover nothing that is drawn."""
        left, top, width, height = self.box
        return left, top, width, height + _STRIP * self.pixel

    @property
    def start(self) -> tuple[float, float]:
        """Where the scale bar begins: in the strip, at the left."""
        left, top, _, height = self.box
        return left + 12 * self.pixel, top + height + 24 * self.pixel

    @property
    def compass(self) -> tuple[float, float]:
        """Where the north arrow stands: in the strip, at the right."""
        left, top, width, height = self.box
        return left + width - 22 * self.pixel, top + height + 20 * self.pixel


def drawings(site: PublicSite, language: Language) -> list[Drawing]:
    """Every plan of the site with its standpoints; without any, the standpoints by their positions."""
    stops = _placed(site)
    plans = site.tour.plans if site.tour else ()
    drawn = [_on_plan(site, plan, stops, language) for plan in plans]
    if drawn or len(stops) < 2:
        return drawn
    return [_by_positions(site, stops, language)]


def drawing_of(site: PublicSite, scene: Scene, yaw: float, language: Language) -> Drawing | None:
    """The drawing on which a scene lies, with that scene marked, looking towards ``yaw``; None where it lies on none.

    Of a crowd of standpoints only the scene's neighbourhood is drawn.
    """
    for drawing in drawings(site, language):
        here = next((point for point in drawing.standpoints if point.scene.id == scene.id), None)
        if here is not None:
            return _around(drawing, here, yaw)
    return None


def _placed(site: PublicSite) -> list[tuple[int, Scene]]:
    return [(number, scene) for number, (scene, _) in enumerate(walk.stops(site), 1) if scene.position is not None]


def _on_plan(site: PublicSite, plan: Plan, stops: list[tuple[int, Scene]], language: Language) -> Drawing:
    shown = [(number, scene) for number, scene in stops if not plan.scenes or scene.id in plan.scenes]
    places = [_on_sheet(plan, scene) for _, scene in shown]
    pixel = _pixel(plan.box)
    return Drawing(
        title=plan.title,
        picture=addresses.site_file(site, plan.file),
        sheet=plan.box,
        box=plan.box,
        pixel=pixel,
        north=plan.turn,
        bar=_bar(plan.box, plan.units_per_metre),
        standpoints=_standpoints(site, shown, places, pixel, language),
    )


def _on_sheet(plan: Plan, scene: Scene) -> tuple[float, float]:
    east, north, _ = scene.position or (0.0, 0.0, 0.0)
    turn = math.radians(plan.turn)
    right = east * math.cos(turn) + north * math.sin(turn)
    down = east * math.sin(turn) - north * math.cos(turn)
    return plan.origin[0] + plan.units_per_metre * right, plan.origin[1] + plan.units_per_metre * down


def _by_positions(site: PublicSite, stops: list[tuple[int, Scene]], language: Language) -> Drawing:
    places = [(scene.position[0], -scene.position[1]) for _, scene in stops if scene.position is not None]
    box = _box_around(places)
    pixel = _pixel(box)
    points = _standpoints(site, stops, places, pixel, language)
    return Drawing(title=None, picture="", sheet=box, box=box, pixel=pixel, north=0.0, bar=_bar(box, 1.0), standpoints=points)


def _standpoints(
    site: PublicSite, stops: list[tuple[int, Scene]], places: list[tuple[float, float]], pixel: float, language: Language
) -> tuple[Standpoint, ...]:
    made = []
    places = _apart(places, _LEAST_APART * pixel) if len(places) <= _CROWD else places
    for index, ((number, scene), place) in enumerate(zip(stops, places, strict=True)):
        nearest = min((math.dist(place, other) for at, other in enumerate(places) if at != index), default=math.inf)
        reach = max(_SMALL_TARGET * pixel, min(_TARGET * pixel, nearest / 2))
        made.append(Standpoint(scene, number, addresses.scene(language, site.slug, scene.id), *place, reach))
    return tuple(made)


def _apart(places: list[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """The places, those nearer than ``least`` to each other moved apart along their line: a finger must be able to choose."""
    moved = list(places)
    for _ in range(_ROUNDS):
        for one, other in combinations(range(len(moved)), 2):
            (x, y), (u, v) = moved[one], moved[other]
            gap = math.dist((x, y), (u, v))
            if gap < least:
                across, down = ((u - x) / gap, (v - y) / gap) if gap else (1.0, 0.0)
                push = (least - gap) / 2
                moved[one], moved[other] = (x - across * push, y - down * push), (u + across * push, v + down * push)
    return moved


def _around(drawing: Drawing, here: Standpoint, yaw: float) -> Drawing:
    turned = None if here.scene.heading is None else (here.scene.heading + yaw + drawing.north) % 360
    if len(drawing.standpoints) <= _CROWD:
        return _replaced(drawing, drawing.standpoints, drawing.box, here, turned)
    by_distance = sorted(drawing.standpoints, key=lambda point: math.dist((point.x, point.y), (here.x, here.y)))
    near = tuple(sorted(by_distance[:_NEIGHBOURS], key=lambda point: point.number))
    return _replaced(drawing, near, _box_around([(point.x, point.y) for point in near]), here, turned)


def _replaced(drawing: Drawing, points: tuple[Standpoint, ...], box: Box, here: Standpoint, bearing: float | None) -> Drawing:
    pixel = _pixel(box)
    fitted = tuple(replace(point, reach=max(point.reach * pixel / drawing.pixel, _SMALL_TARGET * pixel)) for point in points)
    marked = next(point for point in fitted if point.number == here.number)
    metres, units = drawing.bar
    bar = _bar(box, units / metres)
    return replace(drawing, box=box, pixel=pixel, bar=bar, standpoints=fitted, here=marked, bearing=bearing)


def _box_around(places: list[tuple[float, float]]) -> Box:
    """The places with room around them for marks and words; never narrower than a room."""
    left, right = min(x for x, _ in places), max(x for x, _ in places)
    top, bottom = min(y for _, y in places), max(y for _, y in places)
    side = max(right - left, bottom - top, _SMALLEST_SIDE)
    width, height = max(right - left, side * 0.6) + side * 0.5, max(bottom - top, side * 0.4) + side * 0.5
    return (left + right - width) / 2, (top + bottom - height) / 2, width, height


def _pixel(box: Box) -> float:
    return max(box[2] / _WIDE, box[3] / _HIGH)


def _bar(box: Box, units_per_metre: float) -> tuple[float, float]:
    """The longest of 1, 2, 5, 10, 20 … metres that is at most a third of the drawing's width."""
    room = box[2] / 3 / units_per_metre
    power = 10.0 ** math.floor(math.log10(room))
    metres = max(step * power for step in _STEPS if step * power <= room)
    return metres, metres * units_per_metre
