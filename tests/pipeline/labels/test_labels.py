"""Signs: their codes, their register in the archive, their look on paper, and how much damage they bear."""

import random

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from archive.errors import NotFoundError
from archive.records.label import Label, LabelPlace, LabelRegister, code_for, is_code
from archive.records.text import Language, LocalText
from pipeline.labels.drawing import pdf, svg
from pipeline.labels.lettering import Type, fitted, line, width_of
from pipeline.labels.sign import HEIGHT, WIDTH, Sign, column, draw, sign_for, symbol_rows
from pipeline.words import load_words

ARK = "ark:12345/dt1111111111111111k"
NAME = LocalText(vi="Đình Thạc Gián", en="Thạc Gián communal house", th="ศาลาประชาคมทักซ้าน")
SIGN = Sign("https://ditich.example.vn/q/1kg99nv", NAME, LocalText(), "Bảo tàng Đà Nẵng", LabelPlace.SITE)
WORDS = {language: load_words(language) for language in Language}


def picture(sign: Sign, scale: float = 3) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf([draw(sign, WORDS)]))
    try:
        drawn: Image.Image = document[0].render(scale=scale).to_pil().convert("L")
        return drawn
    finally:
        document.close()


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(np.asarray(image))]


def test_a_code_is_short_repeatable_and_notices_mistakes() -> None:
    code = code_for("archive", ARK, LabelPlace.SITE, 0)
    assert len(code) == 7
    assert code == code_for("archive", ARK, LabelPlace.SITE, 0)
    assert len({code_for("archive", ARK, place, number) for place in LabelPlace for number in range(50)}) == 150
    assert is_code(code)
    wrong = [code[:at] + letter + code[at + 1 :] for at in range(6) for letter in "0bz" if letter != code[at]]
    assert not any(map(is_code, wrong))
    assert not is_code("")


def test_a_register_never_forgets() -> None:
    label = Label("1kg99nv", ARK, LabelPlace.SITE, LocalText(), "2026-11-23")
    register = LabelRegister(ARK).with_label(label)
    assert register.hanging(ARK, LabelPlace.SITE) == label
    assert register.hanging(ARK, LabelPlace.SCENE) is None
    other = register.with_label(Label("bbbbbbb", ARK, LabelPlace.SCENE, LocalText(), "2026-11-23"))
    retired = other.retire("1kg99nv", "2027-01-01", LocalText(en="The house was moved."))
    assert retired.hanging(ARK, LabelPlace.SITE) is None
    assert (retired.labels[0].retired, retired.labels[1].retired) == ("2027-01-01", "")
    with pytest.raises(NotFoundError):
        register.retire("nothing", "2027-01-01", LocalText())


def test_a_sign_decodes_from_pdf_and_has_its_true_size() -> None:
    document = pypdfium2.PdfDocument(pdf([draw(SIGN, WORDS), draw(SIGN, WORDS)]))
    assert len(document) == 2
    assert [round(side / 72 * 25.4, 1) for side in document[0].get_size()] == [WIDTH, HEIGHT]
    document.close()
    assert read(picture(SIGN)) == [SIGN.address]


LONG = LocalText(
    vi="Khu lưu niệm nhà Mẹ Nhu và bảy dũng sĩ Thanh Khê " * 2,
    en="House of the seven heroes " * 3,
    th="ศาลาประชาคมจำลองของหมู่บ้านริมคลอง" * 2,
)


@pytest.mark.parametrize("name", [NAME, LONG])
@pytest.mark.parametrize("practice", [True, False])
def test_the_words_beside_the_symbol_end_above_the_address_below_it(name: LocalText, *, practice: bool) -> None:
    sign = Sign("https://di-tich.danang.gov.vn/q/1kg99nv", name, name, "Ban Quản lý di tích quận Thanh Khê", LabelPlace.SCENE, practice)
    assert max(y for shape in column(sign, WORDS) for step in shape.steps for y in step.points[1::2]) < HEIGHT - 22


@pytest.mark.parametrize("place", list(LabelPlace))
@pytest.mark.parametrize("practice", [True, False])
def test_nothing_of_a_sign_lies_outside_the_sheet(place: LabelPlace, *, practice: bool) -> None:
    long = LocalText(vi="Khu lưu niệm nhà Mẹ Nhu và bảy dũng sĩ Thanh Khê " * 3, en="House " * 40, th="ศาลาประชาคมจำลองของหมู่บ้านริมคลอง" * 3)
    for title in (LocalText(), long):
        drawing = draw(Sign(SIGN.address, long, title, "Archive " * 30, place, practice), WORDS)
        for shape in drawing.shapes:
            for step in shape.steps:
                assert all(-1 <= x <= WIDTH + 1 for x in step.points[::2])
                assert all(-1 <= y <= HEIGHT + 1 for y in step.points[1::2])


def test_svg_holds_outlines_and_no_text() -> None:
    text = svg(draw(SIGN, WORDS)).decode()
    assert 'width="180mm" height="120mm"' in text
    assert "<text" not in text
    assert "<title>Đình Thạc Gián – ditich.example.vn/q/1kg99nv</title>" in text


def test_every_letter_of_the_three_languages_is_in_the_typeface() -> None:
    import uharfbuzz

    from pipeline.labels.lettering import _font

    letters = {letter for words in WORDS.values() for key in words.sentences if key.startswith("label.") for letter in words.sentences[key]}
    letters |= set("ĂÂĐÊÔƠƯăâđêôơưẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ")
    for letter in letters - {" ", "\u200b"}:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(letter)
        buffer.guess_segment_properties()
        uharfbuzz.shape(_font("Regular"), buffer, {})
        assert buffer.glyph_infos[0].codepoint != 0, letter


def test_words_are_fitted() -> None:
    kind = Type("Bold", 22)
    smaller, lines = fitted("một hai ba bốn năm sáu bảy tám", kind, 40, 2)
    assert len(lines) <= 2
    assert smaller.size < kind.size
    assert all(width_of(one, smaller) <= 40 for one in lines)
    assert fitted("", kind, 40, 2)[1] == []
    assert line("A", kind, 0, 0).steps[0].kind == "M"


CELL = 8
"""pixels of a module in the trials"""
MARK = 7 * CELL


def symbol(address: str) -> tuple[Image.Image, int]:
    """The symbol with its quiet zone, and its side in pixels without."""
    rows = np.array(symbol_rows(address))
    drawn = np.pad(np.kron(1 - rows, np.ones((CELL, CELL))), 4 * CELL, constant_values=1)
    return Image.fromarray((drawn * 255).astype(np.uint8)), len(rows) * CELL


def covers_a_mark(box: tuple[float, float, float, float], side: float) -> bool:
    x, y, width, height = box
    return any(
        x < left + MARK and x + width > left and y < top + MARK and y + height > top
        for left, top in ((0, 0), (side - MARK, 0), (0, side - MARK))
    )


def damaged(image: Image.Image, side: float, seed: int, *, marks: bool) -> Image.Image:
    """15 % of the symbol's area destroyed by a black or white blot, square or oblong, anywhere; on a corner mark only where ``marks``."""
    rng = random.Random(seed)
    width = (0.15 * side * side * rng.choice((1, 1, 1.6, 1 / 1.6))) ** 0.5
    height = 0.15 * side * side / width
    while True:
        x, y = rng.uniform(0, side - width), rng.uniform(0, side - height)
        if marks or not covers_a_mark((x, y, width, height), side):
            break
    drawn = image.copy()
    corner = 4 * CELL
    ImageDraw.Draw(drawn).rectangle((corner + x, corner + y, corner + x + width, corner + y + height), fill=rng.choice((0, 255)))
    return drawn


def trials(address: str, *, marks: bool) -> int:
    """How many of 100 damaged symbols are read."""
    image, side = symbol(address)
    return sum(read(damaged(image, side, seed, marks=marks)) == [address] for seed in range(100))


@pytest.mark.parametrize("address", [SIGN.address, "https://di-tich.danang.gov.vn/q/1kg99nv"])
def test_every_symbol_is_read_with_15_percent_of_its_area_destroyed_in_a_blot(address: str) -> None:
    assert trials(address, marks=False) == 100


def test_so_are_nearly_all_of_a_very_long_address() -> None:
    assert trials(f"https://{'a' * 45}.example/q/1kg99nv", marks=False) >= 95


def test_most_are_read_even_where_the_blot_may_lie_on_a_corner_mark() -> None:
    assert trials(SIGN.address, marks=True) >= 75


def test_the_symbol_is_of_the_highest_level_and_fits_any_address() -> None:
    for address, side in ((SIGN.address, 45), (f"https://{'a' * 100}.example/q/1kg99nv", 61)):
        rows = symbol_rows(address)
        assert len(rows) == side
        # the two modules beside the upper left corner mark that name the level (ISO/IEC 18004, 7.9): mask 10101 over 10 is level H
        assert (rows[8][0], rows[8][1]) == (0, 0)


def test_a_sign_prints_what_people_type() -> None:
    label = Label("1kg99nv", ARK, LabelPlace.SCENE, LocalText(vi="Cổng"), "2026-11-23", practice=True)
    sign = sign_for(label, address="https://ditich.example.vn/", name=NAME, archive="A")
    assert sign.printed == "ditich.example.vn/q/1kg99nv"
