"""A tour: scenes, the links between them, and what is written on them.

Angles: ``yaw`` in degrees clockwise from the centre of the panorama's image, ``pitch`` in degrees up from the horizon.
``heading`` is the compass bearing (degrees clockwise from true north) of the image centre, so bearing = heading + yaw.
Positions are metres in the site's local frame: x east, y north, z up.
"""

from dataclasses import dataclass

from archive.records.text import LocalText

TOUR_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class View:
    """Where one looks."""

    yaw: float = 0.0
    pitch: float = 0.0
    fov: float = 75.0


@dataclass(frozen=True, slots=True)
class SceneLink:
    """A way from one scene to another.

    ``proposed`` when computed and not yet confirmed by a person. ``direction_known`` is False where the yaw is only a guess, because
    positions or the heading are unknown: such a way is listed, never pointed at.
    """

    to: str
    yaw: float
    pitch: float = 0.0
    label: LocalText = LocalText()
    proposed: bool = False
    direction_known: bool = True


@dataclass(frozen=True, slots=True)
class Hotspot:
    """Something to look at in a scene: words, or another asset by ARK."""

    yaw: float
    pitch: float
    label: LocalText
    text: LocalText = LocalText()
    asset: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """One standpoint: a panorama and what is known about it. ``id`` comes from the panorama's ARK, never from order."""

    id: str
    panorama: str
    title: LocalText
    description: LocalText = LocalText()
    directions: tuple[tuple[str, LocalText], ...] = ()
    position: tuple[float, float, float] | None = None
    position_source: str = ""
    heading: float | None = None
    heading_source: str = ""
    view: View = View()
    links: tuple[SceneLink, ...] = ()
    hotspots: tuple[Hotspot, ...] = ()


@dataclass(frozen=True, slots=True)
class Tour:
    """All scenes of a site, the first one first."""

    site: str
    scenes: tuple[Scene, ...]
    title: LocalText = LocalText()
    schema: int = TOUR_SCHEMA
