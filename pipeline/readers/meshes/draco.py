"""Draco: a bare .drc file, and the decoder that glTF's KHR_draco_mesh_compression needs."""

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.readers.meshes import Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes.faces import assemble

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _mesh(content: bytes) -> Any:
    import DracoPy

    try:
        return DracoPy.decode(content)
    except Exception as error:
        raise refusal("its Draco part cannot be decoded", f"{type(error).__name__}: {error}") from error


def decoded(content: bytes, attributes: dict[str, int]) -> "dict[str, NDArray[Any]]":
    """The attributes of a glTF primitive, each (n, k), by the unique ids that glTF states, and its "indices" (n, 1).

    Raises:
        UnreadableError: not Draco, or an attribute is missing.
    """
    mesh = _mesh(content)
    found: dict[str, NDArray[Any]] = {}
    for name, identifier in attributes.items():
        attribute = mesh.get_attribute_by_unique_id(identifier)
        if attribute is None:
            raise refusal(f"its Draco part has no {name}")
        values = np.asarray(attribute["data"])
        values = values.reshape(len(values), -1)
        whole = name in {"POSITION", "NORMAL"} or values.dtype.kind == "f"
        found[name] = values if whole else values.astype(np.float64) / np.iinfo(values.dtype).max
    found["indices"] = np.asarray(mesh.faces).reshape(-1, 1)
    return found


def open_mesh(sources: Sources) -> Mesh:
    """Read a .drc file.

    Raises:
        UnreadableError: damaged, or points without faces.
    """
    mesh = _mesh(sources[0][1].read_bytes())
    faces = getattr(mesh, "faces", None)
    if faces is None or not len(faces):
        raise refusal("it has no triangles")
    return assemble([MeshPart(np.asarray(mesh.points, np.float64), np.asarray(faces).reshape(-1, 3))], up="y")
