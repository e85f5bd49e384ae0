"""Which files make one asset."""

import unicodedata
from collections.abc import Mapping

import pytest

from archive.records.asset import AssetKind
from pipeline.identify.grouping import group, resolve
from pipeline.identify.kinds import kind_of
from pipeline.sip import CandidateAsset
from tests.pipeline.flow_builders import identified


def grouped(files: dict[str, str], references: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, dict[str, str]]:
    candidates, _ = group([identified(path, name) for path, name in files.items()], references or {})
    return {one.principal.file.path: members(one) for one in candidates}


def members(candidate: CandidateAsset) -> dict[str, str]:
    return {one.file.path: str(role) for one, role in candidate.members}


def test_obj_draws_its_mtl_and_textures_in() -> None:
    files = {"m/cube.obj": "obj", "m/cube.mtl": "mtl", "m/tex/a b.jpg": "jpeg", "other.jpg": "jpeg"}
    references = {"m/cube.obj": ("cube.mtl",), "m/cube.mtl": ("tex\\a b.jpg",)}
    assert grouped(files, references) == {"m/cube.obj": {"m/cube.mtl": "companion", "m/tex/a b.jpg": "companion"}, "other.jpg": {}}


def test_a_texture_of_two_models_is_in_both() -> None:
    files = {"a.obj": "obj", "b.obj": "obj", "skin.jpg": "jpeg"}
    assert grouped(files, {"a.obj": ("skin.jpg",), "b.obj": ("skin.jpg",)}) == {
        "a.obj": {"skin.jpg": "companion"},
        "b.obj": {"skin.jpg": "companion"},
    }


@pytest.mark.parametrize("reference", ["SKIN.JPG", unicodedata.normalize("NFD", "skín.jpg"), "C:\\Users\\x\\skin.jpg", "../../skin.jpg"])
def test_names_are_matched_loosely_with_a_note(reference: str) -> None:
    name = "skín.jpg" if "\u0301" in reference else "skin.jpg"
    _, findings = group([identified("a.obj", "obj"), identified(name)], {"a.obj": (reference,)})
    assert [one.code for one in findings] == ["name-matched-loosely"]


def test_what_is_missing_is_said_of_the_model() -> None:
    candidates, findings = group([identified("m/a.obj", "obj")], {"m/a.obj": ("a.mtl",)})
    assert [(one.code, one.path) for one in findings] == [("missing-companion", "m/a.obj")]
    assert "a.mtl" in findings[0].sentence["vi"]
    assert len(candidates) == 1


def test_a_model_that_names_itself_or_the_same_file_twice() -> None:
    files = {"a.obj": "obj", "b.mtl": "mtl"}
    assert grouped(files, {"a.obj": ("a.obj", "b.mtl", "B.mtl")}) == {"a.obj": {"b.mtl": "companion"}}


def test_raw_and_jpeg_of_one_shot() -> None:
    files = {"d/IMG_1.CR2": "cr2", "d/IMG_1.JPG": "jpeg", "e/IMG_1.jpg": "jpeg", "d/IMG_1.xmp": "xmp", "e/IMG_1.jpg.xmp": "xmp"}
    assert grouped(files) == {
        "d/IMG_1.CR2": {"d/IMG_1.JPG": "companion", "d/IMG_1.xmp": "sidecar"},
        "e/IMG_1.jpg": {"e/IMG_1.jpg.xmp": "sidecar"},
    }


def test_two_raws_of_one_name_stay_two_assets() -> None:
    assert set(grouped({"a.cr2": "cr2", "a.dng": "dng", "a.jpg": "jpeg"})) == {"a.cr2", "a.dng", "a.jpg"}


def test_a_sidecar_without_its_image_stands_alone() -> None:
    assert grouped({"lost.xmp": "xmp", "a.jpg": "jpeg"}) == {"lost.xmp": {}, "a.jpg": {}}


def test_points_with_a_texture_are_a_mesh() -> None:
    (candidate, *_), _ = group([identified("a.ply", "ply-points"), identified("t.png", "png")], {"a.ply": ("t.png",)})
    assert candidate.kind is AssetKind.MESH


def test_every_file_is_in_an_asset() -> None:
    files = [identified(f"f{number}", name) for number, name in enumerate(("unknown", "jpeg", "e57", "pdf", "obj"))]
    candidates, _ = group(files, {})
    assert {one.file.path for candidate in candidates for one in candidate.files} == {one.file.path for one in files}
    assert [kind_of(one.principal.verdict.name) for one in candidates] == [one.kind for one in candidates]


@pytest.mark.parametrize(
    ("folder", "reference", "path"),
    [("a/b", "../c.jpg", "a/c.jpg"), ("", "./c.jpg", "c.jpg"), ("", "../c.jpg", ""), ("a", "b\\c.jpg", "a/b/c.jpg")],
)
def test_references_never_leave_the_deposit(folder: str, reference: str, path: str) -> None:
    assert resolve(folder, reference) == path
