"""A checkpoint on paper: words and numbers that can be read, and a QR that a phone can; and the way back from either."""

import base64
import hashlib
import io
import re
from html import escape
from pathlib import Path

from archive.errors import DamageError, NotFoundError, UsageError
from archive.ledger.log import Ledger
from archive.ledger.note import Checkpoint, parse_note
from archive.ledger.receipt import MAGIC
from archive.ledger.segments import segments, size_after
from archive.ledger.tlog_proof import HEADER, read_proof
from pipeline.words import Words

TEMPLATES = Path(__file__).parent / "templates"
_QR = "DITICH CHECKPOINT"
_FACTS = re.compile(r"(?<!\S)(?=\S{0,255}/)(\S{1,255})\s{1,9}(0|[1-9][0-9]{0,17})\s{1,9}([A-Za-z0-9+/]{43}=)")


def note_of(log: Ledger, month: str = "") -> bytes:
    """The newest checkpoint, or the last one of a finished month ("2026-11"), with its signatures.

    Raises:
        NotFoundError: the log has no finished month of that name.
    """
    if not month:
        return log.note()
    size = size_after(segments(log.storage, f"{log.prefix}/log"), month)
    if size is None:
        raise NotFoundError(f"The ledger has no finished month {month}.", advice="Leave --month out for the newest checkpoint.")
    return log.storage.read(f"{log.prefix}/checkpoints/{size:012d}")


def qr_text(checkpoint: Checkpoint, month: str) -> str:
    """What the QR says: month, origin, size, root; short enough to be scanned from paper."""
    return f"{_QR} {month}\n{checkpoint.text()}"


def held_checkpoint(log: Ledger, content: bytes) -> tuple[Checkpoint, bool]:
    """The checkpoint that somebody holds, and whether it is signed: a note, a receipt, or the text of a QR.

    The signatures of one of this log have to hold; those of another log's nobody here can judge.

    Raises:
        UsageError: there is no checkpoint in it.
        DamageError: it is signed, and the signatures do not hold.
    """
    if content.startswith(MAGIC):
        content = read_proof(content[content.rfind(HEADER) :])[1]
    if b"\n\n\xe2\x80\x94 " in content:
        held = parse_note(content)[0]
        return (held, True) if held.origin != log.origin else (_signed(log, content), True)
    found = _FACTS.search(content.decode("utf-8", "replace"))
    if found is None:
        raise UsageError("There is no checkpoint in this.", advice="Give a checkpoint, a receipt, or what the QR says: name, number, root.")
    return Checkpoint(found[1], int(found[2]), base64.b64decode(found[3])), False


def _signed(log: Ledger, note: bytes) -> Checkpoint:
    """The checkpoint in a note of this log. What is wrong with it is said of what was given, never of the archive."""
    try:
        return log.read_note(note)
    except DamageError as error:
        raise DamageError(
            "What was given is no checkpoint that this archive signed.",
            advice="It was changed or cut off, or another signed it: take it as it was given out. The ledger is not accused by it.",
            detail=error.message,
            code="held-not-signed",
        ) from error


def sheet_html(name: str, note: bytes, month: str, words: Words) -> str:
    """One page for the file of papers."""
    import jinja2
    from markupsafe import Markup

    checkpoint, _ = parse_note(note)
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("checkpoint.html").render(
        name=name,
        month=month,
        checkpoint=checkpoint,
        root=base64.b64encode(checkpoint.root).decode(),
        fingerprint=_grouped(hashlib.sha256(note).hexdigest()),
        note=note.decode().split("\n— ")[0] + "\n— " + note.decode().split("\n— ")[1],
        qr=Markup(_qr_svg(checkpoint, month)),  # noqa: S704 - drawn here, from digits and base64
        words=words,
        language=str(words.language),
    )


def sheet_svg(note: bytes, month: str) -> str:
    """The QR and what it says, as one picture."""
    checkpoint, _ = parse_note(note)
    lines = qr_text(checkpoint, month).splitlines()
    text = "".join(f'<text x="10" y="{270 + 16 * row}">{escape(line)}</text>' for row, line in enumerate(lines))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="560" height="350" viewBox="0 0 560 350" font-family="monospace" font-size="12">'
        f'<rect width="560" height="350" fill="#fff"/><g transform="translate(10 4)">{_qr_svg(checkpoint, month)}</g>{text}</svg>\n'
    )


def _qr_svg(checkpoint: Checkpoint, month: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(qr_text(checkpoint, month), error="m", micro=False).save(out, kind="svg", scale=4, xmldecl=False, svgns=True, border=4)
    return out.getvalue().decode()


def _grouped(text: str) -> str:
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))
