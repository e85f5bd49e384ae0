"""The container of binary glTF 2.0 (section 4.4): a header, the JSON, the buffer."""

import json
import struct
from typing import Any


def container(document: dict[str, Any], blob: bytes) -> bytes:
    """The GLB of a document and its first buffer."""
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    blob += bytes(-len(blob) % 4)
    size = 12 + 8 + len(text) + 8 + len(blob)
    head = struct.pack("<4sIIII", b"glTF", 2, size, len(text), 0x4E4F534A)
    return head + text + struct.pack("<II", len(blob), 0x004E4942) + blob
