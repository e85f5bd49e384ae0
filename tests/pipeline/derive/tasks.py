"""Derivers that misbehave, each in its own way. They run in worker processes."""

import os
from pathlib import Path
from typing import Any

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import Made, MadeFile

Sources = tuple[tuple[str, Path], ...]


def count(sources: Sources, output: Path, asset_facts: dict[str, Any], *, text: str) -> Made:
    """Well behaved: writes what it read and was told."""
    content = f"{text} {asset_facts['kind']} {[name for name, _ in sources]} {sources[0][1].read_bytes()!r}"
    (output / "count.txt").write_text(content)
    return Made((MadeFile(MediaRole.POSTER, "count.txt", "text/plain"),), {"text": text})


def crash(_sources: Sources, _output: Path, **_: Any) -> Made:
    """Dies as a library in C does."""
    os._exit(3)


def leaks(sources: Sources, output: Path, **_: Any) -> Made:
    """Copies the original with everything in it."""
    (output / "copy.jpg").write_bytes(sources[0][1].read_bytes())
    return Made((MadeFile(MediaRole.POSTER, "copy.jpg", "image/jpeg"),))


def hides(_sources: Sources, output: Path, **_: Any) -> Made:
    """Writes a file that it does not name."""
    (output / "hidden.txt").write_text("secret")
    return Made(())


def answers_wrongly(_sources: Sources, _output: Path, **_: Any) -> str:
    """Answers with something else."""
    return "done"
