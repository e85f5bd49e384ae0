"""GIF 87a and 89a: signature and logical screen descriptor."""

from pipeline.identify.format import Format, Recognised, Sample


def recognise(sample: Sample) -> Recognised | None:
    """GIF87a or GIF89a, and a screen size behind it."""
    if sample.head[:6] not in {b"GIF87a", b"GIF89a"} or len(sample.head) < 13:
        return None
    width, height = sample.unpack("<HH", 6)
    return Recognised("gif", f"signature {sample.head[:6].decode()}; screen of {width} x {height}", sample.head[3:6].decode())


FORMAT = Format({"gif": ("image/gif", "Graphics Interchange Format")}, recognise)
