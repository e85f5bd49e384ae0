"""Citations to save: each format by its own grammar, and no word of a record that leaves its field."""

import json
import re

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import PAPER, SLUG
from tests.viewer.builders import EVIL, ODD, Visitor
from viewer.citations import Reference, bibtex, csl, ris

BARE = Reference("dt1", "Mái", "", (), "Đình", "ark:99999/dt1", "https://x.example/ark:99999/dt1", "")
FULL = Reference("dt1", "Mái {đình}\\", "Trần A", (2026, 3), "Đình", "ark:99999/dt1", "https://x.example/ark:99999/dt1", "CC0")


def test_bibtex_has_its_fields_and_braces_stay_balanced() -> None:
    assert "title = {{Mái đình}}" in bibtex(FULL)
    assert "year = {{2026}}" in bibtex(FULL)
    assert "author" not in bibtex(BARE)
    for reference in (BARE, FULL):
        assert bibtex(reference).count("{") == bibtex(reference).count("}")


def test_ris_is_a_tag_a_line_with_what_is_known() -> None:
    lines = ris(FULL).split("\r\n")
    assert (lines[0], lines[-2:]) == ("TY  - GEN", ["ER  - ", ""])
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
    assert "DA  - 2026/03//" in lines
    assert "PY  -" not in ris(BARE)


def test_csl_is_one_item() -> None:
    (item,) = json.loads(csl(FULL))
    assert item["issued"] == {"date-parts": [[2026, 3]]}
    assert item["author"] == [{"literal": "Trần A"}]
    assert "issued" not in json.loads(csl(BARE))[0]


def test_every_object_offers_its_citation_as_files(visitor: Visitor) -> None:
    page = visitor.get(f"/vi/{SLUG}/{identifier_of(PAPER)}").text
    for form, kind in (("bib", "x-bibtex"), ("ris", "x-research-info-systems"), ("json", "csl+json")):
        address = f"/vi/{SLUG}/{identifier_of(PAPER)}/citation.{form}"
        assert f'href="{address}"' in page
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert kind in answer.headers["content-type"]
        assert answer.headers["content-disposition"].startswith("attachment")
        assert PAPER in answer.text
    assert visitor.get(f"/vi/{SLUG}/{identifier_of(PAPER)}/citation.exe").status_code == 404


def test_words_that_try_to_break_out_stay_in_their_field(visitor: Visitor) -> None:
    assert EVIL
    text = visitor.get(f"/en/{SLUG}/{identifier_of(ODD)}/citation.bib").text
    assert text.count("{") == text.count("}")
    assert json.loads(visitor.get(f"/en/{SLUG}/{identifier_of(ODD)}/citation.json").text)[0]["title"]
