"""Where derivatives lie: ``derivatives/<first two of the key>/<key>/`` with ``derivative.json`` beside the files.

A folder appears under its key in one step, whole, so what is found there can be used. Everything here can be deleted and made again.
"""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from archive.errors import RecordError
from archive.records.derivative import Derivative, DerivedFile
from archive.records.serialise import from_json, to_json
from pipeline.derive.deriver import Made, MadeFile

RECORD = "derivative.json"


def folder_of(root: Path, key: str) -> Path:
    """The folder of a derivative, there or not."""
    return root / key[:2] / key


def find(root: Path, key: str, asset: str) -> Derivative | None:
    """The derivative under this key, for this asset; None when it has to be made (again)."""
    folder = folder_of(root, key)
    try:
        derivative = from_json(Derivative, (folder / RECORD).read_bytes())
        whole = all((folder / file.name).stat().st_size == file.size for file in derivative.files)
    except (OSError, RecordError):
        return None
    return replace(derivative, asset=asset) if whole else None


def keep(root: Path, made_in: Path, derivative: Derivative) -> None:
    """Move a folder with fresh files under its key. The asset is not written: two assets may share a derivative."""
    (made_in / RECORD).write_bytes(to_json(replace(derivative, asset="")))
    target = folder_of(root, derivative.key)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    made_in.chmod(0o755)
    made_in.rename(target)


def listed(made: Made, folder: Path) -> tuple[DerivedFile, ...]:
    """The files that a task says it made, with their sizes and digests.

    Raises:
        RecordError: the task named a file that it did not write, or wrote one that it did not name.
    """
    names = {file.name for file in made.files}
    written = {path.name for path in folder.iterdir()}
    if names != written:
        raise RecordError("A deriver's files are not those it names.", detail=f"named {sorted(names)}, wrote {sorted(written)}")
    return tuple(_measured(folder / file.name, file) for file in made.files)


def _measured(path: Path, file: MadeFile) -> DerivedFile:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return DerivedFile(file.role, file.name, file.media_type, path.stat().st_size, digest, file.width, file.height)
