"""From a site folder to what visitors get: the folder of docs/howto/site-folder.md, with secrets planted in everything that it holds."""

import json
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from archive.home import Home
from archive.publications.read import Publications
from archive.records.access import AccessLevel
from archive.records.asset import Asset
from archive.records.derivative import MediaRole
from archive.records.identifiers import identifier_of
from archive.records.text import Language
from pipeline.publish.publish import publish
from pipeline.site_archive import checkout, save
from tests.pipeline.publish.publish_builders import NOW, REDUCED, RESTRICTED, archive_assets, home_at, photo, public_site
from tests.pipeline.site_definition.folder_builders import annotation, id3, mp3_frame, page, riff, wav, write_folder

OWNER = "ong-giu-den-16.123456"
SITE = """
slug = "dinh-thu"
name.vi = "Đình Thử"
access = { level = "public" }
"""
TOUR = f"""
[[plans]]
id = "mat-bang"
title.vi = "Mặt bằng {OWNER}"
origin = [0, 0]
units_per_metre = 1.0
[[guides]]
id = "loi"
title.vi = "Lối tham quan"
[[guides.steps]]
asset = "mo.jpg"
title.vi = "Mái ngói"
narration = "mai"
[[guides.steps]]
asset = "kin.jpg"
title.vi = "Hòm {OWNER}"
narration = "kin"
[[epochs]]
id = "xua-nay"
title.vi = "Xưa {OWNER}"
epochs = [{{ date = "1990", asset = "kin.jpg" }}, {{ date = "2020", asset = "mo.jpg" }}]
"""
DRAWING = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><!-- {OWNER} --><g id="a" onload="{OWNER}"/></svg>'
CAPTIONS = f"WEBVTT\n\nNOTE {OWNER}\n\n00:00.000 --> 00:00.050\n<v {OWNER}>Xin chào\n"
NOTES = page(
    annotation(id="#mai", target=["mo.jpg#xywh=percent:0,0,50,50", "kin.jpg"]),
    annotation(id="#hom", body=[{"type": "TextualBody", "purpose": "identifying", "language": "vi", "value": OWNER}], target="kin.jpg"),
)


@dataclass(frozen=True)
class Shown:
    """A site whose folder is full of secrets, published."""

    home: Home
    assets: dict[str, Asset]
    site: str

    @property
    def folder(self) -> Path:
        return self.home.publications / "dinh-thu"


@pytest.fixture(scope="module", params=[RESTRICTED, REDUCED], ids=["restricted", "reduced"])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    root = tmp_path_factory.mktemp("shown")
    home = home_at(root)
    files: dict[str, bytes | str] = {
        "site.toml": SITE,
        "plan.svg": DRAWING,
        "annotations.json": NOTES,
        "narration/vi/mai.mp3": id3(OWNER.encode()) + mp3_frame() * 4 + b"TAG" + OWNER.encode().ljust(125),
        "narration/vi/mai.vtt": CAPTIONS,
        "narration/en/mai.wav": wav()[:12] + riff((b"LIST", OWNER.encode()))[12:] + wav()[12:],
        "narration/en/mai.vtt": CAPTIONS,
        "narration/vi/kin.wav": wav(),
        "narration/vi/kin.vtt": CAPTIONS.replace("Xin chào", OWNER),
        "ghi-chep.txt": OWNER,
    }
    wrong_length = bytearray(files["narration/en/mai.wav"])  # type: ignore[arg-type]
    wrong_length[4:8] = (len(wrong_length) - 8).to_bytes(4, "little")
    saved = save(
        home, write_folder(root / "site", TOUR, files | {"narration/en/mai.wav": bytes(wrong_length)}), agent=home.config.agent, now=NOW
    )
    record = replace(public_site(), ark=saved.site.ark)
    assets = {"open": photo(root / "card/mo.jpg", record, 1), "kept back": photo(root / "card/kin.jpg", record, 2, access=request.param)}
    archive_assets(home, [(asset, root / "card" / asset.principal.path) for asset in assets.values()])
    publish(home, saved.site.ark, {}, NOW)
    return Shown(home, assets, saved.site.ark)


def test_what_the_public_gets_is_whole(shown: Shown) -> None:
    publications = Publications(shown.home.publications)
    site = publications.site("dinh-thu")
    assert site.tour is not None
    (guide,) = site.tour.guides
    assert [step.title.vi for step in guide.steps] == ["Mái ngói"]
    assert [(one.language, one.file, one.seconds) for one in guide.steps[0].narrations] == [
        (Language.VI, "narration/vi/mai.mp3", 0.1),
        (Language.EN, "narration/en/mai.wav", 0.5),
    ]
    assert [(note.id, [found.asset for found in note.targets]) for note in site.tour.annotations] == [("mai", [shown.assets["open"].ark])]
    assert (site.tour.plans, site.tour.epochs) == ((), ())
    assert {file.name: file.role for file in site.files} == {
        "narration/vi/mai.mp3": MediaRole.NARRATION,
        "narration/vi/mai.vtt": MediaRole.CAPTIONS,
        "narration/en/mai.wav": MediaRole.NARRATION,
        "narration/en/mai.vtt": MediaRole.CAPTIONS,
    }
    for file in site.files:
        content = publications.media("dinh-thu", site.generation, site.id, file.name).read_bytes()
        assert len(content) == file.size
    assert publications.media("dinh-thu", site.generation, site.id, "narration/en/mai.wav").read_bytes() == wav()


def test_no_byte_of_the_publication_tells_a_secret(shown: Shown) -> None:
    everything = [path for path in shown.folder.rglob("*") if path.is_file()]
    assert len(everything) > 6
    for path in everything:
        content = path.read_bytes()
        assert OWNER.encode() not in content, path
        assert b"kin." not in content, path
        assert b"hom-" not in content
        assert OWNER not in path.name
    index = sqlite3.connect(next(shown.folder.rglob("search.sqlite")))
    assert not [row for row in index.execute("SELECT * FROM entry").fetchall() if OWNER in str(row)]
    index.close()


def test_what_is_found_leads_to_the_guide_its_step_and_the_annotation(shown: Shown) -> None:
    publications = Publications(shown.home.publications)
    found = {hit.kind: hit for hit in (*publications.search("tham quan", Language.VI), *publications.search("mái", Language.VI))}
    assert (found["guide"].part, found["step"].part) == ("loi", "loi/1")
    (note,) = [hit for hit in publications.search("rong", Language.VI) if hit.kind == "annotation"]
    assert (note.part, note.asset_id) == ("mai", identifier_of(shown.assets["open"].ark))
    assert publications.search(OWNER, Language.VI) == ()


def test_the_working_copy_comes_back_byte_for_byte(shown: Shown, tmp_path: Path) -> None:
    checkout(shown.home, "dinh-thu", tmp_path / "copy")
    again = save(shown.home, tmp_path / "copy", agent=shown.home.config.agent, now=NOW)
    assert not again.changed
    assert (tmp_path / "copy/ghi-chep.txt").read_text("utf-8") == OWNER
    assert json.loads((tmp_path / "copy/annotations.json").read_bytes()) == json.loads(NOTES)


def test_a_plan_becomes_public_when_somebody_says_so(shown: Shown, tmp_path: Path) -> None:
    checkout(shown.home, "dinh-thu", tmp_path / "copy")
    assert publish(shown.home, shown.site, {}, NOW).changed is False
    tour = tmp_path / "copy/tour.toml"
    tour.write_text(tour.read_text("utf-8").replace("origin", f'access = "{AccessLevel.PUBLIC}"\norigin'), encoding="utf-8")
    save(shown.home, tmp_path / "copy", agent=shown.home.config.agent, now=NOW)
    report = publish(shown.home, shown.site, {}, NOW)
    assert report.lost == ()
    site = Publications(shown.home.publications).site("dinh-thu")
    assert site.tour is not None
    assert site.tour.plans == (), "no standpoint of it is public, so there is nothing to show on it"
