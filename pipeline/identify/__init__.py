"""What the bytes of a file are. Bytes decide; the name is a second witness for formats that have no signature of their own.

Each module of ``FORMATS`` parses the header of one family (not its first bytes only), and PRONOM, through Siegfried, gives the PUID where
it agrees: for LAS 1.4, LAZ, COPC, USDZ, USDC, splats, BigTIFF and camera RAW, PRONOM is wrong or silent, and our own parser is heard.

Runs in a parser worker: ``workers.run("pipeline.identify:read", path, name=delivered_name)``.
"""

import re
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

from archive.records.asset import FormatVerdict
from pipeline.identify import (
    audio,
    camera_raw,
    collada,
    column_points,
    draco,
    e57,
    gif,
    gltf,
    iso_media,
    jpeg,
    jpeg2000,
    jpegxl,
    las,
    nexus,
    obj,
    office_binary,
    pcd,
    pdf,
    ply,
    png,
    splat,
    stl,
    structured_text,
    tiff,
    usd,
    webp,
    zip_container,
)
from pipeline.identify.format import Format, NotThisFormatError, Recognised, Sample
from pipeline.identify.pronom import PronomMatch, pronom_matches

if TYPE_CHECKING:
    from pipeline.worker_process import WorkerInput

FORMATS: tuple[Format, ...] = (
    jpeg.FORMAT,
    tiff.FORMAT,
    camera_raw.FORMAT,
    png.FORMAT,
    gif.FORMAT,
    webp.FORMAT,
    iso_media.FORMAT,
    jpeg2000.FORMAT,
    jpegxl.FORMAT,
    e57.FORMAT,
    las.FORMAT,
    ply.FORMAT,
    pcd.FORMAT,
    gltf.FORMAT,
    usd.FORMAT,
    zip_container.FORMAT,
    nexus.FORMAT,
    draco.FORMAT,
    pdf.FORMAT,
    audio.FORMAT,
    office_binary.FORMAT,
    collada.FORMAT,
    column_points.FORMAT,
    obj.FORMAT,
    stl.FORMAT,
    structured_text.FORMAT,
    splat.FORMAT,
)
"""In the order in which they are asked: sure signatures first, then what only its structure betrays."""

UNKNOWN_MEDIA_TYPE = "application/octet-stream"
# Formats that PRONOM knows by their ending only, so that it cannot say so of bytes: its identifier for what our parser found.
_PUIDS_BY_ENDING = {
    ("stl", "binary"): "fmt/865",
    ("json", ""): "fmt/817",
    ("markdown", ""): "fmt/1149",
    ("csv", ""): "x-fmt/18",
    ("tsv", ""): "x-fmt/13",
}
_PARSE_ERRORS = (struct.error, zlib.error, IndexError, ValueError, KeyError, OverflowError, RecursionError)


def read(source: "WorkerInput") -> FormatVerdict:
    """The verdict on one file; the task for a parser worker."""
    return identify_file(source.stream, source.name, source.size)


def identify_file(stream: BinaryIO, name: str, size: int) -> FormatVerdict:
    """What the bytes are.

    Args:
        stream: seekable; its position is not kept.
        name: as delivered.
        size: bytes.

    Returns:
        The verdict; ``name`` is "empty" for no bytes, "unknown" when nobody knows them, and "other" when only PRONOM knows them.
    """
    if size == 0:
        return FormatVerdict("empty", "application/x-empty", basis="the file has no bytes")
    sample = Sample(stream, name, size)
    matches = pronom_matches(stream)
    found = _recognise(sample)
    if found is None:
        return _known_to_pronom_only(matches)
    recognised, form = found
    media_type, pattern = form.names[recognised.name]
    match = next((one for one in matches if pattern and re.search(pattern, one.format)), None)
    if match is None:
        puid = _PUIDS_BY_ENDING.get((recognised.name, recognised.version), "")
        return FormatVerdict(recognised.name, media_type, puid, recognised.basis, recognised.version)
    basis = f"{recognised.basis}; PRONOM {match.basis}"
    return FormatVerdict(recognised.name, media_type, match.puid, basis, recognised.version or match.version)


def _recognise(sample: Sample) -> tuple[Recognised, Format] | None:
    for form in FORMATS:
        try:
            found = form.recognise(sample)
        except (NotThisFormatError, *_PARSE_ERRORS):
            continue
        if found is not None:
            return found, form
    return None


def _known_to_pronom_only(matches: tuple[PronomMatch, ...]) -> FormatVerdict:
    """PRONOM's word for bytes of which we have no parser: only where bytes, not the ending, made it say so."""
    match = next((one for one in matches if "byte match" in one.basis or "container" in one.basis), None)
    if match is None:
        return FormatVerdict("unknown", UNKNOWN_MEDIA_TYPE, basis="no signature matched")
    return FormatVerdict(
        "other", match.media_type or UNKNOWN_MEDIA_TYPE, match.puid, f"{match.format}: PRONOM {match.basis}", match.version
    )
