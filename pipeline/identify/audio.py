"""Sound and old video containers: WAV and AVI (RIFF), MP3 (MPEG audio frames, with or without ID3), FLAC, Ogg, AIFF, Matroska."""

from pipeline.identify.format import Format, Recognised, Sample

_RATES = (44100, 48000, 32000)


def recognise(sample: Sample) -> Recognised | None:
    """The signature with its first chunk, or two consecutive MPEG audio frames."""
    head = sample.head
    riff = {b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12]) if head[:4] in {b"RIFF", b"RF64"} else None
    if riff is not None:
        return Recognised(riff, f"{head[:4].decode()} of form {head[8:12].decode().strip()}")
    for signature, name in ((b"fLaC", "flac"), (b"OggS", "ogg"), (b"\x1aE\xdf\xa3", "mkv")):
        if head.startswith(signature):
            return Recognised("webm" if name == "mkv" and b"webm" in head[:64] else name, f"signature {signature.hex(' ')}")
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return Recognised("aiff", f"FORM of form {head[8:12].decode()}")
    return _mp3(sample)


def _mp3(sample: Sample) -> Recognised | None:
    start, tag = 0, ""
    if sample.head[:3] == b"ID3" and len(sample.head) >= 10:
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(sample.head[6:10], (21, 14, 7, 0), strict=True))
        tag = f"ID3 2.{sample.head[3]} and "
    length = frame_length(sample.at(start, 4))
    following = sample.at(start + length, 4) if length else b""
    if length and (frame_length(following) or start + length >= sample.size):
        return Recognised("mp3", f"{tag}MPEG audio frames in a chain", "layer 3")
    return Recognised("mp3", f"{tag}no audio frame behind it") if tag else None


def frame_length(header: bytes) -> int:
    """Bytes of the MPEG audio layer III frame with this header (ISO 11172-3 §2.4.2.3), 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate_code, bits = (header[1] >> 3) & 3, header[2] >> 4, (header[2] >> 2) & 3
    if version == 1 or rate_code in {0, 15} or bits == 3:
        return 0
    first = version == 3
    kilobits = (_KILOBITS_1 if first else _KILOBITS_2)[rate_code - 1]
    rate = _RATES[bits] // (1 if first else 2 if version == 2 else 4)
    return (144 if first else 72) * kilobits * 1000 // rate + ((header[2] >> 1) & 1)


_KILOBITS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)

FORMAT = Format(
    {
        "wav": ("audio/wav", "Wave|WAV"),
        "avi": ("video/x-msvideo", "Audio/Video Interleaved"),
        "flac": ("audio/flac", "FLAC|Free Lossless"),
        "ogg": ("audio/ogg", "Ogg"),
        "aiff": ("audio/aiff", "Audio Interchange|AIFF"),
        "mkv": ("video/x-matroska", "Matroska"),
        "webm": ("video/webm", "WebM"),
        "mp3": ("audio/mpeg", "MPEG.*Layer"),
    },
    recognise,
)
