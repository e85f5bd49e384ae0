import unicodedata

import pytest

from archive.records.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đình Thạc Gián", "dinh thac gian"),
        ("NGHĨA TRỦNG Phước Ninh", "nghia trung phuoc ninh"),
        ("วัดพระแก้ว", "วัดพระแก้ว"),
        ("ប្រាសាទ", "ប្រាសាទ"),
        ("Đá số 12 – Ü", "da so 12 – u"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(folded) == folded
