"""A small picture of an archived image for the report, made in a parser worker."""

import io

from archive.errors import UnreadableError
from pipeline.workers import WorkerInput

TASK = "pipeline.report_picture:read"
WIDTH, HEIGHT = 240, 160


def read(source: WorkerInput) -> bytes:
    """A JPEG of at most 240 × 160 pixels, upright, without any metadata.

    Raises:
        UnreadableError: Pillow cannot open it.
    """
    import PIL.Image
    import PIL.ImageOps
    import pillow_heif

    pillow_heif.register_heif_opener()
    # The pixels are counted by the worker's memory limit.
    PIL.Image.MAX_IMAGE_PIXELS = None
    try:
        with PIL.Image.open(source.stream) as image:
            image.draft("RGB", (WIDTH * 2, HEIGHT * 2))
            upright = PIL.ImageOps.exif_transpose(image)
            upright.thumbnail((WIDTH, HEIGHT))
            written = io.BytesIO()
            upright.convert("RGB").save(written, "JPEG", quality=72, optimize=True)
    except Exception as error:
        raise UnreadableError("No small picture could be made.", detail=f"{type(error).__name__}: {error}") from error
    return written.getvalue()
