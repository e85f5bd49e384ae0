"""``tour.toml``: scenes and their ways, plans, guided walks, and the same thing at several dates.

Panoramas and other assets are named by ARK or by the file name they were delivered under; names are resolved when the tour is
published, so a tour can be written before the ingest.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from archive.records.access import AccessLevel
from archive.records.text import Language
from archive.records.tour import Epoch, EpochSeries, Guide, GuideStep, Hotspot, Narration, Plan, Scene, SceneLink, Tour, View
from pipeline.site_definition.drawing import Box
from pipeline.site_definition.faults import SiteFaultError
from pipeline.site_definition.recording import SUFFIXES
from pipeline.site_definition.toml_model import Number, ShortName, Strict, Words, reference

NAME = "tour.toml"
COMPASS = ("north", "east", "south", "west")
NARRATION = "narration"
_EDTF = r"^(?:\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?|\d{3}X|\d{2}XX)[?~%]?$"
"""The dates of EDTF levels 0 and 1 that a comparison can stand on (https://www.loc.gov/standards/datetime/)."""


_Yaw = Annotated[Number, Field(ge=-360, le=360)]
_Pitch = Annotated[Number, Field(ge=-90, le=90)]


class _View(Strict):
    yaw: _Yaw = 0.0
    pitch: _Pitch = 0.0
    fov: Annotated[Number, Field(ge=20, le=120)] = 75.0

    def record(self) -> View:
        return View(self.yaw, self.pitch, self.fov)


class _Link(Strict):
    to: str
    yaw: _Yaw
    pitch: _Pitch = 0.0
    label: Words = Words()


class _Hotspot(Strict):
    yaw: _Yaw
    pitch: _Pitch = 0.0
    label: Words
    text: Words = Words()
    asset: str = ""


class _Scene(Strict):
    panorama: str
    title: Words
    description: Words = Words()
    directions: dict[Literal["north", "east", "south", "west"], Words] = Field(default_factory=dict)
    position: tuple[Number, Number, Number] | None = None
    heading: Annotated[Number, Field(ge=0, lt=360)] | None = None
    view: _View = _View()
    links: tuple[_Link, ...] = ()
    hotspots: tuple[_Hotspot, ...] = ()

    def record(self) -> Scene:
        name = reference(self.panorama)
        return Scene(
            id=name,
            panorama=name,
            title=self.title.record(),
            description=self.description.record(),
            directions=tuple((side, self.directions[side].record()) for side in COMPASS if side in self.directions),
            position=self.position,
            position_source=NAME if self.position else "",
            heading=self.heading,
            heading_source=NAME if self.heading is not None else "",
            view=self.view.record(),
            links=tuple(SceneLink(reference(link.to), link.yaw, link.pitch, link.label.record()) for link in self.links),
            hotspots=tuple(Hotspot(spot.yaw, spot.pitch, spot.label.record(), spot.text.record(), spot.asset) for spot in self.hotspots),
        )


class _Plan(Strict):
    id: ShortName
    title: Words
    file: Annotated[str, Field(pattern=r"^[^/\\]+\.svg$")] = "plan.svg"
    origin: tuple[Number, Number]
    units_per_metre: Annotated[Number, Field(gt=0)]
    turn: Number = 0.0
    scenes: tuple[str, ...] = ()
    access: AccessLevel = AccessLevel.RESTRICTED

    def record(self, box: Box) -> Plan:
        scenes = tuple(map(reference, self.scenes))
        title = self.title.record()
        return Plan(self.id, title, self.file, box, self.origin, self.units_per_metre, self.turn, scenes, self.access)


class _Step(Strict):
    title: Words
    text: Words = Words()
    scene: str = ""
    asset: str = ""
    view: _View | None = None
    narration: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$")] = ""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.scene) == bool(self.asset):
            raise ValueError("a step names either a scene or an asset")
        return self


class _Guide(Strict):
    id: ShortName
    title: Words
    summary: Words = Words()
    steps: Annotated[tuple[_Step, ...], Field(min_length=1, max_length=100)]


class _Epoch(Strict):
    date: Annotated[str, Field(pattern=_EDTF)]
    asset: str
    note: Words = Words()


class _Series(Strict):
    id: ShortName
    title: Words
    epochs: Annotated[tuple[_Epoch, ...], Field(min_length=2, max_length=50)]

    @model_validator(mode="after")
    def _oldest_first(self) -> Self:
        dates = [epoch.date.rstrip("?~%").replace("X", "0") for epoch in self.epochs]
        if dates != sorted(dates):
            raise ValueError("the dates of a series stand oldest first")
        return self

    def record(self) -> EpochSeries:
        epochs = tuple(Epoch(one.date, reference(one.asset), note=one.note.record()) for one in self.epochs)
        return EpochSeries(self.id, self.title.record(), epochs)


class TourFile(Strict):
    """The file as a whole."""

    title: Words = Words()
    scenes: tuple[_Scene, ...] = ()
    plans: Annotated[tuple[_Plan, ...], Field(max_length=20)] = ()
    guides: Annotated[tuple[_Guide, ...], Field(max_length=50)] = ()
    epochs: tuple[_Series, ...] = ()

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        for name, ids in (
            ("plans", [plan.id for plan in self.plans]),
            ("guides", [guide.id for guide in self.guides]),
            ("epochs", [series.id for series in self.epochs]),
        ):
            twice = [one for one, count in Counter(ids).items() if count > 1]
            if twice:
                raise ValueError(f"{name}: the id “{twice[0]}” stands twice")
        return self

    def drawings(self) -> tuple[str, ...]:
        """The names of the drawings that plans use."""
        return tuple(dict.fromkeys(plan.file for plan in self.plans))

    def record(self, ark: str, boxes: dict[str, Box], files: Collection[str]) -> Tour:
        """The tour's record, without annotations.

        Args:
            ark: of the site, "" while it has none.
            boxes: viewBox by drawing.
            files: the names of the folder's files, among which narrations are found.

        Raises:
            SiteFaultError: a step names a narration that is not there, or has no captions.
        """
        return Tour(
            site=ark,
            scenes=tuple(scene.record() for scene in self.scenes),
            title=self.title.record(),
            plans=tuple(plan.record(boxes[plan.file]) for plan in self.plans),
            guides=tuple(_guide_record(guide, files) for guide in self.guides),
            epochs=tuple(series.record() for series in self.epochs),
        )


def _guide_record(guide: _Guide, files: Collection[str]) -> Guide:
    steps = tuple(_step_record(step, guide.id, files) for step in guide.steps)
    return Guide(guide.id, guide.title.record(), guide.summary.record(), steps)


def _step_record(step: _Step, guide: str, files: Collection[str]) -> GuideStep:
    narrations = tuple(_narrations(step.narration, files)) if step.narration else ()
    if step.narration and not narrations:
        raise SiteFaultError(
            f"{NAME}: a step of the guide “{guide}” names the narration “{step.narration}”, and no file bears that name.",
            advice=f"Put {NARRATION}/vi/{step.narration}.mp3 there with {step.narration}.vtt beside it, or take the name out.",
        )
    return GuideStep(
        title=step.title.record(),
        text=step.text.record(),
        scene=reference(step.scene) if step.scene else "",
        asset=reference(step.asset) if step.asset else "",
        view=step.view.record() if step.view else None,
        narrations=narrations,
    )


def _narrations(name: str, files: Collection[str]) -> Iterable[Narration]:
    """The recordings of that name, one a language; each has its captions beside it."""
    for language in Language:
        stem = f"{NARRATION}/{language.value}/{name}"
        found = [f"{stem}{suffix}" for suffix in SUFFIXES if f"{stem}{suffix}" in files]
        if len(found) > 1:
            raise SiteFaultError(f"“{found[0]}” and “{found[1]}” are two recordings of one narration.", advice="Keep one of them.")
        if found and f"{stem}.vtt" not in files:
            raise SiteFaultError(
                f"“{found[0]}” has no captions.",
                advice=f"Write {stem}.vtt beside it: whoever cannot hear it reads it there.",
            )
        for file in found:
            yield Narration(language, file, f"{stem}.vtt")
