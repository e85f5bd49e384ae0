"""A copy of a picture that may be handed out where its original would tell a place: pixels, and nothing else.

Upright, sRGB, at most 4096 pixels long. A panorama of a part of the sphere stays the part that it is.
"""

from pathlib import Path
from typing import Any

from archive.records.derivative import MediaRole
from pipeline.derive.badge import stamp_photo, stamp_sphere
from pipeline.derive.deriver import Made, MadeFile
from pipeline.derive.encode import fitted
from pipeline.derive.sphere import part_of
from pipeline.readers.images import choose_picture, open_upright

NAME = "access-copy.jpg"


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any], *, longest: int, quality: int) -> Made:
    """Write ``access-copy.jpg`` from the best picture among the sources.

    Args:
        sources: (logical path, file), principal first.
        output: empty folder.
        asset_facts: "kind", "nature", "formats", and "crop" of a panorama.
        longest: most pixels of the longer side; a smaller picture keeps its size.
        quality: JPEG quality.

    Raises:
        UnreadableError: no reader knows the picture.
    """
    path, format_name = choose_picture(sources, asset_facts["formats"])
    opened = open_upright(path, format_name, at_least=longest).picture
    picture = fitted(opened, longest).copy_memory()
    nature = asset_facts["nature"]
    if asset_facts["kind"] == "panorama":
        picture = stamp_sphere(picture, nature, part_of(picture.width, picture.height, asset_facts.get("crop")))
    else:
        picture = stamp_photo(picture, nature)
    picture.jpegsave(str(output / NAME), Q=quality, optimize_coding=True, keep="none")
    return Made((MadeFile(MediaRole.ACCESS_COPY, NAME, "image/jpeg", picture.width, picture.height),))
