"""A site's working copy: what is valid, and what is said about what is not."""

from pathlib import Path

import pytest

from archive.errors import UsageError
from archive.records.access import AccessLevel
from archive.records.asset import Nature
from pipeline.site_definition import load, reference

SAMPLES = Path(__file__).parents[2] / "sites"
SITE = """
slug = "dinh-thu"
texts = ["story"]
[name]
vi = "Đình Thử"
[[facts]]
name = "custodian"
value.vi = "riêng tư"
access = "restricted"
"""
TOUR = """
[[scenes]]
panorama = "cổng.jpg"
title.vi = "Cổng"
heading = 90.0
position = [1.0, 2.0, 0.0]
directions.east.vi = "Nhìn ra giếng"
directions.north.vi = "Nhìn vào đình"
links = [{to = "sân.jpg", yaw = 12.5}]
hotspots = [{yaw = 3.0, label.vi = "Bia"}]
"""


def site_folder(folder: Path, *, site: str = SITE, tour: str = TOUR) -> Path:
    (folder / "texts/vi").mkdir(parents=True)
    (folder / "site.toml").write_text(site, encoding="utf-8")
    (folder / "tour.toml").write_text(tour, encoding="utf-8")
    (folder / "texts/vi/story.md").write_text("# Chuyện\n", encoding="utf-8")
    return folder


def test_a_folder_becomes_records(tmp_path: Path) -> None:
    definition = load(site_folder(tmp_path / "site"), ark="ark:99999/dtx")
    assert definition.site.ark == definition.tour.site == "ark:99999/dtx"
    assert definition.site.name.vi == "Đình Thử"
    assert definition.site.facts[0].access is AccessLevel.RESTRICTED
    assert set(definition.files) == {"site.toml", "tour.toml", "texts/vi/story.md"}


def test_scenes_named_by_file_wait_for_their_ark(tmp_path: Path) -> None:
    scene = load(site_folder(tmp_path / "site")).tour.scenes[0]
    assert scene.id == scene.panorama == "file:cổng.jpg"
    assert scene.links[0].to == "file:sân.jpg"
    assert [side for side, _ in scene.directions] == ["north", "east"]
    assert (scene.heading, scene.heading_source, scene.position_source) == (90.0, "tour.toml", "tour.toml")
    assert reference("ark:99999/dtx") == "ark:99999/dtx"


def test_everything_is_restricted_until_somebody_says_otherwise(tmp_path: Path) -> None:
    site = load(site_folder(tmp_path / "site")).site
    assert site.access.level is AccessLevel.RESTRICTED
    assert site.defaults.access.level is AccessLevel.RESTRICTED
    assert site.defaults.location_access.level is AccessLevel.RESTRICTED
    assert site.coordinates.latitude is None


@pytest.mark.parametrize(
    ("site", "tour", "said"),
    [
        ("slug = ", "", "cannot be read"),
        ('slug = "Có Dấu"\nname.vi = "x"', "", "slug"),
        ('slug = "a"\nname.vi = "x"\ncolour = "red"', "", "colour"),
        ('slug = "a"\nname.vi = "x"\ntexts = ["nowhere"]', "", "nowhere"),
        (SITE, "[[scenes]]\npanorama = 'a.jpg'\ntitle.vi = 'x'\nheading = 400.0", "heading"),
        (SITE + "[coordinates]\nlatitude = 95.0", "", "latitude"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_field(tmp_path: Path, site: str, tour: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        load(site_folder(tmp_path / "site", site=site, tour=tour))
    assert raised.value.advice


def test_not_a_site_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        load(tmp_path / "nothing")
    with pytest.raises(UsageError, match=r"no site\.toml"):
        load(tmp_path)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    folder = site_folder(tmp_path / "site")
    (folder / "site.toml").write_bytes('slug = "đình"'.encode("utf-16"))
    with pytest.raises(UsageError, match="not UTF-8"):
        load(folder)


def test_media_do_not_belong_into_a_site_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site_folder(tmp_path / "site")
    (folder / "big.jpg").write_bytes(bytes((4 << 20) + 1))
    with pytest.raises(UsageError, match="larger than 4 MiB"):
        load(folder)
    monkeypatch.setattr("pipeline.site_definition.folder.MAX_FILES", 2)
    with pytest.raises(UsageError, match="at most 2"):
        load(folder)


def test_hidden_files_and_links_are_not_archived(tmp_path: Path) -> None:
    folder = site_folder(tmp_path / "site")
    (folder / ".ditich-site.json").write_text("{}")
    (folder / "link.md").symlink_to(folder / "site.toml")
    assert set(load(folder).files) == {"site.toml", "tour.toml", "texts/vi/story.md"}


@pytest.mark.parametrize("slug", ["nha-me-nhu", "dinh-thac-gian"])
def test_the_two_relics_are_described_in_three_languages_and_invent_nothing(slug: str) -> None:
    site = load(SAMPLES / slug).site
    assert site.nature is Nature.SURVEY
    assert (site.coordinates.latitude, site.coordinates.longitude) == (None, None)
    assert site.coordinates.status == "to be surveyed"
    assert all(site.name.get(language) and site.summary.get(language) for language in ("vi", "en", "th"))  # type: ignore[arg-type]
    for fact in site.facts:
        assert fact.source or fact.certainty == "?", f"{fact.name} names no source"
        if fact.certainty != "?":
            assert all((fact.value.vi, fact.value.en, fact.value.th)), f"{fact.name} is not in three languages"
    for name in site.texts:
        assert all((SAMPLES / slug / "texts" / language / f"{name}.md").is_file() for language in ("vi", "en", "th"))


def test_what_could_be_stolen_or_hurt_people_is_restricted() -> None:
    facts = {slug: load(SAMPLES / slug).site.facts for slug in ("nha-me-nhu", "dinh-thac-gian")}
    assert all(fact.access is AccessLevel.RESTRICTED for fact in facts["dinh-thac-gian"] if fact.name == "edicts")
    assert not any(fact.name == "custodian" and fact.access is AccessLevel.PUBLIC for each in facts.values() for fact in each)


def test_conflicting_sources_are_both_kept() -> None:
    places = [fact for fact in load(SAMPLES / "dinh-thac-gian").site.facts if fact.name == "place"]
    assert any("Chính Gián" in (fact.value.vi or "") for fact in places)
    assert any("Phường Thạc Gián" in (fact.value.vi or "") for fact in places)
