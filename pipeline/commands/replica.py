"""``ditich replica``: lists the copies of the archive, adds one, or drops one from the settings."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.home import Home
    from archive.settings import ReplicaConfig


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parts = parser.add_subparsers(dest="part", metavar="add|drop")
    add = parts.add_parser("add", help=words("replica.add"), description=words("replica.add"))
    add.add_argument("folder", type=Path, metavar="DIR", help=words("replica.folder"))
    add.add_argument("--name", default="", help=words("replica.name"))
    add.add_argument("--medium", default="", help=words("replica.medium"))
    add.add_argument("--place", default="", help=words("replica.place"))
    add.add_argument("--owner", default="", help=words("replica.owner"))
    add.add_argument("--same-disk", action="store_true", help=words("replica.same-disk"))
    drop = parts.add_parser("drop", help=words("replica.drop"), description=words("replica.drop"))
    drop.add_argument("name", metavar="NAME", help=words("replica.which"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Adds, drops or lists."""
    from archive.home import open_home

    home = open_home(arguments.home)
    return {"add": _add, "drop": _drop}.get(arguments.part or "", _list)(home, arguments, console)


def _add(home: "Home", arguments: argparse.Namespace, console: Console) -> int:
    from archive.replicas.register import NewReplica, add_replica

    wanted = NewReplica(arguments.folder, arguments.name, arguments.medium, arguments.place, arguments.owner, same_disk=arguments.same_disk)
    _, config = add_replica(home, wanted, datetime.now(UTC))
    console.say("replica.added", name=config.name, path=config.path)
    if config.same_device:
        console.say("replica.one-disk", name=config.name)
    if config.beside:
        console.say("replica.beside", name=config.name, other=config.beside)
    console.say("replica.next", name=config.name)
    console.document(asdict(config))
    return 0


def _drop(home: "Home", arguments: argparse.Namespace, console: Console) -> int:
    from archive.replicas.register import drop_replica

    path = next((one.path for one in home.config.replicas if one.name == arguments.name), "")
    drop_replica(home, arguments.name, datetime.now(UTC))
    console.say("replica.dropped", name=arguments.name, path=path)
    console.document({"dropped": arguments.name, "path": path})
    return 0


def _list(home: "Home", _arguments: argparse.Namespace, console: Console) -> int:
    if not home.config.replicas:
        console.say("replica.none")
    listed = [_described(home, one) for one in home.config.replicas]
    for one in listed:
        console.say("replica.line", name=one["name"], path=one["path"], place=one["place"] or "–", state=_state(one, console))
        if one["same_device"]:
            console.say("replica.one-disk", name=one["name"])
        if one["beside"]:
            console.say("replica.beside", name=one["name"], other=one["beside"])
    console.document({"replicas": listed})
    return 0


def _described(home: "Home", config: "ReplicaConfig") -> dict[str, object]:
    """A replica with what can be seen of it now; ``entries`` are those of its ledger, None where it has none or is not there."""
    from archive.errors import ConflictError, DamageError, NotFoundError
    from archive.replicas.place import open_replica

    state, entries = "present", None
    try:
        log = open_replica(home, config.name).log
        entries = log.read_note(log.note()).size
    except NotFoundError:
        state = "absent"
    except ConflictError:
        state = "foreign"
    except DamageError:
        state = "empty"
    return {**asdict(config), "state": state, "entries": entries, "behind": home.log.checkpoint().size - (entries or 0)}


def _state(one: dict[str, object], console: Console) -> str:
    if one["state"] == "present":
        return console.words("replica.state-present", behind=one["behind"])
    return console.words(f"replica.state-{one['state']}")
