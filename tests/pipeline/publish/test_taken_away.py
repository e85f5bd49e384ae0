"""What is taken from the public is gone with the next request; what is opened waits until somebody publishes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import access
from archive.home import open_home
from archive.publications.read import Publications
from archive.records.publication import Resolution
from pipeline.publish.taken_away import less_taken_away, versions_published
from tests.journeys.ditich_command import document, found_site, said


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found_site(tmp_path / "home", tmp_path / "site")
    card = tmp_path / "card"
    card.mkdir()
    for name in ("one", "two", "three"):
        (card / f"{name}.txt").write_text(f"Đình mẫu: {name}.\n", encoding="utf-8")
    document("ingest", card, "--site", "mau", "--home", tmp_path / "home")
    return tmp_path / "home"


def arks(home: Path) -> list[str]:
    archive = open_home(home)
    return sorted(one for one in access.list_objects(archive) if access.record_kind(archive, one) == "asset")


def shown(home: Path) -> list[str]:
    return sorted(asset.ark for asset in Publications(home / "publications").site("mau").assets)


def test_what_is_withdrawn_is_gone_at_once_and_what_was_opened_meanwhile_waits(home: Path) -> None:
    first, second, third = arks(home)
    document("edit", third, "access=restricted", "--yes", "--home", home)
    document("publish", "mau", "--yes", "--home", home)
    assert shown(home) == [first, second]
    assert document("edit", third, "access=public", "title@en=Opened", "--yes", "--home", home)["published"] == []
    document("edit", second, "title@en=Renamed", "--yes", "--home", home)

    served = Publications(home / "publications")
    assert served.resolve(first) is not None
    done = document("withdraw", first, "--reason", "Ông Bảy asked for it", "--yes", "--home", home)
    assert done["published"] == [{"slug": "mau", "generation": 2}]
    assert shown(home) == [second]
    found = served.resolve(first)  # the server that was running all the time
    assert found is not None
    assert (found[1].resolution, found[1].since) == (Resolution.WITHDRAWN, datetime.now(UTC).date().isoformat())
    everything = b"".join(path.read_bytes() for path in (home / "publications").rglob("*") if path.is_file())
    assert b"asked for it" not in everything
    assert b"Opened" not in everything
    assert b"Renamed" not in everything

    document("restore", first, "--yes", "--home", home)
    assert document("withdraw", second, "--reason", "x", "--yes", "--home", home)["published"] == [{"slug": "mau", "generation": 3}]
    assert shown(home) == []
    document("publish", "mau", "--yes", "--home", home)
    assert shown(home) == [first, third]


@pytest.mark.parametrize("change", ["access=restricted", "access=reduced", "location_access=restricted", "rights=unknown"])
def test_whatever_shows_less_is_published_anew_by_itself(home: Path, change: str) -> None:
    document("publish", "mau", "--yes", "--home", home)
    first = arks(home)[0]
    assert Publications(home / "publications").asset("mau", first.rpartition("/")[2]).downloads
    assert document("edit", first, change, "--yes", "--home", home)["published"] == [{"slug": "mau", "generation": 2}]
    left = [one for one in Publications(home / "publications").site("mau").assets if one.ark == first]
    assert [one.downloads for one in left] == ([] if change == "access=restricted" else [()])


def test_a_site_that_is_closed_is_closed_at_once(home: Path, tmp_path: Path) -> None:
    document("publish", "mau", "--yes", "--home", home)
    folder = tmp_path / "site"
    written = (folder / "site.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(written.replace('level = "public"', 'level = "restricted"', 1), encoding="utf-8")
    code, printed = said("site", "save", folder, "--home", home)
    assert code == 0
    assert "generation 2" in printed
    assert "cannot be recalled" in printed
    assert Publications(home / "publications").sites() == ()


def test_nothing_is_published_that_never_was(home: Path) -> None:
    first = arks(home)[0]
    archive = open_home(home)
    assert versions_published(archive, access.site_ark(archive, "mau")) == {}
    assert document("withdraw", first, "--reason", "x", "--yes", "--home", home)["published"] == []
    assert not list((home / "publications").glob("*"))
    document("publish", "mau", "--yes", "--home", home)
    assert less_taken_away(open_home(home), access.site_ark(archive, "mau")) is None


@pytest.mark.parametrize("command", [["withdraw", "{ark}", "--reason", "x"], ["edit", "{ark}", "title@en=x"], ["publish", "mau"]])
def test_without_anybody_there_nothing_is_agreed_to(home: Path, command: list[str]) -> None:
    ark = arks(home)[0]
    failed = document(*(word.format(ark=ark) for word in command), "--home", home, code=3)
    assert "--yes" in failed["error"]["advice"]
    assert access.head_of(open_home(home), ark) == "v1"
    assert not list((home / "publications").glob("*"))
