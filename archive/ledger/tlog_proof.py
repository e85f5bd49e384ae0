"""C2SP tlog-proofs (c2sp.org/tlog-proof): an entry's place, its audit path, and the checkpoint, as text that is verified offline.

The entry itself stands in the ``extra`` line, which nothing signs: what counts is that its leaf hash leads to the signed root.
"""

import base64
from dataclasses import dataclass

from archive.errors import DamageError
from archive.ledger.merkle import leaf_hash, verify_inclusion
from archive.ledger.note import Checkpoint

HEADER = b"c2sp.org/tlog-proof@v1\n"
_DIGITS = 19


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    """One entry with its audit path: ``line`` with its line feed, as in the ledger."""

    index: int
    line: bytes
    path: tuple[bytes, ...]

    def under(self, checkpoint: Checkpoint) -> bool:
        """Whether the entry is where it says under this checkpoint."""
        return verify_inclusion(leaf_hash(self.line), self.index, checkpoint.size, self.path, checkpoint.root)


def write_proof(entry: ProvedEntry, note: bytes) -> bytes:
    """The proof as text."""
    lines = [f"extra {base64.b64encode(entry.line).decode()}", f"index {entry.index}", *(encoded(node) for node in entry.path)]
    return HEADER + "\n".join([*lines, "", ""]).encode() + note


def read_proof(content: bytes) -> tuple[ProvedEntry, bytes]:
    """The entry of a proof and the note under which it should stand; nothing is verified yet.

    Raises:
        DamageError: not a proof, or one that does not carry its entry.
    """
    head, _, note = content.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    if not content.startswith(HEADER) or len(lines) < 3 or not note:
        raise unreadable("not a tlog-proof")
    return ProvedEntry(number(lines[2], "index "), decoded(lines[1].removeprefix("extra ")), tuple(map(decoded, lines[3:]))), note


def encoded(node: bytes) -> str:
    """A hash as it stands in proofs."""
    return base64.b64encode(node).decode()


def decoded(text: str) -> bytes:
    """The bytes of base64 text. Raises DamageError."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise unreadable(text[:80]) from error
    if encoded(content) != text:
        raise unreadable(text[:80])
    return content


def number(line: str, prefix: str) -> int:
    """The number behind a prefix, in its one right form. Raises DamageError."""
    digits = line.removeprefix(prefix)
    if not line.startswith(prefix) or not digits.isascii() or not digits.isdigit() or len(digits) > _DIGITS or str(int(digits)) != digits:
        raise unreadable(line[:80])
    return int(digits)


def unreadable(detail: str) -> DamageError:
    """The error of a proof or receipt that cannot be read."""
    return DamageError(
        "The receipt is not readable.", advice="Take the file as it was given out, or ask the archive for it again.", detail=detail
    )
