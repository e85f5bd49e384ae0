"""What of a site's tour is left out of its publication, and why: for the officer, who may know what the public may not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.records.access import AccessLevel
from archive.records.tour import Scene, Tour
from pipeline.publish.references import References
from pipeline.site_definition import Place, mentions, plain

_WALKED = frozenset({"scene", "link", "plan"})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One part of a tour that is not shown. ``why``: "unknown", "hidden", "no-scene", "plan-closed", "plan-empty"."""

    place: Place
    name: str
    why: str


def left_out_of(drawn: Tour, shown: Tour | None, references: References) -> tuple[LeftOut, ...]:
    """Every part of the tour as drawn that the public tour does not have."""
    scenes = {scene.panorama: scene for scene in shown.scenes} if shown else {}
    return (*_names(drawn, scenes, references), *_plans(drawn, {plan.id for plan in shown.plans} if shown else set()))


def _names(drawn: Tour, scenes: Mapping[str, Scene], references: References) -> Iterator[LeftOut]:
    for mention in mentions(drawn):
        asset = references.public(mention.name)
        if asset is None:
            why = "hidden" if references.is_kept_back(mention.name) else "unknown"
            yield LeftOut(mention.place, plain(mention.name), why)
        elif mention.place.part in _WALKED and asset.ark not in scenes:
            yield LeftOut(mention.place, plain(mention.name), "no-scene")


def _plans(drawn: Tour, shown: set[str]) -> Iterator[LeftOut]:
    for number, plan in enumerate(drawn.plans, 1):
        if plan.id not in shown:
            why = "plan-empty" if plan.access is AccessLevel.PUBLIC else "plan-closed"
            yield LeftOut(Place("drawing", number), plan.file, why)
