"""What stops Ditich. Faults in the material are not errors: they are findings (see findings.py).

Every error says what happened, to what, and what to do now, in a sentence for the person at the screen; the detail is for the log.
"""

from collections.abc import Mapping


class DitichError(Exception):
    """Something that stops the work at hand; nothing half done remains when it reaches the user.

    Attributes:
        message: what happened and to what, one sentence in English, for the user.
        advice: what to do now, one sentence; may be empty.
        detail: for the log; may be empty.
        code: stable kebab-case name of this very error, by which its sentence is found in other languages; may be empty.
        values: what fills that sentence.
    """

    def __init__(
        self, message: str, *, advice: str = "", detail: str = "", code: str = "", values: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.detail = detail
        self.code = code
        self.values = dict(values or {})

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class UsageError(DitichError):
    """The command or a setting is wrong: exit code 3."""


class NotFoundError(DitichError):
    """A home, site, asset, deposit or file that was asked for is not there."""


class RecordError(DitichError):
    """A record cannot be read: malformed, or written by a newer Ditich than this one."""


class StorageError(DitichError):
    """The file system or the object store refused (full, read-only, failed sync)."""


class ConflictError(DitichError):
    """Someone else changed or holds the same thing: nothing was written; look again and retry."""


class DamageError(DitichError):
    """Kept bytes do not match their recorded digest or structure."""


class UnreadableError(DitichError):
    """Outside bytes that a reader refuses: truncated, hostile, or not the format they claim to be."""
