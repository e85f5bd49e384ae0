"""MP3: duration by the Xing or Info frame count, else by the rate of the first frame."""

from typing import Any, BinaryIO

from archive.errors import UnreadableError
from pipeline.readers.mpeg_audio import MpegFrame, after_id3, mpeg_frame

_MOST_JUNK = 65536


def describe_mp3(stream: BinaryIO, size: int) -> dict[str, Any]:
    """Rate, channels and duration of an MP3.

    Raises:
        UnreadableError: no chain of audio frames is found.
    """
    start = after_id3(stream.read(10))
    stream.seek(start)
    window = stream.read(_MOST_JUNK)
    for at in range(max(0, len(window) - 3)):
        frame = mpeg_frame(window[at : at + 4])
        if frame is None:
            continue
        end = at + frame.length
        if mpeg_frame(window[end : end + 4]) or window[end : end + 3] == b"TAG" or start + end == size:
            return _described(frame, window[at:end], size - start - at)
    raise UnreadableError("The recording has no sound in it.", detail="no chain of MPEG audio frames")


def _described(frame: MpegFrame, content: bytes, sound_bytes: int) -> dict[str, Any]:
    found: dict[str, Any] = {"sample_rate": frame.sample_rate, "channels": frame.channels, "kilobits": frame.kilobits}
    for mark in (b"Xing", b"Info"):
        at = content.find(mark, 4, 64)
        if at >= 0 and int.from_bytes(content[at + 4 : at + 8], "big") & 1:
            frames = int.from_bytes(content[at + 8 : at + 12], "big")
            return found | {"duration": round(frames * frame.samples / frame.sample_rate, 3), "duration_by": "frame count"}
    return found | {"duration": round(sound_bytes * 8 / (frame.kilobits * 1000), 3), "duration_by": "constant rate"}
