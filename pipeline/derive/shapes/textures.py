"""A mesh's images as WebP, small enough for a device, without metadata. Each is decoded once for all sizes."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.readers.meshes.images import decoded

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipeline.readers.meshes import Material

QUALITY = 82
CROWDED = ((4, 2), (12, 4), (48, 8))
"""With more than so many images each is at most such a part of the longest side: together they must fit a device's memory."""


class Pictures:
    """The images that some materials use. One that nobody can read is not among them."""

    def __init__(self, materials: "Iterable[Material]", longest: int) -> None:
        wanted = {material.texture: material for material in materials if material.texture}
        self._images: dict[bytes, Image] = {}
        self._written: dict[tuple[int, int], dict[bytes, bytes]] = {}
        side = _side(longest, len(wanted))
        for content, material in wanted.items():
            image = decoded(material, side)
            if image is not None:
                self._images[content] = image

    @property
    def longest(self) -> int:
        """The longest side of any of them, pixels; 0 without images."""
        return max((max(image.size) for image in self._images.values()), default=0)

    def get(self, content: bytes | None) -> "Image | None":
        """One of them as decoded."""
        return None if content is None else self._images.get(content)

    def webp(self, longest: int, quality: int = QUALITY) -> dict[bytes, bytes]:
        """Bytes as delivered → WebP.

        Args:
            longest: longest side of one image, were there only a few, pixels.
            quality: of the encoder.
        """
        look = _side(longest, len(self._images)), quality
        if look not in self._written:
            self._written[look] = {content: _written(smaller(image, look[0]), quality) for content, image in self._images.items()}
        return self._written[look]


def _side(longest: int, count: int) -> int:
    return max(1, min([longest, *(longest // part for limit, part in CROWDED if count > limit)]))


def smaller(image: "Image", longest: int) -> "Image":
    """The image with its longest side at most so many pixels."""
    from PIL.Image import Resampling

    if max(image.size) <= longest:
        return image
    share = longest / max(image.size)
    return image.resize((max(1, round(image.width * share)), max(1, round(image.height * share))), Resampling.LANCZOS)


def _written(image: "Image", quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
