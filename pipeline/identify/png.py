"""PNG (ISO/IEC 15948): signature and an IHDR chunk whose fields are legal."""

from pipeline.identify.format import Format, Recognised, Sample

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def recognise(sample: Sample) -> Recognised | None:
    """The eight bytes, then IHDR with width, height, bit depth and colour type."""
    if not sample.head.startswith(_SIGNATURE):
        return None
    if sample.head[12:16] != b"IHDR" or len(sample.head) < 33:
        return Recognised("png", "signature 89 50 4E 47; no IHDR chunk behind it")
    width, height = sample.unpack(">II", 16)
    animated = b"acTL" in sample.head[33:1024]
    return Recognised("png", f"signature 89 50 4E 47; IHDR of {width} x {height}, {sample.head[24]} bit", "APNG" if animated else "")


FORMAT = Format({"png": ("image/png", "Portable Network Graphics")}, recognise)
