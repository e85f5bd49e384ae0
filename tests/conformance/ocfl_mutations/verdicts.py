"""What validators say of objects and roots: ours, and ocfl-py (https://github.com/zimeon/ocfl-py) in a process of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.ocfl_mutations.cases import Kind

CHECKOUT = Path(__file__).parents[3]
_CODE = re.compile(r"\b[EW]\d{3}")
"""how its messages begin; a letter after the number tells its own sub-cases apart"""
_PATIENCE = 60
"""seconds without an end, after which a peer hangs"""
_PEER = "tests.conformance.ocfl_mutations.verdicts"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a validator says.

    Attributes:
        valid: its judgement; None when it crashed or hung.
        codes: that it raised.
    """

    valid: bool | None
    codes: frozenset[str]


CRASHED = Verdict(None, frozenset())


@dataclass(frozen=True, slots=True)
class Question:
    """A folder to judge, as an object or as a root."""

    kind: Kind
    path: Path


def our_verdict(question: Question) -> Verdict:
    """Ours; an exception is not caught."""
    from archive.ocfl.validate import validate_path

    judged = validate_path(question.path)
    return Verdict(judged.valid, frozenset(judged.codes))


def peer_verdicts(questions: Iterable[Question]) -> list[Verdict]:
    """Those of ocfl-py, in order. A process that dies or hangs costs its question, the rest goes on in another one."""
    left = list(questions)
    verdicts: list[Verdict] = []
    while left:
        said = _ask_peer(left)
        verdicts += said
        left = left[len(said) :]
        if left:
            verdicts.append(CRASHED)
            left = left[1:]
    return verdicts


def _ask_peer(questions: list[Question]) -> list[Verdict]:
    asked = "".join(json.dumps([question.kind, str(question.path)]) + "\n" for question in questions)
    command = [sys.executable, "-m", _PEER]
    try:
        answered = subprocess.run(command, input=asked.encode(), capture_output=True, timeout=_PATIENCE, check=False, cwd=CHECKOUT).stdout
    except subprocess.TimeoutExpired as error:
        answered = error.stdout or b""
    return list(_understood(answered))


def _understood(answered: bytes) -> Iterator[Verdict]:
    for line in answered.splitlines(keepends=True):
        if line.endswith(b"\n"):
            valid, codes = json.loads(line)
            yield Verdict(valid, frozenset(codes))


def _peer_on_object(path: str) -> tuple[bool, set[str]]:
    from ocfl.validator import Validator

    validator = Validator(log_warnings=True)
    return bool(validator.validate_object(path)), set(validator.log.codes)


def _peer_on_root(path: str) -> tuple[bool, set[str]]:
    """Its own return value leaves out broken objects, so the count of good ones decides with it."""
    from ocfl.storage_root import StorageRoot

    root = StorageRoot(root=path)
    valid = root.validate(log_warnings=True) and root.num_objects == root.good_objects
    return bool(valid), set(root.log.codes) | set(_CODE.findall(str(root.errors)))


def answer() -> None:
    """Read questions from standard input and answer them with ocfl-py, a line each."""
    import contextlib
    import logging

    logging.disable()
    for line in sys.stdin:
        kind, path = json.loads(line)
        valid: bool | None = None
        codes: set[str] = set()
        with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(Exception):
            valid, codes = _peer_on_root(path) if kind == "root" else _peer_on_object(path)
        sys.stdout.write(json.dumps([valid, sorted({code[:4] for code in codes})]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answer()
