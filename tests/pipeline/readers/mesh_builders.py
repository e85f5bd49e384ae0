"""Small models, written by hand in every format, for the tests of meshes."""

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.readers.meshes import Mesh, open_asset

CUBE = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float64)
QUADS = np.array([(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)])
TRIANGLES = np.concatenate([QUADS[:, [0, 1, 2]], QUADS[:, [0, 2, 3]]])


def picture(form: str = "PNG", size: int = 8, mode: str = "RGB") -> bytes:
    """An image whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (size, size), (200, 20, 20))
    image.paste((20, 20, 200), (size // 2, 0, size, size))
    out = io.BytesIO()
    image.convert(mode).save(out, form)
    return out.getvalue()


def write_obj(path: Path, *, image: str = "", offset: float = 0.0) -> Path:
    """A cube of quads; with ``image``, coordinates and an MTL that names it."""
    lines = [f"mtllib {path.stem} one.mtl"] if image else []
    lines += [f"v {x + offset:.6f} {y:.6f} {z:.6f}" for x, y, z in CUBE.tolist()]
    lines += ["vt 0 0", "vt 1 0", "vt 1 1", "vt 0 1", "usemtl stone"] if image else []
    lines += [
        "f " + " ".join(f"{corner + 1}/{k + 1}" if image else str(corner + 1) for k, corner in enumerate(quad)) for quad in QUADS.tolist()
    ]
    path.write_text("\n".join(lines) + "\n")
    if image:
        text = f"# made by hand\nnewmtl stone\nKd 0 0 0\nmap_Kd -o 0 0 -bm 1.0 {image}\nnewmtl plain\nKd 0.5 0.25 1\n"
        (path.parent / f"{path.stem} one.mtl").write_text(text)
        (path.parent / image).write_bytes(picture())
    return path


def write_stl(path: Path, positions: NDArray[np.float64] = CUBE, triangles: NDArray[np.int64] = TRIANGLES) -> Path:
    rows = np.zeros(len(triangles), np.dtype([("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")]))
    rows["v"] = positions[triangles]
    path.write_bytes(b"x" * 80 + struct.pack("<I", len(triangles)) + rows.tobytes())
    return path


class Glb:
    """A glTF that grows by arrays; what a test wants to break it changes in ``document``."""

    def __init__(self) -> None:
        self.blob = bytearray()
        self.document: dict[str, Any] = {"asset": {"version": "2.0"}, "accessors": [], "bufferViews": [], "meshes": [], "nodes": []}

    def view(self, content: bytes, **more: Any) -> int:
        self.blob += bytes(-len(self.blob) % 4)
        self.document["bufferViews"].append({"buffer": 0, "byteOffset": len(self.blob), "byteLength": len(content), **more})
        self.blob += content
        return len(self.document["bufferViews"]) - 1

    def accessor(self, values: NDArray[Any], **more: Any) -> int:
        component = {"int8": 5120, "uint8": 5121, "int16": 5122, "uint16": 5123, "uint32": 5125, "float32": 5126}[values.dtype.name]
        kind = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}[values.shape[1]]
        self.document["accessors"].append(
            {"bufferView": self.view(values.tobytes()), "componentType": component, "count": len(values), "type": kind, **more}
        )
        return len(self.document["accessors"]) - 1

    def cube(self, **primitive: Any) -> "Glb":
        """A cube as mesh 0 and node 0."""
        positions = self.accessor(CUBE.astype(np.float32), min=[0, 0, 0], max=[1, 1, 1])
        indices = self.accessor(TRIANGLES.astype(np.uint16).reshape(-1, 1))
        attributes = {"POSITION": positions, **primitive.pop("attributes", {})}
        self.document["meshes"].append({"primitives": [{"attributes": attributes, "indices": indices, **primitive}]})
        self.document["nodes"].append({"mesh": len(self.document["meshes"]) - 1})
        return self

    def image(self, content: bytes) -> int:
        """An image, its texture and a material that uses it; the material's place."""
        images = self.document.setdefault("images", [])
        images.append({"bufferView": self.view(content), "mimeType": "image/png"})
        self.document.setdefault("textures", []).append({"source": len(images) - 1})
        materials: list[Any] = self.document.setdefault("materials", [])
        materials.append({"name": "secret", "pbrMetallicRoughness": {"baseColorTexture": {"index": len(images) - 1}}})
        return len(materials) - 1

    def content(self) -> bytes:
        self.document.setdefault("buffers", [{"byteLength": len(self.blob)}])
        text = json.dumps(self.document).encode()
        text += b" " * (-len(text) % 4)
        blob = bytes(self.blob) + bytes(-len(self.blob) % 4)
        head = struct.pack("<4sIIII", b"glTF", 2, 28 + len(text) + len(blob), len(text), 0x4E4F534A)
        return head + text + struct.pack("<II", len(blob), 0x004E4942) + blob

    def write(self, path: Path) -> Path:
        path.write_bytes(self.content())
        return path


def write_ply(path: Path, header: list[str], body: bytes, form: str = "binary_little_endian") -> Path:
    path.write_bytes("\n".join(["ply", f"format {form} 1.0", *header, "end_header", ""]).encode() + body)
    return path


def write_cube_ply(path: Path, order: str = "<") -> Path:
    """A cube of quads with colours, in either byte order."""
    vertices = np.zeros(8, np.dtype([("xyz", order + "f8", 3), ("rgb", "u1", 3)]))
    vertices["xyz"], vertices["rgb"] = CUBE, 128
    faces = np.zeros(6, np.dtype([("count", "u1"), ("index", order + "i4", 4)]))
    faces["count"], faces["index"] = 4, QUADS
    header = [
        "element vertex 8",
        *(f"property double {name}" for name in "xyz"),
        *(f"property uchar {name}" for name in ("red", "green", "blue")),
    ]
    header += ["element face 6", "property list uchar int vertex_indices"]
    form = "binary_little_endian" if order == "<" else "binary_big_endian"
    return write_ply(path, header, vertices.tobytes() + faces.tobytes(), form)


def write_3mf(path: Path, body: str, unit: str = "millimeter") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        namespace = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
        archive.writestr("3D/3dmodel.model", f'<model unit="{unit}" xmlns="{namespace}">{body}</model>')
    return path


def mesh_xml() -> str:
    vertices = "".join(f'<vertex x="{x}" y="{y}" z="{z}"/>' for x, y, z in CUBE.tolist())
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in TRIANGLES.tolist())
    return f"<mesh><vertices>{vertices}</vertices><triangles>{triangles}</triangles></mesh>"


def collada(*, faces: str, image: str = "", node: str = '<instance_geometry url="#g"/>', up: str = "Z_UP") -> str:
    """A Collada document around the cube's places; ``faces`` is the element that names them."""
    places = " ".join(str(value) for value in CUBE.ravel())
    diffuse = '<texture texture="sampler"/>' if image else "<color>0.5 0.25 0 1</color>"
    parameters = '<newparam sid="sampler"><sampler2D><source>surface</source></sampler2D></newparam>'
    parameters += '<newparam sid="surface"><surface type="2D"><init_from>img</init_from></surface></newparam>'
    return f"""<?xml version="1.0"?><COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
<asset><unit meter="0.01"/><up_axis>{up}</up_axis></asset>
<library_images><image id="img"><init_from>{image}</init_from></image></library_images>
<library_effects><effect id="e"><profile_COMMON>{parameters if image else ""}
<technique><lambert><diffuse>{diffuse}</diffuse></lambert></technique>
</profile_COMMON></effect></library_effects>
<library_materials><material id="m" name="stone"><instance_effect url="#e"/></material></library_materials>
<library_geometries><geometry id="g"><mesh>
<source id="p"><float_array>{places}</float_array><technique_common><accessor stride="3"/></technique_common></source>
<source id="t"><float_array>0 0 1 0 1 1 0 1</float_array><technique_common><accessor stride="2"/></technique_common></source>
<vertices id="v"><input semantic="POSITION" source="#p"/></vertices>{faces}</mesh></geometry></library_geometries>
<library_visual_scenes><visual_scene id="s"><node id="n">{node}</node></visual_scene></library_visual_scenes>
<scene><instance_visual_scene url="#s"/></scene></COLLADA>"""


FACES = {
    "triangles": '<triangles material="x"><input semantic="VERTEX" source="#v" offset="0"/>'
    f"<p>{' '.join(map(str, TRIANGLES.ravel()))}</p></triangles>",
    "polylist": '<polylist material="x"><input semantic="VERTEX" source="#v" offset="0"/>'
    '<input semantic="TEXCOORD" source="#t" offset="1"/>'
    f"<vcount>{'4 ' * 6}</vcount><p>{' '.join(f'{corner} {k}' for quad in QUADS.tolist() for k, corner in enumerate(quad))}</p></polylist>",
    "polygons": '<polygons material="x"><input semantic="VERTEX" source="#v" offset="0"/>'
    + "".join(f"<p>{' '.join(map(str, quad))}</p>" for quad in QUADS.tolist())
    + "</polygons>",
}
BOUND = '<instance_geometry url="#g"><bind_material><instance_material symbol="x" target="#m"/></bind_material></instance_geometry>'


def beside(path: Path) -> tuple[tuple[str, Path], ...]:
    others = sorted(other for other in path.parent.iterdir() if other != path)
    return ((path.name, path), *((other.name, other) for other in others))


def opened(path: Path, form: str = "") -> Mesh:
    return open_asset(beside(path), {path.name: form})


def area(mesh: Mesh) -> float:
    total = 0.0
    for part in mesh.parts:
        a, b, c = (part.positions[part.triangles[:, k]] for k in range(3))
        total += float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
    return total


def assert_cube(mesh: Mesh, size: float = 1.0) -> None:
    low, high = mesh.bounds()
    assert np.allclose(high - low, size)
    assert np.isclose(area(mesh), 6 * size * size)
    assert mesh.invalid == 0
