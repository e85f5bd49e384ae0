"""Spoken words of a guided walk: what they are by their bytes, and the same sound with nothing else in the file.

Recorders write the place, the date, the device and the speaker's name into a recording. A WAV is written anew from its format and its
samples; of an MP3 only the audio frames are copied, which leaves out every tag whatever its kind (ID3v1, ID3v2, APE, Lyrics3).
Formats that we cannot clean so surely (M4A, Ogg, Opus) are refused with a sentence.
"""

import struct
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.site_definition.faults import SiteFaultError

SUFFIXES = (".mp3", ".wav", ".m4a", ".ogg", ".opus")
_REFUSED = frozenset({".m4a", ".ogg", ".opus"})
_ID3_HEADER = 10
_ID3_FOOTER = 0x10
_BITRATES = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Of layer III in kbit/s: MPEG 1 and MPEG 2/2.5 (ISO/IEC 11172-3 2.4.2.3, 13818-3 2.4.2.3)."""
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_LEAST_FRAMES = 2
_LINEAR = frozenset({1, 3, 0xFFFE})
"""WAV formats that are plain samples: PCM, float, and either with a longer header."""
_FORMAT = 16


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that holds its sound and nothing else."""

    content: bytes
    media_type: str
    seconds: float


def clean_recording(content: bytes, name: str) -> Recording:
    """The sound of a recording in a file of its own.

    Args:
        content: the file.
        name: as in the site folder, for the sentence where it is refused.

    Raises:
        SiteFaultError: a format that is not taken, a file that is not what its name says, or one that is cut short.
    """
    suffix = PurePosixPath(name).suffix
    if suffix in _REFUSED:
        raise SiteFaultError(
            f"{name}: from {suffix[1:].upper()} files hidden data (place, names) cannot be taken out surely.",
            advice="Save the recording as MP3 or WAV.",
        )
    return _wav(content, name) if suffix == ".wav" else _mp3(content, name)


def _wav(content: bytes, name: str) -> Recording:
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise SiteFaultError(f"{name} is no WAV file.", advice="Save the recording as WAV or MP3 again.")
    chunks = _chunks(content)
    header, samples = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(header) < _FORMAT or not samples:
        raise SiteFaultError(f"{name} is cut short: it has no sound.", advice="Copy it from the recorder again.")
    code, channels, rate, _, block, bits = struct.unpack("<HHIIHH", header[:_FORMAT])
    if code not in _LINEAR or not channels or not rate or block != channels * bits // 8 or not block:
        raise SiteFaultError(f"{name} holds compressed or unusual sound.", advice="Save it as WAV with plain samples (PCM), or as MP3.")
    samples = samples[: len(samples) // block * block]
    plain = header[: 40 if code == 0xFFFE else _FORMAT]
    body = b"WAVE" + _chunk(b"fmt ", plain) + _chunk(b"data", samples)
    return Recording(b"RIFF" + struct.pack("<I", len(body)) + body, "audio/wav", round(len(samples) / (rate * block), 2))


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """The chunks of a RIFF file, of two with one name the first; one that is cut short is not counted."""
    found: dict[bytes, bytes] = {}
    place = 12
    while place + 8 <= len(content):
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        if place + 8 + size > len(content):
            break
        found.setdefault(content[place : place + 4], content[place + 8 : place + 8 + size])
        place += 8 + size + size % 2
    return found


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _mp3(content: bytes, name: str) -> Recording:
    place = _after_id3(content)
    frames: list[bytes] = []
    seconds = 0.0
    while (frame := _frame(content, place)) is not None:
        length, lasts = frame
        frames.append(content[place : place + length])
        seconds += lasts
        place += length
    if len(frames) < _LEAST_FRAMES:
        raise SiteFaultError(f"{name} is no MP3 file.", advice="Save the recording as MP3 or WAV again.")
    rest = content[place:]
    if rest.strip(b"\0") and not rest.startswith((b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"\xff")):
        raise SiteFaultError(f"{name} is damaged after {seconds:.0f} seconds.", advice="Save the recording as MP3 or WAV again.")
    return Recording(b"".join(frames), "audio/mpeg", round(seconds, 2))


def _after_id3(content: bytes) -> int:
    """Where the sound begins: behind every ID3v2 tag (https://id3.org/id3v2.4.0-structure section 3.1) and the filling after it."""
    place = 0
    while content[place : place + 3] == b"ID3" and len(content) >= place + _ID3_HEADER:
        size = 0
        for byte in content[place + 6 : place + _ID3_HEADER]:
            size = size << 7 | (byte & 0x7F)
        place += _ID3_HEADER + size + (_ID3_HEADER if content[place + 5] & _ID3_FOOTER else 0)
    while content[place : place + 1] == b"\0":
        place += 1
    return place


def _frame(content: bytes, place: int) -> tuple[int, float] | None:
    """Length in bytes and in seconds of the whole layer III frame that begins there; None where none does."""
    header = int.from_bytes(content[place : place + 4], "big")
    version, layer = header >> 19 & 3, header >> 17 & 3
    rate_index, frequency_index = header >> 12 & 15, header >> 10 & 3
    if header >> 21 != 0x7FF or layer != 1 or version == 1 or rate_index in {0, 15} or frequency_index == 3:
        return None
    samples = 1152 if version == 3 else 576
    frequency = _RATES[version][frequency_index]
    rate = _BITRATES[3 if version == 3 else 2][rate_index - 1] * 1000
    length = samples // 8 * rate // frequency + (header >> 9 & 1)
    return (length, samples / frequency) if place + length <= len(content) else None
