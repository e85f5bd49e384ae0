"""Whether an image decodes to its last pixel, and what it is: upright size, depth, bands, alpha, colour profile.

libvips streams what it knows (flat memory; warnings pass, truncation does not); HEIC goes through libheif, JPEG 2000 through Pillow,
JPEG XL through libjxl, camera RAW through LibRaw. A camera RAW whose compression LibRaw does not know is not broken: ``raw["decoded"]`` is
false and no size is given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe.icc_profile import profile_name
from pipeline.describe.tiff_extents import is_cut_off
from pipeline.workers import WorkerInput

MOST_PIXELS = 2_000_000_000
"""Beyond this an image is refused before it is decoded: 63,000 x 31,500, a panorama of two gigapixels, is below it."""
_MOST_WHOLE_PIXELS = 150_000_000
_MOST_PAGES = 64
_BITS = {"uchar": 8, "char": 8, "ushort": 16, "short": 16, "uint": 32, "int": 32, "float": 32, "double": 64}


@dataclass(frozen=True, slots=True)
class _Seen:
    """An image that was decoded: upright pixels, bits a band, bands without alpha."""

    width: int
    height: int
    bits: int
    bands: int
    alpha: bool
    profile: bytes
    decoder: str
    pages: int = 1


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Decode everything once.

    Raises:
        UnreadableError: the image is cut off, damaged, or too large to be decoded here.
    """
    decode = _decoder(source.stream.read(16))
    source.stream.seek(0)
    return _decoded(source, decode)


def read_raw(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """The same for a camera RAW, which is often a TIFF whose first picture is a thumbnail: always through LibRaw.

    Raises:
        UnreadableError: the sensor's values are cut off or damaged.
    """
    return _decoded(source, _by_libraw)


def _decoded(source: WorkerInput, decode: Callable[[WorkerInput], _Seen | None]) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    try:
        seen = decode(source)
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError("The image cannot be decoded to its end.", detail=f"{type(error).__name__}: {error}"[:2000]) from error
    if seen is None:
        return {"decoded": False, "reason": "the decoder does not know this compression"}, {}
    name = profile_name(seen.profile)
    raw = {"decoded": True, "decoder": seen.decoder, "bands": seen.bands, "pages": seen.pages, "icc_profile": name}
    values: dict[str, Any] = {"width": seen.width, "height": seen.height, "bit_depth": seen.bits, "has_alpha": seen.alpha}
    if name:
        values["colour_profile"] = name
    if seen.pages > 1:
        values["pages"] = seen.pages
    return raw, {field: SourcedValue(value, f"image-structure:{seen.decoder}") for field, value in values.items()}


def _decoder(head: bytes) -> Callable[[WorkerInput], _Seen]:
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if brand and brand not in {b"avif", b"avis"}:
        return _by_libheif
    if head[4:8] in {b"jP  ", b"JXL "} or head.startswith((b"\xff\x4f\xff\x51", b"\xff\x0a")):
        return _by_libjxl if b"JXL" in head or head.startswith(b"\xff\x0a") else _by_pillow
    return _by_vips


def _bounded(width: int, height: int, most: int = MOST_PIXELS) -> None:
    if width * height > most:
        raise UnreadableError(f"The image claims {width} x {height} pixels, more than can be decoded here.")


def _by_vips(source: WorkerInput) -> _Seen:
    import pyvips

    # SVG, PDF and the loaders that libvips itself does not trust stay shut, whatever the bytes claim to be.
    pyvips.block_untrusted_set(True)
    image = pyvips.Image.new_from_file(source.path, access="sequential", fail_on="error")
    fields = set(image.get_fields())
    _bounded(image.width, image.height)
    pages = min(int(image.get("n-pages")), _MOST_PAGES) if "n-pages" in fields else 1
    image.avg()
    for page in range(1, pages if image.get("vips-loader").startswith("tiff") else 1):
        pyvips.Image.new_from_file(source.path, access="sequential", fail_on="error", page=page).avg()
    turned = "orientation" in fields and image.get("orientation") in {5, 6, 7, 8}
    width, height = (image.height, image.width) if turned else (image.width, image.height)
    # A GIF's palette has fewer bits than the colours in it.
    stated = "bits-per-sample" in fields and not image.get("vips-loader").startswith("gif")
    bits = image.get("bits-per-sample") if stated else _BITS.get(image.format, 8)
    profile = image.get("icc-profile-data") if "icc-profile-data" in fields else b""
    alpha = bool(image.hasalpha())
    return _Seen(width, height, int(bits), image.bands - alpha, alpha, profile, "libvips", pages)


def _by_libraw(source: WorkerInput) -> _Seen | None:
    import rawpy

    if is_cut_off(source.stream, source.size):
        # LibRaw fills what is missing with zeros and says nothing.
        raise UnreadableError("The camera RAW is cut off: its picture lies beyond the end of the file.")
    try:
        with rawpy.imread(source.path) as raw:
            sizes = raw.sizes
            _bounded(sizes.raw_width, sizes.raw_height, _MOST_WHOLE_PIXELS * 2)
            # Reading the sensor's values is what decodes them; a cut file fails here.
            raw.raw_image.max()
            turned = sizes.flip in {5, 6}
            width, height = (sizes.height, sizes.width) if turned else (sizes.width, sizes.height)
            return _Seen(width, height, int(raw.white_level or 1).bit_length(), raw.num_colors, alpha=False, profile=b"", decoder="libraw")
    except (rawpy.LibRawFileUnsupportedError, rawpy.LibRawUnsupportedThumbnailError, rawpy.NotSupportedError):
        return None


def _by_libheif(source: WorkerInput) -> _Seen:
    import pillow_heif

    image = pillow_heif.open_heif(source.stream, convert_hdr_to_8bit=False)[0]
    _bounded(*image.size, _MOST_WHOLE_PIXELS * 2)
    memoryview(image.data)
    info: dict[str, Any] = image.info
    alpha = bool(image.has_alpha)
    return _Seen(*image.size, int(info.get("bit_depth", 8)), 3, alpha, info.get("icc_profile") or b"", "libheif")


def _by_pillow(source: WorkerInput) -> _Seen:
    import PIL.Image

    PIL.Image.MAX_IMAGE_PIXELS = None
    with PIL.Image.open(source.stream, formats=("JPEG2000",)) as image:
        _bounded(*image.size, _MOST_WHOLE_PIXELS)
        image.load()
        bands = image.getbands()
        alpha = "A" in bands
        bits = 16 if image.mode.startswith("I") else 8
        return _Seen(*image.size, bits, len(bands) - alpha, alpha, image.info.get("icc_profile") or b"", "openjpeg")


def _by_libjxl(source: WorkerInput) -> _Seen:
    import imagecodecs

    from pipeline.describe.jxl_header import jxl_size

    content = source.stream.read(1 << 29)
    size = jxl_size(content)
    if size is not None:
        _bounded(*size, _MOST_WHOLE_PIXELS)
    pixels = imagecodecs.jpegxl_decode(content)
    bands = pixels.shape[2] if pixels.ndim == 3 else 1
    alpha = bands in {2, 4}
    return _Seen(pixels.shape[1], pixels.shape[0], pixels.dtype.itemsize * 8, bands - alpha, alpha, b"", "libjxl")
