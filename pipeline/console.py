"""What a command shows: sentences, a bar with rate and time left on a terminal, plain lines elsewhere, or one JSON document."""

import getpass
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from archive.errors import DitichError, UsageError
from archive.records.text import Language, LocalText
from pipeline.words import Words

PLAIN_SECONDS = 10.0
BAR_SECONDS = 0.1
BAR_WIDTH = 24
_LONGEST_PASSPHRASE = 4096
_STEERING = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STEERING_IN_JSON = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Console:
    """Where a command speaks.

    Attributes:
        words: the catalogue of the user's language.
        as_json: standard output carries one JSON document and nothing else; sentences are kept back, progress goes to standard error.
        out, err: text streams.
        asks: whether a person sits before it; without a terminal nothing ever prompts.
        clock: seconds, for the rate.
    """

    words: Words
    as_json: bool = False
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    asks: bool = False
    clock: Callable[[], float] = time.monotonic

    def say(self, key: str, **values: object) -> None:
        """One sentence of the catalogue."""
        self.line(self._sentence(key, values))

    def line(self, text: str = "") -> None:
        """One line as it is, or several: bytes of a name that are no text as question marks, what would steer a terminal escaped."""
        if not self.as_json:
            print(_shown(text), file=self.out, flush=True)

    def document(self, content: dict[str, Any]) -> None:
        """The result for programs, printed only under ``--json``."""
        if self.as_json:
            text = json.dumps(_printable(content), ensure_ascii=False, indent=2, sort_keys=True)
            print(_STEERING_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text), file=self.out, flush=True)

    def failed(self, error: DitichError) -> None:
        """An error: what happened, and what to do now."""
        if self.as_json:
            self.document({"error": {"message": error.message, "advice": error.advice, "kind": type(error).__name__}})
        else:
            self.failed_beside(error)

    def failed_beside(self, error: DitichError) -> None:
        """An error that does not stop the command: said on standard error, also under ``--json``."""
        message, advice = self._sentences(error)
        print(_shown(self._sentence("error", {"message": message})), file=self.err)
        if advice:
            print(_shown(f"  → {advice}"), file=self.err)

    def _sentences(self, error: DitichError) -> tuple[str, str]:
        """What happened and what to do, in the user's language where that very error has a sentence in it."""
        if self.words.language is Language.EN:
            return error.message, error.advice
        key = f"failed-{error.code}"
        if key in self.words.sentences:
            values = {name: one.get(self.words.language) if isinstance(one, LocalText) else one for name, one in error.values.items()}
            return self.words(key, **values), self.words(f"{key}.advice", **values)
        return f"{self.words(f'error.{type(error).__name__}')} {error.message}", error.advice

    def _sentence(self, key: str, values: Mapping[str, object]) -> str:
        """One sentence of the catalogue; a name with a line break in it cannot look like a line of Ditich's own."""
        return self.words(key, **{name: _steered(str(one)) if isinstance(one, str | Path) else one for name, one in values.items()})

    def interrupted(self) -> None:
        """The user stopped the command: what is safe."""
        if self.as_json:
            self.document({"error": {"message": self.words("interrupted"), "advice": "", "kind": "Interrupted"}})
        else:
            self.say("interrupted")

    def confirm(self, key: str, *, default: bool, **values: object) -> bool:
        """Asks yes or no; without a terminal the default is taken and said."""
        question = self._sentence(key, values)
        if not self.asks:
            self.line(f"{question} {self.words('taken-yes' if default else 'taken-no')}")
            return default
        answer = input(f"{question} [{'Y/n' if default else 'y/N'}] ").strip().lower()
        return default if not answer else answer[0] in "ycใ"

    def agreed(self, key: str, **values: object) -> bool:
        """Asks for a yes to what cannot be called back, or takes something away; only a person says it, or ``--yes``.

        Raises:
            UsageError: nobody sits there.
        """
        if not self.asks:
            raise UsageError(
                f"{self._sentence(key, values)} Nobody is there to answer, so nothing was done.",
                advice="Look at what it would do, then run it again with --yes.",
                code="needs-yes",
                values={"question": self._sentence(key, values)},
            )
        return self.confirm(key, default=True, **values)

    def ask(self, key: str, *, default: str) -> str:
        """Asks for a line of text; without a terminal the default is taken and said."""
        question = self.words(key)
        if not self.asks:
            self.line(f"{question} {self.words('taken-text', value=default or '–')}")
            return default
        return input(f"{question} [{default or '–'}] ").strip() or default

    def ask_secret(self, key: str) -> str:
        """Asks for something that is not shown while it is typed; only where somebody sits there."""
        return getpass.getpass(f"{self.words(key)} ", stream=None)

    @contextmanager
    def progress(self, key: str, unit: str) -> Iterator[Callable[[float, float], None]]:
        """A function to call with (done, total); ``unit`` is "bytes" or a word of the catalogue."""
        meter = _Meter(self.err if self.as_json else self.out, self.words, self.words(key), unit, self.clock)
        yield meter.show
        meter.close()


class StageProgress:
    """One bar after the other for work that goes through stages; each is drawn when its stage first reports."""

    def __init__(self, console: Console, labels: Mapping[str, tuple[str, str]]) -> None:
        """Takes for each stage the key of its label and its unit; a stage that is not named shows nothing."""
        self._console, self._labels, self._open, self._stage = console, labels, ExitStack(), ""
        self._show: Callable[[float, float], None] = lambda _done, _total: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def step(self, stage: str, done: int, total: int, what: str = "") -> None:  # noqa: ARG002 - callers say the file; a bar has no room
        """Reports that ``done`` of ``total`` is through in this stage."""
        if stage not in self._labels:
            return
        if stage != self._stage:
            self._open.close()
            self._stage = stage
            self._show = self._open.enter_context(self._console.progress(*self._labels[stage]))
        self._show(done, total)


@dataclass
class _Meter:
    """Shows how far a piece of work is, how fast it goes and how long it will take."""

    stream: TextIO
    words: Words
    label: str
    unit: str
    clock: Callable[[], float]
    started: float = field(init=False)
    shown: float = 0.0
    drawn: bool = False

    def __post_init__(self) -> None:
        self.started = self.clock()

    def show(self, done: float, total: float) -> None:
        now = self.clock()
        terminal = self.stream.isatty()
        pause = BAR_SECONDS if terminal else PLAIN_SECONDS
        if now - max(self.shown, self.started) < pause:
            return
        self.shown = now
        print(
            self._sentence(done, total, now - self.started, terminal=terminal),
            end="" if terminal else "\n",
            file=self.stream,
            flush=True,
        )
        self.drawn = terminal

    def close(self) -> None:
        if self.drawn:
            print("\r\x1b[K", end="", file=self.stream, flush=True)

    def _sentence(self, done: float, total: float, seconds: float, *, terminal: bool) -> str:
        share = min(done / total, 1.0) if total else 0.0
        rate = done / seconds if seconds else 0.0
        left = (total - done) / rate if rate and total > done else 0.0
        amount = f"{self._amount(done)}/{self._amount(total)}, {self._amount(rate)}/s, {self.words('time-left', seconds=round(left))}"
        if not terminal:
            return f"{self.label}: {share:.0%}, {amount}"
        bar = "█" * round(share * BAR_WIDTH)
        return f"\r\x1b[K{self.label} {bar:░<{BAR_WIDTH}} {share:4.0%} {amount}"

    def _amount(self, value: float) -> str:
        return size(value) if self.unit == "bytes" else f"{value:.0f}"


def default_home() -> Path:
    """``DITICH_HOME``, else ``./home``."""
    return Path(os.environ.get("DITICH_HOME") or "home")


def above_zero(text: str) -> float:
    """A number of an option that has to be more than nothing and not endless. Raises argparse.ArgumentTypeError, which argparse tells."""
    from argparse import ArgumentTypeError

    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ArgumentTypeError(f"“{text}” is not a number above 0")
    return value


def passphrase_in(path: Path) -> str:
    """The passphrase in a file, or in what a program writes to a pipe: its first line.

    Raises:
        UsageError: there is none: keys that should be locked would stay open.
        StorageError: it cannot be read.
    """
    from archive.storage.refusals import Refusals

    with Refusals(str(path)), path.open("rb") as stream:
        line = stream.readline(_LONGEST_PASSPHRASE + 1)
    try:
        passphrase = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        passphrase = ""
    if not passphrase or len(line) > _LONGEST_PASSPHRASE:
        raise UsageError(
            f"There is no passphrase in the first line of {path}.",
            advice="Write it there as text, in UTF-8.",
            code="no-passphrase",
            values={"path": path},
        )
    return passphrase


def size(value: float) -> str:
    """Bytes for a person: "512 B", "3.4 MB" (powers of 1000)."""
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def _shown(text: str) -> str:
    """Text for a terminal: undecodable bytes of names replaced, line by line without what steers it."""
    return "\n".join(map(_steered, text.encode("utf-8", "replace").decode().split("\n")))


def _steered(text: str) -> str:
    """The text with control characters, and those that turn the direction of writing, escaped."""
    return _STEERING.sub(lambda found: _escaped(found[0]), text)


def printable(text: str) -> str:
    """Text that any terminal and page can show: bytes of a name that are no text, and control characters, are escaped."""
    return "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(one: str) -> str:
    return f"\\x{ord(one) - 0xDC00:02x}" if "\udc80" <= one <= "\udcff" else one.encode("unicode_escape").decode()


def _printable(value: Any) -> Any:
    """The same document with undecodable bytes of names replaced, so that it is valid UTF-8."""
    if isinstance(value, dict):
        return {str(_printable(key)): _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
