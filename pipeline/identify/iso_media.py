"""The ISO base media file format (ISO/IEC 14496-12): HEIC, HEIF, AVIF, Canon CR3, MP4, QuickTime, M4A, 3GP, told apart by their brands."""

from pipeline.identify.format import Format, Recognised, Sample

_HEIC = {"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"}
_AVIF = {"avif", "avis"}
_HEIF = {"mif1", "msf1", "mif2", "1pic", "miaf", "MiHB", "MiHE", "MiHA"}
_BOXES_OF_QUICKTIME = {b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot"}
_MP4 = {"isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4VP", "MSNV", "dash", "mmp4", "f4v "}
_NAMES = {"crx ": "cr3", "qt  ": "mov", "M4A ": "m4a", "M4B ": "m4a"}


def recognise(sample: Sample) -> Recognised | None:
    """An ftyp box first, or the older QuickTime that begins with another of its boxes."""
    box = sample.head[4:8]
    if box == b"ftyp":
        return _by_brand(sample)
    if box in _BOXES_OF_QUICKTIME and _is_chain_of_boxes(sample):
        return Recognised("mov", f"QuickTime boxes, the first is {box.decode()}")
    return None


def _by_brand(sample: Sample) -> Recognised | None:
    length = int.from_bytes(sample.head[:4], "big")
    if not 12 <= length <= 4096:
        return None
    # A byte that is no ASCII makes an unknown brand, not an error.
    brands = [sample.head[8:12].decode("latin-1")]
    brands += [sample.head[at : at + 4].decode("latin-1") for at in range(16, min(length, len(sample.head)) - 3, 4)]
    name = _name(brands)
    if name is None:
        return None
    return Recognised(
        name, f"ftyp box, brands {' '.join(brand.strip() for brand in dict.fromkeys(brands) if brand.isprintable())}", brands[0].strip()
    )


def _name(brands: list[str]) -> str | None:
    major, every = brands[0], set(brands)
    if major in _NAMES:
        return _NAMES[major]
    for name, those in (("avif", _AVIF), ("heic", _HEIC)):
        if major in those or (major in _HEIF and every & those):
            return name
    if major in _HEIF:
        return "heif"
    if major.startswith("3g"):
        return "3gp"
    return "mp4" if every & _MP4 else None


def _is_chain_of_boxes(sample: Sample) -> bool:
    """Whether box lengths lead from the start to a movie box or to the end of the file."""
    offset = 0
    for _ in range(64):
        header = sample.at(offset, 16)
        if len(header) < 8:
            return False
        length = int.from_bytes(header[:4], "big")
        if header[4:8] == b"moov":
            return True
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length < 8 or offset + length > sample.size:
            return False
        offset += length
    return False


FORMAT = Format(
    {
        "heic": ("image/heic", "High Efficiency Image"),
        "heif": ("image/heif", "High Efficiency Image"),
        "avif": ("image/avif", "AV1 Image"),
        "cr3": ("image/x-canon-cr3", "Canon RAW|CR3"),
        "mp4": ("video/mp4", r"MPEG-4|MP4"),
        "m4a": ("audio/mp4", r"MPEG-4|M4A|MP4|Apple"),
        "3gp": ("video/3gpp", "3GP"),
        "mov": ("video/quicktime", "Quicktime|QuickTime"),
    },
    recognise,
)
