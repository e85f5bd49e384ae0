"""A mesh's images as WebP, small enough for a phone, without metadata."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.readers.meshes.images import decoded

if TYPE_CHECKING:
    from pipeline.readers.meshes import Material

QUALITY = 82
CROWDED = ((4, 1024), (12, 512), (48, 256))
"""With more than so many images each is at most so large: together they must fit a phone's memory."""


def web_textures(materials: "Sequence[Material]", longest: int) -> dict[bytes, bytes]:
    """For every image that the materials use and that can be read: its bytes → WebP.

    Args:
        materials: of the parts to be written.
        longest: longest side of an image, pixels.
    """
    wanted = {material.texture: material for material in materials if material.texture}
    for count, side in CROWDED:
        if len(wanted) > count:
            longest = min(longest, side)
    found = {}
    for content, material in wanted.items():
        image = decoded(material, longest)
        if image is not None:
            out = io.BytesIO()
            image.save(out, "WEBP", quality=QUALITY, method=4)
            found[content] = out.getvalue()
    return found
