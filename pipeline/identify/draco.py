"""Draco bitstreams outside a glTF: signature, version, and whether they hold a mesh or points."""

from pipeline.identify.format import Format, Recognised, Sample


def recognise(sample: Sample) -> Recognised | None:
    """DRACO, major and minor version, encoder type 0 (points) or 1 (mesh)."""
    if sample.head[:5] != b"DRACO" or len(sample.head) < 11 or sample.head[7] > 1:
        return None
    return Recognised("draco", f"signature DRACO; {('points', 'mesh')[sample.head[7]]}", f"{sample.head[5]}.{sample.head[6]}")


FORMAT = Format({"draco": ("model/x-draco", "Draco")}, recognise)
