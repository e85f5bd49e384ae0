"""The only command line that writes: reads the words, makes one call, reports. Heavy imports wait until a command runs."""

import argparse
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NoReturn, Protocol, cast

from archive.errors import DamageError, DitichError, UsageError
from pipeline.console import Console, default_home, passphrase_in
from pipeline.words import Words, words_of_the_user

DONE, FINDINGS, COULD_NOT, USAGE = 0, 1, 2, 3
COMMANDS = (
    "demo",
    "init",
    "rehearse",
    "site",
    "check",
    "ingest",
    "edit",
    "withdraw",
    "restore",
    "undo",
    "publish",
    "label",
    "links",
    "audit",
    "status",
    "integrity",
    "levels",
    "replica",
    "replicate",
    "repair",
    "drill",
    "receipt",
    "prove",
    "checkpoint",
    "key",
    "validate",
    "export",
    "import",
    "rebuild",
    "show",
    "search",
)
ELSEWHERE = ("serve", "freeze", "test")
MODULES = {"import": "import_bag"}
"""commands whose module cannot have their name"""
"""commands that ``./ditich`` answers without this module; listed here for the help"""


class Command(Protocol):
    """What a module of ``pipeline.commands`` offers."""

    def configure(self, parser: argparse.ArgumentParser, words: Words) -> None:
        """Adds the arguments."""

    def run(self, arguments: argparse.Namespace, console: Console) -> int:
        """Makes one call, reports, and returns the exit code."""


class _Usage(argparse.RawDescriptionHelpFormatter):
    """argparse's help with "usage:" in the user's language."""

    def __init__(self, words: Words, prog: str) -> None:
        super().__init__(prog)
        self._prefix = words("usage-prefix")

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """As argparse does it, with our prefix."""
        super().add_usage(usage, actions, groups, self._prefix if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """argparse with our exit code for a wrong command."""

    def error(self, message: str) -> NoReturn:
        """Instead of printing and leaving: the error goes the way of all errors."""
        raise UsageError(f"{message}.", advice=self.format_usage().strip())


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns:
        0 done, 1 findings that refuse or damage found, 2 could not do it, 3 usage.
    """
    words = words_of_the_user()
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or (given[0] in {"help", "-h", "--help"} and len(given) == 1):
        print(overview(words))
        return DONE if given else USAGE
    if given[0] == "help" and given[1] in ELSEWHERE:
        print(f"{words(f'{given[1]}.summary')}\n\n{words('help-elsewhere', name=given[1])}")
        return DONE
    if given[0] == "help":
        given = [given[1], "--help"]
    return _run(given, words)


def overview(words: Words) -> str:
    """What ``ditich help`` prints: every command with one line, in the order of an officer's day."""
    lines = [words("about"), "", words("usage-title"), f"  ./ditich {words('usage-form')}", "", words("commands-title")]
    lines += [f"  {name:<10} {words(f'{name}.summary')}" for name in (*COMMANDS, *ELSEWHERE)]
    return "\n".join([*lines, "", words("common-options"), "", words("exit-codes")])


def _run(given: list[str], words: Words) -> int:
    console = Console(words, as_json="--json" in given, asks=sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty())
    try:
        return call(given[0], given[1:], console)
    except DitichError as error:
        console.failed(error)
        return _code_of(error)
    except KeyboardInterrupt:
        console.interrupted()
        return COULD_NOT
    except BrokenPipeError:
        print(words("closed-output"), file=console.err)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COULD_NOT
    except OSError as error:  # the storage names its files itself; this is what is read and written beside it
        console.failed(_refusal(error, words))
        return COULD_NOT
    except Exception as error:  # noqa: BLE001 - Python's own exit code 1 would mean that damage was found
        traceback.print_exc(file=console.err)
        console.failed(_fault(error))
        return COULD_NOT


def _code_of(error: DitichError) -> int:
    if isinstance(error, UsageError):
        return USAGE
    return FINDINGS if isinstance(error, DamageError) else COULD_NOT


def _fault(error: Exception) -> DitichError:
    return DitichError(
        f"Ditich itself failed: {error!r}. What was reported as kept is safe.",
        advice="Run the same command again; if it fails again, report this as a fault of Ditich.",
        code="fault",
        values={"detail": repr(error)},
    )


def _refusal(error: OSError, words: Words) -> DitichError:
    from archive.storage.refusals import refusal

    named = isinstance(error.filename, str | bytes)
    return refusal(error, os.fsdecode(error.filename) if named else words("a-file"))


def call(name: str, argv: Sequence[str], console: Console) -> int:
    """Runs one command with its arguments before a console; errors pass through to the caller.

    Raises:
        UsageError: no such command, or its arguments are wrong.
    """
    command = _command(name, console.words)
    arguments = _parse(command, [name, *argv], console.words)
    with _passphrase(arguments.passphrase_file, console):
        return command.run(arguments, console)


def _passphrase(file: Path | None, console: Console) -> AbstractContextManager[None]:
    """Who is asked where a signing key is locked: the file that was named, else the person; without either nobody."""
    if file is None and not console.asks:
        return nullcontext()
    from archive.ledger.passphrase import passphrase_from

    return passphrase_from(lambda: passphrase_in(file) if file else console.ask_secret("passphrase"))


def _command(name: str, words: Words) -> Command:
    if name not in COMMANDS:
        raise UsageError(words("unknown-command", name=name), advice=words("see-help"))
    return cast("Command", import_module(f"pipeline.commands.{MODULES.get(name, name)}"))


def _parse(command: Command, given: list[str], words: Words) -> argparse.Namespace:
    name = given[0]
    parser = _Parser(
        prog=f"ditich {name}",
        description=words(f"{name}.summary"),
        formatter_class=partial(_Usage, words),
        add_help=False,
        allow_abbrev=False,
    )
    parser._positionals.title = words("arguments-title")  # noqa: SLF001 argparse has no public way to translate its headings
    parser._optionals.title = words("options-title")  # noqa: SLF001
    command.configure(parser, words)
    _add_common(parser.add_argument_group(words("common-title")), words)
    parser.add_argument("-h", "--help", action="help", help=words("help.help"))
    # taken out first, so that they may stand before and after the parts of a command ("site save DIR --home H")
    outer = _Parser(add_help=False, allow_abbrev=False)
    _add_common(outer, words)
    namespace, rest = outer.parse_known_args(given[1:], argparse.Namespace(home=default_home(), json=False, passphrase_file=None))
    return parser.parse_args(rest, namespace)


def _add_common(parser: argparse._ActionsContainer, words: Words) -> None:
    parser.add_argument("--home", type=Path, default=argparse.SUPPRESS, metavar=words("folder"), help=words("home.help"))
    parser.add_argument("--passphrase-file", type=Path, default=argparse.SUPPRESS, metavar="FILE", help=words("passphrase-file.help"))
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=words("json.help"))
