"""JPEG 2000 (ITU-T T.800): the boxes of JP2 and JPX, and the bare codestream."""

from pipeline.identify.format import Format, Recognised, Sample

_BOXES = b"\0\0\0\x0cjP  \r\n\x87\n"
_CODESTREAM = b"\xff\x4f\xff\x51"


def recognise(sample: Sample) -> Recognised | None:
    """The signature box with its file type box, or SOC followed by SIZ."""
    head = sample.head
    if head.startswith(_BOXES):
        brand = head[20:24].decode("latin-1") if head[16:20] == b"ftyp" else ""
        return Recognised("jpx" if brand == "jpx " else "jp2", f"signature box; brand {brand.strip() or 'missing'}", brand.strip())
    if head.startswith(_CODESTREAM):
        width, height = sample.unpack(">II", 8)
        return Recognised("j2k", f"codestream SOC SIZ of {width} x {height}")
    return None


FORMAT = Format(
    {"jp2": ("image/jp2", "JP2|JPEG 2000"), "jpx": ("image/jpx", "JPX|JPEG 2000"), "j2k": ("image/j2c", "JPEG 2000|J2C")}, recognise
)
