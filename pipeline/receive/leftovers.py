"""What a killed read left in ``incoming/``: recognised, compared with the new read, cleared where redundant, else set aside.

Nothing is removed unless the very same bytes at the very same deposit path have just been received again (a file cut off in the
middle is a prefix of them). What differs may be the only copy and is kept under ``incoming/aside/``.
"""

import json
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.findings import Finding
from archive.records.identifiers import identifier_of
from pipeline.receive.words import LEFTOVER
from pipeline.sip import Deposit, ReceivedFile

_COMPARE = 2**20
_ASIDE = "aside"
_LIST = "received.json"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A folder of ``incoming/``: of which deposit (its ARK, or the folder's name while there is none), how much, since when and why.

    ``why`` is "under-way", "interrupted", "refused" (received whole, not archived) or "aside" (differs from what came later).
    """

    deposit: str
    folder: str
    files: int
    bytes: int
    since: str
    why: str


def mark_alive(folder: Path) -> None:
    """Write who reads into this folder, so that another run can tell a dead read from one under way."""
    note = {"pid": os.getpid(), "host": socket.gethostname()}
    (folder / "reader.json").write_text(json.dumps(note), encoding="utf-8")


def clear_leftovers(folder: Path, deposit: Deposit, incoming: Path) -> tuple[Finding, ...]:
    """Deal with dead reads of the same origin as ``folder``, cut off or complete, that came to nothing."""
    findings: list[Finding] = []
    # A read that was stopped between its list and its final name is of both kinds.
    for dead in dict.fromkeys((*_of_same_origin(folder, incoming), *_complete(origin_of(folder), deposit, incoming))):
        _remove_redundant(dead, deposit.files)
        remaining = sum(1 for place in (dead / "files").iterdir()) if (dead / "files").is_dir() else 0
        if remaining:
            aside = incoming / _ASIDE / dead.name
            aside.parent.mkdir(exist_ok=True)
            dead.rename(aside)
            findings.append(LEFTOVER.finding("", count=remaining, place=aside))
        else:
            _remove_empty(dead)
    return tuple(findings)


def origin_of(folder: Path) -> str:
    """The digest of the place that a read's folder ("receiving-<origin>-<pid>-<random>") was filled from."""
    return folder.name.split("receiving-", 1)[1].split("-", 1)[0]


def waiting(incoming: Path) -> tuple[Waiting, ...]:
    """What lies in ``incoming/`` now, sorted by name."""
    if not incoming.is_dir():
        return ()
    folders = [one for one in incoming.iterdir() if one.is_dir() and one.name != _ASIDE]
    aside = list((incoming / _ASIDE).iterdir()) if (incoming / _ASIDE).is_dir() else []
    return tuple(_waiting(one, set_aside=one in aside) for one in sorted([*folders, *aside]))


def _waiting(folder: Path, *, set_aside: bool) -> Waiting:
    sizes = [one.stat().st_size for one in folder.glob("files/*")]
    since = datetime.fromtimestamp(folder.stat().st_mtime, UTC).isoformat(timespec="seconds")
    why = "aside" if set_aside else "under-way" if _alive(folder) else "refused" if (folder / _LIST).exists() else "interrupted"
    return Waiting(str(_received(folder).get("ark") or folder.name), str(folder), len(sizes), sum(sizes), since, why)


def _of_same_origin(folder: Path, incoming: Path) -> list[Path]:
    """Dead reads of the same place."""
    found = sorted(incoming.glob(f"receiving-{origin_of(folder)}-*"))
    return [one for one in found if one != folder and not _alive(one)]


def _complete(origin: str, deposit: Deposit, incoming: Path) -> list[Path]:
    """Complete reads of the same place that came to nothing, and what a run left that was stopped while it replaced one."""
    final = incoming / identifier_of(deposit.ark)
    found = sorted(path.parent for path in incoming.glob(f"*/{_LIST}"))
    return [one for one in found if one != final and _received(one).get("origin") == origin and not _alive(one)]


def _received(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _alive(folder: Path) -> bool:
    try:
        note = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        pid, host = int(note["pid"]), note["host"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if host != socket.gethostname():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return pid != os.getpid()


def _remove_redundant(dead: Path, received: tuple[ReceivedFile, ...]) -> None:
    """A twin is known by the digest of a complete read; of one cut off by its stored name, which comes from the sorted listing."""
    by_name = {file.stored.name: file.stored for file in received}
    by_digest = {file.sha512: file.stored for file in received}
    digests = {str(one.get("stored")): str(one.get("sha512")) for one in _received(dead).get("files", ())}
    for leftover in sorted(dead.glob("files/*")):
        twin = by_digest.get(digests.get(leftover.name, "")) or by_name.get(leftover.name)
        if twin is not None and _is_prefix(leftover, twin):
            leftover.unlink()


def _is_prefix(short: Path, long: Path) -> bool:
    with short.open("rb") as one, long.open("rb") as other:
        while chunk := one.read(_COMPARE):
            if chunk != other.read(len(chunk)):
                return False
    return True


def _remove_empty(folder: Path) -> None:
    (folder / "reader.json").unlink(missing_ok=True)
    (folder / _LIST).unlink(missing_ok=True)
    if (folder / "files").is_dir():
        (folder / "files").rmdir()
    folder.rmdir()
