"""TIFF 6.0, BigTIFF, and what is built on TIFF: DNG and the camera RAWs that keep its signature.

RAW is decided by what the image directories say (a colour filter array, or a compression that only cameras write), the maker only names it.
Sources: TIFF 6.0 §2; BigTIFF design (Adobe, libtiff); DNG 1.7 tag 50706; TIFF/EP photometric 32803.
"""

import struct
from dataclasses import dataclass, field

from pipeline.identify.format import Format, NotThisFormatError, Recognised, Sample

_MOST_ENTRIES = 1024
_MOST_DIRECTORIES = 16
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8, 18: 8}
_CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 18: "Q"}
_COMPRESSION, _PHOTOMETRIC, _MAKE, _SUBIFDS, _DNG_VERSION, _GEO_KEYS = 259, 262, 271, 330, 50706, 34735
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


@dataclass(slots=True)
class _Tiff:
    """The byte order, the kind, and the tags of the directories that were read."""

    order: str
    big: bool
    first: int
    tags: list[dict[int, tuple[int, ...] | bytes]] = field(default_factory=list)


def recognise(sample: Sample) -> Recognised | None:
    """Header, first directory within the file, and the directories below it."""
    tiff = _header(sample)
    if tiff is None:
        return None
    name = "bigtiff" if tiff.big else "tiff"
    _read_directories(sample, tiff)
    if not tiff.tags:
        return Recognised(name, f"signature {sample.head[:4].hex(' ')}; no image directory where the header points")
    basis = f"header and {len(tiff.tags)} image director{'y' if len(tiff.tags) == 1 else 'ies'}"
    dng = next((tags[_DNG_VERSION] for tags in tiff.tags if _DNG_VERSION in tags), None)
    if dng is not None:
        return Recognised("dng", f"{basis}; tag 50706 DNGVersion", ".".join(str(part) for part in dng[:2]))
    if sample.head[8:10] == b"CR" and not tiff.big:
        return Recognised("cr2", f"{basis}; CR at byte 8", f"{sample.head[10]}.{sample.head[11]}")
    if _is_camera_raw(tiff):
        return Recognised(_name_by_maker(tiff), f"{basis}; colour filter array or camera compression")
    return Recognised(name, basis, "GeoTIFF" if any(_GEO_KEYS in tags for tags in tiff.tags) else "")


def _header(sample: Sample) -> _Tiff | None:
    order = {b"II": "<", b"MM": ">"}.get(sample.head[:2])
    if order is None or len(sample.head) < 8:
        return None
    magic = sample.unpack(order + "H", 2)[0]
    if magic == 42:
        return _Tiff(order, big=False, first=sample.unpack(order + "I", 4)[0])
    if magic == 43 and sample.unpack(order + "HH", 4) == (8, 0):
        return _Tiff(order, big=True, first=sample.unpack(order + "Q", 8)[0])
    return None


def _read_directories(sample: Sample, tiff: _Tiff) -> None:
    waiting, seen = [tiff.first], set[int]()
    while waiting and len(tiff.tags) < _MOST_DIRECTORIES:
        offset = waiting.pop(0)
        if offset in seen or offset < 8:
            continue
        seen.add(offset)
        try:
            tags, following = _directory(sample, tiff, offset)
        except (struct.error, NotThisFormatError):
            continue
        tiff.tags.append(tags)
        below = tags.get(_SUBIFDS, ())
        waiting += [*(int(one) for one in below[:8]), following]


def _directory(sample: Sample, tiff: _Tiff, offset: int) -> tuple[dict[int, tuple[int, ...] | bytes], int]:
    count_code, entry_size, pointer = ("Q", 20, "Q") if tiff.big else ("H", 12, "I")
    width = struct.calcsize("<" + count_code)
    (count,) = struct.unpack(tiff.order + count_code, sample.at(offset, width))
    if not 0 < count <= _MOST_ENTRIES:
        raise NotThisFormatError
    block = sample.at(offset + width, count * entry_size + 8)
    tags: dict[int, tuple[int, ...] | bytes] = {}
    for at in range(0, count * entry_size, entry_size):
        tag = struct.unpack_from(tiff.order + "H", block, at)[0]
        if tag in {_COMPRESSION, _PHOTOMETRIC, _MAKE, _SUBIFDS, _DNG_VERSION, _GEO_KEYS}:
            tags[tag] = _value(sample, tiff, block[at : at + entry_size])
    end = count * entry_size
    tail = block[end : end + struct.calcsize("<" + pointer)]
    following = struct.unpack(tiff.order + pointer, tail)[0] if len(tail) == struct.calcsize("<" + pointer) else 0
    return tags, following


def _value(sample: Sample, tiff: _Tiff, entry: bytes) -> tuple[int, ...] | bytes:
    """The value of an entry: numbers as a tuple, text as bytes; at most 64 of either."""
    count_code, at = ("Q", 12) if tiff.big else ("I", 8)
    kind, count = struct.unpack_from(tiff.order + "H" + count_code, entry, 2)
    count = min(count, 64)
    length = count * _WIDTHS.get(kind, 1)
    content = entry[at:]
    if length > len(content):
        content = sample.at(struct.unpack(tiff.order + count_code, content)[0], length)
    code = _CODES.get(kind)
    if code is None or kind == 2:
        return content[:length]
    return struct.unpack(f"{tiff.order}{count}{code}", content[:length])


def _is_camera_raw(tiff: _Tiff) -> bool:
    return any(
        _COLOUR_FILTER_ARRAY in _numbers(tags, _PHOTOMETRIC) or _CAMERA_COMPRESSIONS & set(_numbers(tags, _COMPRESSION))
        for tags in tiff.tags
    )


def _numbers(tags: dict[int, tuple[int, ...] | bytes], tag: int) -> tuple[int, ...]:
    value = tags.get(tag, ())
    return () if isinstance(value, bytes) else value


def _name_by_maker(tiff: _Tiff) -> str:
    makes = [tags[_MAKE] for tags in tiff.tags if isinstance(tags.get(_MAKE), bytes)]
    make = bytes(makes[0]).decode("ascii", "replace").upper() if makes else ""
    return next((name for maker, name in _MAKERS if make.startswith(maker)), "raw")


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
