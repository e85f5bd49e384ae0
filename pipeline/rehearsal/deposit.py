"""The rehearsal from end to end: build, light, survey, write the folder an officer would bring home, and the truth beside it."""

from collections.abc import Callable
from pathlib import Path

from archive.errors import ConflictError
from pipeline.rehearsal.bake import light_model
from pipeline.rehearsal.documents import RECORDING, write_pdf, write_recording, write_sheet
from pipeline.rehearsal.earlier import earlier_model
from pipeline.rehearsal.export_obj import export_mesh
from pipeline.rehearsal.kernels import forget_stale_kernels
from pipeline.rehearsal.laser import PATH as SCAN
from pipeline.rehearsal.laser import survey
from pipeline.rehearsal.model import build_model
from pipeline.rehearsal.panorama import EARLIER as EARLIER_STANDPOINT
from pipeline.rehearsal.panorama import STANDPOINTS, shoot_panorama, visible_links
from pipeline.rehearsal.photos import DUPLICATE, PHOTOS, TRUNCATED, plant_faults, take_photo
from pipeline.rehearsal.photos import EARLIER as EARLIER_PHOTO
from pipeline.rehearsal.place import ALTITUDE, EARLIER_YEAR, LATITUDE, LONGITUDE, OFFSET, moment
from pipeline.rehearsal.scale import FULL, SMALL, Scale
from pipeline.rehearsal.stage import Model
from pipeline.rehearsal.truth import CameraTruth, FaultTruth, Truth, list_files, write_truth

Progress = Callable[[float, float], None]

LIGHTING = 4.0
EARLIER = 1.5
SCANNING = 3.0
"""Shares of the work, in panoramas."""


def rehearse(folder: Path, *, seed: int = 2026, small: bool = False, progress: Progress | None = None) -> Truth:
    """Writes a simulated deposit and what is true about it.

    The same seed gives the same bytes on the same machine, whatever the number of threads and the time of day.

    Args:
        folder: where the deposit goes; made if it is not there. ``<folder>.truth.json`` is written beside it.
        seed: of plants and of the noise of measuring.
        small: lower resolution, the same variety.
        progress: told (done, total), in steps.

    Raises:
        ConflictError: the folder is not empty; nothing was written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConflictError(f"“{folder}” is not empty; nothing was written.", advice="Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    forget_stale_kernels()
    work = _Work(progress)
    scale = SMALL if small else FULL
    mesh = build_model(seed)
    model = light_model(mesh, rays=scale.bake_rays, texel=scale.sun_texel, progress=lambda share: work.show(share * LIGHTING))
    work.done(LIGHTING)
    panoramas = []
    for number, standpoint in enumerate(STANDPOINTS):
        panoramas.append(shoot_panorama(model, standpoint, folder, width=scale.panorama, taken=moment(6.0 * number)))
        work.done(1.0)
    photos = []
    for number, photo in enumerate(PHOTOS):
        photos.append(take_photo(model, photo, folder, longer=scale.photo, minutes=2.0 + 3.5 * number))
        work.done(0.25)
    earlier = _shoot_earlier(model, folder, scale)
    work.done(EARLIER)
    plant_faults(folder)
    stations = survey(model, folder, points=scale.points, seed=seed)
    exported = export_mesh(model, folder, texture=scale.texture)
    work.done(SCANNING)
    write_pdf(folder)
    write_sheet(folder)
    write_recording(folder)
    truth = Truth(
        seed=seed,
        small=small,
        origin=(LATITUDE, LONGITUDE, ALTITUDE),
        offset=OFFSET,
        model_triangles=len(mesh.triangles),
        panoramas=tuple(panoramas),
        links=visible_links(model),
        photos=tuple(photos),
        scan=SCAN,
        stations=stations,
        mesh=exported,
        faults=_faults(),
        files=list_files(folder),
        earlier=earlier,
        recording=RECORDING,
    )
    write_truth(folder, truth)
    return truth


def _shoot_earlier(model: Model, folder: Path, scale: Scale) -> tuple[CameraTruth, ...]:
    """The courtyard and the front ten years before, from where they are photographed today."""
    before = earlier_model(model, rays=scale.bake_rays, texel=3 * scale.sun_texel)
    when = moment(35.0).replace(year=EARLIER_YEAR)
    panorama = shoot_panorama(before, EARLIER_STANDPOINT, folder, width=scale.panorama, taken=when)
    return (panorama, take_photo(before, EARLIER_PHOTO, folder, longer=scale.photo, minutes=35.0))


def _faults() -> tuple[FaultTruth, ...]:
    odd = tuple(FaultTruth("future-date", photo.path) for photo in PHOTOS if photo.taken)
    lost = tuple(FaultTruth("no-gps", photo.path) for photo in PHOTOS if not photo.gps)
    return (FaultTruth("duplicate", *DUPLICATE), FaultTruth("truncated", *TRUNCATED), *odd, *lost)


class _Work:
    """Counts the steps done and tells who listens."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0.0
        self._total = LIGHTING + len(STANDPOINTS) + 0.25 * len(PHOTOS) + EARLIER + SCANNING

    def show(self, more: float) -> None:
        if self._progress is not None:
            self._progress(round(self._done + more, 2), self._total)

    def done(self, steps: float) -> None:
        self._done += steps
        self.show(0.0)
