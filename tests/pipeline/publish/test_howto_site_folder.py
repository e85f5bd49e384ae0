"""docs/howto/site-folder.md followed literally: its blocks are the files, its commands are given, and all of it is seen in public."""

import re
from pathlib import Path

import pytest

from archive.home import open_home
from archive.records.annotation import SelectorKind
from archive.records.asset import AssetKind
from archive.records.identifiers import identifier_of
from pipeline.publish.compose import compose
from pipeline.publish.material import read_material
from tests.journeys.ditich_command import document
from tests.pipeline.publish.publish_builders import archive_assets, panorama, photo
from tests.pipeline.publish.tour_builders import made_of
from tests.pipeline.site_definition.folder_builders import wav

GUIDE = Path(__file__).parents[3] / "docs/howto/site-folder.md"
_BLOCK = re.compile(r"```(\w+)\n(?:# |<!-- )([\w./-]+)(?: -->)?\n(.*?)```", re.DOTALL)
_JSON = re.compile(r"The file `([\w./-]+)`:\n\n(```json)\n(.*?)```", re.DOTALL)


def files_of_the_guide() -> dict[str, str]:
    """Every file that the guide shows; blocks of one file one after the other."""
    files: dict[str, str] = {}
    guide = GUIDE.read_text(encoding="utf-8")
    written = [(name, content) for _, name, content in _BLOCK.findall(guide)] + [
        (name, content) for name, _, content in _JSON.findall(guide)
    ]
    for name, content in written:
        files[name] = files.get(name, "") + content
    return files


def test_the_tree_of_the_guide_names_the_files_that_it_shows() -> None:
    tree = GUIDE.read_text(encoding="utf-8").split("```")[1]
    for name in files_of_the_guide():
        assert Path(name).name in tree, name


def test_the_folder_of_the_guide_is_saved_and_everything_in_it_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    folder, home_path = tmp_path / "dinh-lang", tmp_path / "home"
    for name, content in files_of_the_guide().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "narration/vi/gate.wav").write_bytes(wav())
    document("init", "--home", home_path)
    document("site", "save", folder, "--home", home_path)
    home = open_home(home_path)
    site = read_material(home, "dinh-lang").site
    card = tmp_path / "card"
    delivered = [
        *(
            panorama(card / name, site, number, None, heading)
            for number, (name, heading) in enumerate({"gate.jpg": 0.0, "yard.jpg": 347.0}.items())
        ),
        *(photo(card / name, site, number) for number, name in enumerate(("roof.jpg", "roof-1998.jpg"), 5)),
    ]
    archive_assets(home, [(asset, card / asset.principal.path) for asset in delivered])
    shown = compose(read_material(home, "dinh-lang"), {asset.ark: (made_of(asset),) for asset in delivered})
    tour = shown.site.tour
    assert tour is not None
    arks = {asset.principal.path: asset.ark for asset in delivered}
    assert [scene.panorama for scene in tour.stops] == [arks["gate.jpg"], arks["yard.jpg"]]
    assert [plan.scenes for plan in tour.plans] == [tuple(identifier_of(arks[name]) for name in ("gate.jpg", "yard.jpg"))]
    assert [(step.scene, step.asset) for step in tour.guides[0].steps] == [(identifier_of(arks["gate.jpg"]), ""), ("", arks["roof.jpg"])]
    assert tour.guides[0].steps[0].narrations[0].seconds == 0.5
    assert [epoch.asset for epoch in tour.epochs[0].epochs] == [arks["roof-1998.jpg"], arks["roof.jpg"]]
    assert [(target.asset, target.kind) for target in tour.annotations[0].targets] == [
        (arks["yard.jpg"], SelectorKind.DIRECTION),
        (arks["gate.jpg"], SelectorKind.DIRECTION),
        (arks["roof.jpg"], SelectorKind.REGION),
    ]
    assert {asset.kind for asset in shown.site.assets} == {AssetKind.PANORAMA, AssetKind.PHOTO}
    assert (shown.site.texts[0].title.vi, shown.site.facts[0].name) == ("Chuyện đình", "type")
    document("site", "checkout", "dinh-lang", tmp_path / "again", "--home", home_path)
    for name in files_of_the_guide():
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
