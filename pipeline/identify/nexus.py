"""Nexus (NXS) multi-resolution meshes of ISTI-CNR: the 88-byte header."""

from pipeline.identify.format import Format, Recognised, Sample

_MAGIC = 0x4E787320


def recognise(sample: Sample) -> Recognised | None:
    """The magic number, then version, vertices and faces."""
    if len(sample.head) < 88 or sample.unpack("<I", 0)[0] != _MAGIC:
        return None
    version, vertices, faces = sample.unpack("<IQQ", 4)
    return Recognised("nxs", f"Nexus header: {vertices} vertices, {faces} faces", str(version))


FORMAT = Format({"nxs": ("model/x-nexus", "")}, recognise)
