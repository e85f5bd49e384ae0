"""What a scene shows: where one can look and where one can go. Rules only."""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Scene, SceneLink, View
from viewer import addresses, pictures, wording
from viewer.pictures import Picture

_RELATIVE = ("ahead", "right", "behind", "left")
DIRECTION_NAMES = {
    "n": "north", "ne": "north-east", "e": "east", "se": "south-east", "s": "south", "sw": "south-west", "w": "west", "nw": "north-west",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stop:
    """A scene with its number in the walk."""

    number: int
    scene: Scene


@dataclass(frozen=True, slots=True)
class Outlook:
    """One of the four directions: a still, and what was written of what lies there.

    Attributes:
        key: a compass point ("ne") where the panorama's heading is known, else "ahead", "right", "behind", "left".
        described: (compass point, words) of every description nearer to this direction than to the other three.
    """

    key: str
    yaw: int
    picture: Picture | None
    described: tuple[tuple[str, LocalText], ...]

    @property
    def name(self) -> str:
        """Its name in addresses: "north-east", "behind"."""
        return DIRECTION_NAMES.get(self.key, self.key)


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a neighbouring scene, as an address with the view one arrives with. Where ``known`` is False, it is never pointed at."""

    href: str
    scene: Scene
    label: LocalText
    yaw: float
    pitch: float
    key: str
    proposed: bool
    known: bool = True


def scene_of(site: PublicSite, scene_id: str) -> Scene | None:
    """The scene with that id."""
    scenes = site.tour.scenes if site.tour else ()
    return next((scene for scene in scenes if scene.id == scene_id), None)


def panorama_of(site: PublicSite, scene: Scene) -> PublicAsset | None:
    """The public panorama that a scene stands on; a scene names it by ARK."""
    return next((asset for asset in site.assets if scene.panorama in {asset.ark, asset.id}), None)


def scenes_with_panoramas(site: PublicSite) -> list[tuple[Scene, PublicAsset]]:
    """The scenes that can be shown, in the tour's order, those of older dates among them."""
    return _shown(site, site.tour.scenes if site.tour else ())


def stops(site: PublicSite) -> list[tuple[Scene, PublicAsset]]:
    """The scenes of the walk as it is today, in the tour's order; older dates of a standpoint are reached from it."""
    return _shown(site, site.tour.stops if site.tour else ())


def _shown(site: PublicSite, scenes: tuple[Scene, ...]) -> list[tuple[Scene, PublicAsset]]:
    wanted = {scene.panorama for scene in scenes}
    panoramas = {name: asset for asset in site.assets if asset.ark in wanted or asset.id in wanted for name in (asset.ark, asset.id)}
    return [(scene, panoramas[scene.panorama]) for scene in scenes if scene.panorama in panoramas]


def direction_key(heading: float | None, yaw: float) -> str:
    """What lies towards ``yaw``: a compass point, or a relative word where north is not known."""
    if heading is None:
        return _RELATIVE[round(yaw % 360 / 90) % 4]
    return wording.compass_key(heading + yaw)


def outlooks(site: PublicSite, scene: Scene, panorama: PublicAsset) -> list[Outlook]:
    """The four stills, each with the descriptions of the directions that it shows."""
    return [
        Outlook(
            key=direction_key(scene.heading, yaw),
            yaw=yaw,
            picture=pictures.still(site, panorama, yaw),
            described=tuple(_described_towards(scene, yaw)),
        )
        for yaw in pictures.STILL_YAWS
    ]


def first_outlook(outlooks_shown: list[Outlook], view: View) -> Outlook:
    """The still nearest to the view that the scene opens with."""
    return outlook_towards(outlooks_shown, view.yaw)


def outlook_towards(outlooks_shown: list[Outlook], yaw: float) -> Outlook:
    """The still in whose middle third or so ``yaw`` lies."""
    return min(outlooks_shown, key=lambda outlook: wording.apart(outlook.yaw, yaw))


def descriptions(scene: Scene) -> list[tuple[str, LocalText]]:
    """What is written of each compass direction, clockwise from north: (compass point, words)."""
    return [(wording.compass_key(bearing), words) for bearing, words in sorted(_described(scene), key=lambda pair: pair[0])]


def ways(site: PublicSite, scene: Scene, language: Language) -> list[Way]:
    """The links of a scene whose other end is public, clockwise from the image centre's left edge."""
    reachable = {target.id: target for target, _ in scenes_with_panoramas(site)}
    links = sorted((link for link in scene.links if link.to in reachable), key=lambda link: (link.yaw + 180) % 360)
    return [_way(site, scene, link, reachable[link.to], language) for link in links]


def arrival(from_scene: Scene, link: SceneLink, to_scene: Scene) -> str:
    """The fragment that keeps one's bearing through a door: north stays north. "" where a heading or the direction is not known."""
    if from_scene.heading is None or to_scene.heading is None or not link.direction_known:
        return ""
    yaw = (from_scene.heading + link.yaw - to_scene.heading + 180) % 360 - 180
    return f"#v={yaw:.0f},0,{to_scene.view.fov:.0f}"


def fragment(view: View) -> str:
    """What makes an address that of an exact view: "#v=yaw,pitch,fov"."""
    return f"#v={view.yaw:g},{view.pitch:g},{view.fov:g}"


def _way(site: PublicSite, scene: Scene, link: SceneLink, target: Scene, language: Language) -> Way:
    label = link.label if any(link.label.get(spoken) for spoken in Language) else target.title
    return Way(
        href=addresses.scene(language, site.slug, target.id) + arrival(scene, link, target),
        scene=target,
        label=label,
        yaw=link.yaw,
        pitch=link.pitch,
        key=direction_key(scene.heading, link.yaw),
        proposed=link.proposed,
        known=link.direction_known,
    )


def _described_towards(scene: Scene, yaw: int) -> Iterator[tuple[str, LocalText]]:
    """What is written of that side. Without a heading nobody knows which side of the picture "north" is: nothing is claimed."""
    if scene.heading is None:
        return
    for bearing, words in sorted(_described(scene), key=lambda pair: pair[0]):
        off = bearing - scene.heading
        if min(pictures.STILL_YAWS, key=lambda still: wording.apart(still, off)) == yaw:
            yield wording.compass_key(bearing), words


def _described(scene: Scene) -> Iterator[tuple[float, LocalText]]:
    for name, words in scene.directions:
        bearing = wording.compass_bearing(name)
        if bearing is not None:
            yield bearing, words
