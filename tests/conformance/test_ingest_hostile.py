"""Hostile files as a deposit: Ditich does not crash, every file is archived or refused with a reason, and the archive stays whole."""

from pathlib import Path

import pytest

from archive.access import list_objects
from archive.home import open_home
from tests.archive.builders import oracle_accepts, sha512sum_accepts
from tests.journeys.ditich_command import document, found_site

pytestmark = pytest.mark.timeout(400)
FATES = {"archived", "already-archived", "refused", "describes"}


def test_every_hostile_file_has_a_fate(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    home = tmp_path / "home"
    found_site(home, tmp_path / "site")
    report = document("ingest", corpus / "hostile", "--site", "mau", "--home", home, code=1)
    files = {path.relative_to(corpus / "hostile").as_posix() for path in (corpus / "hostile").rglob("*") if path.is_file()}
    fates = {line["path"]: line["fate"] for line in report["lines"]}
    assert set(fates) == files
    assert set(fates.values()) <= FATES
    refused = {path for path, fate in fates.items() if fate == "refused"}
    explained = {line["path"] for line in report["lines"] if line["findings"]}
    assert refused
    assert refused <= explained
    assert report["read_back"] == "matched"
    opened = open_home(home)
    for name in list_objects(opened):
        assert oracle_accepts(opened, name)[0], name
        assert sha512sum_accepts(opened, name), name
    assert document("audit", "--home", home)["problems"] == []
    published = document("publish", "mau", "--yes", "--home", home)["sites"][0]
    assert published["will_show"]
