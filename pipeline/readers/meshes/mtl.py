"""MTL: the diffuse colour, the opacity and the diffuse image of each material."""

import re

import numpy as np

from pipeline.readers.meshes import Material, Sources
from pipeline.readers.meshes.companions import companion_bytes
from pipeline.readers.meshes.srgb import linear_of

_OPTION = re.compile(r"^-(?:(?:o|s|t)(?:\s+-?[\d.]+){1,3}|mm(?:\s+-?[\d.]+){2}|[a-z]+\s+\S+)\s+", re.IGNORECASE)
_IMAGES = ("map_kd", "map_ka")
MOST_LINES = 1_000_000


def materials_of(content: bytes, sources: Sources) -> dict[str, Material]:
    """Every material of a library by its name."""
    return {name: _material(name, said, sources) for name, said in _statements(content).items()}


def _statements(content: bytes) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in content.decode("utf-8", "surrogateescape").splitlines()[:MOST_LINES]:
        word, _, rest = line.strip().replace("\t", " ").partition(" ")
        if word.lower() == "newmtl":
            current = found.setdefault(rest.strip(), {})
        elif word:
            current[word.lower()] = rest.strip()
    return found


def _material(name: str, said: dict[str, str], sources: Sources) -> Material:
    reference = next((said[key] for key in _IMAGES if key in said), "")
    while option := _OPTION.match(reference):
        reference = reference[option.end() :]
    reference = reference.strip().strip('"')
    image = companion_bytes(sources, reference) if reference else None
    r, g, b = _colour(said.get("kd", ""), white=image is not None)
    return Material(name, (r, g, b, 1.0), image, "" if image else reference)


def _colour(text: str, *, white: bool) -> tuple[float, float, float]:
    """Kd in linear light. Beside an image it is taken for white: exporters write it at random, and a black one hides the image."""
    try:
        values = [min(max(float(word), 0.0), 1.0) for word in text.split()[:3]]
    except ValueError:
        values = []
    if white or len(values) != 3:
        return (1.0, 1.0, 1.0) if white else (0.6, 0.57, 0.53)
    r, g, b = (float(value) for value in linear_of(np.array(values)))
    return r, g, b
