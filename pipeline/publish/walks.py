"""Plans, guided walks and comparisons of dates as the public sees them: what speaks of something hidden is left out without a trace.

Rules: a step that leads to a scene or an asset which is not shown whole is left out, and a guide without steps; so is a date of a
comparison, and a comparison of fewer than two dates. A plan is shown where it is public itself; it names the scenes whose standpoint
somebody has drawn in its frame, and is left out where there are none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from archive.records.access import AccessLevel
from archive.records.tour import EpochSeries, Guide, GuideStep, Narration, Plan, Scene, Tour
from pipeline.publish.references import References
from pipeline.publish.site_files import SiteFile

DRAWN = frozenset({"tour.toml", "tour"})
"""Where a position comes from that stands in the frame of the site's plans and annotations."""


def public_plans(drawn: Tour, scenes: Mapping[str, Scene], references: References, files: Mapping[str, SiteFile]) -> tuple[Plan, ...]:
    """The plans that may be seen, each with the ids of the scenes on it.

    Args:
        drawn: the archived tour.
        scenes: ARK of the panorama → public scene.
        references: of the site.
        files: the site's public files by name.
    """
    placed = {ark: scene for ark, scene in scenes.items() if scene.position is not None and scene.position_source in DRAWN}
    plans = []
    for plan in drawn.plans:
        named = [asset.ark for name in plan.scenes if (asset := references.public(name)) is not None] if plan.scenes else list(placed)
        shown = tuple(placed[ark].id for ark in named if ark in placed)
        if plan.access is AccessLevel.PUBLIC and plan.file in files and shown:
            plans.append(replace(plan, scenes=shown))
    return tuple(plans)


def public_guides(drawn: Tour, scenes: Mapping[str, Scene], references: References, files: Mapping[str, SiteFile]) -> tuple[Guide, ...]:
    """The guided walks with the steps that lead somewhere."""
    guides = (replace(guide, steps=tuple(_steps(guide, scenes, references, files))) for guide in drawn.guides)
    return tuple(guide for guide in guides if guide.steps)


def _steps(guide: Guide, scenes: Mapping[str, Scene], references: References, files: Mapping[str, SiteFile]) -> Iterator[GuideStep]:
    for step in guide.steps:
        asset = references.public(step.scene or step.asset)
        if asset is None or (step.scene and asset.ark not in scenes):
            continue
        narrations = tuple(_told(narration, files) for narration in step.narrations if narration.file in files)
        if step.scene:
            yield replace(step, scene=scenes[asset.ark].id, narrations=narrations)
        else:
            yield replace(step, asset=asset.ark, narrations=narrations)


def _told(narration: Narration, files: Mapping[str, SiteFile]) -> Narration:
    captions = narration.captions if narration.captions in files else ""
    return replace(narration, captions=captions, seconds=files[narration.file].seconds)


def public_series(drawn: Tour, references: References) -> tuple[EpochSeries, ...]:
    """The comparisons of at least two dates that may be seen, each date with its ARK; scenes are filled in once there are any."""
    found = []
    for series in drawn.epochs:
        seen = ((epoch, references.public(epoch.asset)) for epoch in series.epochs)
        epochs = tuple(replace(epoch, asset=asset.ark) for epoch, asset in seen if asset is not None)
        if len({epoch.asset for epoch in epochs}) > 1:
            found.append(replace(series, epochs=epochs))
    return tuple(found)


def with_scenes(series: tuple[EpochSeries, ...], scenes: Mapping[str, Scene]) -> tuple[EpochSeries, ...]:
    """The comparisons with the scene of every date that is a panorama of the tour."""
    return tuple(
        replace(one, epochs=tuple(replace(epoch, scene=scenes[epoch.asset].id if epoch.asset in scenes else "") for epoch in one.epochs))
        for one in series
    )
