"""Sound and old video containers: WAV and AVI (RIFF), MP3 (MPEG audio frames, with or without ID3), FLAC, Ogg, AIFF, Matroska."""

from pipeline.identify.format import Format, Recognised, Sample
from pipeline.readers.mpeg_audio import after_id3, mpeg_frame


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
    start = after_id3(sample.head)
    tag = f"ID3 2.{sample.head[3]} and " if start else ""
    frame = mpeg_frame(sample.at(start, 4))
    if frame is not None and (mpeg_frame(sample.at(start + frame.length, 4)) or start + frame.length >= sample.size):
        return Recognised("mp3", f"{tag}MPEG audio frames in a chain", "layer 3")
    return Recognised("mp3", f"{tag}no audio frame behind it") if tag else None


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
