"""The folder of a frozen copy: written beside its place, whole or not at all, with a list of what is in it."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import ConflictError, DamageError, StorageError
from viewer.compression import press

MANIFEST = "ditich-frozen.json"
_PRESSED = (".html", ".css", ".js", ".json", ".xml", ".svg", ".txt", ".glb", ".subtree", ".webmanifest", ".vtt")
_SMALLEST, _LARGEST = 600, 8 * 1024 * 1024
_SPARE = 1.05


@dataclass(slots=True)
class Folder:
    """A copy that grows in ``part``; ``listed``: path → (size, sha256)."""

    target: Path
    part: Path
    listed: dict[str, tuple[int, str]] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, content: bytes) -> None:
        """Put one file; the same file twice is fine, another under the same name (or one that differs only in case) is a fault of ours."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._folded.setdefault(path.casefold(), path)
        if known != path or self.listed.get(path, (0, digest))[1] != digest:
            raise DamageError(
                f"Two files of this copy would be called “{path}”; nothing was written.", advice="Report this as a fault of Ditich."
            )
        place = self.part / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        self.listed[path] = (len(content), digest)

    def press(self) -> None:
        """Lay compressed copies beside what gains from it, for servers that send them as they are."""
        for path, (size, _) in list(self.listed.items()):
            if path.endswith(_PRESSED) and _SMALLEST <= size <= _LARGEST:
                content = (self.part / path).read_bytes()
                for coding, suffix in (("br", "br"), ("gzip", "gz")):
                    pressed = press(content, coding, quality=11 if path.endswith((".js", ".css")) else 8)
                    if len(pressed) < size * 0.95:
                        self.write(f"{path}.{suffix}", pressed)

    def finish(self, described: dict[str, Any]) -> int:
        """Write the list of everything and move the folder to its place. Returns its size in bytes."""
        files = [{"path": path, "size": size, "sha256": digest} for path, (size, digest) in sorted(self.listed.items())]
        text = json.dumps({**described, "files": files}, ensure_ascii=False, indent=1)
        (self.part / MANIFEST).write_text(text + "\n", encoding="utf-8")
        old = self.target.with_name(f".{self.target.name}.old")
        if self.target.exists():
            self.target.rename(old)
        self.part.rename(self.target)
        if old.exists():
            shutil.rmtree(old)
        return sum(file["size"] for file in files)  # type: ignore[misc]

    def discard(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.part, ignore_errors=True)


def begin(target: Path, *, replace: bool) -> Folder:
    """A folder to write into, beside its place.

    Raises:
        ConflictError: something else lies there, or a former copy that was not to be replaced.
    """
    require_free(target, replace=replace)
    part = target.with_name(f".{target.name}.part")
    if part.exists():
        shutil.rmtree(part)
    part.mkdir(parents=True)
    return Folder(target, part)


def require_free(target: Path, *, replace: bool) -> None:
    """Refuse a place that holds anything but a former copy that is to be replaced."""
    if not target.exists():
        return
    if not target.is_dir():
        raise ConflictError(f"“{target}” is a file.", advice="Name a new folder.", code="not-a-folder", values={"folder": target})
    if not any(target.iterdir()):
        return
    if not (target / MANIFEST).is_file():
        advice = "Name a new or an empty folder."
        raise ConflictError(
            f"“{target}” holds other things; nothing was written.", advice=advice, code="folder-not-ours", values={"folder": target}
        )
    if not replace:
        advice = "Add --replace to put the new copy in its place."
        raise ConflictError(f"“{target}” holds an earlier copy.", advice=advice, code="earlier-copy", values={"folder": target})


def require_room(target: Path, octets: int) -> None:
    """Refuse when the disk has too little room for that much.

    Raises:
        StorageError: with what is there and what is needed.
    """
    place = next(folder for folder in (target, *target.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if free < octets * _SPARE:
        advice = "Free some room, or choose another disk."
        raise StorageError(
            f"{octets} bytes are needed; {free} are free.", advice=advice, code="no-room", values={"needed": octets, "free": free}
        )


def verify(target: Path) -> list[str]:
    """What of a frozen copy is no longer as its list says: a line for each file that is missing, other or extra."""
    described = json.loads((target / MANIFEST).read_bytes())
    listed = {file["path"]: file["sha256"] for file in described["files"]}
    present = {
        Path(folder, name).relative_to(target).as_posix() for folder, _, names in os.walk(target) for name in names if name != MANIFEST
    }
    faults = [f"missing: {path}" for path in sorted(listed.keys() - present)] + [
        f"extra: {path}" for path in sorted(present - listed.keys())
    ]
    same = listed.keys() & present
    changed = [path for path in sorted(same) if hashlib.sha256((target / path).read_bytes()).hexdigest() != listed[path]]
    return faults + [f"changed: {path}" for path in changed]
