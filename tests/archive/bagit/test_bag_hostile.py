"""Bags made to harm: names that lead out only once the bag's folder is taken away, numbers and lines that cost hours, spoiled packing."""

import zipfile
from pathlib import Path

import pytest

from tests.archive.bagit.builders import codes, judged, make_bag, put
from tests.archive.bagit.test_bag_zip import entry, with_entry, zipped


@pytest.mark.parametrize("name", ["bag//tmp/evil", "bag//../evil", "bag/./data/hidden", "bag/data//hidden", "./bag/x"])
def test_a_name_with_an_empty_or_a_dotted_part_is_refused(tmp_path: Path, name: str) -> None:
    packed = zipped(make_bag(tmp_path / "bag"), tmp_path / "x.zip")
    assert ("bag-path-unsafe", name) in with_entry(packed, entry(name))


@pytest.mark.parametrize("name", ["C:/evil", "~root/evil", "%TEMP%/evil"])
def test_what_leads_out_without_the_folder_of_the_bag_is_refused(tmp_path: Path, name: str) -> None:
    packed = zipped(make_bag(tmp_path / "bag"), tmp_path / "x.zip")
    assert ("bag-path-unsafe", name) in with_entry(packed, entry(f"bag/{name}"))


def test_spoiled_lzma_is_an_unreadable_file(tmp_path: Path) -> None:
    folder = make_bag(tmp_path / "bag", {"data/long": bytes(range(256)) * 40})
    packed = zipped(folder, tmp_path / "x.zip", compression=zipfile.ZIP_LZMA)
    content = bytearray(packed.read_bytes())
    start = content.index(b"bag/data/long") + len(b"bag/data/long") + 9
    content[start : start + 12] = b"\xff" * 12
    packed.write_bytes(bytes(content))
    assert "bag-file-unreadable" in [finding.code for finding in judged(packed).findings]


@pytest.mark.parametrize("stated", ["9" * 5000 + ".1", "1." + "9" * 5000, "1." + "9" * 21])
def test_a_sum_of_thousands_of_digits_is_wrong_and_no_more(bag: Path, stated: str) -> None:
    put(bag, "bag-info.txt", f"Payload-Oxum: {stated}\n".encode())
    assert "bag-oxum-differs" in codes(bag)


def test_a_size_of_thousands_of_digits_is_no_line_to_fetch(bag: Path) -> None:
    put(bag, "fetch.txt", b"http://example.org/x " + b"9" * 5000 + b" data/empty\n")
    assert "bag-line-malformed" in codes(bag)


@pytest.mark.timeout(20)
def test_lines_of_blanks_and_endless_continuations_are_read_in_no_time(bag: Path) -> None:
    put(bag, "bag-info.txt", (b"a" + b" " * 60_000 + b"\n") * 100 + b"Note: b\n" + b" a\n" * 500_000)
    report = judged(bag)
    assert [finding.code for finding in report.findings].count("bag-info-malformed") == 100
    assert report.info[0][1].startswith("b a a")
