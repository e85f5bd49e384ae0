"""Panoramas that show a standpoint at an older date: scenes that keep their address, and are no stops of the walk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from archive.records.identifiers import identifier_of
from archive.records.tour import Scene, SceneLink
from pipeline.publish.angles import signed


def newest_of(dates: Iterable[Sequence[str]], panoramas: set[str]) -> dict[str, str]:
    """Id of each scene of an older date → id of the newest scene of its series."""
    newest: dict[str, str] = {}
    for series in dates:
        scenes = [identifier_of(ark) for ark in series if ark in panoramas]
        newest |= {older: scenes[-1] for older in scenes[:-1] if older != scenes[-1]}
    for scene in list(newest):
        seen = {scene}
        while newest[scene] in newest and newest[scene] not in seen:
            seen.add(newest[scene])
            newest[scene] = newest[newest[scene]]
        if newest[scene] in newest:  # two series that contradict each other: this one stays a stop
            del newest[scene]
    return newest


def to_stops(scene: Scene, newest: Mapping[str, str]) -> Scene:
    """The scene with the ways that lead to an older date leading to the newest; never to itself, never twice to one."""
    links: dict[str, SceneLink] = {}
    for link in scene.links:
        target = newest.get(link.to, link.to)
        if target != newest.get(scene.id, scene.id) and (target not in links or link.to == target):
            links[target] = replace(link, to=target)
    return replace(scene, links=tuple(links.values()))


def of_the_past(scene: Scene, stop: Scene, newest: Mapping[str, str]) -> Scene:
    """A scene of an older date: it stands where the newest stands and leads where that leads, unless somebody has drawn otherwise."""
    scene = to_stops(scene, newest)
    if scene.position is None:
        scene = replace(scene, position=stop.position, position_source=stop.position_source)
    return scene if scene.links else replace(scene, links=tuple(_turned(link, stop, scene) for link in stop.links))


def _turned(link: SceneLink, stop: Scene, scene: Scene) -> SceneLink:
    """The same way in a panorama whose image centre looks elsewhere."""
    if stop.heading is None or scene.heading is None:
        return replace(link, proposed=True, direction_known=False)
    return replace(link, yaw=round(signed(link.yaw + stop.heading - scene.heading), 2))
