"""Whether the pixels that a TIFF's directories announce lie inside the file: decoders of camera RAW do not say when they do not."""

from collections.abc import Mapping
from typing import BinaryIO

from pipeline.readers.tiff_directories import Value, Wanted, read_directories, tiff_header

_STRIPS, _TILES, _PREVIEW = (273, 279), (324, 325), (513, 514)
_WANTED = Wanted(frozenset({*_STRIPS, *_TILES, *_PREVIEW}), values=1 << 20)


def is_cut_off(stream: BinaryIO, size: int) -> bool:
    """Whether a strip, tile or preview ends beyond the file; False for what is no TIFF. The stream ends at its start."""

    def read_at(offset: int, length: int) -> bytes:
        stream.seek(offset)
        return stream.read(length)

    header = tiff_header(read_at(0, 16))
    directories = read_directories(read_at, header, _WANTED) if header is not None else []
    stream.seek(0)
    return any(end > size for tags in directories for end in _ends(tags))


def _ends(tags: Mapping[int, Value]) -> list[int]:
    ends = []
    for offsets_tag, lengths_tag in (_STRIPS, _TILES, _PREVIEW):
        offsets, lengths = tags.get(offsets_tag, ()), tags.get(lengths_tag, ())
        ends += [offset + length for offset, length in zip(offsets, lengths, strict=False)]
    return ends
