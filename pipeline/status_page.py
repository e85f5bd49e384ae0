"""The status of an archive for people: one screen that is understood in ten seconds, as lines of text and as a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.findings import Severity
from archive.integrity.figures import Copy, Damage, Place, Status, Verdict
from archive.integrity.forecast import LEADS, Outlook
from archive.integrity.notices import percent, place_name
from archive.records.text import Language
from pipeline.console import size
from pipeline.words import Words

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")
TEMPLATES = Path(__file__).parent / "templates"
MOST_DAMAGE = 40
LOW_BYTES = 2 * 10**9
LOW_INODES = 10_000
"""for the next 500 assets, at 20 files each"""
_MOODS = {Verdict.INTACT: "good", Verdict.EMPTY: "plain", Verdict.OVERDUE: "late", Verdict.UNKNOWN: "late", Verdict.DAMAGED: "bad"}
_MOODS |= dict.fromkeys((one for one in Verdict if one.of_ledger), "bad")


@dataclass(frozen=True, slots=True)
class Room:
    """What is free where the archive lies; ``inodes`` is None where the file system counts none."""

    bytes: int
    inodes: int | None


@dataclass(frozen=True, slots=True)
class Received:
    """One deposit: its ARK, name, day, number of files, what may be done with its card (the value of a ``Card``), and refused files."""

    ark: str
    name: str
    when: str
    files: int
    card: str
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the catalogue counts, shown beside the figures of the ledger; and the newest deposits."""

    assets: int
    sites: int
    deposits: int
    newest: tuple[Received, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, the number, a few words beside it, and whether it is as it should be ("good", "late", "bad", "plain")."""

    label: str
    value: str
    note: str
    mood: str = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, cell by cell."""

    cells: tuple[str, ...]
    mood: str = "plain"


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything that is on the screen, in words.

    Attributes:
        name: of the archive.
        verdict, mood: the first line.
        subtitles: what is behind it, and what is to be expected.
        figures: the few that count.
        room: what is free where the archive lies.
        tasks: (severity, sentence) of what to do now, the most urgent first.
        places: one row each: name, intact, damaged, not known, overdue n/N, last look, next due.
        deposits: one row each, the newest: ARK, name, day, files, what may be done with the card.
        damage: one row each: object, place, what, last seen intact, where a good copy is.
        more_damage: how many are not listed.
    """

    name: str
    verdict: str
    mood: str
    subtitles: tuple[str, ...]
    figures: tuple[Figure, ...]
    room: str
    tasks: tuple[tuple[str, str], ...]
    places: tuple[Row, ...]
    deposits: tuple[Row, ...]
    damage: tuple[Row, ...]
    more_damage: int


def status_view(now: Status, holdings: Holdings, room: Room, words: Words) -> StatusView:
    """What is shown of these figures."""
    language = words.language
    shown = () if now.verdict.of_ledger else now.damage
    return StatusView(
        name=now.name,
        verdict=_verdict(now, words),
        mood=_MOODS[now.verdict],
        subtitles=tuple(_subtitles(now, words)),
        figures=(_copies(now, words), _voucher(now, words)) if now.verdict.of_ledger else tuple(_figures(now, holdings, words)),
        room=_room(room, words),
        tasks=(*_room_tasks(room, words), *((notice.severity.value, notice.sentence[language]) for notice in now.notices)),
        places=tuple(_place(one, words) for one in now.places if not now.verdict.of_ledger),
        deposits=tuple(_deposit(one, words) for one in holdings.newest),
        damage=tuple(_damage(one, words) for one in shown[:MOST_DAMAGE]),
        more_damage=max(len(shown) - MOST_DAMAGE, 0),
    )


def status_lines(view: StatusView, words: Words) -> Iterator[str]:
    """The screen of a terminal."""
    yield view.name
    yield f"{_SIGNS[view.mood]} {view.verdict}"
    yield from (f"  {subtitle}" for subtitle in view.subtitles)
    yield ""
    width = max(len(figure.label) for figure in view.figures)
    for figure in view.figures:
        note = f"  ({figure.note})" if figure.note else ""
        yield f"  {figure.label:<{width}}  {figure.value}{note}"
    yield f"  {view.room}"
    if view.damage:
        yield ""
        yield words("status.damage-title")
        for row in view.damage:
            yield f"  {' · '.join(cell for cell in row.cells if cell)}"
        if view.more_damage:
            yield f"  {words('status.more', n=view.more_damage)}"
    yield ""
    yield words("status.tasks-title") if view.tasks else words("status.no-tasks")
    for place, (severity, sentence) in enumerate(view.tasks, start=1):
        sign = "!" if severity != Severity.NOTE else "·"
        yield f"  {sign} {place}. {sentence}"
    if view.deposits:
        yield ""
        yield words("status.deposits-title")
        for row in view.deposits:
            ark, name, when, files, card = row.cells
            yield words("status.deposit", ark=ark, name=name, when=when, files=files, card=card)


_SIGNS = {"good": "✓", "plain": "–", "late": "!", "bad": "✗"}


def status_page(view: StatusView, words: Words, when: datetime) -> str:
    """One self-contained page: no script, no request; for a screen, a phone and paper."""
    import jinja2

    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters["pieces"] = pieces
    labels = {name: words(f"status.page-{name}") for name in _LABELS}
    return environment.get_template("status.html").render(
        view=view,
        labels=labels,
        language=str(words.language),
        tasks_title=words("status.tasks-title"),
        no_tasks=words("status.no-tasks"),
        damage_title=words("status.damage-title"),
        deposits_title=words("status.deposits-title"),
        more=words("status.more", n=view.more_damage),
        made=words("status.page-made", when=moment(when.isoformat())),
    )


_LABELS = (
    *("title", "places", "place", "intact", "damaged", "unknown", "overdue", "last", "next"),
    *("object", "what", "since", "good", "deposit", "name", "received", "files", "card"),
)


def pieces(sentence: str) -> list[tuple[str, str]]:
    """A sentence in pieces: ("command", text) between backquotes, ("date", text) which is never broken, and ("", text)."""
    found = []
    for index, part in enumerate(sentence.split("`")):
        if index % 2:
            found.append(("command", part))
        else:
            found += [("date" if _DATE.fullmatch(text) else "", text) for text in _DATE.split(part) if text]
    return found


def day(text: str) -> str:
    """The day of a moment in this machine's zone; "–" for none."""
    return moment(text)[:10]


def moment(text: str) -> str:
    """A moment (RFC 3339) in this machine's zone; "–" for none."""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M") if text else "–"


def number(value: int, language: Language) -> str:
    """A number with its thousands apart, as the language writes it."""
    text = f"{value:,}"
    return text.replace(",", ".") if language is Language.VI else text


def _verdict(now: Status, words: Words) -> str:
    language = words.language
    values = {
        "n": number(now.objects, language),
        "damaged": number(now.damaged, language),
        "never": number(now.never, language),
        "overdue": number(now.overdue, language),
        "looks": number(now.looks, language),
    }
    key = "young" if now.verdict is Verdict.INTACT and now.never else now.verdict.value
    return words(f"status.verdict-{key}", **values)


def _subtitles(now: Status, words: Words) -> Iterator[str]:
    if now.verdict.of_ledger:
        yield words("status.ledger-caution")
        return
    if now.damaged:
        saved = len({one.object_id for one in now.damage if one.good_at})
        yield words("status.damaged-copies", saved=number(saved, words.language), lost=number(now.damaged - saved, words.language))
    if now.objects:
        yield _ahead(now, words)


def _ahead(now: Status, words: Words) -> str:
    worst = now.ahead.verdict if now.ahead.verdict is not Outlook.OVERDUE else Outlook.LATE if now.ahead.late else Outlook.IN_TIME
    outcome = {Outlook.LATE: "late", Outlook.TIGHT: "tight"}.get(worst, "in-time")
    if not now.due_soon and not now.ahead.late:
        outcome = "nothing"
    soon, late = number(now.due_soon, words.language), number(now.ahead.late, words.language)
    return words(f"status.ahead-{outcome}", soon=soon, late=late, tight=number(now.ahead.tight, words.language))


def _figures(now: Status, holdings: Holdings, words: Words) -> Iterator[Figure]:
    language = words.language
    kept = words("status.kept", assets=number(holdings.assets, language), sites=holdings.sites, deposits=holdings.deposits)
    others = now.objects - holdings.assets - holdings.sites - holdings.deposits
    if others > 0:
        kept = words("status.kept-others", kept=kept, n=number(others, language))
    yield Figure(words("status.figure-kept"), number(now.objects, language), f"{kept} · {size(now.bytes)}")
    yield _copies(now, words)
    overdue = f"{number(now.overdue, language)}/{number(now.looks, language)}"
    share = percent(now.overdue, now.looks)
    yield Figure(words("status.figure-overdue"), overdue, f"{share} %", "late" if now.overdue else "good")
    soon = {days: sum(dict(place.due)[days] for place in now.places) for days in LEADS}
    counts = words("status.soon", seven=number(soon[7], language), one=number(soon[1], language))
    yield Figure(words("status.figure-soon"), number(now.due_soon, language), counts, "late" if now.ahead.late else "plain")
    yield Figure(words("status.figure-checked"), day(now.last_check), words("status.next", when=day(now.next_due)))
    yield _voucher(now, words)


def _voucher(now: Status, words: Words) -> Figure:
    voucher = now.vouchers[0] if now.vouchers else None
    said = words("status.vouched", size=voucher.size, of=now.ledger_entries, when=day(voucher.when)) if voucher else ""
    return Figure(words("status.figure-vouched"), voucher.name if voucher else words("status.nobody"), said, "good" if voucher else "late")


def _room_tasks(room: Room, words: Words) -> Iterator[tuple[str, str]]:
    if room.bytes < LOW_BYTES or (room.inodes is not None and room.inodes < LOW_INODES):
        yield Severity.WARN.value, words("status.low-room")


def _room(room: Room, words: Words) -> str:
    if room.inodes is None:
        return words("status.room", size=size(room.bytes))
    return words("status.room-counted", size=size(room.bytes), n=number(room.inodes, words.language))


def _copies(now: Status, words: Words) -> Figure:
    """Copies on disks of their own that lack nothing, and the archive."""
    whole = [copy for copy in now.copies if not (copy.same_device or copy.beside or copy.behind)]
    notes = [place_name("storage")[words.language]]
    for copy in now.copies:
        values = {"n": number(copy.behind, words.language), "when": moment(copy.last_seen), "other": copy.beside}
        notes.append(words(f"status.copy-{_state_of(copy)}", name=copy.name, **values))
    if now.second_location:
        notes.append(now.second_location)
    return Figure(words("status.figure-copies"), str(1 + len(whole)), "; ".join(notes), "good" if whole else "late")


def _state_of(copy: Copy) -> str:
    if copy.same_device:
        return "same-device"
    if copy.beside:
        return "beside"
    if copy.behind:
        return "behind"
    return "here" if copy.present else "away"


def _place(place: Place, words: Words) -> Row:
    language = words.language
    unknown = place.unreadable + place.never
    mood = "bad" if place.damaged else "late" if place.overdue or place.unreadable else "good"
    cells = (
        place_name(place.location)[language],
        number(place.intact, language),
        number(place.damaged, language),
        number(unknown, language),
        f"{number(place.overdue, language)}/{number(place.objects, language)} ({percent(place.overdue, place.objects)} %)",
        moment(place.last_check),
        moment(place.next_due),
    )
    return Row(cells, mood)


def _deposit(one: Received, words: Words) -> Row:
    settled = one.card == "erase" and not one.refused
    mood = "good" if settled else "plain"
    card = words("status.card-erase-refused", n=one.refused) if one.card == "erase" and one.refused else words(f"status.card-{one.card}")
    return Row((one.ark, one.name, one.when, number(one.files, words.language), card), mood)


def _damage(one: Damage, words: Words) -> Row:
    language = words.language
    what = ", ".join(dict.fromkeys(words(f"audit.what-{problem}") for _path, problem in one.problems))
    since = words("status.since", when=moment(one.since_good)) if one.since_good else words("status.since-never")
    good = ", ".join(place_name(location)[language] for location in one.good_at)
    copy = words("status.good-at", places=good) if good else words("status.good-nowhere")
    return Row((one.object_id, place_name(one.location)[language], what, since, copy), "bad")
