"""What a .gltf says of its meshes without the buffers that lie beside it: counts and bounds as its accessors declare them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_BYTES_INSIDE = 5
"""A data address begins with so many letters."""


def stated_only(content: bytes) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Raw statements and facts; None when all buffers are inside, so that the model can be read itself.

    Raises:
        UnreadableError: no glTF, or its parts are not what the specification says.
    """
    from pipeline.readers.meshes import refusal
    from pipeline.readers.meshes.gltf import SHAPE_ERRORS, placed, read_document

    document, _ = read_document(content)
    try:
        buffers = document.get("buffers", [])
        if all(str(one.get("uri", "data:"))[:MOST_BYTES_INSIDE] == "data:" for one in buffers):
            return None
        meshes = placed(document)
        counts = [_counts(document, one) for mesh, _ in meshes for one in document["meshes"][mesh]["primitives"]]
        facts: dict[str, Any] = {
            "triangles": sum(triangles for triangles, _ in counts),
            "vertices": sum(vertices for _, vertices in counts),
            "textures": len(document.get("images", [])),
            "materials": len(document.get("materials", [])),
            "unit": "metre",
        }
        bounds = _bounds(document, meshes)
    except SHAPE_ERRORS as error:
        raise refusal("its parts are not what the glTF specification says", f"{type(error).__name__}: {error}") from error
    if bounds is not None:
        facts["bounds"] = bounds
    raw = {"asset": document["asset"], "extensions": document.get("extensionsUsed", []), "buffers": [one.get("uri") for one in buffers]}
    return raw, facts


def _counts(document: dict[str, Any], primitive: dict[str, Any]) -> tuple[int, int]:
    """Triangles and vertices of one primitive."""
    vertices = int(document["accessors"][primitive["attributes"]["POSITION"]]["count"])
    corners = int(document["accessors"][primitive["indices"]]["count"]) if "indices" in primitive else vertices
    mode = primitive.get("mode", 4)
    return (corners // 3 if mode == 4 else max(corners - 2, 0) if mode in {5, 6} else 0), vertices


def _bounds(document: dict[str, Any], meshes: "list[tuple[int, NDArray[np.float64]]]") -> dict[str, list[float]] | None:
    """The box around the accessors' boxes, each placed by its node."""
    import numpy as np

    corners = []
    for mesh, matrix in meshes:
        for primitive in document["meshes"][mesh]["primitives"]:
            accessor = document["accessors"][primitive["attributes"]["POSITION"]]
            ends = np.array([accessor["min"], accessor["max"]], np.float64).reshape(2, 3)
            box = np.stack(np.meshgrid(*ends.T, indexing="ij"), axis=-1).reshape(-1, 3)
            corners.append(box @ matrix[:3, :3].T + matrix[:3, 3])
    if not corners:
        return None
    every = np.concatenate(corners)
    return {"minimum": [float(value) for value in every.min(axis=0)], "maximum": [float(value) for value in every.max(axis=0)]}
