"""What the judge says of the files of bags: links, unreadable ones, names that some systems cannot keep apart."""

import os
import unicodedata
from pathlib import Path

import pytest

from archive.bagit.notes import MOST_OF_A_KIND
from archive.bagit.report import Wishes
from archive.bagit.source import BagFolder
from archive.bagit.validate import validate_bag
from archive.errors import UnreadableError
from archive.findings import Severity
from tests.archive.bagit.builders import FILES, codes, judged, listed, make_bag, oracle_accepts, put, relist

NFC, NFD = (unicodedata.normalize(form, "data/Thạch.jpg") for form in ("NFC", "NFD"))


def test_links_and_devices_are_refused_and_not_opened(bag: Path, tmp_path: Path) -> None:
    put(tmp_path, "secret", b"one")
    (bag / "data/ảnh 1.jpg").unlink()
    (bag / "data/ảnh 1.jpg").symlink_to(tmp_path / "secret")
    (bag / "data/loop").symlink_to(bag)
    os.mkfifo(bag / "data/pipe")
    found = {(finding.code, finding.path) for finding in judged(bag).findings}
    assert {("bag-link", path) for path in ("data/ảnh 1.jpg", "data/loop", "data/pipe")} <= found
    assert ("bag-file-missing", "data/ảnh 1.jpg") in found


def test_a_data_folder_that_is_a_link(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", {}, tags=False)
    (bag / "data").rmdir()
    (bag / "data").symlink_to(tmp_path)
    assert {"bag-link", "bag-payload-missing"} <= set(codes(bag))


class Losing(BagFolder):
    """A folder whose disk fails for one file, in one of three ways."""

    def __init__(self, root: Path, path: str, how: str) -> None:
        super().__init__(root)
        self.path, self.how = path, how

    def open(self, path: str, *, from_device: bool = False):  # type: ignore[no-untyped-def]  # noqa: ANN201
        if path == self.path:
            if self.how == "grown":
                put(self.root, path, b"longer than before")
            else:
                (self.root / path).unlink()
        return super().open(path, from_device=from_device)


@pytest.mark.parametrize("path", ["bagit.txt", "manifest-sha512.txt", "data/b/two.txt"])
def test_what_cannot_be_read_is_named(bag: Path, path: str) -> None:
    report = validate_bag(Losing(bag, path, "gone"))
    assert ("bag-file-unreadable", path) in [(finding.code, finding.path) for finding in report.findings]


def test_a_file_that_grows_while_it_is_read(bag: Path) -> None:
    report = validate_bag(Losing(bag, "data/b/two.txt", "grown"))
    assert ("bag-file-unreadable", "data/b/two.txt") in [(finding.code, finding.path) for finding in report.findings]


def test_a_folder_that_cannot_be_listed(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = os.scandir

    def refusing(path: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
        if str(path).endswith("/b/"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert ("bag-file-unreadable", "data/b/") in [(finding.code, finding.path) for finding in judged(bag).findings]


def test_without_page_cache_control_it_reads_all_the_same(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "posix_fadvise")
    assert judged(bag, from_device=True).valid


def test_opening_a_link_is_refused(bag: Path) -> None:
    (bag / "link").symlink_to(bag / "bagit.txt")
    with pytest.raises(UnreadableError):
        BagFolder(bag).open("link")


def test_names_that_other_systems_cannot_keep_apart(tmp_path: Path) -> None:
    bag = make_bag(tmp_path, {NFC: b"a", NFD: b"b", "data/A.txt": b"", "data/a.TXT": b"", "data/back\\slash": b""})
    report = judged(bag)
    assert report.valid
    assert [finding.code for finding in report.findings] == ["bag-names-alike", "bag-names-alike", "bag-backslash"]
    assert oracle_accepts(bag)


@pytest.mark.parametrize("twin", ["data/EMPTY", "data/Empty"])
def test_a_missing_twin_is_forgiven_only_leniently(bag: Path, twin: str) -> None:
    relist(bag, listed(FILES | {twin: b""}))
    put(bag, "bag-info.txt", b"Payload-Oxum: 14.4\n")
    assert not judged(bag).valid
    report = judged(bag, conformance_suite=True)
    assert report.valid
    warned = {finding.code for finding in report.findings if finding.severity is Severity.WARN}
    assert warned == {"bag-file-missing-twin", "bag-names-alike"}
    assert report.warnings == 2
    put(bag, "bag-info.txt", b"Payload-Oxum: 14.9\n")
    assert not judged(bag, conformance_suite=True).valid


def test_a_missing_file_with_another_digest_has_no_twin(bag: Path) -> None:
    relist(bag, listed(FILES | {"data/EMPTY": b"other"}))
    assert not judged(bag, conformance_suite=True).valid


def test_leavings_of_operating_systems(tmp_path: Path) -> None:
    files = FILES | {"data/Thumbs.db": b"t", "data/b/._two.txt": b""}
    bag = make_bag(tmp_path, files, tags=False)
    assert codes(bag) == ["bag-system-file", "bag-system-file", "bag-tag-manifest-missing"]
    (bag / "data/Thumbs.db").unlink()
    assert codes(bag)[0] == "bag-file-missing"
    assert judged(bag, conformance_suite=True).valid


def test_a_thousand_of_a_kind_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    bag = make_bag(tmp_path, tags=False)
    relist(bag, listed(FILES | {f"data/gone/{number}": b"" for number in range(MOST_OF_A_KIND + 5)}))
    report = judged(bag)
    assert sum(finding.code == "bag-file-missing" for finding in report.findings) == MOST_OF_A_KIND
    (rest,) = (finding for finding in report.findings if finding.code == "bag-and-more")
    assert "5" in rest.sentence["en"]


def test_every_fault_speaks_three_languages() -> None:
    from archive.bagit import faults
    from archive.exchange import faults as others

    found = [one for module in (faults, others) for one in vars(module).values() if isinstance(one, faults.Fault)]
    assert len({one.code for one in found}) == len(found)
    values = dict.fromkeys(
        ("version", "encoding", "algorithm", "algorithms", "number", "what", "where", "name", "count", "url", "kind"), "x"
    )
    values |= dict.fromkeys(("stated", "found", "ark", "here", "there", "slug", "site"), "x")
    for one in found:
        sentences = one.at("p", **values).sentence
        assert all(sentences[language] and sentences[language] != sentences["en"] for language in ("vi", "th")), one.code


def test_wishes_have_defaults() -> None:
    assert Wishes() == Wishes(conformance_suite=False, keep=(), from_device=False)
