"""The integrity report of a month for people: a function of the report and the language alone, so that anyone gets the same bytes again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.integrity.history import Checked, Copied
from archive.integrity.month import Harm, Late, MonthReport, Standpoint
from archive.integrity.notices import percent, place_name
from archive.integrity.reasons import BY_CODE
from archive.records.text import Language
from pipeline.console import size
from pipeline.status_page import Figure, Row, number
from pipeline.words import Words, load_words

TEMPLATES = Path(__file__).parent / "templates"
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Table:
    """One table: title, headings, rows (the first cell names the row), how many are not shown, and what is said where there is none."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    more: str
    none: str


@dataclass(frozen=True, slots=True)
class MonthView:
    """Everything that is on the page, in words."""

    title: str
    origin: str
    verdict: str
    mood: str
    standing: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    foot: tuple[str, ...]


def month_pages(report: MonthReport) -> dict[str, str]:
    """The page in every language, by file name."""
    return {f"report.{language}.html": month_page(report, language) for language in Language}


def month_page(report: MonthReport, language: Language) -> str:
    """One self-contained page; no clock, no path, all times in UTC."""
    import jinja2

    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("month.html").render(view=month_view(report, load_words(language)), language=str(language))


def month_view(report: MonthReport, words: Words) -> MonthView:
    """What is shown of a report."""
    damaged = sum(not one.intact for one in report.harm)
    mood = "bad" if damaged else "late" if report.overdue or report.broken_lists else "good"
    key = "damaged" if damaged else "overdue" if report.overdue else "unsure" if report.broken_lists else "intact"
    return MonthView(
        title=words("month.title", month=report.month),
        origin=report.origin,
        verdict=words(f"month.verdict-{key}", n=number(damaged, words.language), of=number(report.looks, words.language)),
        mood=mood,
        standing=_standing(report, words),
        figures=tuple(_figures(report, damaged, words)),
        tables=tuple(_tables(report, words)),
        foot=tuple(_foot(report, words)),
    )


def month_lines(view: MonthView) -> Iterator[str]:
    """The report on a terminal: what is behind the figures stands on the page."""
    yield view.title
    yield view.verdict
    yield view.standing
    for figure in view.figures:
        yield f"  {figure.label}: {figure.value}{f' ({figure.note})' if figure.note else ''}"
    yield from view.foot


def _standing(report: MonthReport, words: Words) -> str:
    if report.closed:
        return words("month.closed", when=_when(report.closed))
    if not report.size:
        return words("month.before")
    missing = len(report.unexplained)
    return words("month.unexplained", n=number(missing, words.language)) if missing else words("month.open")


def _figures(report: MonthReport, damaged: int, words: Words) -> Iterator[Figure]:
    language = words.language
    new = sum(one.version == "v1" for one in report.came)
    came = words("month.versions", n=number(len(report.came) - new, language), size=size(sum(one.bytes for one in report.came)))
    yield Figure(words("month.came"), number(new, language), came)
    looks = sum(one.looks for one in report.checks)
    yield Figure(words("month.looks"), number(looks, language), size(sum(one.bytes for one in report.checks)))
    overdue = f"{number(report.overdue, language)}/{number(report.looks, language)}"
    yield Figure(words("month.overdue"), overdue, f"{percent(report.overdue, report.looks)} %", "late" if report.overdue else "good")
    healed = words("month.healed", n=number(len(report.harm) - damaged, language))
    yield Figure(words("month.damaged"), number(damaged, language), healed, "bad" if damaged else "good")
    copied = size(sum(one.bytes for one in report.copied))
    yield Figure(words("month.copied"), number(len(report.copied), language), copied)


def _tables(report: MonthReport, words: Words) -> Iterator[Table]:
    yield _table(words, "places", ("place", "objects", "overdue", "damaged", "never"), [_place(one, words) for one in report.places])
    checks = [_check(one, words) for one in report.checks]
    yield _table(words, "checks", ("place", "algorithm", "runs", "looked", "intact", "faults", "unread", "read"), checks)
    harm = [_harm(one, words) for one in report.harm]
    yield _table(words, "harm", ("object", "place", "good", "found", "repaired", "again", "reason"), harm)
    yield _table(words, "late", ("object", "place", "due", "reason"), [_late(one, words) for one in report.late])
    yield _table(words, "copies", ("place", "when", "objects", "size", "damaged"), [_copy(one, words) for one in report.copied])
    for name, noted in (("keys", report.keys), ("drills", report.drills)):
        if noted:
            yield _table(words, name, ("when", "what"), [Row((_when(one.when), one.detail)) for one in noted])


def _place(one: Standpoint, words: Words) -> Row:
    language = words.language
    overdue = f"{number(one.overdue, language)}/{number(one.objects, language)} ({percent(one.overdue, one.objects)} %)"
    counts = (number(one.objects, language), overdue, number(one.damaged, language), number(one.never, language))
    return Row((place_name(one.location)[language], *counts), "bad" if one.damaged else "late" if one.overdue else "good")


def _check(one: Checked, words: Words) -> Row:
    counts = (one.runs, one.looks, one.intact, one.damaged + one.missing + one.extra, one.not_checked)
    told = (number(count, words.language) for count in counts)
    return Row((place_name(one.location)[words.language], one.algorithm, *told, size(one.bytes)))


def _late(one: Late, words: Words) -> Row:
    return Row((one.object_id, place_name(one.location)[words.language], _when(one.due), _reason(one.reason, words)))


def _copy(one: Copied, words: Words) -> Row:
    copied, damaged = number(one.copied, words.language), number(one.damaged, words.language)
    return Row((place_name(one.replica)[words.language], _when(one.when), copied, size(one.bytes), damaged))


def _table(words: Words, name: str, headings: Iterable[str], rows: Sequence[Row]) -> Table:
    more = words("month.more", n=number(len(rows) - MOST_ROWS, words.language)) if len(rows) > MOST_ROWS else ""
    titles = tuple(words(f"month.head-{heading}") for heading in headings)
    return Table(words(f"month.table-{name}"), titles, tuple(rows[:MOST_ROWS]), more, words("month.none"))


def _harm(one: Harm, words: Words) -> Row:
    cells = (
        one.object_id,
        place_name(one.location)[words.language],
        _when(one.good),
        f"{_when(one.found)} ({', '.join(dict.fromkeys(words(f'audit.what-{what}') for _path, what in one.problems))})",
        f"{_when(one.repaired)} {one.event}".strip(),
        _when(one.intact),
        _reason(one.reason, words),
    )
    return Row(cells, "plain" if one.intact else "bad")


def _reason(code: str, words: Words) -> str:
    return f"{BY_CODE[code].words[words.language]} ({code})" if code else "–"


def _foot(report: MonthReport, words: Words) -> Iterator[str]:
    yield words("month.checkpoint", size=number(report.size, words.language), root=report.root)
    yield words("month.cadence", scrub=report.cadence.scrub_days, full=report.cadence.full_days)
    for name in report.broken_lists:
        yield words("month.broken", name=name)
    yield words("month.utc")


def _when(text: str) -> str:
    """A moment (RFC 3339, UTC) to the minute; "–" for none."""
    return text[:16].replace("T", " ") if text else "–"
