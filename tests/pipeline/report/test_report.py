"""What the officer is told, in words, in JSON and on the page."""

import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from archive.findings import Finding, Severity
from archive.records.accession import DepositLine, Fate
from archive.records.asset import AssetKind
from archive.records.serialise import from_json
from archive.records.text import Language, LocalText
from pipeline import report_picture
from pipeline.reconcile import Action
from pipeline.report import IngestReport, ReadBack, ReportAsset, grouped, printable, terminal_lines, unread, verdict
from pipeline.report_page import report_page, report_pictures
from pipeline.report_words import WORDS
from tests.pipeline.flow_builders import SITE, Desk, jpeg, write

ARK = "ark:99999/dt1"


def line(path: str, fate: Fate) -> DepositLine:
    return DepositLine(path, path.encode("utf-8", "surrogateescape").hex(), 2048, "0" * 128, "0" * 64, "", "jpeg", fate, ARK)


def fault(path: str, severity: Severity, vi: str = "Một", code: str = "x") -> Finding:
    return Finding(code, severity, path, {"vi": vi, "en": f"en {vi}", "th": f"th {vi}"})


REPORT = IngestReport(
    deposit="ark:99999/dtdeposit",
    site=SITE,
    site_name=LocalText(vi="Đình Thạc Gián"),
    origin="/thẻ",
    survey="Đợt 1",
    when="2026-11-22T08:30:00+00:00",
    seen=6,
    lines=(line("a.jpg", Fate.ARCHIVED), line("b.jpg", Fate.ALREADY_ARCHIVED), line("c.jpg", Fate.REFUSED), line("m.csv", Fate.DESCRIBES)),
    left_out=(("Thumbs.db", "system-file"), ("d.jpg", "unreadable")),
    assets=(ReportAsset(ARK, "v1", AssetKind.PHOTO, LocalText(vi="Chính <điện>"), Action.NEW, ("a.jpg",)),),
    findings=(
        fault("c.jpg", Severity.REFUSE, "Hỏng"),
        *(fault(f"n{number}.jpg", Severity.WARN, "Quyền", "no-rights") for number in range(20)),
        fault("", Severity.NOTE, "Chung", "whole"),
        fault("e.jpg", Severity.NOTE, "Hai", "two"),
        fault("f.jpg", Severity.NOTE, "Ba", "two"),
        fault("", Severity.NOTE, "Bốn", "two"),
    ),
    read_back=ReadBack.MATCHED,
)


def test_counts_and_what_refuses() -> None:
    assert (REPORT.count(Fate.ARCHIVED), REPORT.bytes_received) == (1, 8192)
    assert REPORT.refuses
    assert REPORT.card_may_be_taken_out
    assert unread(REPORT) == ("d.jpg",)
    fine = replace(REPORT, findings=())
    assert not fine.refuses
    assert replace(fine, mismatches=("x",)).refuses


def test_when_nothing_came_through_the_card_stays_as_it_is() -> None:
    empty = replace(REPORT, lines=(line("c.jpg", Fate.REFUSED),))
    assert not empty.card_may_be_taken_out
    assert verdict(empty, Language.EN) == WORDS[Language.EN]["nothing"]


def test_a_check_says_what_would_be_and_not_what_was() -> None:
    lines = terminal_lines(replace(REPORT, read_back=ReadBack.DRY_RUN), Language.EN)
    assert "Would be newly archived: 1." in lines
    assert "Would be refused: 2; see why and what to do." in lines
    changed = replace(REPORT, assets=(replace(REPORT.assets[0], action=Action.NEW_VERSION),))
    assert "Known material with a new version: 1." in terminal_lines(changed, Language.EN)
    assert not any(one.startswith("Newly archived") for one in lines)


def test_the_terminal_says_it_in_the_officers_language() -> None:
    lines = terminal_lines(REPORT, Language.VI, most=3)
    assert lines[0].startswith("Đình Thạc Gián")
    assert "Đã nhận 4/6 tệp (8.2 kB)." in lines
    assert "2 tệp bị từ chối; xem lý do và cách sửa." in lines
    assert "Từ chối · x (1): Hỏng" in lines
    assert "    … và 17 tệp nữa" in lines
    assert "    e.jpg: Hai" in lines
    assert "    Bốn" in lines
    assert lines[-1] == "Bạn có thể rút thẻ nhớ. Đừng xóa thẻ: mới chỉ có một bản sao."
    assert terminal_lines(replace(REPORT, mismatches=("bad",)), Language.EN)[-2:] == ("  ! bad", WORDS[Language.EN]["mismatch"])
    assert terminal_lines(replace(REPORT, site_name=LocalText()), Language.EN)[0].startswith(SITE)


@pytest.mark.parametrize(
    ("read_back", "key"),
    [(ReadBack.DRY_RUN, "dry_run"), (ReadBack.NOTHING, "nothing"), (ReadBack.PENDING, "pending"), (ReadBack.FAILED, "mismatch")],
)
@pytest.mark.parametrize("language", list(Language))
def test_the_card_stays_until_the_bytes_were_read_back(read_back: ReadBack, key: str, language: Language) -> None:
    said = verdict(replace(REPORT, read_back=read_back), language)
    assert said == WORDS[language][key]
    assert said != WORDS[language]["take_out"]


def test_the_sentence_about_the_card_is_the_one_that_was_promised() -> None:
    assert verdict(REPORT, Language.EN) == "You may take the card out. Do not erase it: there is one copy."


def test_a_card_with_refused_files_is_erased_only_when_they_are_settled() -> None:
    """One line above stands "copy it again from the card": the last line may not send the officer to erase it."""
    copied = replace(REPORT, card="erase")
    assert verdict(copied, Language.EN).startswith("You may take the card out. Settle the refused files (1) while you have it; then")
    clean = replace(copied, lines=tuple(one for one in REPORT.lines if one.fate is not Fate.REFUSED))
    assert verdict(clean, Language.EN).startswith("You may take the card out and erase it:")


def test_every_language_has_every_word() -> None:
    assert WORDS[Language.VI].keys() == WORDS[Language.EN].keys() == WORDS[Language.TH].keys()
    assert {str(one) for one in (*AssetKind, *Action, *Severity)} <= WORDS[Language.VI].keys()
    for key in WORDS[Language.VI]:
        fields = [sorted(re.findall(r"{\w+}", WORDS[language][key])) for language in Language]
        assert fields[0] == fields[1] == fields[2]


def test_findings_of_one_rule_stand_together() -> None:
    groups = grouped(REPORT.findings, Language.VI)
    assert [(one.code, one.sentence, len(one.entries)) for one in groups] == [
        ("x", "Hỏng", 1),
        ("no-rights", "Quyền", 20),
        ("two", "", 3),
        ("whole", "Chung", 1),
    ]


def test_json_is_the_record_itself() -> None:
    assert from_json(IngestReport, REPORT.as_json()) == REPORT


def test_paths_that_no_screen_can_show() -> None:
    assert printable("đ\udcff\n\x1b[31m") == "đ\\xff\\n\\x1b[31m"


class Page(html.parser.HTMLParser):
    """Tags and addresses of a page; every element must be closed in order."""

    VOID = frozenset({"meta", "img", "link", "br", "hr", "input"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", list(Language))
def test_the_page_stands_alone(language: Language) -> None:
    page = report_page(REPORT, language, {ARK: jpeg(1)})
    seen = Page(page)
    assert all(address.startswith("data:image/jpeg;base64,") for address in seen.addresses)
    assert len(seen.addresses) == 1
    assert "script" not in seen.tags
    assert f'<html lang="{language}">' in page
    assert "Chính &lt;điện&gt;" in page
    assert WORDS[language]["take_out"] in page
    assert WORDS[language]["more"].format(n=17) in page


@pytest.mark.parametrize("read_back", list(ReadBack))
def test_the_page_of_every_outcome(read_back: ReadBack) -> None:
    bare = replace(
        REPORT, read_back=read_back, deposit="", survey="", site_name=LocalText(), assets=(), left_out=(), findings=(), mismatches=("x",)
    )
    page = report_page(bare, Language.VI, {})
    Page(page)
    assert WORDS[Language.VI]["take_out"] not in page


def test_small_pictures_come_from_the_archived_originals(desk: Desk, card: Path) -> None:
    write(card, "Chính điện/a.jpg", jpeg(1, (600, 400)))
    write(card, "notes.txt", b"words")
    write(card, "b.jpg", jpeg(2, (400, 600)))
    report = desk.ingest(card)
    pictures = report_pictures(desk.home, report.assets, desk.workers)
    assert len(pictures) == 2
    assert all(picture.startswith(b"\xff\xd8") and len(picture) < 60_000 for picture in pictures.values())
    lost = [replace(one, paths=("elsewhere.jpg",)) for one in report.assets]
    assert report_pictures(desk.home, lost, desk.workers) == {}


def test_what_has_no_picture(desk: Desk, tmp_path: Path) -> None:
    result = desk.workers.run(report_picture.TASK, write(tmp_path, "x.jpg", b"no picture"))
    assert "No small picture" in getattr(result, "message", "")


def test_the_page_of_a_real_ingest_is_small(desk: Desk, card: Path) -> None:
    for number in range(5):
        write(card, f"{number}.jpg", jpeg(number, (300, 200)))
    report = desk.ingest(card)
    page = report_page(report, Language.VI, report_pictures(desk.home, report.assets, desk.workers))
    assert page.count("<img") == 5
    assert len(page) < 400_000
    assert json.loads(report.as_json())["read_back"] == "matched"
