"""glTF 2.0 (ISO/IEC 12113): GLB by its chunks, glTF by the asset object of its JSON."""

import json
import re

from pipeline.identify.format import Format, Recognised, Sample

_WHOLE_AT_MOST = 8 * 1024 * 1024
_ASSET = re.compile(r'"asset"\s*:\s*\{[^{}]*"version"\s*:\s*"([0-9.]+)"')


def recognise(sample: Sample) -> Recognised | None:
    """GlTF with version, length and a first chunk; or a JSON object that has ``asset.version``."""
    if sample.head[:4] == b"glTF" and len(sample.head) >= 12:
        return _glb(sample)
    if sample.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return None
    version = _asset_version(sample)
    return Recognised("gltf", "JSON with asset.version", version) if version else None


def _glb(sample: Sample) -> Recognised:
    version, length = sample.unpack("<II", 4)
    words = "length matches" if length == sample.size else f"length {length} but the file has {sample.size}"
    chunk = sample.head[16:20].rstrip(b"\0 ").decode("latin-1")
    return Recognised("glb", f"signature glTF; {words}; first chunk {chunk or 'missing'}", f"{version}.0")


def _asset_version(sample: Sample) -> str:
    """The version from the parsed JSON; for a large file (buffers inline) from its two ends."""
    if sample.size > _WHOLE_AT_MOST:
        ends = sample.head + sample.at(sample.size - 65536, 65536)
        match = _ASSET.search(ends.decode("utf-8", "replace"))
        return match[1] if match else ""
    document = json.loads(sample.at(0, _WHOLE_AT_MOST).decode("utf-8-sig"))
    asset = document.get("asset")
    version = asset.get("version") if isinstance(asset, dict) else None
    return str(version) if isinstance(version, str) and version[:1].isdigit() else ""


FORMAT = Format(
    {
        "glb": ("model/gltf-binary", r"GL Transmission Format \(Binary\)"),
        "gltf": ("model/gltf+json", r"GL Transmission Format \(Text\)"),
    },
    recognise,
)
