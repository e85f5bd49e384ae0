"""From something that stands in the studio to the files of its poster and of its turntable."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.badge import stamp_photo
from pipeline.derive.deriver import Made, MadeFile
from pipeline.derive.encode import fitted, write_pair
from pipeline.derive.studio.camera import SIDES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POSTER = (1600, 1000)
TURN = (640, 400)
THUMBNAIL = 400


class Subject(Protocol):
    """What stands in the studio, read once, ready for any number of pictures (height, width, 3) sRGB."""

    @property
    def side(self) -> tuple[float, float]:
        """From where the poster and the first of the turntable are seen: azimuth from +x counter-clockwise, elevation; radians, z up."""
        ...

    def poster(self, size: tuple[int, int]) -> "NDArray[np.uint8]":
        """The side that shows most of it."""
        ...

    def turn(self, size: tuple[int, int]) -> "Iterator[NDArray[np.uint8]]":
        """SIDES pictures from all round, the poster's side first, the eye going clockwise seen from above."""
        ...


def pictures_of(subject: Subject, output: Path, asset_facts: dict[str, Any]) -> Made:
    """Write poster, thumbnail and turntable, each as AVIF and JPEG, with the words for what the asset is."""
    nature = asset_facts.get("nature", "")
    files = (*_poster(subject.poster(POSTER), output, nature), *_turn(subject.turn(TURN), output, nature))
    return Made(files, {"seen_from": [round(math.degrees(angle) % 360, 1) for angle in subject.side]})


def _poster(pixels: "NDArray[np.uint8]", output: Path, nature: str) -> Iterator[MadeFile]:
    picture = _picture(pixels)
    yield from write_pair(stamp_photo(picture, nature), output, MediaRole.POSTER, "poster")
    yield from write_pair(stamp_photo(fitted(picture, THUMBNAIL), nature), output, MediaRole.THUMBNAIL, "thumbnail")


def _turn(sides: "Iterator[NDArray[np.uint8]]", output: Path, nature: str) -> Iterator[MadeFile]:
    for number, pixels in enumerate(sides):
        name = f"turn-{number * 360 // SIDES:03}"
        yield from write_pair(stamp_photo(_picture(pixels), nature), output, MediaRole.TURNTABLE, name)


def _picture(pixels: "NDArray[np.uint8]") -> pyvips.Image:
    return pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")
