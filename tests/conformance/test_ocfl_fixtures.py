"""The official OCFL fixtures (https://github.com/OCFL/fixtures): objects of 1.0 and 1.1, named after the codes that they must raise."""

import re
from pathlib import Path

import pytest

from archive.ocfl.validate import validate_path

SPECS = ("1.0", "1.1")
COUNTS = {"good": 22, "warn": 27, "bad": 107}


def objects(corpus: Path, kind: str) -> list[Path]:
    """The objects of a kind, of both versions of the specification."""
    folders = [corpus / "ocfl-fixtures" / spec / f"{kind}-objects" for spec in SPECS]
    found = sorted(path for folder in folders for path in folder.iterdir() if path.is_dir())
    assert len(found) == COUNTS[kind]
    return found


def named(path: Path) -> set[str]:
    """The codes in an object's name."""
    return set(re.findall(r"[EW]\d{3}", path.name))


def test_good_objects_are_valid_and_silent(corpus: Path) -> None:
    judged = {path: validate_path(path) for path in objects(corpus, "good")}
    assert {path.name: found.findings for path, found in judged.items() if found.findings or not found.valid} == {}
    assert all(found.kind == "object" and found.objects == 1 for found in judged.values())


def test_objects_with_warnings_are_valid_and_raise_exactly_those(corpus: Path) -> None:
    judged = {path: validate_path(path) for path in objects(corpus, "warn")}
    assert {path.name: found.codes for path, found in judged.items() if set(found.codes) != named(path) or not found.valid} == {}


def test_bad_objects_are_refused_with_every_code_they_are_named_for(corpus: Path) -> None:
    judged = {path: validate_path(path) for path in objects(corpus, "bad")}
    assert {path.name: found.codes for path, found in judged.items() if not named(path) <= set(found.codes) or found.valid} == {}


@pytest.mark.parametrize("spec", SPECS)
def test_the_folder_of_the_fixtures_themselves_is_no_storage_root(corpus: Path, spec: str) -> None:
    found = validate_path(corpus / "ocfl-fixtures" / spec / "good-objects")
    assert (found.kind, found.codes) == ("root", ("E037", "E069", "E076", "E083"))
    assert found.objects == len([path for path in objects(corpus, "good") if path.parts[-3] == spec])
