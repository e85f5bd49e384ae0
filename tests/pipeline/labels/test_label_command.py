"""``ditich label`` and ``ditich links`` as an officer gives them: codes for ever, words that help, stories instead of dead ends."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from archive.home import save_config
from archive.records.label import LABELS, LabelPlace
from archive.records.text import LocalText
from pipeline.labels.register import read_register
from tests.journeys.conftest import serving
from tests.pipeline.labels.label_builders import Office, office_at

HERE = ("--practice", "--address", "https://tour.example/")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    return office_at(tmp_path)


def ark(office: Office, name: str) -> str:
    return office.assets[name].ark


def test_the_sign_of_a_site_is_printed_and_printing_again_gives_the_same_code(office: Office, tmp_path: Path) -> None:
    first = office.document("label", "dinh-thu", *HERE, "--out", tmp_path / "signs")
    code = first["labels"][0]["code"]
    assert first["labels"][0]["address"] == f"https://tour.example/q/{code}"
    assert {path.name for path in (tmp_path / "signs").iterdir()} == {f"dinh-thu-{code}.pdf", f"dinh-thu-{code}.svg"}
    again = office.document("label", "dinh-thu", *HERE, "--out", tmp_path / "signs")
    assert (again["labels"], again["new"], again["version"]) == (first["labels"], 0, first["version"])
    _, words = office.said("label", "dinh-thu", *HERE, "--out", tmp_path / "signs")
    assert f"Sign {code} – dinh-thu: " in words
    assert "Signs: 1, of them new: 0." in words
    assert "ditich publish dinh-thu" in words


def test_scenes_by_title_or_id_and_assets_by_ark_or_id(office: Office, tmp_path: Path) -> None:
    gate, roof = office.assets["gate"], office.assets["roof"]
    wanted = ["--scene", "Sân", "--scene", gate.ark.rpartition("/")[2], "--asset", roof.ark, "--asset", gate.ark.rpartition("/")[2]]
    made = office.document("label", "dinh-thu", *HERE, "--out", tmp_path, *wanted)
    assert [one["ark"] for one in made["labels"]] == [ark(office, "yard"), gate.ark, roof.ark, gate.ark]
    assert [label.place for label in read_register(office.home, office.site.ark).labels] == [
        LabelPlace.SCENE, LabelPlace.SCENE, LabelPlace.ASSET, LabelPlace.ASSET,
    ]  # fmt: skip
    assert office.document("label", "dinh-thu", *HERE, "--out", tmp_path, "--all-scenes")["new"] == 0


def test_all_scenes_without_a_written_tour_are_its_panoramas(office: Office, tmp_path: Path) -> None:
    office.tour(lambda tour: replace(tour, scenes=()))
    made = office.document("label", "dinh-thu", *HERE, "--out", tmp_path, "--all-scenes")
    assert {one["ark"] for one in made["labels"]} == {ark(office, "gate"), ark(office, "yard")}
    picked = office.document("label", "dinh-thu", *HERE, "--out", tmp_path, "--scene", ark(office, "gate"))
    assert picked["new"] == 0


def test_a_site_without_scenes_says_so(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bare").mkdir()
    text = 'slug = "bare"\nnature = "survey"\n[name]\nvi = "Nhà"\n[access]\nlevel = "public"\nreason = "x"\n'
    (tmp_path / "bare/site.toml").write_text(text, encoding="utf-8")
    assert office.said("site", "save", tmp_path / "bare")[0] == 0
    assert office.said("label", "bare", *HERE, "--all-scenes")[0] == 3
    assert "has no scenes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["dinh-thu", "--practice"], 3, "ditich.toml"),
        (["dinh-thu", "--address", "https://tour.example"], 3, "https://arks.org"),
        (["dinh-thu", "--practice", "--address", "tour.example"], 3, "--address https://"),
        (["dinh-thu", *HERE, "--scene", "nowhere"], 2, "no scene or asset “nowhere”"),
        (["nowhere", *HERE], 2, "no site “nowhere”"),
        ([], 3, "ditich label dinh-thu"),
        (["--retire", "1kg99nv"], 3, "--story"),
        (["--retire", "1kg99nv", "--story", "x"], 2, "character by character"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_advice(
    office: Office, capsys: pytest.CaptureFixture[str], argv: list[str], code: int, words: str
) -> None:
    assert office.said("label", *argv)[0] == code
    assert words in capsys.readouterr().err
    assert read_register(office.home, office.site.ark).labels == ()


def test_an_asset_of_another_site_gets_no_sign_here(office: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    text = 'slug = "other"\nnature = "survey"\n[name]\nvi = "Nhà"\n[access]\nlevel = "public"\nreason = "x"\n'
    (tmp_path / "other/site.toml").write_text(text, encoding="utf-8")
    office.document("site", "save", tmp_path / "other")
    assert office.said("label", "other", *HERE, "--asset", ark(office, "roof"))[0] == 2


def test_with_a_number_of_its_own_and_an_address_in_the_settings_no_option_is_needed(office: Office, tmp_path: Path) -> None:
    save_config(office.home, replace(office.home.config, naan="12345", address="https://di-tich.example.vn/"))
    made = office.document("label", "dinh-thu", "--out", tmp_path)
    assert made["labels"][0]["address"].startswith("https://di-tich.example.vn/q/")
    assert made["practice"] is False
    assert not read_register(office.home, office.site.ark).labels[0].practice


def test_signs_issued_meanwhile_do_not_disturb_an_edited_folder_and_outlive_it(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    text = 'slug = "nha"\nnature = "survey"\n[name]\nvi = "Nhà"\n[access]\nlevel = "public"\nreason = "x"\n'
    (folder / "site.toml").write_text(text, encoding="utf-8")
    saved = office.document("site", "save", folder)
    office.document("label", "nha", *HERE, "--out", tmp_path)
    (folder / "site.toml").write_text(text.replace("Nhà", "Nhà cổ"), encoding="utf-8")
    office.document("site", "save", folder)
    assert [label.ark for label in read_register(office.home, saved["ark"]).labels] == [saved["ark"]]
    office.document("site", "checkout", "nha", tmp_path / "out")
    assert not (tmp_path / "out" / LABELS).exists()
    other = tmp_path / "out"
    (other / "site.toml").write_text(text.replace("Nhà", "Nhà mới"), encoding="utf-8")
    office.document("site", "save", other)
    assert office.said("site", "save", folder)[0] != 0


def test_a_retired_sign_tells_its_story_and_another_gets_a_new_code(office: Office, tmp_path: Path) -> None:
    code = office.document("label", "dinh-thu", *HERE, "--out", tmp_path)["labels"][0]["code"]
    stories = ["--story", "vi=Đã dời = xa", "--story", "en=It moved.", "--story", "Moved, in the language of the command"]
    said = office.document("label", "--retire", code.upper(), *stories)
    assert said["code"] == code
    label = read_register(office.home, office.site.ark).labels[0]
    assert label.story == LocalText(vi="Đã dời = xa", en="Moved, in the language of the command")
    assert label.retired == said["retired"]
    fresh = office.document("label", "dinh-thu", *HERE, "--out", tmp_path)["labels"][0]["code"]
    assert fresh != code
    assert "story" in office.said("label", "--retire", fresh, "--story", "again")[1]


# --- links


class _Broken(BaseHTTPRequestHandler):
    """A server that answers signs with a redirect to nothing and everything else with a fault."""

    def do_GET(self) -> None:
        self.send_response(302 if self.path.startswith("/q/") else 500)
        if self.path.startswith("/q/"):
            self.send_header("location", "/gone")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_links_on_disk_and_on_a_server(office: Office, tmp_path: Path) -> None:
    made = office.document("label", "dinh-thu", *HERE, "--out", tmp_path, "--all-scenes", "--asset", ark(office, "roof"))
    codes = [one["code"] for one in made["labels"]]
    before = office.document("links", code=1)
    assert {(fault["address"], fault["why"]) for fault in before["broken"]} == {(f"/q/{code}", "unknown") for code in codes}
    assert len(before["unpublished"]) == before["names"] == 5
    office.document("publish", "dinh-thu", "--yes")
    report = office.document("links")
    assert (report["signs"], report["broken"], report["unpublished"]) == (3, [], [])
    with serving(office.path / "publications") as address:
        assert office.document("links", "--address", address)["unanswered"] == []
        office.document("label", "--retire", codes[0], "--story", "en=It was moved.")
        assert office.document("links", "--address", address, code=1)["broken"] == [
            {"address": f"/q/{codes[0]}", "why": "story", "detail": "302"}
        ]
        assert office.document("links", code=1)["broken"][0]["why"] == "story"
        assert "its story is not public yet" in office.said("links")[1]
        office.document("publish", "dinh-thu", "--yes")
        assert office.document("links", "--address", f"{address}/")["broken"] == []
    assert office.document("links")["broken"] == []
    unanswered = office.document("links", "--address", address, code=2)
    assert len(unanswered["unanswered"]) == 8
    assert "gave no answer: 8" in office.said("links", "--address", address)[1]
    path = office.path / "publications/dinh-thu/2/publication.json"
    content = json.loads(path.read_bytes())
    content["tour"]["scenes"] = []
    path.write_text(json.dumps(content), encoding="utf-8")
    lost = office.document("links", code=1)["broken"]
    assert [(fault["address"], fault["why"]) for fault in lost] == [(f"/q/{codes[1]}", "page")]


def test_a_server_that_leads_nowhere_is_named_address_by_address(office: Office, tmp_path: Path) -> None:
    code = office.document("label", "dinh-thu", *HERE, "--out", tmp_path)["labels"][0]["code"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Broken)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        report = office.document("links", "--address", address, code=1)
        assert (f"/q/{code}", "page") in {(fault["address"], fault["why"]) for fault in report["broken"]}
        assert {fault["why"] for fault in report["broken"]} == {"page", "status"}
        words = office.said("links", "--address", address)[1]
        assert "the server answers 500" in words
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_address_of_another_kind_is_a_wrong_command(office: Office) -> None:
    assert office.said("links", "--address", "ftp://tour.example")[0] == 3


def test_many_faults_are_counted(office: Office, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from pipeline.labels.register import Target, issue

    wanted = [Target(f"{office.site.ark}{number}", LabelPlace.ASSET, LocalText()) for number in range(23)]
    issue(office.home, office.site, wanted, practice=True, now=datetime.now(UTC))
    assert "… and 3 more." in office.said("links")[1]


def test_a_damaged_register_is_damage_and_no_wall_of_letters(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office.document("label", "dinh-thu", *HERE, "--out", tmp_path)
    register = next((office.path / "storage").rglob(LABELS))
    register.chmod(0o644)
    register.write_bytes(register.read_bytes()[:-20])
    assert office.said("links")[0] == 1
    assert "ditich repair" in capsys.readouterr().err
    assert office.said("label", "dinh-thu", *HERE, "--out", tmp_path)[0] == 1


def test_files_and_lines_name_the_stop_and_odd_addresses_are_warned_of(office: Office, tmp_path: Path) -> None:
    office.document("publish", "dinh-thu", "--yes")
    made = office.document("label", "dinh-thu", *HERE, "--out", tmp_path, "--asset", ark(office, "roof"))["labels"][0]
    assert [Path(name).name for name in made["files"]] == [f"dinh-thu-mai-dinh-{made['code']}.{form}" for form in ("pdf", "svg")]
    elsewhere = ["--practice", "--address", "http://other.example", "--out", tmp_path]
    _, words = office.said("label", "dinh-thu", *elsewhere, "--asset", ark(office, "roof"))
    assert f"Sign {made['code']} – The roof: " in words
    assert "not encrypted" in words
    assert "Earlier signs say tour.example" in words
    assert "folder's name" not in words


def test_a_sign_whose_thing_is_withdrawn_shows_the_tombstone_and_links_names_it(office: Office, tmp_path: Path) -> None:
    roof, hidden = ark(office, "roof"), ark(office, "hidden")
    made = office.document("label", "dinh-thu", *HERE, "--out", tmp_path, "--asset", roof, "--asset", hidden)["labels"]
    office.document("publish", "dinh-thu", "--yes")
    office.document("withdraw", roof, "--reason", "nobody's business", "--yes")
    report = office.document("links", code=1)
    assert [fault["address"] for fault in report["hidden"]] == [f"/q/{one['code']}" for one in made]
    assert report["broken"] == []
    assert "Signs that lead to something not public: 2." in office.said("links")[1]
    with serving(office.path / "publications") as address:
        assert len(office.document("links", "--address", address, code=1)["hidden"]) == 2
        with pytest.raises(HTTPError) as raised:
            urlopen(f"{address}/q/{made[0]['code']}")  # noqa: S310 - our own server
        page = raised.value.read().decode()
        raised.value.close()
    assert raised.value.code == 410
    assert str(datetime.now(UTC).year) in page
    assert "nobody" not in page
