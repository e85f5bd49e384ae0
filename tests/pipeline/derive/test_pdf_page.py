"""The first page of a PDF becomes a picture."""

from pathlib import Path

import pypdfium2
import pytest
import pyvips

from archive.errors import UnreadableError
from pipeline.derive import pdf_page

FACTS = {"kind": "document", "nature": "survey", "formats": {"a": "pdf"}}


def write_pdf(path: Path, pages: int) -> Path:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(path)
    return path


def test_poster_and_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    made = pdf_page.make((("a", write_pdf(tmp_path / "a.pdf", 3)),), tmp_path / "out", FACTS)
    assert made.facts == {"pages": 3}
    assert [file.name for file in made.files] == ["poster.avif", "poster.jpg", "thumbnail.avif", "thumbnail.jpg"]
    poster = pyvips.Image.new_from_file(str(tmp_path / "out" / "poster.jpg"))
    assert (poster.width, poster.height) in {(905, 1280), (904, 1280)}
    assert poster.avg() == 255


def test_a_simulated_document_says_so(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    pdf_page.make((("a", write_pdf(tmp_path / "a.pdf", 1)),), tmp_path / "out", FACTS | {"nature": "simulated"})
    assert pyvips.Image.new_from_file(str(tmp_path / "out" / "poster.jpg")).min() < 120


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n%%EOF\n", b"no document"])
def test_what_does_not_open_is_unreadable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(UnreadableError, match="PDF"):
        pdf_page.make((("a", tmp_path / "a.pdf"),), tmp_path, FACTS)


def test_a_document_without_pages_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        pdf_page.make((("a", write_pdf(tmp_path / "a.pdf", 0)),), tmp_path, FACTS)
