"""The picture of the model house that the README shows."""

from pathlib import Path

from PIL import Image

from pipeline.rehearsal.bake import light_model
from pipeline.rehearsal.camera import Camera
from pipeline.rehearsal.kernels import forget_stale_kernels
from pipeline.rehearsal.lettering import badge_photo
from pipeline.rehearsal.model import build_model
from pipeline.rehearsal.render import render
from pipeline.rehearsal.scale import FULL, Scale

VIEW = Camera((-6.3, -6.4, 1.7), 22.0, 6.5, 1600, 800, 70.0)


def write_portrait(path: Path, *, seed: int = 2026, scale: Scale = FULL) -> None:
    """Renders the house from the yard, in the late afternoon, as a JPEG of at most 200 KB."""
    forget_stale_kernels()
    model = light_model(build_model(seed), rays=scale.bake_rays, texel=scale.sun_texel, progress=lambda _: None)
    width = min(VIEW.width, scale.photo)
    picture = render(model, VIEW._replace(width=width, height=width // 2))
    badge_photo(picture)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path, "JPEG", quality=74, optimize=True)
