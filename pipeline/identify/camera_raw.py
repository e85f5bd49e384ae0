"""Camera RAWs with a signature of their own: Olympus ORF, Panasonic RW2, Fujifilm RAF, Sigma X3F, Minolta MRW, Canon CRW."""

from pipeline.identify.format import Format, Recognised, Sample


def recognise(sample: Sample) -> Recognised | None:
    """The maker's signature, and a header whose first pointer lies inside the file."""
    head = sample.head
    for signatures, offset, name in _SIGNATURES:
        if any(head.startswith(signature, offset) for signature in signatures) and _points_inside(name, sample):
            version = head[16:20].decode("ascii", "replace") if name == "raf" else ""
            return Recognised(name, f"signature {head[offset : offset + 4]!r} at byte {offset}", version)
    return None


_SIGNATURES = (
    ((b"IIRO", b"IIRS", b"MMOR"), 0, "orf"),
    ((b"IIU\0",), 0, "rw2"),
    ((b"FUJIFILMCCD-RAW ",), 0, "raf"),
    ((b"FOVb",), 0, "x3f"),
    ((b"\0MRM",), 0, "mrw"),
    ((b"HEAPCCDR",), 6, "crw"),
)


def _points_inside(name: str, sample: Sample) -> bool:
    match name:
        case "orf":
            return 8 <= sample.unpack(">I" if sample.head.startswith(b"MM") else "<I", 4)[0] < sample.size
        case "rw2":
            return 8 <= sample.unpack("<I", 4)[0] < sample.size
        case "raf":
            return 0 < sample.unpack(">I", 84)[0] < sample.size
        case _:
            return sample.size >= 64


FORMAT = Format(
    {
        "orf": ("image/x-olympus-orf", "Olympus"),
        "rw2": ("image/x-panasonic-rw2", "Panasonic"),
        "raf": ("image/x-fuji-raf", "Fuji"),
        "x3f": ("image/x-sigma-x3f", "Sigma|X3F|Foveon"),
        "mrw": ("image/x-minolta-mrw", "Minolta"),
        "crw": ("image/x-canon-crw", "Camera Image File Format|Canon"),
    },
    recognise,
)
