"""Opens any picture as upright 8-bit sRGB pixels, and says what it took to get there.

One function for every format, because each library is wrong about another one: Pillow opens 16-bit TIFF as 8 bit and rewrites
the orientation of HEIC, libvips cannot read HEVC, JPEG XL or RAW, AVIF is turned by the decoder and TIFF is not. Loaders are
chosen by the first bytes and called by name, so that no other parser (SVG, PDF) can be reached.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyvips

from archive.errors import UnreadableError

RAW_FORMATS = frozenset({"dng", "nef", "nrw", "cr2", "cr3", "arw", "raf", "rw2", "orf", "pef", "srw", "x3f", "rwl", "3fr", "iiq", "raw"})
"""Format names (FormatVerdict.name) of undeveloped sensor data; many of them look like TIFF from outside."""
DEVELOPED_FORMATS = frozenset({"jpeg", "tiff", "bigtiff", "png", "heic", "heif", "avif", "webp", "gif", "jp2", "jxl", "mpo"})
RAW_PARAMETERS: dict[str, Any] = {"use_camera_wb": True, "no_auto_bright": False, "output_bps": 8, "gamma": (2.222, 4.5)}
"""How RAW is developed: camera's white balance, BT.709 gamma, sRGB primaries. An interpretation, so it is said in ``applied``."""
MOST_PIXELS = 2_000_000_000
_HEIF_P3_PRIMARIES = 12
_TURNS = {3: "rot180", 5: "rot270", 6: "rot90"}


@dataclass(frozen=True, slots=True)
class UprightImage:
    """Decoded pixels.

    Attributes:
        picture: pyvips image, upright, sRGB, 3 bands of 8 bit. Read once from top to bottom unless ``random_access`` was asked for.
        applied: what was done to the stored pixels, in order and in words ("turned by EXIF orientation 6", "Display P3 to sRGB").
    """

    picture: pyvips.Image
    applied: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Decoded:
    picture: pyvips.Image
    applied: tuple[str, ...] = ()
    profile: str = "srgb"
    """what colours mean where no profile is embedded: "srgb" or "p3" """


def open_upright(path: Path, format_name: str = "", *, random_access: bool = False, at_least: int = 0) -> UprightImage:
    """Open a picture.

    Args:
        path: the file.
        format_name: FormatVerdict.name where known; only needed to tell RAW from TIFF.
        random_access: whether the pixels will be read in another order than once from top to bottom.
        at_least: where not 0, the picture may come smaller, but with no side below this and below its own size (JPEG only: quick).

    Raises:
        UnreadableError: no reader knows it, or the one that does refuses.
    """
    with path.open("rb") as stream:
        head = stream.read(64)
    try:
        decoded = _decoder(head, format_name)(path, random_access, at_least)
        return _finished(decoded)
    except (pyvips.Error, OSError, ValueError, RuntimeError, SyntaxError) as error:
        raise UnreadableError(f"“{path.name}” cannot be read as a picture.", detail=str(error).strip()) from error


def choose_picture(sources: tuple[tuple[str, Path], ...], formats: dict[str, str]) -> tuple[Path, str]:
    """The file of an asset to make pictures from: the first that is developed already (RAW + JPEG of one shot), else the first.

    Args:
        sources: (logical path, file), the principal first.
        formats: logical path → FormatVerdict.name.

    Returns:
        The file and its format name.
    """
    pictures = [(path, formats.get(name, "")) for name, path in sources]
    developed = [(path, name) for path, name in pictures if name in DEVELOPED_FORMATS]
    return (developed or pictures)[0]


_Decoder = Callable[[Path, bool, int], _Decoded]


def _decoder(head: bytes, format_name: str) -> _Decoder:
    """The decoder for a file that begins like this."""
    if format_name in RAW_FORMATS or head.startswith(_RAW_BEGINNINGS) or head[4:12] == b"ftypcrx ":
        return _decode_raw
    if head[4:8] == b"ftyp":
        is_avif = head[8:12] in {b"avif", b"avis"} or (head[8:12] == b"mif1" and b"avif" in head)
        return _by_vips(pyvips.Image.heifload) if is_avif else _decode_heic
    for beginning, decoder in _BEGINNINGS:
        if head.startswith(beginning):
            return decoder
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _by_vips(pyvips.Image.webpload)
    raise ValueError("no picture format that Ditich can decode begins like this")


def _by_vips(loader: Callable[..., pyvips.Image]) -> _Decoder:
    def decode(path: Path, random_access: bool, _at_least: int) -> _Decoded:  # noqa: FBT001 - the decoders' common form
        return _turned(loader(str(path), access="random" if random_access else "sequential"), random_access)

    return decode


def _decode_jpeg(path: Path, random_access: bool, at_least: int) -> _Decoded:  # noqa: FBT001
    header = pyvips.Image.jpegload(str(path))
    shrink = 1
    while at_least and shrink < 8 and max(header.width, header.height) // (shrink * 2) >= at_least:
        shrink *= 2
    picture = pyvips.Image.jpegload(str(path), shrink=shrink, access="random" if random_access else "sequential")
    return _turned(picture, random_access)


def _turned(picture: pyvips.Image, random_access: bool) -> _Decoded:  # noqa: FBT001
    """The picture turned by its own orientation tag. A turn reads pixels out of order, so it needs them all at hand."""
    orientation = picture.get("orientation") if picture.get_typeof("orientation") else 1
    if orientation in range(2, 9):
        upright = picture if random_access else picture.copy_memory()
        return _Decoded(upright.autorot(), (f"turned by EXIF orientation {orientation}",))
    return _Decoded(picture)


def _decode_heic(path: Path, _random_access: bool, _at_least: int) -> _Decoded:  # noqa: FBT001
    import pillow_heif

    container = pillow_heif.open_heif(str(path), convert_hdr_to_8bit=True)
    frame = container[container.primary_index]
    picture = _from_rows(frame.data, frame.size, len(frame.mode), frame.stride)
    applied = ("turned and mirrored as the HEIF container says",)
    if frame.info.get("icc_profile"):
        picture = picture.copy()
        picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", frame.info["icc_profile"])
        return _Decoded(picture, applied)
    described: Any = frame.info.get("nclx_profile") or {}
    return _Decoded(picture, applied, "p3" if described.get("color_primaries") == _HEIF_P3_PRIMARIES else "srgb")


def _from_rows(data: bytes, size: tuple[int, int], bands: int, stride: int) -> pyvips.Image:
    """Pixels from rows that may be padded to ``stride`` bytes."""
    import numpy as np

    width, height = size
    rows = np.frombuffer(data, np.uint8, count=stride * height).reshape(height, stride)
    return _from_array(np.ascontiguousarray(rows[:, : width * bands]).reshape(height, width, bands))


def _from_array(pixels: Any) -> pyvips.Image:
    """pixels: (h, w) or (h, w, bands) of 8 or 16 bit; other integers and floats are spread to 8 bit between their extremes."""
    import numpy as np

    if pixels.dtype not in (np.uint8, np.uint16):
        low, high = float(pixels.min()), float(pixels.max())
        pixels = ((pixels - low) * (255.0 / max(high - low, 1e-12))).astype(np.uint8)
    planes = pixels[..., None] if pixels.ndim == 2 else pixels
    colour, deep = planes.shape[2] > 2, pixels.dtype == np.uint16
    kind = {(True, False): "srgb", (True, True): "rgb16", (False, False): "b-w", (False, True): "grey16"}[colour, deep]
    return pyvips.Image.new_from_array(np.ascontiguousarray(planes)).copy(interpretation=kind)


def _decode_raw(path: Path, _random_access: bool, at_least: int) -> _Decoded:  # noqa: FBT001
    import rawpy

    try:
        with rawpy.imread(str(path)) as raw:
            half = bool(at_least) and max(raw.sizes.width, raw.sizes.height) // 2 >= at_least
            pixels = raw.postprocess(output_color=rawpy.ColorSpace.sRGB, half_size=half, **RAW_PARAMETERS)
    except rawpy.LibRawError:
        pixels = None
    if pixels is not None and pixels.any():
        words = ", ".join(f"{name}={value}" for name, value in RAW_PARAMETERS.items())
        version = ".".join(map(str, rawpy.libraw_version))
        return _Decoded(_from_array(pixels), (f"developed by LibRaw {version} with {words}",))
    try:
        with rawpy.imread(str(path)) as raw:
            return _preview(raw)
    except rawpy.LibRawError as error:
        raise ValueError(str(error)) from error


def _preview(raw: Any) -> _Decoded:
    """The camera's own JPEG inside a RAW file whose sensor data no library here can develop."""
    thumb = raw.extract_thumb()
    if thumb.format.name != "JPEG":
        return _Decoded(_from_array(thumb.data), ("the camera's own preview: the sensor data cannot be developed",))
    picture = pyvips.Image.jpegload_buffer(thumb.data)
    applied = ("the camera's own preview: the sensor data cannot be developed",)
    if picture.get_typeof("orientation"):
        turned = _turned(picture.copy_memory(), True)
        return _Decoded(turned.picture, (*applied, *turned.applied))
    turn = _TURNS.get(raw.sizes.flip)
    return _Decoded(getattr(picture.copy_memory(), turn)(), (*applied, turn)) if turn else _Decoded(picture, applied)


def _decode_jpeg2000(path: Path, _random_access: bool, _at_least: int) -> _Decoded:  # noqa: FBT001
    import imagecodecs

    return _Decoded(_from_array(imagecodecs.jpeg2k_decode(path.read_bytes())), ("its colours taken as sRGB",))


def _decode_jpeg_xl(path: Path, _random_access: bool, _at_least: int) -> _Decoded:  # noqa: FBT001
    import imagecodecs

    pixels = imagecodecs.jpegxl_decode(path.read_bytes())
    frame = pixels[0] if pixels.ndim == 4 else pixels
    return _Decoded(_from_array(frame), ("turned as the JPEG XL header says; its colours taken as sRGB",))


def _finished(decoded: _Decoded) -> UprightImage:
    """The same pixels as 8-bit sRGB without transparency."""
    picture = decoded.picture
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError(f"{picture.width} × {picture.height} pixels are more than Ditich decodes")
    applied = list(decoded.applied)
    picture = _without_alpha(picture, applied)
    picture = _in_srgb(picture, decoded.profile, applied)
    picture = picture.cast("uchar")
    if picture.bands != 3:
        picture = picture.extract_band(0, n=3) if picture.bands > 3 else picture.extract_band(0).bandjoin([picture.extract_band(0)] * 2)
    return UprightImage(picture.copy(interpretation="srgb", xres=1.0, yres=1.0), tuple(applied))


def _without_alpha(picture: pyvips.Image, applied: list[str]) -> pyvips.Image:
    if not picture.hasalpha():
        return picture
    applied.append("transparency laid on white")
    deep = picture.format == "ushort"
    return picture.flatten(background=65535 if deep else 255, max_alpha=65535 if deep else 255)


def _in_srgb(picture: pyvips.Image, assumed: str, applied: list[str]) -> pyvips.Image:
    """Colours brought to sRGB: by the embedded profile, else by what the format implies."""
    profile = picture.get("icc-profile-data") if picture.get_typeof("icc-profile-data") else b""
    name = profile_name(profile)
    if profile and not (_is_srgb(name) and picture.interpretation == "srgb"):
        # libvips itself lays aside a profile that does not fit the pixels and takes them as sRGB.
        applied.append(f"{name or 'embedded profile'} to sRGB")
        return picture.icc_transform("srgb", embedded=True, intent="relative", depth=8)
    if picture.interpretation == "cmyk" or assumed != "srgb":
        source = "cmyk" if picture.interpretation == "cmyk" else assumed
        applied.append(f"{source.upper()} without a profile to sRGB")
        return picture.icc_transform("srgb", input_profile=source, embedded=False, intent="relative", depth=8)
    return _plain_to_srgb(picture, applied)


def _plain_to_srgb(picture: pyvips.Image, applied: list[str]) -> pyvips.Image:
    """Pixels without a profile: 16 bit to 8, Lab and linear light by their definition, bare numbers spread between their extremes."""
    if picture.interpretation in {"srgb", "b-w"} and picture.format == "uchar":
        return picture
    if picture.interpretation in {"rgb16", "grey16", "rgb", "srgb", "b-w", "multiband"} and picture.format == "ushort":
        applied.append("16 bit to 8 bit")
        return (picture >> 8).cast("uchar")
    if picture.interpretation in {"multiband", "b-w", "matrix", "rgb", "srgb"}:
        applied.append(f"{picture.format} values spread between their extremes")
        return picture.copy_memory().scaleimage()
    applied.append(f"{picture.interpretation} to sRGB")
    return picture.colourspace("srgb")


def profile_name(profile: bytes) -> str:
    """The description inside an ICC profile, "" where there is none or it cannot be read."""
    if not profile:
        return ""
    from PIL import ImageCms

    try:
        return str(ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))).strip()
    except (OSError, ImageCms.PyCMSError):
        return ""


def _is_srgb(name: str) -> bool:
    """Whether pixels under a profile of this name are sRGB already (a transformation would only cost time and a rounding)."""
    return name.startswith(("sRGB IEC61966", "sRGB built-in", "GIMP built-in sRGB")) or name == "sRGB"


_RAW_BEGINNINGS = (b"FUJIFILMCCD-RAW", b"IIU\0", b"IIRO", b"IIRS", b"FOVb")
_BEGINNINGS: tuple[tuple[bytes | tuple[bytes, ...], _Decoder], ...] = (
    (b"\xff\xd8", _decode_jpeg),
    ((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), _by_vips(pyvips.Image.tiffload)),
    (b"\x89PNG", _by_vips(pyvips.Image.pngload)),
    (b"GIF8", _by_vips(pyvips.Image.gifload)),
    ((b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51"), _decode_jpeg2000),
    ((b"\xff\x0a", b"\x00\x00\x00\x0cJXL "), _decode_jpeg_xl),
)
