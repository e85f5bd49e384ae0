"""The name of an ICC profile (ICC.1:2022 §9.2.41, v2 textDescriptionType and v4 multiLocalizedUnicodeType), without a colour engine."""

import struct

_MOST_TAGS = 256


def profile_name(profile: bytes) -> str:
    """What the profile's "desc" tag says, "" when there is no profile or it cannot be read."""
    if profile[36:40] != b"acsp":
        return ""
    try:
        for at in range(132, 132 + 12 * min(struct.unpack_from(">I", profile, 128)[0], _MOST_TAGS), 12):
            signature, offset, length = struct.unpack_from(">4sII", profile, at)
            if signature == b"desc":
                return _description(profile[offset : offset + length])
    except struct.error:
        return ""
    return ""


def _description(tag: bytes) -> str:
    if tag[:4] == b"desc":
        length = struct.unpack_from(">I", tag, 8)[0]
        return tag[12 : 12 + length].partition(b"\0")[0].decode("latin-1").strip()
    if tag[:4] == b"mluc":
        length, offset = struct.unpack_from(">II", tag, 20)
        return tag[offset : offset + length].decode("utf-16-be", "replace").strip("\0 ")
    return ""
