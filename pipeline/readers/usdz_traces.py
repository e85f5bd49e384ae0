"""What a USDZ that we wrote holds besides geometry and pixels: its package by our own walk, its layer field by field.

The layer is read by usd-core, the only reader of its binary form here, but through lists of what may be there, which the writer does not
know of.
"""

import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

_LAYER = "model.usdc"
_PADDING_ID = 0x1986
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_FIELDS = frozenset(
    {"defaultPrim", "upAxis", "metersPerUnit", "specifier", "typeName", "kind", "apiSchemas", "primChildren", "properties", "default"}
    | {"custom", "variability", "interpolation", "connectionPaths", "targetPaths", "connectionChildren", "targetChildren"}
)
_WORDS = frozenset({"st"})

Walk = Callable[[BinaryIO], Iterator[str]]


def usdz_traces(stream: BinaryIO, walks: dict[str, Walk]) -> Iterator[str]:
    """Everything in the package that is neither geometry nor pixels.

    Args:
        stream: an open file on disk, named as USD wants it.
        walks: by suffix, for the images inside.

    Raises:
        ValueError: no package as the specification describes it.
    """
    try:
        with zipfile.ZipFile(stream) as package:
            names = [entry.filename for entry in package.infolist()]
            if package.comment:
                yield "ZIP comment"
            for entry in package.infolist():
                yield from _entry(entry, stream)
                if entry.filename != _LAYER:
                    yield from _image(entry.filename, package, walks)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ValueError(str(error)) from error
    if names[:1] != [_LAYER]:
        raise ValueError(f"its first file is not {_LAYER}")
    yield from _layer(Path(stream.name), set(names[1:]))


def _entry(entry: zipfile.ZipInfo, stream: BinaryIO) -> Iterator[str]:
    stream.seek(entry.header_offset + 26)
    name, extra = struct.unpack("<2H", stream.read(4))
    stream.seek(name, 1)
    padding = stream.read(extra)
    place = entry.header_offset + 30 + name + extra
    if entry.compress_type != zipfile.ZIP_STORED or place % 64:
        yield f"{entry.filename} is not stored at a multiple of 64 bytes"
    is_padding = padding[:4] == struct.pack("<2H", _PADDING_ID, max(len(padding) - 4, 0)) and not any(padding[4:])
    if not is_padding or entry.comment or entry.extra:
        yield f"ZIP extra of {entry.filename}"
    if entry.date_time != _FIRST_DAY:
        yield f"ZIP time of {entry.filename}"


def _image(name: str, package: zipfile.ZipFile, walks: dict[str, Walk]) -> Iterator[str]:
    stem, _, suffix = name.partition(".")
    if not stem.isdigit() or f".{suffix}" not in {".jpg", ".png"}:
        yield f"package file {name}"
        return
    with package.open(name) as inside:
        yield from walks[f".{suffix}"](inside)  # type: ignore[arg-type]  # an IO[bytes] with all that is asked of it


def _layer(path: Path, images: set[str]) -> Iterator[str]:
    from pxr import Sdf, Tf

    try:
        layer = Sdf.Layer.OpenAsAnonymous(f"{path}[{_LAYER}]")
    except Tf.ErrorException as error:
        raise ValueError("its layer cannot be read") from error
    if layer is None:
        raise ValueError("its layer cannot be read")
    found: list[str] = []
    layer.Traverse(Sdf.Path.absoluteRootPath, lambda place: found.extend(_spec(layer, place, images)))
    yield from found


def _spec(layer: Any, place: Any, images: set[str]) -> Iterator[str]:
    spec = layer.GetObjectAtPath(place)
    if spec is None:
        return
    yield from (f"USD field {name}" for name in spec.ListInfoKeys() if name not in _FIELDS)
    value: Any = spec.GetInfo("default") if spec.HasInfo("default") else None
    if isinstance(value, str) and str(spec.typeName) == "string" and value not in _WORDS:
        yield f"USD words at {place}"
    if type(value).__name__ == "AssetPath" and value.path not in images:
        yield f"USD file {value.path}"
