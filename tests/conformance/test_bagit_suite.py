"""The BagIt conformance suite of the Library of Congress: our verdicts and warnings, with bagit-python's score beside ours."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.bagit.report import Wishes
from archive.bagit.source import open_bag
from archive.bagit.validate import validate_bag
from archive.findings import Severity
from tests.archive.bagit.builders import oracle_accepts

ACCEPTED = {"valid", "warning"}
EXPECTED_WARNINGS = {
    "duplicate-file-with-different-case": "bag-names-alike",
    "made-with-md5sum-tools": "bag-md5sum-star",
    "relative-path": "bag-leading-dot-slash",
    "same-filename-listed-twice-with-different-normalization": "bag-names-alike",
    "same-filename-listed-twice-with-the-same-hash": "bag-listed-twice",
    "special-system-files": "bag-system-file",
}
LISTS_WHAT_IS_NOT_THERE = {
    "duplicate-file-with-different-case",
    "same-filename-listed-twice-with-different-normalization",
    "special-system-files",
}
"""warning bags that name a file which cannot be there on a disk that keeps such names apart"""


@dataclass(frozen=True)
class Case:
    folder: Path

    @property
    def kind(self) -> str:
        return self.folder.parent.name

    @property
    def right(self) -> bool:
        """Whether the suite wants it accepted."""
        return self.kind in ACCEPTED

    def accepted(self, *, lenient: bool = False) -> bool:
        return validate_bag(open_bag(self.folder), Wishes(conformance_suite=lenient)).valid


@pytest.fixture(scope="module")
def cases(corpus: Path) -> list[Case]:
    found = [Case(folder) for folder in sorted((corpus / "bagit-suite").glob("v*/*/*"))]
    assert len(found) == 60
    return found


@pytest.fixture(scope="module")
def linux(cases: list[Case]) -> list[Case]:
    found = [case for case in cases if case.kind != "windows-only"]
    assert len(found) == 54
    return found


def test_verdicts_on_linux(linux: list[Case], record_property: pytest.Function) -> None:
    strict = {case.folder.name for case in linux if case.accepted() != case.right}
    lenient = {case.folder.name for case in linux if case.accepted(lenient=True) != case.right}
    oracle = {case.folder.name for case in linux if oracle_accepts(case.folder) != case.right}
    record_property(  # type: ignore[operator]  # pytest's own function
        "proof",
        f"BagIt conformance suite, {len(linux)} bags of Linux: Ditich {54 - len(strict)} strictly, {54 - len(lenient)} with"
        f" --conformance-suite; bagit-python {54 - len(oracle)}",
    )
    assert strict == LISTS_WHAT_IS_NOT_THERE
    assert lenient == set()


def test_windows_bags_are_refused_everywhere(cases: list[Case], record_property: pytest.Function) -> None:
    windows = [case for case in cases if case.kind == "windows-only"]
    refused = sum(not case.accepted(lenient=True) for case in windows)
    by_oracle = sum(not oracle_accepts(case.folder) for case in windows)
    record_property("proof", f"BagIt conformance suite, Windows-only bags refused: Ditich {refused}/6, bagit-python {by_oracle}/6")  # type: ignore[operator]
    assert refused == 6


def test_every_warning_is_given(cases: list[Case], record_property: pytest.Function) -> None:
    given = {}
    for case in cases:
        if case.kind == "warning":
            report = validate_bag(open_bag(case.folder))
            given[case.folder.name] = {finding.code for finding in report.findings if finding.severity is Severity.WARN}
    right = sum(EXPECTED_WARNINGS[name] in found for name, found in given.items())
    record_property("proof", f"BagIt conformance suite, warning bags whose warning is given: {right}/6")  # type: ignore[operator]
    assert right == len(given) == 6


def test_valid_bags_give_no_warning_but_for_their_encoding_and_dot_slash(cases: list[Case]) -> None:
    known = {"bag-encoding-not-utf8", "bag-leading-dot-slash"}
    for case in cases:
        if case.kind == "valid":
            report = validate_bag(open_bag(case.folder))
            assert {finding.code for finding in report.findings if finding.severity is Severity.WARN} <= known, case.folder


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("v0.97/invalid/corrupt-data-file", "bag-file-changed"),
        ("v0.97/invalid/corrupt-tag-file", "bag-file-changed"),
        ("v0.97/invalid/extra-file-in-bag", "bag-file-not-listed"),
        ("v0.97/invalid/missing-baginfo", "bag-file-missing"),
        ("v0.97/invalid/missing-bagit.txt", "bag-declaration-missing"),
        ("v0.97/invalid/bom-in-bagit.txt", "bag-declaration-malformed"),
        ("v0.97/invalid/invalid-version-number", "bag-version-unknown"),
        ("v0.97/invalid/same-filename-listed-twice-with-different-hashes", "bag-listed-differently"),
        ("v1.0/invalid/same-filename-listed-twice-with-the-same-hash", "bag-listed-twice-refused"),
        ("v1.0/invalid/notAllManifestsListAllFiles", "bag-file-not-listed"),
        ("v1.0/invalid/bagit-with-invalid-whitespace", "bag-declaration-malformed"),
        ("v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username-for-fetch", "bag-path-unsafe"),
    ],
)
def test_invalid_bags_are_refused_for_their_own_fault(corpus: Path, name: str, code: str) -> None:
    report = validate_bag(open_bag(corpus / "bagit-suite" / name))
    assert code in {finding.code for finding in report.findings if finding.severity is Severity.REFUSE}
