"""A tour: scenes, the links between them, what is written on them, its plans, guided walks and comparisons of dates.

Angles: ``yaw`` in degrees clockwise from the centre of the panorama's image, ``pitch`` in degrees up from the horizon.
``heading`` is the compass bearing (degrees clockwise from true north) of the image centre, so bearing = heading + yaw.
Positions are metres in the site's local frame: x east, y north, z up.
"""

from dataclasses import dataclass

from archive.records.access import AccessLevel
from archive.records.annotation import Annotation
from archive.records.text import Language, LocalText

TOUR_SCHEMA = 2


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
class Plan:
    """A floor plan: a drawing, and how its units relate to the site's local frame.

    A standpoint at (x, y) metres lies at ``origin + units_per_metre * R(turn) * (x, -y)`` in the units of the drawing's viewBox, where R
    turns clockwise: ``turn`` is the bearing, in degrees, that points up on the sheet, negated (0 for north up).

    Attributes:
        file: name of the drawing among the site's files ("plan.svg").
        box: viewBox of the drawing: left, top, width, height.
        scenes: ids of the scenes that it shows; empty for all that have a position. A published plan names them.
        access: who may see the drawing; a publication holds public ones only.
    """

    id: str
    title: LocalText
    file: str
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    units_per_metre: float
    turn: float = 0.0
    scenes: tuple[str, ...] = ()
    access: AccessLevel = AccessLevel.RESTRICTED


@dataclass(frozen=True, slots=True)
class Narration:
    """Spoken words for a step, in one language, with captions (WebVTT) and what is said as text.

    ``file`` and ``captions`` are names among the site's files ("narration/vi/gate.mp3", "narration/vi/gate.vtt").
    """

    language: Language
    file: str
    captions: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One stop of a guided walk: a scene or an asset, how to look at it, and what is told there."""

    title: LocalText
    text: LocalText = LocalText()
    scene: str = ""
    asset: str = ""
    view: View | None = None
    narrations: tuple[Narration, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """A guided walk: steps in order. It never goes on by itself unless the visitor asks for that."""

    id: str
    title: LocalText
    summary: LocalText = LocalText()
    steps: tuple[GuideStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Epoch:
    """One date of a comparison: EDTF, and the asset (ARK) that shows it; ``scene`` where that is a panorama of the tour."""

    date: str
    asset: str
    scene: str = ""
    note: LocalText = LocalText()


@dataclass(frozen=True, slots=True)
class EpochSeries:
    """The same thing at two dates or more, oldest first: panoramas from one standpoint, photos from one, or models of one thing."""

    id: str
    title: LocalText
    epochs: tuple[Epoch, ...]


@dataclass(frozen=True, slots=True)
class Tour:
    """All scenes of a site, the first one first."""

    site: str
    scenes: tuple[Scene, ...]
    title: LocalText = LocalText()
    plans: tuple[Plan, ...] = ()
    guides: tuple[Guide, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    epochs: tuple[EpochSeries, ...] = ()
    schema: int = TOUR_SCHEMA

    @property
    def stops(self) -> tuple[Scene, ...]:
        """The scenes of the walk as it is today: without those that an older date of a comparison shows."""
        past = {epoch.scene for series in self.epochs for epoch in series.epochs[:-1] if epoch.scene}
        return tuple(scene for scene in self.scenes if scene.id not in past)
