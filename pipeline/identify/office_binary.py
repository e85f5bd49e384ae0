"""Office documents of before 2007 (OLE2 compound files) and RTF. Which program wrote a compound file is PRONOM's to say."""

from pipeline.identify.format import Format, Recognised, Sample

_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt"))


def recognise(sample: Sample) -> Recognised | None:
    """The compound file header with the name of its main stream, or the first word of RTF."""
    if sample.head.startswith(b"{\\rtf"):
        return Recognised("rtf", "first word {\\rtf", sample.head[5:6].decode("latin-1"))
    if not sample.head.startswith(_OLE2) or len(sample.head) < 512:
        return None
    sector = 1 << sample.unpack("<H", 30)[0]
    directory = sample.at((sample.unpack("<I", 48)[0] + 1) * sector, min(sector, 4096) * 8)
    for stream, name in _STREAMS:
        if (stream + "\0").encode("utf-16-le") in directory:
            return Recognised(name, f"compound file with the stream {stream}")
    return Recognised("ole2", "compound file header")


FORMAT = Format(
    {
        "doc": ("application/msword", "Microsoft Word"),
        "xls": ("application/vnd.ms-excel", "Microsoft Excel"),
        "ppt": ("application/vnd.ms-powerpoint", "Microsoft Powerpoint|PowerPoint"),
        "ole2": ("application/x-ole-storage", "OLE2"),
        "rtf": ("application/rtf", "Rich Text"),
    },
    recognise,
)
