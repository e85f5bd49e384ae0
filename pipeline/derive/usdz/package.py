"""The package: a ZIP whose files are stored as they are, each at a multiple of 64 bytes (USDZ specification 1.3, "Zip constraints").

Written by ourselves, because other writers put the time of writing into it.
"""

import struct
import zlib

ALIGNED = 64
PADDING_ID = 0x1986
"""The extra field that the specification's own tools pad with."""
FIRST_DAY = 0x0021
"""1 January 1980: the earliest day that ZIP knows."""
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


def package(files: list[tuple[str, bytes]]) -> bytes:
    """The package of (name, content), the layer first."""
    out, central = bytearray(), bytearray()
    for name, content in files:
        encoded = name.encode("ascii")
        begin = len(out)
        extra = _padding(begin + _LOCAL.size + len(encoded))
        sizes = (zlib.crc32(content), len(content), len(content))
        out += _LOCAL.pack(b"PK\3\4", 10, 0, 0, 0, FIRST_DAY, *sizes, len(encoded), len(extra)) + encoded + extra + content
        central += _CENTRAL.pack(b"PK\1\2", 10, 10, 0, 0, 0, FIRST_DAY, *sizes, len(encoded), 0, 0, 0, 0, 0, begin) + encoded
    return bytes(out + central + _END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(central), len(out), 0))


def _padding(place: int) -> bytes:
    """An extra field after which content begins at a multiple of ALIGNED; its own header takes four bytes."""
    missing = -(place + 4) % ALIGNED
    return struct.pack("<2H", PADDING_ID, missing) + bytes(missing)
