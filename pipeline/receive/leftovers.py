"""What a killed read left in ``incoming/``: recognised, compared with the new read, cleared where redundant, else set aside.

Nothing is removed unless the very same bytes at the very same deposit path have just been received again (a file cut off in the
middle is a prefix of them). What differs may be the only copy and is kept under ``incoming/aside/``.
"""

import json
import os
import socket
from pathlib import Path

from archive.findings import Finding
from pipeline.receive.words import LEFTOVER
from pipeline.sip import Deposit

_COMPARE = 2**20


def mark_alive(folder: Path) -> None:
    """Write who reads into this folder, so that another run can tell a dead read from one under way."""
    note = {"pid": os.getpid(), "host": socket.gethostname()}
    (folder / "reader.json").write_text(json.dumps(note), encoding="utf-8")


def clear_leftovers(folder: Path, deposit: Deposit, incoming: Path) -> tuple[Finding, ...]:
    """Deal with dead reads of the same origin as ``folder`` (its name begins with the same digest)."""
    prefix = folder.name.rsplit("-", 2)[0]
    findings: list[Finding] = []
    for dead in sorted(incoming.glob(f"{prefix}-*")):
        if dead == folder or _alive(dead):
            continue
        _remove_redundant(dead, [file.stored for file in deposit.files])
        remaining = sum(1 for place in (dead / "files").iterdir()) if (dead / "files").is_dir() else 0
        if remaining:
            aside = incoming / "aside" / dead.name
            aside.parent.mkdir(exist_ok=True)
            dead.rename(aside)
            findings.append(LEFTOVER.finding("", count=remaining, place=aside))
        else:
            _remove_empty(dead)
    return tuple(findings)


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


def _remove_redundant(dead: Path, received: list[Path]) -> None:
    """Stored names are generated from the sorted listing, so equal names are the same file unless the folder has changed."""
    by_name = {place.name: place for place in received}
    for leftover in sorted(dead.glob("files/*")):
        twin = by_name.get(leftover.name)
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
    if (folder / "files").is_dir():
        (folder / "files").rmdir()
    folder.rmdir()
