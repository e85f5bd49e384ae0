"""Telling somebody: which warnings are to be sent now, and sending them to whom ``ditich.toml`` names, to nobody else.

The same warning goes out at most once a day; one that is not urgent once a week. What was sent when stands in ``work/warned.json``,
which is disposable: without it the warnings are sent once more. A warning about late checks is a new one 14, 7 and 1 days before the first.
"""

import http.client
import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from archive.errors import NotFoundError, StorageError, UsageError
from archive.findings import Finding, Severity
from archive.home import Home
from archive.integrity.figures import Status
from archive.integrity.forecast import LEADS
from archive.integrity.pace import DAY
from archive.settings import PRIMARY
from archive.storage.base import put_file

MEMORY = "work/warned.json"
URGENT_DAYS, OTHER_DAYS = 1, 7
SECONDS = 30
_URGENT = frozenset({"late-here", "late-there", "check-overdue", "unreadable-objects", "broken-check-list"})
_SILENT = frozenset({"nobody-vouches"})
_PLACES = "/usr/sbin:/usr/lib:/usr/local/sbin"
_SLACK = DAY / 8
"""a timer that fires at the same hour every day is not a minute too early"""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning by its name: what it is about and how near that is; ``days`` is how long it is not repeated."""

    name: str
    days: int
    notice: Finding


def warnings_of(figures: Status, now: float) -> tuple[Warned, ...]:
    """The notices that are worth a message."""
    leads = {need.location: lead_of(need.before, now) for need in figures.ahead.needs}
    found = []
    for notice in figures.notices:
        if notice.code not in _SILENT:
            urgent = notice.severity is Severity.REFUSE or notice.code in _URGENT
            lead = leads.get(notice.path or PRIMARY, "") if notice.code in {"late-here", "late-there"} else ""
            found.append(Warned(f"{notice.code} {notice.path} {lead}".strip(), URGENT_DAYS if urgent else OTHER_DAYS, notice))
    return tuple(found)


def lead_of(before: float, now: float) -> str:
    """Which of the 14, 7 and 1 days before it is: "14", "7", "1", or "0" where it is past; "" where it is further away."""
    if before <= now:
        return "0"
    return next((str(days) for days in reversed(LEADS) if before <= now + days * DAY), "")


def unsaid(warnings: Iterable[Warned], memory: Mapping[str, float], now: float) -> tuple[Warned, ...]:
    """Those that were not sent lately. ``memory`` is when each was last sent, POSIX seconds."""
    return tuple(one for one in warnings if now - memory.get(one.name, 0.0) >= one.days * DAY - _SLACK)


def warn(home: Home, figures: Status, now: datetime, language: str) -> tuple[Finding, ...]:
    """Send what has to be sent; the notices that went out.

    Raises:
        UsageError: ``ditich.toml`` names nobody, or an address that is none.
        NotFoundError: this machine has no program that sends mail.
        StorageError: it could not be delivered. It is tried again next time.
    """
    told = home.config.warnings
    if not told.mail and not told.webhook:
        raise UsageError(
            "ditich.toml names nobody who is to be warned.",
            advice='Add a table [warnings] with mail = "…" or webhook = "https://…".',
            code="nobody-to-warn",
        )
    memory = _remembered(home)
    fresh = unsaid(warnings_of(figures, now.timestamp()), memory, now.timestamp())
    if not fresh:
        return ()
    notices = tuple(one.notice for one in fresh)
    if told.mail:
        _send_mail(told.mail, _message(told.mail, figures, notices, language))
    if told.webhook:
        _post(told.webhook, _document(figures, notices, now))
    memory |= {one.name: now.timestamp() for one in fresh}
    kept = {name: when for name, when in memory.items() if now.timestamp() - when < 2 * OTHER_DAYS * DAY}
    put_file(home.tree, MEMORY, json.dumps(kept, sort_keys=True).encode() + b"\n", durable=False)
    return notices


def _remembered(home: Home) -> dict[str, float]:
    try:
        found = json.loads(home.tree.read(MEMORY))
        return {str(name): float(when) for name, when in found.items()}
    except (NotFoundError, ValueError, AttributeError, TypeError):
        return {}


def _message(address: str, figures: Status, notices: tuple[Finding, ...], language: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["To"] = _in_a_header(address)
    message["Subject"] = _in_a_header(f"Ditich · {figures.name}: {notices[0].sentence[language]}")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("".join(f"• {_text(notice.sentence[language])}\n\n" for notice in notices))
    return message.as_bytes()


def _in_a_header(text: str) -> str:
    """The text on one line, with nothing in it that ``email`` would take for an encoded word: such a word can hold a line break."""
    return " ".join(_text(text).replace("=?", "= ?").split())


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _send_mail(address: str, message: bytes) -> None:
    program = shutil.which("sendmail") or shutil.which("sendmail", path=_PLACES)
    if program is None:
        raise NotFoundError(
            "This computer has no program that sends mail (sendmail).",
            advice="Install one (msmtp-mta, postfix), or name a webhook in ditich.toml.",
            code="no-sendmail",
        )
    try:
        subprocess.run([program, "-t", "-i"], input=message, check=True, capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise _undelivered(address, error) from error


def _document(figures: Status, notices: tuple[Finding, ...], now: datetime) -> bytes:
    """Counts and sentences; no file names, no people."""
    content: dict[str, Any] = {
        "archive": figures.name,
        "when": now.isoformat(timespec="seconds"),
        "verdict": figures.verdict.value,
        "objects": figures.objects,
        "damaged": figures.damaged,
        "overdue": figures.overdue,
        "looks": figures.looks,
        "warnings": [{"code": one.code, "severity": one.severity.value, "sentence": one.sentence} for one in notices],
    }
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _post(address: str, content: bytes) -> None:
    if not address.startswith(("https://", "http://")):
        raise UsageError(f"“{address}” is not a web address.", advice="A webhook in ditich.toml begins with https://.")
    try:
        request = urllib.request.Request(address, content, {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - checked above
        with urllib.request.build_opener(_Nowhere).open(request, timeout=SECONDS):
            pass
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise _undelivered(address, error) from error


class _Nowhere(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: what is told goes to the address that ``ditich.toml`` names or to none."""

    def redirect_request(self, *_arguments: Any) -> None:
        """The answer counts as it is, which is a refusal."""


def _undelivered(address: str, error: Exception) -> StorageError:
    return StorageError(
        f"The warning could not be delivered to {address}.",
        advice="Look at the address in ditich.toml and at the network; the warning is sent again next time.",
        detail=str(error),
        code="warning-undelivered",
        values={"address": address},
    )
