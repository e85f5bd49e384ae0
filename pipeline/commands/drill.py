"""``ditich drill``: rehearses a disaster from a copy of the archive, and ``--restore`` restores the archive in earnest."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError
from pipeline.console import Console, above_zero, size
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.drill import Restored
    from archive.home import Home
    from archive.replicas.place import Replica

GIGABYTE = 1_000_000_000
MOST = 40


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help=words("drill.name"))
    parser.add_argument("--sample", type=above_zero, default=0.0, metavar="GB", help=words("drill.sample"))
    parser.add_argument("--folder", type=Path, metavar="DIR", help=words("drill.folder"))
    parser.add_argument("--restore", nargs=2, type=Path, metavar=("COPY", "NEW_HOME"), help=words("drill.restore"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Rehearses or restores; 0 everything came back, 1 something did not."""
    if arguments.restore:
        copy, folder = arguments.restore
        return _restore(copy, folder, console)
    from archive.drill import Rehearsal, drill
    from archive.home import open_home
    from pipeline.run import prepare

    home = open_home(arguments.home)
    replica = _wanted(home, arguments.name)
    prepare(home, console)
    with console.progress("drill.progress", "bytes") as progress:
        wishes = Rehearsal(datetime.now(UTC), arguments.folder, round(arguments.sample * GIGABYTE), progress)
        restored = drill(home, replica, wishes)
    _say(restored, console)
    console.say("drill.taken-away" if restored.whole else "drill.failed", name=replica.config.name)
    console.document(_plain(restored))
    return 0 if restored.whole else 1


def _restore(copy: Path, folder: Path, console: Console) -> int:
    from archive.drill import restore

    with console.progress("drill.progress", "bytes") as progress:
        restored = restore(copy, folder, progress)
    _say(restored, console)
    for key in restored.keys:
        console.say("drill.key", vkey=key)
    console.say("drill.compare-keys")
    console.say("drill.restored", folder=folder)
    if not restored.whole:
        console.say("drill.repair", folder=folder)
    console.document(_plain(restored))
    return 0 if restored.whole else 1


def _wanted(home: "Home", name: str) -> "Replica":
    from archive.replicas.place import open_replica, present_replicas

    if name:
        return open_replica(home, name)
    if not home.config.replicas:
        raise UsageError(
            "This archive has no other copy yet.", advice="Add one on another disk: `ditich replica add FOLDER`.", code="no-replica"
        )
    return next(present_replicas(home), None) or open_replica(home, home.config.replicas[0].name)


def _say(restored: "Restored", console: Console) -> None:
    for object_id, path, _what in restored.damaged[:MOST]:
        console.say("drill.damaged", ark=object_id, path=path)
    console.say(
        "drill.done",
        objects=restored.objects,
        known=restored.known,
        size=size(restored.bytes),
        minutes=f"{restored.seconds / 60:.1f}",
        rate=size(restored.rate),
        damaged=len(restored.damaged),
        catalogued=restored.catalogued,
    )


def _plain(restored: "Restored") -> dict[str, object]:
    return {
        **asdict(restored),
        "whole": restored.whole,
        "minutes": round(restored.seconds / 60, 2),
        "bytes_per_second": round(restored.rate),
    }
