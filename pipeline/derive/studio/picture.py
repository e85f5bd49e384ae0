"""From finished pixels to the files of a poster."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.badge import stamp_photo
from pipeline.derive.deriver import Made
from pipeline.derive.encode import fitted, write_pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POSTER = (1600, 1000)
THUMBNAIL = 400


def poster_of(pixels: "NDArray[np.uint8]", output: Path, asset_facts: dict[str, Any]) -> Made:
    """Write poster and thumbnail, each as AVIF and JPEG, with the words for what the asset is."""
    picture = pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")
    nature = asset_facts.get("nature", "")
    small = stamp_photo(fitted(picture, THUMBNAIL), nature)
    files = [
        *write_pair(stamp_photo(picture, nature), output, MediaRole.POSTER, "poster"),
        *write_pair(small, output, MediaRole.THUMBNAIL, "thumbnail"),
    ]
    return Made(tuple(files))
