"""``ditich key``: shows the archive's signing keys, locks them with a passphrase, changes them."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.home import Home

ACTIONS = ("show", "protect", "unprotect", "rotate", "replace")


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("action", nargs="?", choices=ACTIONS, default="show", help=words("key.action"))
    parser.add_argument("--lost", action="store_true", help=words("key.lost"))
    parser.add_argument("--stolen", action="store_true", help=words("key.stolen"))
    parser.add_argument("--new-passphrase-file", type=Path, metavar="FILE", help=words("key.new-passphrase-file"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Does what was asked, then shows the keys."""
    from archive.home import open_home
    from archive.replicas.outside import require_continued

    home = open_home(arguments.home)
    if arguments.action in {"rotate", "replace"}:
        require_continued(home)
    if arguments.action in {"protect", "unprotect"}:
        _protect(home, arguments, console)
    elif arguments.action == "rotate":
        home = _rotate(home, arguments, console)
    elif arguments.action == "replace":
        home = _replace(home, arguments, console)
    _show(home, console)
    return 0


def _protect(home: "Home", arguments: argparse.Namespace, console: Console) -> None:
    from archive.ledger.keys import protect_keys

    passphrase = _new_passphrase(arguments, console, required=True) if arguments.action == "protect" else ""
    protect_keys(home.keys, home.config.ledger_keys, passphrase)
    console.say("key.protected" if passphrase else "key.unprotected")


def _rotate(home: "Home", arguments: argparse.Namespace, console: Console) -> "Home":
    from archive.rekeying import Reason, rotate_keys

    reason = Reason.STOLEN if arguments.stolen else Reason.ROTATION
    home = rotate_keys(home, datetime.now(UTC), reason=reason, passphrase=_new_passphrase(arguments, console, required=False))
    console.say("key.rotated", folder=home.keys)
    return home


def _replace(home: "Home", arguments: argparse.Namespace, console: Console) -> "Home":
    from archive.errors import UsageError
    from archive.rekeying import replace_lost_keys

    if not arguments.lost:
        raise UsageError(console.words("key.say-lost"), advice=console.words("key.say-lost-advice"))
    home = replace_lost_keys(home, datetime.now(UTC), passphrase=_new_passphrase(arguments, console, required=False))
    console.say("key.replaced", folder=home.keys)
    return home


def _new_passphrase(arguments: argparse.Namespace, console: Console, *, required: bool) -> str:
    """From the file that was named, else from the person; "" for none."""
    from archive.errors import UsageError
    from pipeline.console import passphrase_in

    if arguments.new_passphrase_file is not None:
        return passphrase_in(arguments.new_passphrase_file)
    if not console.asks and not required:
        return ""
    given = console.ask_secret("key.new-passphrase") if console.asks else ""
    if given and given != console.ask_secret("key.new-passphrase-again"):
        raise UsageError(console.words("key.differ"), advice=console.words("key.differ-advice"))
    if required and not given:
        raise UsageError(console.words("key.no-passphrase"), advice=console.words("key.no-passphrase-advice"))
    return given


def _show(home: "Home", console: Console) -> None:
    from archive.ledger.keys import are_locked
    from archive.rekeying import epochs, is_unfinished

    locked = are_locked(home.keys, home.config.ledger_keys)
    console.say("key.here-none" if locked is None else "key.here-locked" if locked else "key.here-open", folder=home.keys)
    known = epochs(home)
    for epoch in known:
        since = console.words("key.since-begin") if not epoch.when else console.words(f"key.since-{epoch.reason}", when=epoch.when)
        current = set(epoch.keys) == {key.vkey() for key in home.config.ledger_keys}
        console.say("key.epoch-current" if current else "key.epoch-before", entry=epoch.entry, since=since)
        console.line(f"    {epoch.keys[0]}")
    if is_unfinished(home):
        console.say("key.unfinished")
    listed = [{"keys": list(one.keys), "entry": one.entry, "reason": one.reason, "when": one.when} for one in known]
    console.document({"folder": str(home.keys), "locked": locked, "epochs": listed, "unfinished": is_unfinished(home)})
