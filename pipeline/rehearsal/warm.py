"""Compiles the rehearsal's kernels, at set-up: everything once, so small that only the compiler takes time."""

from pathlib import Path

from pipeline.rehearsal.bake import light_model
from pipeline.rehearsal.camera import Camera
from pipeline.rehearsal.export_obj import export_mesh
from pipeline.rehearsal.kernels import forget_stale_kernels
from pipeline.rehearsal.laser import survey
from pipeline.rehearsal.model import build_model
from pipeline.rehearsal.render import render


def compile_kernels(folder: Path) -> None:
    """Compile into the cache beside the sources; ``folder`` is an empty scratch folder."""
    forget_stale_kernels()
    model = light_model(build_model(1), rays=1, texel=0.8, progress=lambda _: None)
    for field in (360.0, 70.0):
        render(model, Camera((0.0, -21.6, 1.6), 0.0, 0.0, 64, 32, field))
    survey(model, folder, points=100, seed=1)
    export_mesh(model, folder, texture=256)
