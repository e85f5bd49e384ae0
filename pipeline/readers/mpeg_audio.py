"""The frame header of MPEG audio layer III (ISO 11172-3 §2.4.2.3, ISO 13818-3, and the 2.5 extension)."""

from dataclasses import dataclass

_RATES = (44100, 48000, 32000)
_KILOBITS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


@dataclass(frozen=True, slots=True)
class MpegFrame:
    """One frame: ``length`` in bytes with its header, ``samples`` a channel, ``sample_rate`` in hertz, ``kilobits`` a second."""

    length: int
    samples: int
    sample_rate: int
    kilobits: int
    channels: int


def mpeg_frame(header: bytes) -> MpegFrame | None:
    """The frame that these four bytes begin, None when they begin none."""
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
    return MpegFrame(length, samples, rate, kilobits, channels=1 if header[3] >> 6 == 3 else 2)


def after_id3(head: bytes) -> int:
    """The offset behind an ID3v2 tag, 0 without one (ID3 2.4 §3.1: four bytes of seven bits)."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
