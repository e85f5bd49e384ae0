"""What ``site save`` notes and refuses, and what ``publish`` says it leaves out of a tour."""

import json
from pathlib import Path

import pytest

from archive.home import open_home
from pipeline.site_archive import archived_sites
from tests.journeys.ditich_command import document, found_site, said
from tests.pipeline.flow_builders import jpeg
from tests.pipeline.site_definition.folder_builders import wav

TOUR = """
[[scenes]]
panorama = "gaet.jpg"
title.vi = "Cổng"
position = [500.0, 0.0, 1.6]
links = [{ to = "nowhere.jpg", yaw = 10 }]
hotspots = [{ yaw = 0, label.vi = "Bia", asset = "gate.jpg" }]

[[plans]]
id = "ground"
title.vi = "Mặt bằng"
origin = [0.0, 0.0]
units_per_metre = 1.0

[[guides]]
id = "walk"
title.vi = "Dạo"
[[guides.steps]]
asset = "hidden.jpg"
title.vi = "Ảnh"
narration = "gate"

[[epochs]]
id = "roof"
title.vi = "Mái"
[[epochs.epochs]]
date = "1998"
asset = "gate.jpg"
[[epochs.epochs]]
date = "2026"
asset = "fallen-1926.jpg"
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><script>1</script><rect width="4" height="4"/></svg>'
PAGE = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "type": "AnnotationPage",
    "items": [
        {
            "id": "#bia",
            "type": "Annotation",
            "body": {"type": "TextualBody", "purpose": "identifying", "language": "vi", "value": "Bia"},
            "target": "gate.jpeg",
        }
    ],
}


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found_site(tmp_path / "home", tmp_path / "site")
    return tmp_path / "home"


def test_names_that_lead_nowhere_late_words_scripts_and_stops_beside_the_plan_are_noted(home: Path, tmp_path: Path) -> None:
    folder, card = tmp_path / "site", tmp_path / "card"
    card.mkdir()
    for number, name in enumerate(("gate.jpg", "hidden.jpg")):
        (card / name).write_bytes(jpeg(number))
    taken = {one["paths"][0]: one["ark"] for one in document("ingest", card, "--site", "mau", "--home", home, code=0)["assets"]}
    document("edit", taken["hidden.jpg"], "access=restricted", "--yes", "--home", home)
    (folder / "tour.toml").write_text(TOUR, encoding="utf-8")
    (folder / "plan.svg").write_text(SVG, encoding="utf-8")
    (folder / "annotations.json").write_text(json.dumps(PAGE), encoding="utf-8")
    (folder / "narration/vi").mkdir(parents=True)
    (folder / "narration/vi/gate.wav").write_bytes(wav())
    (folder / "narration/vi/gate.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:09.000\n[trống]\n", encoding="utf-8")
    code, printed = said("site", "save", folder, "--home", home)
    assert code == 0
    notes = [line.strip().removeprefix("note: ") for line in printed.splitlines() if "note:" in line]
    assert notes == [
        "scene 1: not in the archive yet: gaet.jpg (did you mean gate.jpg?).",
        "link 1 of gaet.jpg: not in the archive yet: nowhere.jpg.",
        "date 2 of roof: not in the archive yet: fallen-1926.jpg.",
        "target 1 of bia: not in the archive yet: gate.jpeg (did you mean gate.jpg?).",
        "narration/vi/gate.vtt: captions go on until second 9.0, the recording ends at 0.5.",
        "plan.svg: the scripts in this drawing are taken out when it is published.",
        "plan 1: no stop lies inside the drawing plan.svg. Look at origin, units_per_metre, turn and the positions.",
    ]
    assert [one["kind"] for one in document("site", "save", folder, "--home", home)["notes"]][:2] == ["close", "unknown"]
    planned = document("publish", "mau", "--dry-run", "--home", home)["sites"][0]["left_out"]
    assert [(one["part"], one["name"], one["why"]) for one in planned] == [
        ("scene", "gaet.jpg", "unknown"),
        ("link", "nowhere.jpg", "unknown"),
        ("step", "hidden.jpg", "hidden"),
        ("date", "fallen-1926.jpg", "unknown"),
        ("annotation", "gate.jpeg", "unknown"),
        ("drawing", "plan.svg", "plan-closed"),
    ]
    printed = said("publish", "mau", "--dry-run", "--home", home)[1]
    assert "left out step 1 of walk: hidden.jpg is not public as a whole" in printed


def test_a_changed_short_name_founds_no_second_site(home: Path, tmp_path: Path) -> None:
    written = tmp_path / "site/site.toml"
    written.write_text(written.read_text(encoding="utf-8").replace('slug = "mau"', 'slug = "mai"'), encoding="utf-8")
    failed = document("site", "save", tmp_path / "site", "--home", home, code=3)
    assert "“mau”" in failed["error"]["message"]
    assert [site.slug for site in archived_sites(open_home(home))] == ["mau"]
    document("site", "save", tmp_path / "site", "--as-new-site", "--home", home)
    assert [site.slug for site in archived_sites(open_home(home))] == ["mai", "mau"]


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("yaw = 10", "yaw = 400", "yaw"),
        ("yaw = 0,", "yaw = 0, pitch = 91,", "pitch"),
        ("position =", "heading = true\nposition =", "heading"),
    ],
)
def test_angles_that_are_none_are_refused(home: Path, tmp_path: Path, before: str, after: str, field: str) -> None:
    (tmp_path / "site/tour.toml").write_text(TOUR.replace(before, after).replace('narration = "gate"\n', ""), encoding="utf-8")
    (tmp_path / "site/plan.svg").write_text(SVG, encoding="utf-8")
    assert field in document("site", "save", tmp_path / "site", "--home", home, code=3)["error"]["message"]


def test_captions_that_are_no_utf_8_are_refused_with_a_sentence(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site/narration/vi"
    folder.mkdir(parents=True)
    (folder / "a.vtt").write_bytes("WEBVTT\n\n00:00.000 --> 00:01.000\ntrống\n".encode("utf-16"))
    assert "not UTF-8" in document("site", "save", tmp_path / "site", "--home", home, code=3)["error"]["message"]


@pytest.mark.parametrize(
    "case",
    [
        ("vi", 'title.vi = "Cổng"', 'titel.vi = "Cổng"', "scenes, 1 (gaet.jpg), titel: không có mục này (có phải title?)"),
        ("vi", 'title.vi = "Cổng"', 'title = "Cổng"', "scenes, 1 (gaet.jpg), title: chữ phải ghi theo ngôn ngữ: title.vi = “…”"),
        ("th", 'date = "1998"', 'date = "năm 1998"', "epochs, 1 (roof), epochs, 1 (năm 1998), date: วันที่ต้องเขียนเช่น: 1998,"),
        ("en", "yaw = 10", 'yaw = "ten"', "links, 1, yaw: has to be a number, without quotes"),
        ("en", "units_per_metre = 1.0", "", "plans, 1 (ground), units_per_metre: is missing"),
        ("en", "units_per_metre = 1.0", "units_per_metre = 0", "units_per_metre: has to be a number > 0"),
        ("en", "origin = [0.0, 0.0]", 'origin = "x"', "origin: has to be a list in [ ]"),
        ("en", "origin = [0.0, 0.0]", 'origin = [0.0, 0.0]\naccess = "open"', "access: has to be one of:"),
        ("en", "origin = [0.0, 0.0]", 'origin = [0.0, 0.0]\nfile = "a.png"', "file: has to be the name of an SVG file"),
        ("en", 'id = "ground"', 'id = "Tầng trệt"', "only lower-case letters without marks"),
        ("en", 'id = "ground"', "id = 7", "id: has to be text in quotes"),
        ("en", 'asset = "hidden.jpg"', "", "a step names either a scene or an asset"),
        ("en", "[[guides]]", "[[zzzzzz]]", "there is no such field"),
    ],
)
def test_what_is_wrong_is_said_plainly_and_in_the_users_language(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], case: tuple[str, str, str, str]
) -> None:
    language, before, after, said_so = case
    monkeypatch.setenv("DITICH_LANG", language)
    (tmp_path / "site/tour.toml").write_text(TOUR.replace(before, after, 1), encoding="utf-8")
    assert said("site", "save", tmp_path / "site", "--home", home)[0] == 3
    printed = capsys.readouterr().err
    assert said_so in printed
    assert "lệnh hoặc thiết lập" not in printed


def test_comments_in_json_are_explained(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DITICH_LANG", "vi")
    (tmp_path / "site/annotations.json").write_text("{\n// bia\n}", encoding="utf-8")
    assert said("site", "save", tmp_path / "site", "--home", home)[0] == 3
    assert "dòng 2" in capsys.readouterr().err
