"""ASTM E57 (E2807): the file header with version, physical length and page size."""

from pipeline.identify.format import Format, Recognised, Sample


def recognise(sample: Sample) -> Recognised | None:
    """ASTM-E57, a version, and lengths; a length that is not the file's is said, not refused (a cut file is still an E57)."""
    if sample.head[:8] != b"ASTM-E57" or len(sample.head) < 48:
        return None
    major, minor, length, _, _, page = sample.unpack("<IIQQQQ", 8)
    words = "physical length matches" if length == sample.size else f"physical length {length} but the file has {sample.size}"
    return Recognised("e57", f"signature ASTM-E57; {words}; pages of {page}", f"{major}.{minor}")


FORMAT = Format({"e57": ("model/e57", "E57")}, recognise)
