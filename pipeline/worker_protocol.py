"""What a worker and its parent say to each other: length-prefixed pickles over a socket pair, open files beside them.

The parent is trusted by the worker, the worker is not trusted by the parent: a parser that was taken over by a hostile file can
answer with anything. So answers are read by an unpickler that knows records (dataclasses and enumerations of ``archive`` and
``pipeline``) and plain values, and nothing that runs code.
"""

import importlib
import io
import pickle
import struct
from dataclasses import dataclass, field, is_dataclass
from enum import Enum
from typing import Any

HEADER = struct.Struct("<QI")
LARGEST_ANSWER = 64 * 1024 * 1024
# SCM_RIGHTS carries at most 253 descriptors a message (Linux SCM_MAX_FD); more go in several messages.
DESCRIPTORS_PER_MESSAGE = 200

_PLAIN = {
    ("builtins", "set"): set,
    ("builtins", "frozenset"): frozenset,
    ("builtins", "complex"): complex,
    ("builtins", "bytearray"): bytearray,
}
_OWN_PACKAGES = ("archive.", "pipeline.", "tests.")
_LIBRARY_TYPES = {
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "pathlib": {"Path", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
}


@dataclass(frozen=True, slots=True)
class Request:
    """One task for a worker; the open descriptors travel beside it in the order of ``names``, the output folder last.

    Attributes:
        task: "package.module:function".
        names: file names or relative paths of the inputs, as text with surrogate escapes.
        many: whether the function takes several files and an output folder (``make``) or one file (``read``).
        has_output: whether the last descriptor is the output folder.
        address_space_mib: RLIMIT_AS while the task runs, or None.
    """

    task: str
    names: tuple[str, ...]
    many: bool = False
    has_output: bool = False
    address_space_mib: int | None = None
    arguments: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says of one task: ``outcome`` is "returned", "refused" (the reader said why), "failed" (it broke) or "memory"."""

    outcome: str
    value: Any = None
    message: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Isolation:
    """What a worker achieved at its start; the words of ``notes`` say what was not possible."""

    user_dropped: bool
    network_closed: bool
    dies_with_parent: bool
    notes: tuple[str, ...] = ()


class _RecordUnpickler(pickle.Unpickler):
    """Reads plain values and our own records, and refuses every other name."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        """The type by that name, if it is a record or a plain value.

        Raises:
            pickle.UnpicklingError: for every other name.
        """
        plain = _PLAIN.get((module_name, global_name))
        if plain is not None:
            return plain
        if global_name in _LIBRARY_TYPES.get(module_name, ()):
            return getattr(importlib.import_module(module_name), global_name)
        if module_name.startswith(_OWN_PACKAGES) and "." not in global_name:
            found = getattr(importlib.import_module(module_name), global_name, None)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        message = f"a worker answered with {module_name}.{global_name}, which is no record"
        raise pickle.UnpicklingError(message)


def dump(message: object) -> bytes:
    """A message as bytes, without its length."""
    return pickle.dumps(message, protocol=5)


def load_answer(payload: bytes) -> object:
    """An answer from a worker; only records and plain values.

    Raises:
        pickle.UnpicklingError: the answer names anything else, or is no pickle.
    """
    try:
        return _RecordUnpickler(io.BytesIO(payload)).load()
    except pickle.UnpicklingError:
        raise
    except Exception as error:
        message = f"a worker's answer cannot be read: {error}"
        raise pickle.UnpicklingError(message) from error
