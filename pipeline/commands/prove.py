"""``ditich prove RECEIPT…``: verifies receipts offline. Without arguments ``./ditich`` runs the long proofs instead."""

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.console import Console
from pipeline.report import printable
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.ledger.receipt import Receipt

MOST = 20


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("receipts", nargs="*", type=Path, metavar="RECEIPT", help=words("prove.receipts"))
    parser.add_argument("--key", action="append", default=[], metavar="VKEY", help=words("prove.key"))
    parser.add_argument("--files", type=Path, metavar="FOLDER", help=words("prove.files"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Says of each receipt whether it holds, and of each file whether it is one that was kept; 1 where anything does not hold."""
    from archive.errors import UsageError

    if not arguments.receipts:
        raise UsageError(console.words("prove.nothing"), advice=console.words("prove.nothing-advice"))
    _require_keys(arguments.key)
    documents = [_prove(path, arguments, console) for path in arguments.receipts]
    console.document({"receipts": documents})
    return 0 if all(one["holds"] and one["files_agree"] for one in documents) else 1


def _require_keys(keys: list[str]) -> None:
    """A key that is none is a mistake in typing, and says nothing about the receipt."""
    from archive.errors import RecordError, UsageError
    from archive.ledger.note import parse_vkey

    for key in keys:
        try:
            parse_vkey(key)
        except RecordError as error:
            advice = "Copy the line “ditich-archive/…+…+…” whole."
            raise UsageError(error.message, advice=advice, code="not-a-key", values={"key": key[:80]}) from error


def _prove(path: Path, arguments: argparse.Namespace, console: Console) -> dict[str, Any]:
    from archive.errors import DamageError, RecordError
    from archive.ledger.receipt import verify_receipt
    from pipeline.receipts import brought

    content = brought(path)
    try:
        receipt = verify_receipt(content, arguments.key)
    except (DamageError, RecordError) as error:
        console.say("prove.broken", path=path)
        if not console.as_json:
            console.failed(error)
        return {"receipt": str(path), "holds": False, "files_agree": False, "why": str(error)}
    last = receipt.entries[-1].event
    console.say("prove.holds", path=path, subject=", ".join(last.objects), when=last.when)
    console.say("prove.under", size=receipt.checkpoint.size, root=receipt.checkpoint.root.hex(), origin=receipt.checkpoint.origin)
    console.say("prove.own-key" if receipt.own_keys else "prove.known-key")
    return {
        "receipt": str(path),
        "holds": True,
        "own_key": receipt.own_keys,
        "objects": list(last.objects),
        "entries": [entry.index for entry in receipt.entries],
        "size": receipt.checkpoint.size,
        "root": receipt.checkpoint.root.hex(),
        **_names(receipt, arguments.files, console),
    }


def _names(receipt: "Receipt", folder: Path | None, console: Console) -> dict[str, Any]:
    """What the receipt says of files; beside a folder, what each file there is to it."""
    from pipeline.receipts import Match, compare_folder, names_in

    if folder is None:
        names = [(one.path, str(one.fate), one.sha512) for one in names_in(receipt)]
        counts = Counter(fate for _, fate, _ in names)
        for fate, count in sorted(counts.items()):
            console.say("prove.names", fate=console.words(f"prove.fate-{fate}"), count=count)
        listed = [{"path": _text(path), "fate": fate, "sha512": digest} for path, fate, digest in names]
        return {"names": listed, "files_agree": True}
    found = compare_folder(receipt, folder)
    tally = Counter(match for _, match in found)
    for match in Match:
        if tally[match]:
            console.say("prove.files-count", what=console.words(f"prove.match-{match}"), count=tally[match])
            _list(match, [_text(path) for path, one in found if one is match], console)
    agree = set(tally) <= {Match.KEPT, Match.KEPT_ELSEWHERE, Match.LEFT_OUT}
    console.say("prove.files-agree" if agree else "prove.files-differ")
    return {"files": [{"path": _text(path), "match": str(match)} for path, match in found], "files_agree": agree}


def _list(match: str, paths: list[str], console: Console) -> None:
    """The names of what is not simply kept."""
    if match == "kept":
        return
    for path in paths[:MOST]:
        console.line(f"    {printable(path)}")
    if len(paths) > MOST:
        console.say("prove.more", count=len(paths) - MOST)


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
