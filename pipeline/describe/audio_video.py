"""Recordings: duration, rate, channels, picture size, by our own bounded parse of WAV, FLAC, MP3 and the ISO base media boxes.

No codec is opened: that a recording plays to its end is not shown here, only that its header and its length agree.
"""

import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe.dates import CAMERA_CLOCK
from pipeline.describe.mpeg_audio import describe_mp3
from pipeline.workers import WorkerInput

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_MOST_BOXES = 4096
_CONTAINERS = {b"moov", b"trak", b"mdia"}


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Header values by name, and the normalised fields (``duration`` in seconds).

    Raises:
        UnreadableError: the header is damaged, or the file ends before what it announces.
    """
    head = source.stream.read(16)
    source.stream.seek(0)
    try:
        found = _reader(head)(source.stream, source.size)
    except (struct.error, IndexError, ZeroDivisionError, OverflowError) as error:
        raise UnreadableError("The recording's header is damaged.", detail=f"{type(error).__name__}: {error}") from error
    captured = found.get("created")
    certainty = {"captured": CAMERA_CLOCK}
    fields = {"duration", "width", "height", "channels", "sample_rate", "bit_depth"}
    values = {name: value for name, value in found.items() if name in fields} | ({"captured": captured} if captured else {})
    return found, {name: SourcedValue(value, f"recording:{name}", certainty.get(name, "stated")) for name, value in values.items()}


def _reader(head: bytes) -> Callable[[BinaryIO, int], dict[str, Any]]:
    if head[:4] in {b"RIFF", b"RF64"}:
        return _wav
    if head[:4] == b"fLaC":
        return _flac
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}:
        return _iso_media
    return describe_mp3


def _wav(stream: BinaryIO, size: int) -> dict[str, Any]:
    """RIFF/WAVE (IBM and Microsoft 1991) and RF64 (EBU 3306): fmt and data chunks."""
    found: dict[str, Any] = {}
    long_length, at = 0, 12
    for _ in range(_MOST_BOXES):
        stream.seek(at)
        header = stream.read(8)
        if len(header) < 8:
            break
        kind, length = struct.unpack("<4sI", header)
        if kind == b"ds64":
            long_length = struct.unpack("<8xQ", stream.read(16))[0]
        elif kind == b"fmt ":
            channels, rate, per_second, _, bits = struct.unpack("<2xHIIHH", stream.read(16))
            found |= {"channels": channels, "sample_rate": rate, "bytes_per_second": per_second, "bit_depth": bits}
        elif kind == b"data":
            length = long_length if length == 0xFFFFFFFF else length
            return _wav_length(found, length, at + 8, size)
        at += 8 + length + (length & 1)
    raise UnreadableError("The recording has no sound in it.", detail="no data chunk")


def _wav_length(found: dict[str, Any], length: int, start: int, size: int) -> dict[str, Any]:
    if start + length > size:
        raise UnreadableError("The recording is cut off.", detail=f"data of {length} bytes announced, {size - start} present")
    return found | {"duration": round(length / found["bytes_per_second"], 3)} if found.get("bytes_per_second") else found


def _flac(stream: BinaryIO, size: int) -> dict[str, Any]:
    """FLAC (RFC 9639 §8.2): STREAMINFO."""
    del size
    block = stream.read(42)
    packed = int.from_bytes(block[18:26], "big")
    rate, channels, bits, samples = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1, packed & (1 << 36) - 1
    if block[4] & 0x7F or not rate:
        raise UnreadableError("The recording's header is damaged.", detail="no STREAMINFO")
    found = {"sample_rate": rate, "channels": channels, "bit_depth": bits}
    return found | {"duration": round(samples / rate, 3)} if samples else found


def _iso_media(stream: BinaryIO, size: int) -> dict[str, Any]:
    """ISO/IEC 14496-12: movie header, track headers; every top-level box must lie inside the file."""
    found: dict[str, Any] = {}
    for kind, content in _boxes(stream, 0, size, depth=0):
        if kind == b"mvhd":
            found |= _movie_header(content)
        elif kind == b"tkhd":
            width, height = (value >> 16 for value in struct.unpack(">II", content[-8:]))
            if width and height and "width" not in found:
                found |= {"width": width, "height": height}
    if "duration" not in found:
        raise UnreadableError("The recording is cut off.", detail="no movie header (moov/mvhd)")
    return found


def _boxes(stream: BinaryIO, start: int, end: int, depth: int) -> Iterator[tuple[bytes, bytes]]:
    at = start
    for _ in range(_MOST_BOXES):
        stream.seek(at)
        header = stream.read(16)
        if at + 8 > end or len(header) < 8:
            return
        length, kind, offset = int.from_bytes(header[:4], "big"), header[4:8], 8
        if length == 1:
            length, offset = int.from_bytes(header[8:16], "big"), 16
        length = length or end - at
        if length < offset or at + length > end:
            raise UnreadableError("The recording is cut off.", detail=f"box {kind!r} of {length} bytes at {at} goes beyond {end}")
        if kind in _CONTAINERS and depth < 4:
            yield from _boxes(stream, at + offset, at + length, depth + 1)
        elif kind in {b"mvhd", b"tkhd"}:
            stream.seek(at + offset)
            yield kind, stream.read(min(length - offset, 256))
        at += length


def _movie_header(content: bytes) -> dict[str, Any]:
    if content[0] == 1:
        created, _, scale, duration = struct.unpack_from(">QQIQ", content, 4)
    else:
        created, _, scale, duration = struct.unpack_from(">IIII", content, 4)
    found: dict[str, Any] = {"duration": round(duration / scale, 3)}
    if 0 < created < 1 << 33:
        found["created"] = (_EPOCH + timedelta(seconds=created)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return found
