"""Images and colours of many materials poured into the colours of the vertices: one part, no image, for a first shape of few bytes."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.derive.shapes.textures import Pictures, smaller
from pipeline.readers.meshes import Material, MeshPart
from pipeline.readers.meshes.srgb import linear_of, srgb_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

FINE = 256
"""Longest side of the images that colours are taken from: one texel speaks for what stands around a vertex."""
WHITE = Material()


def baked(parts: list[MeshPart], pictures: Pictures) -> list[MeshPart]:
    """The parts with all that they look like in their vertices' colours."""
    return [replace(part, uv=None, normals=None, colours=_colours(part, pictures), material=WHITE) for part in parts]


def _colours(part: MeshPart, pictures: Pictures) -> "NDArray[np.uint8]":
    """(n, 4) sRGB: the material's colour times the image's times the vertices' own, in linear light (glTF 2.0, 3.9.2)."""
    light = np.tile(np.array(part.material.colour[:3], np.float64), (len(part.positions), 1))
    image = pictures.get(part.material.texture)
    if image is not None and part.uv is not None:
        pixels = np.asarray(smaller(image, FINE).convert("RGB"))
        height, width = pixels.shape[:2]
        across, down = ((part.uv % 1.0) * (width, height)).astype(np.int64).T
        light *= linear_of(pixels[np.minimum(down, height - 1), np.minimum(across, width - 1)] / 255)
    if part.colours is not None:
        light *= linear_of(part.colours[:, :3] / 255)
    # Few steps, so that neighbours that look the same are the same: they weld, and they pack.
    colours = np.full((len(light), 4), 255, np.uint8)
    colours[:, :3] = np.rint(srgb_of(np.clip(light, 0, 1)) * 63) * (255 / 63)
    return colours
