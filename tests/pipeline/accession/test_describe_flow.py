"""How what the readers say becomes one description: precedence, disagreements, panoramas, folders, deaths."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from archive.records.access import AccessLevel
from archive.records.asset import AssetKind, FileRole, GeoPosition, Nature, SourcedValue
from pipeline import report_picture, sheet_rows
from pipeline.asset_record import plain, with_explicit_changes
from pipeline.describe import SOURCES, Source, stage
from pipeline.describe.folder import folder_description
from pipeline.describe.merge import merge
from pipeline.describe.panorama import panorama_facts
from pipeline.describe.stage import describe
from pipeline.identify import stage as identify_stage
from pipeline.identify.stage import identify
from pipeline.ingest_options import IngestOptions
from pipeline.receive import Intake, list_source, receive
from pipeline.sip import CandidateAsset, DescribedDeposit, Description
from pipeline.worker_process import WorkerInput
from pipeline.workers import ParserWorkers
from tests.archive.builders import asset_record
from tests.pipeline.flow_builders import NOW, SITE, SITE_RECORD, Desk, described, facts, identified, jpeg, write


def said(source: str, path: str = "a.jpg", **values: object) -> Description:
    return Description(
        source, path, {}, {name.replace("__", "@"): SourcedValue(value, f"{source}:{name}") for name, value in values.items()}
    )


PHOTO = CandidateAsset(AssetKind.PHOTO, identified("a.jpg"), ((identified("a.xmp", "xmp"), FileRole.SIDECAR),))


class TestMerge:
    def test_precedence(self) -> None:
        sources = [
            said("folder", creator="folder"),
            said("pillow", creator="header"),
            said("exif", creator="exif"),
            said("xmp", creator="embedded"),
            said("xmp", "a.xmp", creator="sidecar"),
            said("sheet", creator="sheet"),
        ]
        for expected in ("sheet", "sidecar", "embedded", "exif", "header", "folder"):
            merged, _ = merge(PHOTO, sources)
            assert merged.text("creator") == expected
            sources.pop()
        assert merge(PHOTO, [])[0].text("creator") == ""

    def test_what_was_measured_beats_what_is_declared(self) -> None:
        merged, findings = merge(PHOTO, [said("exif", width=10), said("image-structure", width=20), said("pillow", width=21)])
        assert merged.get("width") == SourcedValue(20, "image-structure:width")
        assert [one.code for one in findings] == ["readers-disagree", "readers-disagree"]

    def test_a_shorter_statement_of_the_same_moment_agrees(self) -> None:
        captured = [said("exif", captured="2024-05-03T10:20:30"), said("pillow", captured="2024-05-03"), said("xmp", captured="1999")]
        merged, findings = merge(PHOTO, captured)
        assert (merged.text("captured"), findings) == ("1999", ())

    def test_textures_do_not_speak_for_their_model_and_a_jpeg_speaks_after_its_raw(self) -> None:
        companion = ((identified("b.jpg"), FileRole.COMPANION),)
        mesh = CandidateAsset(AssetKind.MESH, identified("a.obj", "obj"), companion)
        assert merge(mesh, [said("exif", "b.jpg", creator="x")])[0].text("creator") == ""
        raw = CandidateAsset(AssetKind.PHOTO, identified("a.cr2", "cr2"), companion)
        both = [said("exif", "b.jpg", creator="jpeg", camera="jpeg"), said("pillow", "a.cr2", creator="raw")]
        merged, _ = merge(raw, [*both, said("exif", "elsewhere.jpg", rights="x")])
        assert (merged.text("creator"), merged.text("camera"), merged.text("rights")) == ("raw", "jpeg", "")

    def test_words_keep_their_language_and_words_without_one_are_not_guessed(self) -> None:
        merged, _ = merge(PHOTO, [said("xmp", title="Hall", description__vi="Mô tả")])
        assert merged.words("title").best is not None
        assert merged.words("title").vi is None
        assert merged.facts()["title_as_read"].value == "Hall"
        assert merged.words("description").vi == "Mô tả"
        assert "description_as_read" not in merged.facts()

    def test_positions_come_whole_or_in_numbers(self) -> None:
        whole = GeoPosition(16, 108)
        assert merge(PHOTO, [said("exif", position=whole)])[0].position() == whole
        merged, _ = merge(PHOTO, [said("exif", latitude="16,5", longitude=108, altitude="no number", heading=90)])
        assert merged.position() == GeoPosition(16.5, 108.0, None, 90.0, "exif:latitude")
        assert merge(PHOTO, [said("exif", latitude=16)])[0].position() is None
        assert "latitude" not in merged.facts()
        assert merged.facts()["heading"].value == 90


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (AssetKind.PHOTO, {"projection": "equirectangular"}, AssetKind.PANORAMA),
        (AssetKind.PHOTO, {"projection": "cylindrical", "width": 4000, "height": 2000}, AssetKind.PHOTO),
        (AssetKind.PHOTO, {"width": 4000, "height": 2000}, AssetKind.PANORAMA),
        (AssetKind.PHOTO, {"width": 1000, "height": 500}, AssetKind.PHOTO),
        (AssetKind.PHOTO, {"width": 4000, "height": 2100}, AssetKind.PHOTO),
        (AssetKind.PHOTO, {}, AssetKind.PHOTO),
        (AssetKind.MESH, {"projection": "equirectangular"}, AssetKind.MESH),
    ],
)
def test_what_is_a_panorama(kind: AssetKind, given: dict[str, object], expected: AssetKind) -> None:
    found, after = panorama_facts(kind, facts(**given))
    assert found is expected
    if found is AssetKind.PANORAMA and "projection" not in given:
        assert after["projection"].certainty == "unverified"


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2024-05-03 Đình/a.jpg", "2024-05-03"),
        ("20240503/100CANON/a.jpg", "2024-05-03"),
        ("Đình 3-5-2024/a.jpg", "2024-05-03"),
        ("2023-01-01/2024_05_03/a.jpg", "2024-05-03"),
        ("2024-13-45/a.jpg", None),
        ("IMG_20240503.jpg", None),
        ("x/a.jpg", None),
    ],
)
def test_days_in_folder_names(path: str, day: str | None) -> None:
    found = folder_description(path)
    assert (found.values["captured"].value if found else None) == day


def run(card: Path, workers: ParserWorkers, options: IngestOptions = IngestOptions()) -> DescribedDeposit:  # noqa: B008
    deposit = receive(list_source(card), Intake(SITE, "99999", None, NOW))
    return describe(identify(deposit, workers), workers, SITE_RECORD, options)


def die(source: WorkerInput) -> None:
    """A reader that crashes."""
    os.kill(os.getpid(), 9)


def test_a_reader_that_dies_costs_its_file_one_finding(card: Path, workers: ParserWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    write(card, "a.jpg", jpeg(1))
    write(card, "b.png", b"\x89PNG\r\n\x1a\n broken")
    deadly = Source("deadly", frozenset({"jpeg"}), f"{__name__}:die")
    monkeypatch.setattr(stage, "SOURCES", (*SOURCES, deadly))
    result = run(card, workers)
    assert [(one.code, one.path) for one in result.findings if one.code == "worker-death"] == [("worker-death", "a.jpg")]
    asset = next(one for one in result.assets if one.candidate.principal.file.path == "a.jpg")
    assert asset.facts["width"].value == 64


def stumble(source: WorkerInput) -> None:
    """A reader with a fault of its own."""
    raise KeyError(source.name)


def test_a_fault_of_our_own_reader_never_refuses_the_file(desk: Desk, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(card, "a.jpg", jpeg(1))
    monkeypatch.setattr(stage, "SOURCES", (Source("image-structure", frozenset({"jpeg"}), f"{__name__}:stumble"),))
    report = desk.ingest(card)
    assert "reader-failed" in {one.code for one in report.findings}
    assert not report.refuses
    assert len(desk.objects()) == 1


def test_a_file_that_kills_identification_is_kept_as_unknown(card: Path, workers: ParserWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    write(card, "a.jpg", jpeg(1))
    monkeypatch.setattr(identify_stage, "TASK", f"{__name__}:die")
    result = run(card, workers)
    assert [one.candidate.principal.verdict.name for one in result.assets] == ["unknown"]
    assert [one.kind for one in result.assets] == [AssetKind.FILE]
    assert [one.code for one in result.findings] == ["worker-death"]
    monkeypatch.setattr(identify_stage, "TASK", f"{__name__}:nothing_of_that_name")
    assert [one.code for one in run(card, workers).findings] == ["worker-death"]


def test_a_sheet_that_breaks_its_reader_is_a_finding(card: Path, workers: ParserWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    write(card, "a.jpg", jpeg(1))
    write(card, "metadata.csv", b"file,title@vi\na.jpg,x\n")
    monkeypatch.setattr(sheet_rows, "TASK", f"{__name__}:die")
    assert "source-unreadable" in [one.code for one in run(card, workers).findings]


def test_the_sheet_sets_access_nature_and_keywords(card: Path, workers: ParserWorkers) -> None:
    write(card, "a.jpg", jpeg(1))
    write(card, "m.csv", "file,access,location access,nature,subject,credit\na.jpg,public,reduced,mô phỏng,đình|hội,Phòng\n".encode())
    (asset,) = run(card, workers).assets
    assert (asset.access.level, asset.location_access.level) == (AccessLevel.PUBLIC, AccessLevel.REDUCED)
    assert (asset.nature, asset.subject, asset.rights.credit) == (Nature.SIMULATED, ("đình", "hội"), "Phòng")
    assert stage._keywords("one") == ("one",)
    assert stage._keywords(7) == ()


def test_json_can_say_everything_that_a_reader_found() -> None:
    raw = {1: float("nan"), "b": b"x", "t": (1, {2}), "f": float("inf"), "ok": [1.5, None, True, "x"]}
    assert plain(raw) == {"1": "nan", "b": "b'x'", "t": [1, [2]], "f": "inf", "ok": [1.5, None, True, "x"]}


def test_only_what_a_sheet_says_changes_a_record() -> None:
    record = replace(asset_record(b"x", "Một"), position=GeoPosition(16, 108), captured=SourcedValue("2024", "exif:x"))
    second = described(position=GeoPosition(17, 108), captured=SourcedValue("2023", "exif:x"), creator="B")
    assert with_explicit_changes(record, second) == record
    sheet = said("sheet", latitude=17, captured="2023", creator="B")
    changed = with_explicit_changes(record, replace(second, descriptions=(sheet,)))
    assert (changed.position, changed.captured, changed.creator) == (second.position, second.captured, "B")
    same = replace(second, position=GeoPosition(16, 108, source="elsewhere"), captured=SourcedValue("2024", "sheet"), creator="")
    assert with_explicit_changes(record, replace(same, descriptions=(sheet,))) == record


def test_a_small_picture_is_upright_and_bare(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jpg", jpeg(1, (600, 300)))
    with path.open("rb") as stream:
        picture = report_picture.read(WorkerInput(path.name, path.stat().st_size, stream, tmp_path))
    assert b"Exif" not in picture
    assert len(picture) < 30_000
