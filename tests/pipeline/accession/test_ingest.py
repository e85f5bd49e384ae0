"""From a folder to archived versions: every rule of reconciling, end to end on real bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive import access
from archive.records.access import AccessLevel
from archive.records.accession import Fate
from archive.records.asset import AssetKind, FileRole
from archive.records.text import Language
from pipeline.ingest import Ingest, ingest
from pipeline.report import IngestReport, ReadBack, terminal_lines
from pipeline.report_page import report_page
from tests.archive.builders import oracle_accepts, sha512sum_accepts
from tests.pipeline.flow_builders import CUBE, CUBE_MTL, NOT_THERE, NOW, Desk, jpeg, write

SHEET = "Tên tệp,title@vi,title@en,bản quyền,Người chụp,replaces\n"


def fates(report: IngestReport) -> dict[str, Fate]:
    return {line.path: line.fate for line in report.lines}


def codes(report: IngestReport) -> set[str]:
    return {finding.code for finding in report.findings} - {"no-rights"}


def roles(desk: Desk, ark: str) -> dict[str, FileRole]:
    return {one.path: one.role for one in access.read_asset(desk.home, ark).originals}


class TestFirstTime:
    def test_everything_is_archived_read_back_and_gone_from_incoming(self, desk: Desk, card: Path) -> None:
        photo = jpeg(1)
        write(card, "Chính điện/IMG 1.jpg", photo)
        write(card, "ghi chú.txt", "Đình".encode())
        write(card, "Thumbs.db", b"x")
        report = desk.ingest(card)
        assert report.read_back is ReadBack.MATCHED
        assert report.card_may_be_taken_out
        assert not report.refuses
        assert (report.seen, len(report.lines)) == (2, 2)
        assert report.left_out == (("Thumbs.db", "system-file"),)
        assert list(desk.home.incoming.iterdir()) == []
        photo_ark = next(one.ark for one in report.assets if one.kind is AssetKind.PHOTO)
        assert access.read_bytes(desk.home, photo_ark, "original/Chính điện/IMG 1.jpg") == photo
        for identifier in access.list_objects(desk.home):
            assert oracle_accepts(desk.home, identifier)[0]
            assert sha512sum_accepts(desk.home, identifier)

    def test_the_record_names_its_sources_and_its_provenance(self, desk: Desk, card: Path) -> None:
        write(card, "2024-05-03/a.jpg", jpeg(1, (80, 60)))
        report = desk.ingest(card, survey="Khảo sát 1", rights="https://creativecommons.org/licenses/by/4.0/", creator="Phòng Văn hóa")
        ark = desk.only_asset()
        record = access.read_asset(desk.home, ark)
        assert record.facts["width"].value == 80
        assert (record.captured.value, record.captured.source) == ("2024-05-03", "folder:2024-05-03")  # type: ignore[union-attr]
        assert (record.survey, record.deposit, record.creator) == ("Khảo sát 1", report.deposit, "Phòng Văn hóa")
        assert record.access.level is AccessLevel.RESTRICTED
        events = [json.loads(line) for line in access.read_bytes(desk.home, ark, "events.jsonl").splitlines()]
        assert [one["eventType"] for one in events] == ["mes", "for", "mee", "val", "ing"]
        assert events[-1]["eventDetailExtension"] == {"deposit": report.deposit, "version": "v1"}
        technical = json.loads(access.read_bytes(desk.home, ark, "technical.json"))
        assert "image-structure" in technical["files"]["2024-05-03/a.jpg"]

    def test_the_deposit_lists_every_file_with_its_fate(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "b.jpg", jpeg(1))
        write(card, "cut.jpg", jpeg(2, (400, 300))[:3000])
        write(card, "metadata.csv", (SHEET + "a.jpg,Ảnh,Photo,CC BY 4.0,An,\n").encode())
        report = desk.ingest(card)
        record = access.read_deposit(desk.home, report.deposit)
        assert {line.path: line.fate for line in record.lines} == fates(report)
        assert fates(report) == {
            "a.jpg": Fate.ARCHIVED,
            "b.jpg": Fate.ALREADY_ARCHIVED,
            "cut.jpg": Fate.REFUSED,
            "metadata.csv": Fate.DESCRIBES,
        }
        assert codes(report) >= {"exact-duplicate", "unreadable-or-truncated"}
        assert report.refuses
        assert access.read_asset(desk.home, desk.only_asset()).rights.statement == "https://creativecommons.org/licenses/by/4.0/"
        assert record.created == ((desk.only_asset(), "v1"),)
        kept = access.read_files(desk.home, report.deposit)
        assert set(kept) == {"deposit.json", "report.json", "refused/cut.jpg", "sheets/metadata.csv"}
        assert json.loads(access.read_bytes(desk.home, report.deposit, "report.json"))["deposit"] == report.deposit

    def test_of_the_same_photo_twice_the_one_that_the_sheet_names_is_kept(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "Copy of b.jpg", jpeg(1))
        write(card, "the good one.jpg", jpeg(1))
        write(card, "metadata.csv", (SHEET + "the good one.jpg,Ảnh,,,,\n").encode())
        report = desk.ingest(card)
        assert access.read_asset(desk.home, desk.only_asset()).principal.path == "the good one.jpg"
        assert [path for path, fate in fates(report).items() if fate is Fate.ARCHIVED] == ["the good one.jpg"]

    def test_the_sheet_wins_and_is_named(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "metadata.csv", (SHEET + "A.JPG,Ảnh,Photo,CC,An,\nmissing.jpg,x,y,,,\n").encode())
        report = desk.ingest(card, access=AccessLevel.PUBLIC)
        record = access.read_asset(desk.home, desk.only_asset())
        assert (record.title.vi, record.title.en, record.creator, record.rights.statement) == ("Ảnh", "Photo", "An", "CC")
        assert (record.access.level, record.access.decided_by) == (AccessLevel.PUBLIC, desk.home.config.agent)
        assert "sheet-problem" in codes(report)

    def test_names_that_are_no_text_are_kept_exactly(self, desk: Desk, card: Path) -> None:
        Path(os.fsdecode(os.fsencode(card) + b"/\xff%\n.jpg")).write_bytes(jpeg(1))
        desk.ingest(card)
        ark = desk.only_asset()
        assert bytes.fromhex(access.read_asset(desk.home, ark).principal.path_hex) == b"\xff%\n.jpg"
        assert "original/%FF%25%0A.jpg" in access.read_files(desk.home, ark)

    def test_a_model_whose_references_are_no_text(self, desk: Desk, card: Path) -> None:
        write(card, "a.gltf", b'{"asset":{"version":"2.0"},"images":[{"uri":"\\ud800%ff.png"}]}')
        write(card, "b.obj", b"mtllib \xff.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
        report = desk.ingest(card)
        assert "missing-companion" in codes(report)
        for language in Language:
            "\n".join(terminal_lines(report, language)).encode()
            report_page(report, language, {}).encode()
        report.as_json()

    def test_nothing_to_ingest(self, desk: Desk, card: Path) -> None:
        write(card, "Thumbs.db", b"x")
        report = desk.ingest(card)
        assert (report.read_back, report.deposit, report.seen) == (ReadBack.NOTHING, "", 0)
        assert desk.check(card).read_back is ReadBack.NOTHING
        assert not report.card_may_be_taken_out

    def test_all_or_nothing(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "cut.jpg", jpeg(2, (400, 300))[:3000])
        report = desk.ingest(card, all_or_nothing=True)
        assert report.read_back is ReadBack.NOTHING
        assert desk.objects() == []
        assert list(desk.home.incoming.iterdir())

    def test_too_little_room_writes_nothing(self, desk: Desk, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(card, "a.jpg", jpeg(1))
        monkeypatch.setattr("pipeline.space.RESERVE", 2**60)
        report = desk.ingest(card)
        assert codes(report) == {"too-little-space"}
        assert list(desk.home.incoming.iterdir()) == []

    def test_a_check_says_the_same_and_writes_nothing(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "cut.jpg", jpeg(2, (400, 300))[:3000])
        before = sorted(path for path in desk.home.root.rglob("*"))
        checked = desk.check(card)
        assert sorted(path for path in desk.home.root.rglob("*")) == before
        assert checked.read_back is ReadBack.DRY_RUN
        done = desk.ingest(card)
        assert (fates(checked), codes(checked), checked.deposit) == (fates(done), codes(done), done.deposit)
        assert [one.ark for one in checked.assets] == [one.ark for one in done.assets]

    def test_a_zip_is_checked_without_a_trace(self, desk: Desk, card: Path, tmp_path: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        zipped = tmp_path / "card.zip"
        subprocess.run([sys.executable, "-m", "zipfile", "-c", str(zipped), str(card / "a.jpg")], check=True)
        assert desk.check(zipped).deposit == desk.check(card).deposit
        assert desk.ingest(zipped).card_may_be_taken_out

    def test_progress_is_told(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        stages: list[str] = []
        ingest(card, Ingest(desk.home, desk.site, desk.workers, now=NOW, step=lambda stage, *_: stages.append(stage)))
        assert list(dict.fromkeys(stages)) == ["receive", "identify", "describe", "check", "archive", "read-back"]


class TestAgain:
    def test_the_same_again_writes_nothing(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "cut.jpg", jpeg(2, (400, 300))[:3000])
        first = desk.ingest(card)
        heads = {one: access.head_of(desk.home, one) for one in access.list_objects(desk.home)}
        again = desk.ingest(card)
        assert {one: access.head_of(desk.home, one) for one in access.list_objects(desk.home)} == heads
        assert again.deposit == first.deposit
        assert fates(again)["a.jpg"] is Fate.ALREADY_ARCHIVED
        assert "already-archived" in codes(again)
        assert again.card_may_be_taken_out

    def test_what_was_said_of_archived_bytes_is_not_said_again(self, desk: Desk, card: Path, tmp_path: Path) -> None:
        write(card, "strange.bin", b"\x01\x02 nobody knows this")
        write(card, "cube.obj", CUBE)
        write(card, "cube.mtl", b"newmtl red\n")
        assert "unknown-format" in codes(desk.ingest(card))
        (card / "cube.mtl").unlink()
        again = desk.ingest(card)
        assert codes(again) == {"already-archived"}
        write(tmp_path / "two", "cube.obj", CUBE + b"# another model\n")
        assert "missing-companion" in codes(desk.ingest(tmp_path / "two"))
        assert "missing-companion" in codes(desk.ingest(tmp_path / "two"))

    def test_the_same_photo_on_another_card(self, desk: Desk, card: Path, tmp_path: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        desk.ingest(card)
        write(tmp_path / "two", "DCIM/renamed.jpg", jpeg(1))
        report = desk.ingest(tmp_path / "two")
        assert fates(report) == {"DCIM/renamed.jpg": Fate.ALREADY_ARCHIVED}
        assert report.lines[0].asset == desk.only_asset()
        assert access.head_of(desk.home, desk.only_asset()) == "v1"

    def test_a_new_companion_makes_a_new_version(self, desk: Desk, card: Path) -> None:
        write(card, "cube.obj", CUBE)
        desk.ingest(card)
        ark = desk.only_asset()
        write(card, "cube.mtl", CUBE_MTL)
        write(card, "skin of house.jpg", jpeg(3))
        report = desk.ingest(card)
        assert desk.objects() == [ark]
        assert access.head_of(desk.home, ark) == "v2"
        assert roles(desk, ark) == {"cube.obj": "principal", "cube.mtl": "companion", "skin of house.jpg": "companion"}
        assert fates(report) == {"cube.obj": Fate.ALREADY_ARCHIVED, "cube.mtl": Fate.ARCHIVED, "skin of house.jpg": Fate.ARCHIVED}
        assert len(access.read_bytes(desk.home, ark, "events.jsonl").splitlines()) == 10
        assert oracle_accepts(desk.home, ark)[0]

    def test_the_raw_that_comes_after_its_jpeg_joins_it(self, desk: Desk, card: Path, corpus: Path) -> None:
        write(card, "IMG.jpg", jpeg(1))
        desk.ingest(card)
        raw = next(path for path in sorted((corpus / "photos").rglob("*.dng")))
        write(card, "IMG.dng", raw.read_bytes())
        desk.ingest(card)
        ark = desk.only_asset()
        assert roles(desk, ark) == {"IMG.jpg": FileRole.PRINCIPAL, "IMG.dng": FileRole.COMPANION}

    def test_a_sheet_that_says_otherwise_makes_a_new_version(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "metadata.csv", (SHEET + "a.jpg,Ảnh cũ,Old,CC,An,\n").encode())
        desk.ingest(card)
        write(card, "metadata.csv", (SHEET + "a.jpg,Ảnh mới,,CC,An,\n").encode())
        desk.ingest(card)
        record = access.read_asset(desk.home, desk.only_asset())
        assert access.head_of(desk.home, record.ark) == "v2"
        assert (record.title.vi, record.title.en) == ("Ảnh mới", "Old")
        desk.ingest(card)
        assert access.head_of(desk.home, record.ark) == "v2"

    def test_a_stated_access_level_makes_a_new_version(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        desk.ingest(card)
        desk.ingest(card, access=AccessLevel.PUBLIC)
        assert access.read_asset(desk.home, desk.only_asset()).access.level is AccessLevel.PUBLIC
        desk.ingest(card)
        assert access.read_asset(desk.home, desk.only_asset()).access.level is AccessLevel.PUBLIC

    def test_one_file_in_two_assets(self, desk: Desk, card: Path) -> None:
        write(card, "a.obj", CUBE)
        write(card, "b.obj", CUBE + b"# another\n")
        write(card, "cube.mtl", CUBE_MTL)
        write(card, "skin of house.jpg", jpeg(3))
        report = desk.ingest(card)
        both = desk.objects()
        assert len(both) == 2
        assert all("skin of house.jpg" in roles(desk, ark) for ark in both)
        assert report.card_may_be_taken_out

    def test_a_texture_that_was_a_photo_before_does_not_swallow_the_model(self, desk: Desk, card: Path) -> None:
        write(card, "skin of house.jpg", jpeg(3))
        desk.ingest(card)
        write(card, "cube.obj", CUBE)
        write(card, "cube.mtl", CUBE_MTL)
        desk.ingest(card)
        kinds = sorted(str(access.read_asset(desk.home, ark).kind) for ark in desk.objects())
        assert kinds == ["mesh", "photo"]

    def test_members_under_two_arks_are_not_merged(self, desk: Desk, tmp_path: Path, corpus: Path) -> None:
        raw = next(path for path in sorted((corpus / "photos").rglob("*.dng"))).read_bytes()
        write(tmp_path / "one", "IMG.jpg", jpeg(1))
        write(tmp_path / "two", "IMG.dng", raw)
        for name in ("one", "two"):
            desk.ingest(tmp_path / name)
        write(tmp_path / "both", "IMG.jpg", jpeg(1))
        write(tmp_path / "both", "IMG.dng", raw)
        report = desk.ingest(tmp_path / "both")
        assert "known-under-two-arks" in codes(report)
        assert report.refuses
        assert [access.head_of(desk.home, ark) for ark in desk.objects()] == ["v1", "v1"]


class TestCorrections:
    def test_a_changed_companion_needs_to_be_called_a_correction(self, desk: Desk, card: Path) -> None:
        write(card, "cube.obj", CUBE)
        write(card, "cube.mtl", b"newmtl red\n")
        desk.ingest(card)
        ark = desk.only_asset()
        write(card, "cube.mtl", b"newmtl blue\n")
        report = desk.ingest(card)
        assert "changed-original" in codes(report)
        assert access.head_of(desk.home, ark) == "v1"
        kept = access.read_files(desk.home, report.deposit)
        assert {"refused/cube.mtl", "refused/cube.obj"} & set(kept)
        desk.ingest(card, replaces=ark)
        assert access.head_of(desk.home, ark) == "v2"
        assert access.read_bytes(desk.home, ark, "original/cube.mtl") == b"newmtl blue\n"
        assert access.read_bytes(desk.home, ark, "original/cube.mtl", "v1") == b"newmtl red\n"

    def test_a_better_scan_of_a_photo_by_option_or_by_sheet(self, desk: Desk, card: Path, tmp_path: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        desk.ingest(card)
        ark = desk.only_asset()
        write(tmp_path / "two", "a.jpg", jpeg(2, (80, 60)))
        write(tmp_path / "two", "metadata.csv", (SHEET + f"a.jpg,Ảnh,,,,{ark}\n").encode())
        desk.ingest(tmp_path / "two")
        record = access.read_asset(desk.home, ark)
        assert (record.facts["width"].value, record.title.vi, len(record.originals)) == (80, "Ảnh", 1)
        assert desk.objects() == [ark]
        desk.ingest(tmp_path / "two")
        assert access.head_of(desk.home, ark) == "v2"
        # The bytes before the correction are known, and are not archived again as something new.
        assert "in-earlier-version" in codes(desk.ingest(card))
        assert desk.objects() == [ark]

    def test_what_cannot_be_replaced(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "b.jpg", jpeg(2))
        assert "replaces-unknown" in codes(desk.ingest(card, replaces=NOT_THERE))
        write(card, "c.jpg", jpeg(3))
        desk.ingest(card)
        ark = desk.objects()[0]
        write(card, "d.jpg", jpeg(4))
        write(card, "e.jpg", jpeg(5))
        for name in ("a.jpg", "b.jpg", "c.jpg"):
            (card / name).unlink()
        report = desk.ingest(card, replaces=ark)
        assert "replaces-unknown" in codes(report)
        assert access.head_of(desk.home, ark) == "v2"

    def test_as_new_takes_the_next_ordinal_once(self, desk: Desk, card: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        desk.ingest(card)
        write(card, "note.txt", b"a second opinion")
        desk.ingest(card, as_new=True)
        ordinals = sorted(access.read_asset(desk.home, ark).ordinal for ark in desk.objects())
        assert ordinals == [0, 0, 1]
        desk.ingest(card, as_new=True)
        assert len(desk.objects()) == 3
