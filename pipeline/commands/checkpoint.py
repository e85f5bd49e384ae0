"""``ditich checkpoint``: shows the signed checkpoint, writes it, prints it, has it timestamped, compares it with one held elsewhere."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.home import Home


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("--month", default="", metavar="YYYY-MM", help=words("checkpoint.month"))
    parser.add_argument("--out", type=Path, metavar="FILE", help=words("checkpoint.out"))
    parser.add_argument("--print", dest="sheet", type=Path, metavar="FILE", help=words("checkpoint.print"))
    parser.add_argument("--against", default="", metavar="FILE|TEXT", help=words("checkpoint.against"))
    parser.add_argument("--timestamp", default="", metavar="URL|FILE", help=words("checkpoint.timestamp"))
    parser.add_argument("--timestamp-root", type=Path, metavar="PEM", help=words("checkpoint.timestamp-root"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Does what was asked with the checkpoint; 1 when the ledger is not an extension of the one held elsewhere."""
    from archive.home import open_home
    from archive.storage.refusals import Refusals
    from pipeline.checkpoint_sheet import note_of, sheet_html, sheet_svg

    _require_page(arguments.sheet)
    home = open_home(arguments.home)
    note = note_of(home.log, arguments.month)
    document = _shown(home, note, console)
    if arguments.out is not None:
        with Refusals(str(arguments.out)):
            arguments.out.write_bytes(note)
        console.say("checkpoint.written", path=arguments.out)
    if arguments.sheet is not None:
        month = arguments.month or datetime.now(UTC).strftime("%Y-%m")
        svg = arguments.sheet.suffix.lower() == ".svg"
        content = sheet_svg(note, month) if svg else sheet_html(home.config.name, note, month, console.words)
        with Refusals(str(arguments.sheet)):
            arguments.sheet.write_text(content, encoding="utf-8")
        console.say("checkpoint.printed", path=arguments.sheet)
    if arguments.timestamp:
        document["timestamp"] = _stamped(home, note, arguments, console)
    relation = _compared(home, arguments.against, console) if arguments.against else ""
    console.document({**document, "relation": relation})
    return 1 if relation in {"rolled-back", "rewritten", "foreign"} else 0


def _require_page(sheet: Path | None) -> None:
    """A page under the name of something else could not be opened."""
    from archive.errors import UsageError

    if sheet is not None and sheet.suffix.lower() not in {".html", ".htm", ".svg"}:
        advice = "Name it .html or .svg; the browser prints it, to a PDF too."
        raise UsageError(f"{sheet.name} is not the name of a sheet.", advice=advice, code="not-a-sheet", values={"name": sheet.name})


def _shown(home: "Home", note: bytes, console: Console) -> dict[str, Any]:
    """The facts, and who outside holds a checkpoint too."""
    from base64 import b64encode

    from archive.ledger.vouching import vouchers

    checkpoint = home.log.read_note(note)
    root = b64encode(checkpoint.root).decode()
    console.say("checkpoint.facts", origin=checkpoint.origin, size=checkpoint.size, root=root)
    witnesses = {one.name: one.witness for one in home.config.replicas}
    outside = vouchers(home.tree, home.config.origin, home.config.ledger_keys, witnesses)
    for one in outside:
        console.say("checkpoint.voucher", name=one.name, size=one.size, when=one.when)
    if not outside:
        console.say("checkpoint.nobody")
    held = [{"name": one.name, "size": one.size, "when": one.when} for one in outside]
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": root, "note": note.decode(), "vouchers": held}


def _stamped(home: "Home", note: bytes, arguments: argparse.Namespace, console: Console) -> str:
    from archive.errors import UsageError
    from archive.ledger.timestamp import answer_in, keep_timestamp
    from archive.storage.refusals import Refusals

    if arguments.timestamp_root is None:
        raise UsageError(console.words("checkpoint.no-root"), advice=console.words("checkpoint.no-root-advice"))
    with Refusals(str(arguments.timestamp_root)):
        root = arguments.timestamp_root.read_bytes()
    when = keep_timestamp(home.tree, note, answer_in(arguments.timestamp, note), root).isoformat(timespec="seconds")
    console.say("checkpoint.stamped", when=when)
    return when


def _is_there(path: Path) -> bool:
    """Whether it is the name of a file; what a QR says is none, and can be too long for one."""
    try:
        return path.is_file()
    except OSError:
        return False


def _compared(home: "Home", against: str, console: Console) -> str:
    from pipeline.checkpoint_sheet import held_checkpoint
    from pipeline.receipts import brought

    path = Path(against)
    content = brought(path) if _is_there(path) else against.encode("utf-8", "replace")
    held, signed = held_checkpoint(home.log, content)
    relation = home.log.relation(held)
    console.say(f"checkpoint.{relation}", held=held.size, now=home.log.checkpoint().size, origin=held.origin)
    if not signed:
        console.say("checkpoint.unsigned")
    return str(relation)
