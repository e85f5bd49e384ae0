"""MP3 (ISO 11172-3, 13818-3 layer III): duration by the Xing or Info frame count, else by the rate of the first frame."""

from typing import Any, BinaryIO

from archive.errors import UnreadableError

_RATES = (44100, 48000, 32000)
_KILOBITS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MOST_JUNK = 65536


def describe_mp3(stream: BinaryIO, size: int) -> dict[str, Any]:
    """Rate, channels and duration of an MP3.

    Raises:
        UnreadableError: no chain of audio frames is found.
    """
    start = _after_tag(stream.read(10))
    stream.seek(start)
    window = stream.read(_MOST_JUNK)
    for at in range(max(0, len(window) - 4)):
        frame = _frame(window[at : at + 4])
        if frame is not None and (_frame(window[at + frame["length"] : at + frame["length"] + 4]) or start + at + frame["length"] >= size):
            return _described(frame, window[at : at + frame["length"]], size - start - at)
    raise UnreadableError("The recording has no sound in it.", detail="no chain of MPEG audio frames")


def _after_tag(head: bytes) -> int:
    """The offset behind an ID3v2 tag (ID3 2.4 §3.1: a syncsafe length)."""
    if head[:3] != b"ID3":
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))


def _frame(header: bytes) -> dict[str, int] | None:
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version, rate_code, rate_index = (header[1] >> 3) & 3, header[2] >> 4, (header[2] >> 2) & 3
    if version == 1 or rate_code in {0, 15} or rate_index == 3:
        return None
    first = version == 3
    kilobits = (_KILOBITS_1 if first else _KILOBITS_2)[rate_code - 1]
    rate = _RATES[rate_index] // (1 if first else 2 if version == 2 else 4)
    samples = 1152 if first else 576
    length = samples // 8 * kilobits * 1000 // rate + ((header[2] >> 1) & 1)
    return {"length": length, "sample_rate": rate, "kilobits": kilobits, "samples": samples, "channels": 1 if header[3] >> 6 == 3 else 2}


def _described(frame: dict[str, int], content: bytes, sound_bytes: int) -> dict[str, Any]:
    found: dict[str, Any] = {"sample_rate": frame["sample_rate"], "channels": frame["channels"], "kilobits": frame["kilobits"]}
    for mark in (b"Xing", b"Info"):
        at = content.find(mark, 4, 64)
        if at >= 0 and int.from_bytes(content[at + 4 : at + 8], "big") & 1:
            frames = int.from_bytes(content[at + 8 : at + 12], "big")
            return found | {"duration": round(frames * frame["samples"] / frame["sample_rate"], 3), "duration_by": "frame count"}
    return found | {"duration": round(sound_bytes * 8 / (frame["kilobits"] * 1000), 3), "duration_by": "constant rate"}
