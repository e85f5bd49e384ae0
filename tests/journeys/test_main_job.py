"""The main job on the small rehearsal: from the officer's folder to a publication, through the commands a user types."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue import open_catalogue
from archive.home import open_home
from tests.journeys.ditich_command import document, found_site, said

pytestmark = pytest.mark.timeout(600)
"""The rehearsal, the ingest and the derivatives are made once, before whichever test comes first."""

IN_ANOTHER_YEAR = """
import datetime, sys, time
shift = 10 * 365 * 86400
clock = time.time
time.time = lambda: clock() + shift
class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(clock() + shift, tz)
import pipeline.rebuild
pipeline.rebuild.datetime = Later
from pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass(frozen=True)
class Archive:
    home: Path
    deposit: Path
    truth: dict[str, Any]
    checked: dict[str, Any]
    ingested: dict[str, Any]
    published: dict[str, Any]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("main-job")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(place / "configuration"))
        patch.setenv("DITICH_LANG", "en")
        yield place


@pytest.fixture(scope="module")
def archive(environment: Path) -> Archive:
    home, deposit = environment / "home", environment / "card"
    document("rehearse", deposit, "--small")
    found_site(home, environment / "site")
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    checked = document("check", deposit, "--site", "mau", "--home", home, code=1)
    written = {path for path in home.rglob("*") if before.get(path) != path.stat().st_mtime_ns}
    assert not [path for path in written if "storage" in path.parts or "ledger" in path.parts or "incoming" in path.parts]
    ingested = document("ingest", deposit, "--site", "mau", "--survey", "Rehearsal", "--home", home, code=1)
    assert not document("publish", "mau", "--dry-run", "--home", home)["published"]
    published = document("publish", "mau", "--yes", "--home", home)["sites"][0]
    truth = json.loads((deposit.with_name("card.truth.json")).read_text(encoding="utf-8"))
    return Archive(home, deposit, truth, checked, ingested, published)


@pytest.fixture
def home(archive: Archive, tmp_path: Path) -> Path:
    """A copy of the archive, for a test that changes it."""
    return Path(shutil.copytree(archive.home, tmp_path / "home"))


def fates(report: dict[str, Any]) -> dict[str, str]:
    return {line["path"]: line["fate"] for line in report["lines"]}


def test_a_dry_run_says_what_ingest_does(archive: Archive) -> None:
    assert fates(archive.checked) == fates(archive.ingested)


def test_every_file_of_the_card_has_a_fate(archive: Archive) -> None:
    files = {path.relative_to(archive.deposit).as_posix() for path in archive.deposit.rglob("*") if path.is_file()}
    assert set(fates(archive.ingested)) == files
    assert "archived" in fates(archive.ingested).values()


def test_the_planted_faults_are_found_where_they_are(archive: Archive) -> None:
    faults = {fault["kind"]: fault for fault in archive.truth["faults"]}
    found = {(finding["code"], finding["path"]) for finding in archive.ingested["findings"]}
    assert ("unreadable-or-truncated", faults["truncated"]["path"]) in found
    assert fates(archive.ingested)[faults["truncated"]["path"]] == "refused"
    assert {("exact-duplicate", faults["duplicate"][name]) for name in ("path", "of")} & found


def test_the_card_may_be_taken_out_but_not_erased(archive: Archive) -> None:
    page = Path(archive.ingested["page"]).read_text(encoding="utf-8")
    assert "You may take the card out. Do not erase it: there is one copy." in page
    assert archive.ingested["read_back"] == "matched"


def test_the_same_folder_again_is_already_there(archive: Archive, home: Path) -> None:
    again = document("ingest", archive.deposit, "--site", "mau", "--home", home, code=1)
    assert "archived" not in set(fates(again).values()) - {"already-archived"}
    assert again["deposit"] == archive.ingested["deposit"]


def test_publish_says_what_it_shows_then_search_and_show_find_it(archive: Archive, home: Path) -> None:
    published = archive.published
    assert len(published["will_show"]) == len(archive.ingested["assets"])
    assert published["findings"] == []
    again = document("publish", "mau", "--yes", "--home", home)["sites"][0]
    assert (again["generation"], again["changed"]) == (published["generation"], False)
    hit = document("search", "gieng", "--home", home)["hits"][0]
    shown = document("show", hit["ark"], "--home", home)
    assert shown["record"]["ark"] == hit["ark"]
    assert any(file["path"].startswith("original/") for file in shown["files"])


def test_everything_disposable_is_made_again_the_same(home: Path) -> None:
    same = {part["part"]: part for part in document("rebuild", "--home", home)["parts"]}
    assert all(part["different"] == [] and part["made"] == [] for part in same.values()), same
    for name in ("derivatives", "publications"):
        shutil.rmtree(home / name)
    (home / "catalogue.sqlite").unlink()
    made = {part["part"]: part for part in document("rebuild", "--home", home)["parts"]}
    assert all(len(made[name]["made"]) == same[name]["same"] for name in same)


def test_rebuilt_elsewhere_it_is_the_same(home: Path, tmp_path: Path) -> None:
    """Another path, locale, time zone, number of processors and year."""
    with open_catalogue(open_home(home)) as catalogue:
        before = catalogue.dump()
    elsewhere = tmp_path / "một nơi khác" / "archive"
    shutil.copytree(home, elsewhere)
    for name in ("derivatives", "publications"):
        shutil.rmtree(elsewhere / name)
    (elsewhere / "catalogue.sqlite").unlink()
    one_processor = {min(os.sched_getaffinity(0))}
    done = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_YEAR, "rebuild", "--home", str(elsewhere)],
        env={**os.environ, "LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Auckland", "NUMBA_NUM_THREADS": "1", "PYTHONHASHSEED": "7"},
        preexec_fn=lambda: os.sched_setaffinity(0, one_processor),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with open_catalogue(open_home(elsewhere)) as catalogue:
        assert catalogue.dump() == before
    for name in ("derivatives", "publications"):
        assert digests(elsewhere / name) == digests(home / name)


def test_a_round_trip_through_a_bag_gives_the_same_archive_elsewhere(archive: Archive, home: Path, tmp_path: Path) -> None:
    photo = next(asset["ark"] for asset in archive.ingested["assets"] if asset["kind"] == "photo")
    document("edit", photo, "title@vi=Tên khác", "--yes", "--home", home)
    exported = document("export", "mau", tmp_path / "site.zip", "--as", "zip", "--home", home)
    other = tmp_path / "other"
    document("init", "--home", other, "--name", "Another archive")
    assert document("import", tmp_path / "site.zip", "--home", other)["mismatches"] == []
    arks = [one["ark"] for one in exported["objects"]]
    assert len(arks) == len(archive.ingested["assets"]) + 2
    for ark in arks:
        here, there = (document("show", ark, "--home", place) for place in (home, other))
        assert here == there
    assert digests(other / "storage") == digests(home / "storage")
    with open_catalogue(open_home(home)) as one, open_catalogue(open_home(other)) as two:
        assert one.dump() == two.dump()
    assert document("audit", "--algorithm", "sha512", "--home", other)["problems"] == []
    published = document("publish", "mau", "--yes", "--home", other)["sites"][0]
    assert published["will_show"] == archive.published["will_show"]
    assert published["findings"] == []
    assert document("search", "gieng", "--home", other)["hits"] == document("search", "gieng", "--home", home)["hits"]


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_edit_withdraw_and_restore_are_new_versions(archive: Archive, home: Path) -> None:
    photo = next(asset["ark"] for asset in archive.ingested["assets"] if asset["kind"] == "photo")
    assert len(document("edit", photo, "title@vi=Tên khác", "--yes", "--home", home)["versions"]) == 1
    assert document("edit", photo, "title@vi=Tên khác", "--yes", "--home", home)["versions"] == []
    document("withdraw", photo, "--reason", "test", "--yes", "--home", home)
    hidden = document("publish", "mau", "--dry-run", "--home", home)["sites"][0]["will_not_show"]
    assert [one["ark"] for one in hidden] == [photo]
    document("restore", photo, "--yes", "--home", home)
    assert document("publish", "mau", "--dry-run", "--home", home)["sites"][0]["will_not_show"] == []
    assert document("edit", photo, "colour=red", "--yes", "--home", home, code=1)["versions"] == []


def test_audit_is_clean_and_a_flipped_byte_is_named(home: Path) -> None:
    assert document("audit", "--home", home)["problems"] == []
    victim = next(path for path in sorted((home / "storage").rglob("original/**/*.jpg")))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.chmod(0o644)
    victim.write_bytes(content)
    problems = document("audit", "--home", home, code=1)["problems"]
    assert [problem["path"] for problem in problems if problem["path"].endswith(victim.name)]
    assert document("status", "--home", home, code=1)["damaged"] == 1
    code, printed = said("audit", "--home", home, "--algorithm", "sha512")
    assert code == 1
    assert victim.name in printed


def test_status_nags_about_the_second_location(archive: Archive) -> None:
    _, printed = said("status", "--home", archive.home)
    assert "only one copy" in printed


def test_undo_withdraws_what_the_deposit_created(archive: Archive, home: Path) -> None:
    undone = document("undo", archive.ingested["deposit"], "--yes", "--home", home)
    assert {one["ark"] for one in undone["amendments"]} == {asset["ark"] for asset in archive.ingested["assets"]}
    assert document("publish", "mau", "--dry-run", "--home", home)["sites"][0]["will_show"] == []
