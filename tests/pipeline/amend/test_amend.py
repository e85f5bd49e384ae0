"""Edit, withdraw, restore, undo: a plan, its diff, its new versions."""

import json
from pathlib import Path

import pytest

from archive import access
from archive.errors import ConflictError, NotFoundError, UsageError
from archive.records.access import AccessLevel
from archive.records.asset import AssetKind
from pipeline.amend import AmendPlan, apply_plan, diff_lines, plan_edit, plan_restore, plan_sheet, plan_undo, plan_withdraw
from tests.archive.builders import oracle_accepts
from tests.pipeline.flow_builders import CUBE, CUBE_MTL, NOT_THERE, NOW, SITE, Desk, jpeg, write


@pytest.fixture
def ark(desk: Desk, card: Path) -> str:
    write(card, "a.jpg", jpeg(1))
    desk.ingest(card)
    return desk.only_asset()


def done(desk: Desk, plan: AmendPlan) -> None:
    apply_plan(desk.home, plan, agent=desk.home.config.agent, now=NOW)


def head(desk: Desk, ark: str) -> str | None:
    return access.head_of(desk.home, ark)


class TestEdit:
    def test_the_diff_is_shown_before_anything_is_written(self, desk: Desk, ark: str) -> None:
        plan = plan_edit(desk.home, ark, ["title@vi=Chính điện", "access=public", "latitude=16.07", "longitude=108.2"])
        assert head(desk, ark) == "v1"
        assert diff_lines(plan) == (
            f"{ark} v1 · edit",
            "    title@vi: – → Chính điện",
            "    access: restricted → public",
            "    latitude: – → 16.07",
            "    longitude: – → 108.2",
        )
        done(desk, plan)
        record = access.read_asset(desk.home, ark)
        assert (head(desk, ark), record.title.vi, record.access.level) == ("v2", "Chính điện", AccessLevel.PUBLIC)
        assert record.access.decided_by == desk.home.config.agent
        assert record.position is not None
        assert (record.position.latitude, record.position.source) == (16.07, "edit")
        last = json.loads(access.read_bytes(desk.home, ark, "events.jsonl").splitlines()[-1])
        assert last["eventType"] == "mem"
        assert ["access", "restricted", "public"] in last["eventDetailExtension"]["changes"]
        assert oracle_accepts(desk.home, ark)[0]

    def test_fields_can_be_set_and_cleared(self, desk: Desk, ark: str) -> None:
        assignments = ["creator=An", "captured=2024-05-03", "rights=CC", "credit=Phòng", "subject=đình|hội", "nature=simulated"]
        assignments += [
            "location_access=public",
            "access_reason=đã duyệt",
            "latitude=16",
            "longitude=108",
            "heading=90",
            "description@th=คำ",
        ]
        done(desk, plan_edit(desk.home, ark, assignments))
        record = access.read_asset(desk.home, ark)
        assert (record.creator, record.rights.statement, record.rights.credit) == ("An", "CC", "Phòng")
        assert record.subject == ("đình", "hội")
        assert (record.location_access.level, record.location_access.decided_by) == (AccessLevel.PUBLIC, desk.home.config.agent)
        assert record.access.reason == "đã duyệt"
        cleared = plan_edit(desk.home, ark, ["creator=", "captured=", "latitude=", "subject=", "description@th=", "access=", "nature="])
        done(desk, cleared)
        record = access.read_asset(desk.home, ark)
        assert (record.creator, record.captured, record.position, record.subject, record.description.th) == ("", None, None, (), None)

    def test_a_photo_may_be_called_a_panorama_and_back(self, desk: Desk, ark: str) -> None:
        done(desk, plan_edit(desk.home, ark, ["kind=panorama"]))
        assert access.read_asset(desk.home, ark).facts["projection"].value == "equirectangular"
        done(desk, plan_edit(desk.home, ark, ["kind=photo"]))
        record = access.read_asset(desk.home, ark)
        assert (record.kind, "projection" in record.facts) == (AssetKind.PHOTO, False)

    @pytest.mark.parametrize("assignment", ["latitude=91", "nosuch=x", "kind=mesh", "latitude=16", "access=perhaps", "captured=31/02/2024"])
    def test_what_cannot_be_is_refused_with_words(self, desk: Desk, ark: str, assignment: str) -> None:
        plan = plan_edit(desk.home, ark, [assignment])
        assert plan.refused
        assert all(set(one.sentence) == {"vi", "en", "th"} for one in plan.problems)
        with pytest.raises(UsageError, match="not made"):
            done(desk, plan)
        assert head(desk, ark) == "v1"

    def test_nothing_changed_is_no_version(self, desk: Desk, ark: str) -> None:
        plan = plan_edit(desk.home, ark, ["creator=", "altitude="])
        assert plan.amendments == ()
        done(desk, plan)
        assert head(desk, ark) == "v1"

    def test_wrong_calls(self, desk: Desk, ark: str) -> None:
        with pytest.raises(UsageError, match="field=value"):
            plan_edit(desk.home, ark, ["title"])
        with pytest.raises(NotFoundError):
            plan_edit(desk.home, SITE, ["creator=x"])
        with pytest.raises(NotFoundError):
            plan_edit(desk.home, NOT_THERE, ["creator=x"])

    def test_a_plan_from_an_old_head_is_refused(self, desk: Desk, ark: str) -> None:
        old = plan_edit(desk.home, ark, ["creator=An"])
        done(desk, plan_edit(desk.home, ark, ["creator=Bình"]))
        with pytest.raises(ConflictError):
            done(desk, old)


class TestSheet:
    def test_many_at_once(self, desk: Desk, card: Path, tmp_path: Path) -> None:
        write(card, "a.jpg", jpeg(1))
        write(card, "b.jpg", jpeg(2))
        desk.ingest(card)
        one, other = desk.objects()
        content = f"ark,file,title@vi,Người chụp\n{one},a.jpg,Một,\n{other},b.jpg,Hai,An\n,x,y,z\n"
        sheet = write(tmp_path, "edit.csv", content.encode())
        done(desk, plan_sheet(desk.home, sheet, desk.workers))
        assert access.read_asset(desk.home, one).title.vi == "Một"
        assert access.read_asset(desk.home, other).creator == "An"
        assert plan_sheet(desk.home, sheet, desk.workers).amendments == ()

    def test_faults_name_their_cell(self, desk: Desk, ark: str, tmp_path: Path) -> None:
        sheet = write(tmp_path, "edit.csv", f"ark,latitude\n{ark},x\n{NOT_THERE},1\n".encode())
        plan = plan_sheet(desk.home, sheet, desk.workers)
        assert {one.code for one in plan.problems} == {"edit-problem", "unknown-asset"}
        assert "latitude, 2" in next(one for one in plan.problems if one.code == "edit-problem").sentence["en"]

    def test_what_is_no_sheet(self, desk: Desk, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="cannot be read"):
            plan_sheet(desk.home, write(tmp_path, "e.csv", b""), desk.workers)
        with pytest.raises(UsageError, match="ark"):
            plan_sheet(desk.home, write(tmp_path, "f.csv", b"file,title\na,b\n"), desk.workers)


class TestWithdraw:
    def test_withdrawn_and_restored(self, desk: Desk, card: Path, ark: str) -> None:
        with pytest.raises(UsageError, match="reason"):
            plan_withdraw(desk.home, ark, " ")
        assert plan_restore(desk.home, ark).amendments == ()
        done(desk, plan_withdraw(desk.home, ark, "gia đình yêu cầu"))
        assert access.read_asset(desk.home, ark).withdrawn == "gia đình yêu cầu"
        assert access.read_bytes(desk.home, ark, "original/a.jpg") == jpeg(1)
        assert plan_withdraw(desk.home, ark, "again").amendments == ()
        assert "withdrawn-asset" in {one.code for one in desk.ingest(card).findings}
        done(desk, plan_restore(desk.home, ark))
        assert access.read_asset(desk.home, ark).withdrawn == ""
        kinds = [json.loads(line)["eventType"] for line in access.read_bytes(desk.home, ark, "events.jsonl").splitlines()]
        assert kinds[-2:] == ["dea", "mem"]


class TestUndo:
    def test_what_it_created_is_withdrawn_and_what_it_versioned_reverted(self, desk: Desk, card: Path) -> None:
        write(card, "cube.obj", CUBE)
        desk.ingest(card)
        mesh = desk.only_asset()
        write(card, "cube.mtl", CUBE_MTL)
        write(card, "skin of house.jpg", jpeg(3))
        write(card, "z.jpg", jpeg(4))
        report = desk.ingest(card)
        photo = next(one for one in desk.objects() if one != mesh)
        plan = plan_undo(desk.home, report.deposit)
        assert len(diff_lines(plan)) > 2
        done(desk, plan)
        assert access.read_asset(desk.home, photo).withdrawn.startswith("undo of deposit")
        assert head(desk, mesh) == "v3"
        assert [one.path for one in access.read_asset(desk.home, mesh).originals] == ["cube.obj"]
        assert set(access.read_files(desk.home, mesh)) == {"original/cube.obj", "record.json", "technical.json", "events.jsonl"}
        assert len(access.read_bytes(desk.home, mesh, "events.jsonl").splitlines()) == 11
        assert access.read_deposit(desk.home, report.deposit).undone == "2026-11-22T08:30:00Z"
        assert oracle_accepts(desk.home, mesh)[0]
        with pytest.raises(ConflictError, match="undone"):
            plan_undo(desk.home, report.deposit)

    def test_an_interrupted_undo_goes_on_where_it_stopped(self, desk: Desk, card: Path) -> None:
        write(card, "cube.obj", CUBE)
        desk.ingest(card)
        write(card, "cube.mtl", CUBE_MTL)
        write(card, "skin of house.jpg", jpeg(3))
        write(card, "z.jpg", jpeg(4))
        report = desk.ingest(card)
        done(desk, AmendPlan(plan_undo(desk.home, report.deposit).amendments))
        again = plan_undo(desk.home, report.deposit)
        assert again.amendments == ()
        done(desk, again)
        assert access.read_deposit(desk.home, report.deposit).undone

    def test_what_was_changed_since_is_left_and_said(self, desk: Desk, card: Path) -> None:
        write(card, "cube.obj", CUBE)
        desk.ingest(card)
        mesh = desk.only_asset()
        write(card, "cube.mtl", b"newmtl a\n")
        report = desk.ingest(card)
        done(desk, plan_edit(desk.home, mesh, ["creator=An"]))
        plan = plan_undo(desk.home, report.deposit)
        assert [one.code for one in plan.problems] == ["changed-since"]
        assert not plan.refused
        assert plan.amendments == ()

    def test_what_is_no_deposit(self, desk: Desk, ark: str) -> None:
        with pytest.raises(NotFoundError):
            plan_undo(desk.home, ark)
