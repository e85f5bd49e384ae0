"""The pixel size of a JPEG XL by its first bits (ISO/IEC 18181-1 annex C, SizeHeader), so that a bomb is refused before it is decoded."""

_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_CODESTREAM_BOXES = (b"jxlc", b"jxlp")


class _Bits:
    """Bits of a codestream, the lowest of each byte first."""

    def __init__(self, content: bytes) -> None:
        self._value = int.from_bytes(content[:32], "little")

    def take(self, count: int) -> int:
        taken = self._value & ((1 << count) - 1)
        self._value >>= count
        return taken

    def size(self) -> int:
        return 1 + self.take((9, 13, 18, 30)[self.take(2)])


def jxl_size(content: bytes) -> tuple[int, int] | None:
    """Width and height as coded, before orientation; None where no codestream is found."""
    codestream = content if content.startswith(b"\xff\x0a") else _codestream(content)
    if not codestream.startswith(b"\xff\x0a"):
        return None
    bits = _Bits(codestream[2:])
    small = bits.take(1)
    height = (bits.take(5) + 1) * 8 if small else bits.size()
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return ((bits.take(5) + 1) * 8 if small else bits.size()), height


def _codestream(content: bytes) -> bytes:
    at = 0
    for _ in range(64):
        if at + 8 > len(content):
            break
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        header = 16 if length == 1 else 8
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        if kind in _CODESTREAM_BOXES:
            start = at + header + (4 if kind == b"jxlp" else 0)
            return content[start : start + 64]
        if length < 8:
            break
        at += length
    return b""
