"""How large a rehearsal is: the full one for the demo and the exercise, the small one for tests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes of what the survey brings home.

    Attributes:
        panorama: width, pixels. photo: longer side, pixels. texture: side of the mesh's texture, pixels.
        points: of all stations together, at least. bake_rays: directions looked into from each vertex. sun_texel: metres.
    """

    panorama: int
    photo: int
    texture: int
    points: int
    bake_rays: int
    sun_texel: float


FULL = Scale(panorama=4096, photo=1920, texture=4096, points=2_200_000, bake_rays=160, sun_texel=0.012)
SMALL = Scale(panorama=1024, photo=320, texture=512, points=110_000, bake_rays=6, sun_texel=0.08)
