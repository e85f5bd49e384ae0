"""JPEG XL (ISO/IEC 18181): the container's signature box, or the bare codestream FF 0A."""

from pipeline.identify.format import Format, Recognised, Sample

_BOX = b"\0\0\0\x0cJXL \r\n\x87\n"


def recognise(sample: Sample) -> Recognised | None:
    """The box, with its file type box behind it; or the two bytes of the codestream, which PRONOM or the ending must second."""
    if sample.head.startswith(_BOX):
        return Recognised("jxl", "signature box of the container", "container")
    # Two bytes prove little: the ending has to agree.
    if sample.head.startswith(b"\xff\x0a") and sample.ending == "jxl":
        return Recognised("jxl", "codestream FF 0A and the ending .jxl", "codestream")
    return None


FORMAT = Format({"jxl": ("image/jxl", "JPEG XL")}, recognise)
