"""TIFF 6.0, BigTIFF, and what is built on TIFF: DNG and the camera RAWs that keep its signature.

RAW is decided by what the image directories say (a colour filter array, or a compression that only cameras write), the maker only names it.
Sources: TIFF 6.0 §2; BigTIFF design (Adobe, libtiff); DNG 1.7 tag 50706; TIFF/EP photometric 32803.
"""

from collections.abc import Mapping, Sequence

from pipeline.identify.format import Format, Recognised, Sample
from pipeline.readers.tiff_directories import Value, Wanted, read_directories, tiff_header

_COMPRESSION, _PHOTOMETRIC, _MAKE, _DNG_VERSION, _GEO_KEYS = 259, 262, 271, 50706, 34735
_WANTED = Wanted(frozenset({_COMPRESSION, _PHOTOMETRIC, _MAKE, _DNG_VERSION, _GEO_KEYS}))
_COLOUR_FILTER_ARRAY = 32803
_CAMERA_COMPRESSIONS = {34713, 32767, 32769, 32770, 34892, 65535, 65000}
_MAKERS = (
    ("NIKON", "nef"),
    ("SONY", "arw"),
    ("PENTAX", "pef"),
    ("RICOH", "pef"),
    ("SAMSUNG", "srw"),
    ("HASSELBLAD", "3fr"),
    ("PHASE ONE", "iiq"),
    ("LEAF", "mos"),
    ("KODAK", "dcr"),
    ("EASTMAN KODAK", "dcr"),
    ("SEIKO EPSON", "erf"),
    ("LEICA", "rwl"),
    ("MAMIYA", "mef"),
    ("CANON", "cr2"),
    ("GOPRO", "gpr"),
)


def recognise(sample: Sample) -> Recognised | None:
    """Header, first directory within the file, and the directories below it."""
    header = tiff_header(sample.head)
    if header is None:
        return None
    name = "bigtiff" if header.big else "tiff"
    directories = read_directories(sample.at, header, _WANTED)
    if not directories:
        return Recognised(name, f"signature {sample.head[:4].hex(' ')}; no image directory where the header points")
    basis = f"header and {len(directories)} image director{'y' if len(directories) == 1 else 'ies'}"
    dng = next((tags[_DNG_VERSION] for tags in directories if _DNG_VERSION in tags), None)
    if dng is not None:
        return Recognised("dng", f"{basis}; tag 50706 DNGVersion", ".".join(str(part) for part in dng[:2]))
    if sample.head[8:10] == b"CR" and not header.big:
        return Recognised("cr2", f"{basis}; CR at byte 8", f"{sample.head[10]}.{sample.head[11]}")
    if _is_camera_raw(directories):
        return Recognised(_name_by_maker(directories), f"{basis}; colour filter array or camera compression")
    return Recognised(name, basis, "GeoTIFF" if any(_GEO_KEYS in tags for tags in directories) else "")


def _is_camera_raw(directories: Sequence[Mapping[int, Value]]) -> bool:
    return any(
        _COLOUR_FILTER_ARRAY in _numbers(tags, _PHOTOMETRIC) or _CAMERA_COMPRESSIONS & set(_numbers(tags, _COMPRESSION))
        for tags in directories
    )


def _numbers(tags: Mapping[int, Value], tag: int) -> tuple[int, ...]:
    value = tags.get(tag, ())
    return () if isinstance(value, bytes) else value


def _name_by_maker(directories: Sequence[Mapping[int, Value]]) -> str:
    makes = [make for tags in directories if isinstance(make := tags.get(_MAKE), bytes)]
    words = makes[0].decode("ascii", "replace").upper() if makes else ""
    return next((name for maker, name in _MAKERS if words.startswith(maker)), "raw")


_RAW = "image/x-"
FORMAT = Format(
    {
        "tiff": ("image/tiff", r"Tagged Image File Format|TIFF|Exchangeable Image File Format \(Uncompressed\)"),
        "bigtiff": ("image/tiff", r"BigTIFF"),
        "dng": ("image/x-adobe-dng", r"Digital Negative"),
        "cr2": (_RAW + "canon-cr2", r"Canon RAW"),
        "nef": (_RAW + "nikon-nef", r"Nikon"),
        "arw": (_RAW + "sony-arw", r"Sony"),
        "pef": (_RAW + "pentax-pef", r"Pentax"),
        "srw": (_RAW + "samsung-srw", r"Samsung"),
        "3fr": (_RAW + "hasselblad-3fr", r"Hasselblad"),
        "iiq": (_RAW + "phaseone-iiq", r"Phase One"),
        "mos": (_RAW + "leaf-mos", r"Leaf"),
        "dcr": (_RAW + "kodak-dcr", r"Kodak"),
        "erf": (_RAW + "epson-erf", r"Epson"),
        "rwl": (_RAW + "leica-rwl", r"Leica"),
        "mef": (_RAW + "mamiya-mef", r"Mamiya"),
        "gpr": (_RAW + "gopro-gpr", r"GoPro"),
        "raw": (_RAW + "dcraw", ""),
    },
    recognise,
)
