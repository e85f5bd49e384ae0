"""``ditich serve``: opens the publications of an archive to browsers. Reads only; heavy imports wait until it serves."""

import argparse
import ipaddress
import json
import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

from archive.errors import DitichError, NotFoundError, StorageError, UsageError
from archive.records.text import Language
from viewer.languages import Catalogue, load_catalogue

DONE, COULD_NOT, USAGE = 0, 2, 3
HOST, PORT = "127.0.0.1", 8000
PATIENCE = 60
"""Seconds that the server may take to start."""
LAST_WORDS = 3
"""Seconds that a worker may take to end; one that was told so while it was still starting has not heard."""

HESITATION = 10
"""Seconds that a client may take to say what it wants."""
MOST_FILES = 16_384
"""Files and connections that a worker asks the system for; few systems give so many unasked."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """A wrong command goes the way of all errors."""
        raise UsageError(f"{message}.", advice=self.format_usage().strip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted.

    Returns:
        0 done, 2 could not do it, 3 usage.
    """
    say = load_catalogue(language_of(os.environ))
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _serve(_parser(say).parse_args(given), say)
    except DitichError as error:
        _refuse(error, as_json="--json" in given)
        return USAGE if isinstance(error, UsageError) else COULD_NOT


def _refuse(error: DitichError, *, as_json: bool) -> None:
    """Say what stopped it: one JSON document on standard output for programs, else a sentence."""
    if not as_json:
        print(error, file=sys.stderr)
        return
    said = {"message": error.message, "advice": error.advice, "kind": type(error).__name__}
    print(json.dumps({"error": said}, ensure_ascii=False, indent=2, sort_keys=True), flush=True)


def language_of(environment: Mapping[str, str]) -> Language:
    """The language to speak: ``DITICH_LANG``, else the locale, else English."""
    for name in ("DITICH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = environment.get(name, "")[:2].lower()
        if code in set(Language):
            return Language(code)
    return Language.EN


def load_app(publications: Path, public_address: str, *, validator_compat: bool = False) -> Any:
    """Make the application inside the server's worker process."""
    from viewer.app import create_app
    from viewer.iiif.request import Rules

    return create_app(publications, public_address=public_address, rules=Rules(as_validator=validator_compat))


def _parser(say: Catalogue) -> argparse.ArgumentParser:
    parser = _Parser(prog="ditich serve", description=say("serve.about"), epilog=say("serve.epilog"), add_help=False)
    parser.add_argument("-h", "--help", action="help", help=say("serve.help"))
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("DITICH_HOME", "home")), help=say("serve.home"))
    parser.add_argument("--publications", type=Path, help=say("serve.publications"))
    parser.add_argument("--host", default=HOST, help=say("serve.host", host=HOST))
    parser.add_argument("--port", type=int, default=PORT, help=say("serve.port", port=PORT))
    parser.add_argument("--address", default="", help=say("serve.address"))
    parser.add_argument("--workers", type=int, default=0, help=say("serve.workers"))
    parser.add_argument("--iiif-validator-compat", action="store_true", help=say("serve.validator_compat"))
    parser.add_argument("--json", action="store_true", help=say("serve.json"))
    return parser


def _serve(asked: argparse.Namespace, say: Catalogue) -> int:
    folder = (asked.publications or asked.home / "publications").resolve()
    if not folder.is_dir():
        raise NotFoundError(say("serve.nothing", folder=folder), advice=say("serve.nothing_advice"))
    _refuse_taken(asked.host, asked.port, say)
    if not _is_loopback(asked.host) and not asked.address.startswith("https://"):
        print(say("serve.exposed"), file=sys.stderr, flush=True)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    loader = partial(load_app, folder, asked.address, validator_compat=asked.iiif_validator_compat)
    workers = max(1, asked.workers or _cores())
    room, patience = connections(), HTTP1Settings(header_read_timeout=HESITATION * 1000)
    server = Granian(
        "viewer", asked.host, asked.port, interface=Interfaces.ASGINL, workers=workers, websockets=False, log_level=LogLevels.error,
        workers_kill_timeout=LAST_WORDS, backlog=room, backpressure=room, http1_settings=patience,
    )  # fmt: skip
    Thread(target=_announce, args=(folder, asked, say), daemon=True).start()
    server.serve(target_loader=loader, wrap_loader=False)
    return DONE


def connections() -> int:
    """Connections that a worker holds at once: half of what it may have open, the rest is for the files that it reads.

    Whoever holds that many and says nothing keeps all others out until they are dropped; so there are many and the patience is short.
    """
    try:
        import resource
    except ImportError:
        return 512
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted // 2


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there; of a name that is no address only "localhost"."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_taken(host: str, port: int, say: Catalogue) -> None:
    """Say at once that the port is taken, instead of a trace from the server."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except (OSError, OverflowError) as error:
            raise StorageError(say("serve.taken", host=host, port=port), advice=say("serve.taken_advice"), detail=str(error)) from error


def _announce(folder: Path, asked: argparse.Namespace, say: Catalogue) -> None:
    """Say the addresses, once somebody answers there."""
    if not _answers(asked.host, asked.port):
        return
    from archive.publications.read import Publications

    base = asked.address.rstrip("/") or f"http://{asked.host}:{asked.port}"
    sites = {site.slug: f"{base}/{say.language}/{site.slug}/" for site in Publications(folder).sites()}
    if asked.json:
        print(json.dumps({"address": f"{base}/", "publications": str(folder), "sites": sites}, ensure_ascii=False), flush=True)
        return
    print(say("serve.open", address=f"{base}/"))
    for address in sites.values():
        print(f"  {address}")
    print(say("serve.stop"), flush=True)


def _answers(host: str, port: int) -> bool:
    for _ in range(PATIENCE * 20):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(1 / 20)
        else:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
