"""The images of a mesh, decoded with care."""

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipeline.readers.meshes import Material

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "TGA", "GIF", "JPEG2000")
MOST_PIXELS = 16384 * 16384


def decoded(material: "Material", longest: int) -> "Image | None":
    """A material's image as RGB, or RGBA where its opacity counts, its longest side at most ``longest``; None when nobody can read it.

    Orientation tags are not heeded: texture coordinates speak of the pixels as stored (glTF 2.0, 3.8.2).
    """
    from PIL import Image

    if material.texture is None:
        return None
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(material.texture), formats=FORMATS) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("RGB", (longest, longest))
            wide = picture.point(lambda value: value / 256).convert("L") if picture.mode.startswith("I") else picture
            image = wide.convert("RGBA" if material.alpha != "opaque" and wide.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return None
    if max(image.size) > longest:
        share = longest / max(image.size)
        image = image.resize((max(1, round(image.width * share)), max(1, round(image.height * share))), Image.Resampling.LANCZOS)
    return _shade(image) if material.shade else image


def _shade(image: "Image") -> "Image":
    """The red channel of an occlusion image, linear by the specification, as a grey sRGB picture."""
    from PIL import Image

    table = [round(255 * (1.055 * (value / 255) ** (1 / 2.4) - 0.055)) if value > 0 else 0 for value in range(256)]
    grey = image.getchannel("R").point(table)
    return Image.merge("RGB", (grey, grey, grey))
