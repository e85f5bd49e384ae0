"""Captions (WebVTT, https://www.w3.org/TR/webvtt1/): read, and written anew from what was read.

What is published are times and plain words: no notes, styles, regions, identifiers, settings or tags, since nobody looks there for
what should not be told, and nothing in them is needed.
"""

import html
import re
from dataclasses import dataclass

from pipeline.site_definition.faults import SiteFaultError

MOST_CUES = 2000
_TIME = r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_TAG = re.compile(r"<[^<>]*>?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_NO_CUES = ("NOTE", "STYLE", "REGION")
_ADVICE = "The format is: WEBVTT, an empty line, 00:00.000 --> 00:04.000, and below it what is heard."


@dataclass(frozen=True, slots=True)
class Cue:
    """Some words and when they are heard, in milliseconds."""

    start: int
    end: int
    text: str


def read_captions(content: bytes, name: str) -> tuple[Cue, ...]:
    """The cues of a file of captions, in order.

    Raises:
        SiteFaultError: not WebVTT, no cue in it, or a cue that ends before it begins; the message names the file and the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SiteFaultError(
            f"{name} is not UTF-8 text.", advice="Save it as UTF-8.", detail=str(error), code="captions-no-text", values={"name": name}
        ) from error
    lines = re.split(r"\r\n|\r|\n", text.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise SiteFaultError(f"{name} does not begin with WEBVTT.", advice=_ADVICE)
    cues: list[Cue] = []
    number = 1
    while number < len(lines):
        block_end = next((k for k in range(number, len(lines)) if not lines[k]), len(lines))
        cue = _cue(lines[number:block_end], f"{name}, line {number + 1}")
        if cue is not None:
            cues.append(cue)
        number = block_end + 1
    if not cues or len(cues) > MOST_CUES:
        raise SiteFaultError(f"{name} holds {len(cues)} captions; between 1 and {MOST_CUES} are possible.", advice=_ADVICE)
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def _cue(block: list[str], place: str) -> Cue | None:
    if not block or block[0].split(" ")[0].split("\t")[0] in _NO_CUES:
        return None
    timing = next((k for k, line in enumerate(block[:2]) if "-->" in line), None)
    if timing is None:
        raise SiteFaultError(f"{place}: a caption without its times.", advice=_ADVICE)
    match = _TIMING.fullmatch(block[timing].strip())
    if match is None:
        raise SiteFaultError(f"{place}: these times cannot be read.", advice=_ADVICE)
    start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:])
    if end <= start:
        raise SiteFaultError(f"{place}: the caption ends before it begins.", advice="Mend its times.")
    words = "\n".join(filter(None, (_plain(line) for line in block[timing + 1 :])))
    return Cue(start, end, words) if words else None


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _plain(line: str) -> str:
    """A line without tags and with its characters as they are; no line end and no arrow of times comes out of an escape."""
    words = _CONTROL.sub(" ", html.unescape(_TAG.sub("", line)))
    return words.replace("-->", "→").strip()


def written(cues: tuple[Cue, ...]) -> bytes:
    """The cues as WebVTT."""
    blocks = [f"{_time(cue.start)} --> {_time(cue.end)}\n{html.escape(cue.text, quote=False)}\n" for cue in cues]
    return ("WEBVTT\n\n" + "\n".join(blocks)).encode()


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
