"""WebP (RFC 9649): a RIFF of form WEBP whose first chunk is VP8, VP8L or VP8X."""

from pipeline.identify.format import Format, Recognised, Sample

_CHUNKS = {b"VP8 ": "lossy", b"VP8L": "lossless", b"VP8X": "extended"}


def recognise(sample: Sample) -> Recognised | None:
    """RIFF, WEBP and a chunk that WebP knows."""
    head = sample.head
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    kind = _CHUNKS.get(head[12:16])
    return Recognised("webp", f"RIFF of form WEBP; {kind + ' chunk' if kind else 'first chunk unknown'}", kind or "")


FORMAT = Format({"webp": ("image/webp", "WebP")}, recognise)
