"""``ditich freeze SITE DIR``: the published site as plain files, for a web server without programs or for a memory stick."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from archive.errors import DamageError, DitichError, UsageError
from viewer.__main__ import language_of
from viewer.languages import Catalogue, load_catalogue

DONE, BROKEN, COULD_NOT, USAGE = 0, 1, 2, 3
_EVERY = 0.2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """A wrong command goes the way of all errors."""
        raise UsageError(f"{message}.", advice=self.format_usage().strip())


class _Progress:
    """One line on a terminal, with the time that is left; nothing elsewhere."""

    def __init__(self, say: Catalogue) -> None:
        self._say = say
        self._began = self._shown = time.monotonic()
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began = stage, now
        if not sys.stderr.isatty() or (now - self._shown < _EVERY and done != total):
            return
        self._shown = now
        left = (now - self._began) / done * (total - done) if done and total else 0
        counted = f"{done}/{total}" if total else str(done)
        line = self._say("freeze.progress", stage=self._say(f"freeze.stage_{stage}"), done=counted, left=round(left))
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Take the line away."""
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Freeze one site.

    Returns:
        0 done, 1 a link of the copy leads to nothing, 2 could not do it, 3 usage.
    """
    say = load_catalogue(language_of(os.environ))
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _freeze(_parser(say).parse_args(given), say)
    except DitichError as error:
        _refuse(error, say, as_json="--json" in given)
        if isinstance(error, UsageError):
            return USAGE
        return BROKEN if isinstance(error, DamageError) else COULD_NOT


def _refuse(error: DitichError, say: Catalogue, *, as_json: bool) -> None:
    key = f"freeze.failed.{error.code}"
    message = say(key, **error.values) if say.has(key) else error.message
    advice = say(f"{key}_advice", **error.values) if say.has(f"{key}_advice") else error.advice
    if as_json:
        said = {"message": error.message, "advice": error.advice, "kind": type(error).__name__}
        print(json.dumps({"error": said}, ensure_ascii=False, indent=2, sort_keys=True), flush=True)
    else:
        print(f"{message}\n  → {advice}" if advice else message, file=sys.stderr)


def _parser(say: Catalogue) -> argparse.ArgumentParser:
    parser = _Parser(prog="ditich freeze", description=say("freeze.about"), epilog=say("freeze.epilog"), add_help=False, allow_abbrev=False)
    parser.add_argument("site", metavar="SITE", help=say("freeze.site"))
    parser.add_argument("folder", metavar="DIR", type=Path, help=say("freeze.folder"))
    parser.add_argument("--as", dest="form", choices=("cdn", "usb"), default="cdn", help=say("freeze.as"))
    parser.add_argument("--address", default="", metavar="https://…", help=say("freeze.address"))
    parser.add_argument("--dry-run", action="store_true", help=say("freeze.dry_run"))
    parser.add_argument("--replace", action="store_true", help=say("freeze.replace"))
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("DITICH_HOME", "home")), help=say("serve.home"))
    parser.add_argument("--publications", type=Path, help=say("serve.publications"))
    parser.add_argument("--json", action="store_true", help=say("freeze.json"))
    parser.add_argument("-h", "--help", action="help", help=say("serve.help"))
    return parser


def _freeze(asked: argparse.Namespace, say: Catalogue) -> int:
    if asked.address and not asked.address.startswith(("https://", "http://")):
        advice, values = "An address begins with https://", {"address": asked.address}
        raise UsageError(f"“{asked.address}” is not an address.", advice=advice, code="not-an-address", values=values)
    if asked.address and asked.form == "usb":
        advice = "Leave --address out, or use --as cdn."
        raise UsageError("A copy on a memory stick has no address on the web.", advice=advice, code="address-of-stick")
    from viewer.freeze.run import Wish, freeze, preview

    publications = asked.publications or asked.home / "publications"
    wish = Wish(publications, asked.site, asked.folder.absolute(), asked.form, asked.address, asked.replace)
    progress = _Progress(say)
    try:
        made = (preview if asked.dry_run else freeze)(wish, progress)
    finally:
        progress.end()
    if asked.json:
        print(json.dumps({**asdict(made), "dry_run": asked.dry_run}, ensure_ascii=False, indent=2, sort_keys=True), flush=True)
        return DONE
    values = {"files": made.files, "pages": made.pages, "megabytes": f"{made.octets / 1e6:.1f}", "seconds": round(made.seconds)}
    print(say("freeze.would" if asked.dry_run else "freeze.done", **values))
    for address, came_from in made.missing:
        print(say("freeze.missing", address=address, came_from=came_from or "–"))
    if not asked.dry_run:
        print(say("freeze.open_usb" if asked.form == "usb" else "freeze.open_cdn", folder=made.folder))
        if not asked.address and asked.form == "cdn":
            print(say("freeze.no_address"))
        print(say("freeze.recall", generation=made.generation))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
