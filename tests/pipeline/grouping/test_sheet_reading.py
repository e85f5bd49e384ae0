"""Spreadsheets as officers write them: headings, cells, rows."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from archive.errors import UnreadableError
from archive.records.text import Language
from pipeline import sheet_rows
from pipeline.describe.sheet import FileNames, cell_name, describe_rows
from pipeline.identify import reading
from pipeline.sheet_columns import describes_files, field_of
from pipeline.sheet_rows import Rows
from pipeline.sheet_values import CellError, as_text, cell_value
from tests.pipeline.grouping.test_references import source


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Tên tệp", "file"),
        ("FILE_NAME", "file"),
        ("title@th", "title@th"),
        ("Tiêu đề", "title@vi"),
        ("title@fr", ""),
        ("creator@vi", ""),
        ("bản quyền", "rights"),
        ("Người chụp", "creator"),
        ("ชื่อไฟล์", "file"),
        ("thay cho", "replaces"),
        ("whatever", ""),
    ],
)
def test_what_a_column_means(heading: str, field: str) -> None:
    assert field_of(heading) == field


def test_which_sheets_describe_files() -> None:
    assert describes_files(("Tên tệp", "Tiêu đề"))
    assert not describes_files(("file", "unknown"))
    assert not describes_files(("x", "y", "z"))


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("captured", "2024-05-03", "2024-05-03"),
        ("captured", "23/05/2024", "2024-05-23"),
        ("captured", "3.5.2024", "2024-05-03"),
        ("captured", "2024/5/3", "2024-05-03"),
        ("captured", "2024/5", "2024-05"),
        ("captured", "1990~", "1990~"),
        ("captured", "19XX", "19XX"),
        ("captured", 2024.0, "2024"),
        ("captured", datetime(2024, 5, 3), "2024-05-03"),  # noqa: DTZ001 - cells have no zone
        ("captured", date(2024, 5, 3), "2024-05-03"),
        ("captured", "2024-05-03 10:20:30", "2024-05-03T10:20:30"),
        ("latitude", "16,07", 16.07),
        ("longitude", 108.2, 108.2),
        ("access", "Công khai", "public"),
        ("nature", "mô phỏng", "simulated"),
        ("subject", "đình | lễ hội;", ("đình", "lễ hội")),
        ("creator", 7.0, "7"),
        ("replaces", "ark:99999/dt1d2g8kmn3f5c7tzvq", None),
    ],
)
def test_what_a_cell_says(field: str, cell: object, value: object) -> None:
    if value is None:
        with pytest.raises(CellError):
            cell_value(field, cell)
    else:
        found = cell_value(field, cell)
        assert found is not None
        assert found.value == value


def test_an_ambiguous_day_is_an_assumption() -> None:
    assert cell_value("captured", "03/05/2024").certainty == "assumed"  # type: ignore[union-attr]
    assert cell_value("captured", "05/05/2024").certainty == "stated"  # type: ignore[union-attr]
    assert cell_value("title", "  ") is None
    assert cell_value("title", None) is None


@pytest.mark.parametrize(
    ("field", "cell"), [("captured", "hôm qua"), ("captured", "31/02/2024"), ("latitude", "91"), ("latitude", "x"), ("access", "maybe")]
)
def test_a_cell_that_says_nothing_sensible(field: str, cell: str) -> None:
    with pytest.raises(CellError) as caught:
        cell_value(field, cell)
    assert caught.value.vi
    assert caught.value.th


def test_cells_as_they_were_typed() -> None:
    assert as_text(datetime(2024, 5, 3, 10, 20)) == "2024-05-03T10:20:00"  # noqa: DTZ001
    assert as_text(True) == "True"


class TestRows:
    names = FileNames(["a/IMG 1.jpg", "b/two.jpg", "c/two.jpg"])

    def test_files_are_found_as_people_type_them(self) -> None:
        assert self.names.find("a/IMG 1.jpg") == "a/IMG 1.jpg"
        assert self.names.find(" img 1.JPG ") == "a/IMG 1.jpg"
        assert self.names.find("IMG 1") == "a/IMG 1.jpg"

    @pytest.mark.parametrize(("typed", "words"), [("two.jpg", "several"), ("IMG l.jpg", "closest: a/IMG 1.jpg"), ("zzzzzz", "closest: –")])
    def test_what_is_not_found_says_what_is_close(self, typed: str, words: str) -> None:
        with pytest.raises(CellError, match=words):
            self.names.find(typed)

    def test_rows_become_descriptions_with_their_cells_as_sources(self) -> None:
        rows = Rows(("file", "title@vi", "latitude", "?"), (("IMG 1.jpg", "Chính điện", "95", "x"), ("", "y"), ("nope", "z"), ()))
        (one,), problems = describe_rows("metadata.csv", rows, self.names)
        assert one.values["title@vi"].source == "sheet:metadata.csv!B2"
        assert one.raw["?"] == "x"
        assert [(finding.code, finding.detail) for finding in problems] == [
            ("sheet-column-unknown", "D1"),
            ("sheet-problem", "C2"),
            ("sheet-problem", "A4"),
        ]

    def test_the_first_of_two_rows_about_a_file_is_taken_and_the_second_said(self) -> None:
        rows = Rows(("file", "title@vi"), (("IMG 1.jpg", "Một"), ("a/IMG 1.jpg", "Hai")))
        (one,), (problem,) = describe_rows("metadata.csv", rows, self.names)
        assert one.values["title@vi"].value == "Một"
        assert problem.detail == "A3"
        assert "row 2" in problem.sentence[Language.EN]

    def test_a_sheet_without_files_describes_none(self) -> None:
        assert describe_rows("s.csv", Rows(("ark", "title"), (("x", "y"),)), self.names) == ((), ())

    def test_cell_names(self) -> None:
        assert [cell_name(column, 3) for column in (0, 25, 26, 701, 702)] == ["A3", "Z3", "AA3", "ZZ3", "AAA3"]


class TestReading:
    def workbook(self) -> bytes:
        book = openpyxl.Workbook()
        book.active.append(["file", "title@vi", "date"])
        book.active.append(["a.jpg", "Chính điện", datetime(2024, 5, 3)])  # noqa: DTZ001
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()

    def test_workbooks(self) -> None:
        rows = sheet_rows.read(source(self.workbook()))
        assert rows.headings == ("file", "title@vi", "date")
        assert as_text(rows.rows[0][2]) == "2024-05-03"
        assert reading.read(source(self.workbook(), "metadata.xlsx")).headings == ("file", "title@vi", "date")

    def test_text_tables_in_the_encodings_of_offices(self) -> None:
        assert sheet_rows.read(source("file,title\na,Đình\n".encode("utf-8-sig"))).rows == (("a", "Đình"),)
        assert sheet_rows.read(source("file;title\na;b\n".encode("utf-16"))).encoding == "utf-16"
        old = sheet_rows.read(source("file;title\na;đi\u0300nh\n".encode("cp1258")))
        assert (old.encoding, old.rows[0]) == ("cp1258", ("a", "đình"))
        assert reading.first_row("Tên tê\u0323p;Tiêu đê\u0300\n".encode("cp1258")) == ("Tên tê\u0323p", "Tiêu đê\u0300")
        assert reading.first_row("Tên tệp;Tiêu đề\n".encode("utf-16")) == ("Tên tệp", "Tiêu đề")

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"\xff\xfea", b"\x98\xd2\x81"])
    def test_what_is_no_table(self, content: bytes) -> None:
        with pytest.raises(UnreadableError):
            sheet_rows.read(source(content))

    def test_a_workbook_that_is_none_has_no_headings(self) -> None:
        assert reading._first_row_of_workbook(io.BytesIO(self.workbook()))
        with pytest.raises(UnreadableError):
            reading._first_row_of_workbook(io.BytesIO(b"PK\x03\x04"))


def test_paradata_columns_are_words_by_language_and_a_unit_is_one_that_is_known() -> None:
    assert [field_of(heading) for heading in ("Phương pháp", "method@th", "Nguồn tư liệu", "Độ chính xác", "accuracy@en")] == [
        "method@vi",
        "method@th",
        "sources@vi",
        "accuracy",
        "",
    ]
    found = cell_value("unit", "MM")
    assert found is not None
    assert found.value == "millimetre"
    with pytest.raises(CellError):
        cell_value("unit", "cubit")
