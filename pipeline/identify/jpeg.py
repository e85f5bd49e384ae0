"""JPEG (ITU-T T.81): markers from SOI to the first frame header; JFIF or Exif by the application segments on the way."""

from pipeline.identify.format import Format, Recognised, Sample

_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PARAMETERLESS = {0x01, *range(0xD0, 0xD9)}


def recognise(sample: Sample) -> Recognised | None:
    """FF D8 FF, then segments whose lengths lead to a frame header; a file cut before it is a JPEG by its signature only."""
    if not sample.head.startswith(b"\xff\xd8\xff"):
        return None
    frame, version = _walk(sample)
    return Recognised("jpeg", f"signature FF D8 FF; {frame}", version)


def _walk(sample: Sample) -> tuple[str, str]:
    offset, version = 2, ""
    for _ in range(512):
        segment = sample.at(offset, 20)
        if len(segment) < 4 or segment[0] != 0xFF:
            break
        marker = segment[1]
        if marker in _FRAMES and len(segment) >= 9:
            height, width = int.from_bytes(segment[5:7], "big"), int.from_bytes(segment[7:9], "big")
            return f"frame header SOF{marker - 0xC0} of {width} x {height}", version
        if marker == 0xE0 and segment[4:9] == b"JFIF\0":
            version = version or f"JFIF {segment[9]}.{segment[10]:02d}"
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            version = "Exif"
        length = 0 if marker == 0xFF or marker in _PARAMETERLESS else int.from_bytes(segment[2:4], "big")
        offset += (1 if marker == 0xFF else 2) + length
    return "no frame header where the segments lead", version


FORMAT = Format(
    {"jpeg": ("image/jpeg", r"JPEG File|Raw JPEG|JPEG Stream|Exchangeable Image File Format \(Compressed\)|Multi.Picture")}, recognise
)
