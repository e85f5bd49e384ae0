"""A ledger that was set back or has another past is seen by everything that speaks about the archive, whatever else holds."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.audit import audit, audit_at, audit_due
from archive.audit.conduct import Conduct
from archive.audit.plan import Budget
from archive.errors import DamageError
from archive.home import Home, open_home, save_config
from archive.integrity.figures import Verdict
from archive.integrity.status import status
from archive.ledger.log import Relation
from archive.ledger.note import with_signatures
from archive.ledger.witness import load_witness
from archive.rekeying import rotate_keys
from archive.repair import Order, repair
from archive.replicas.outside import Contradiction, contradictions, require_continued
from archive.replicas.place import Replica, open_replica
from tests.archive.builders import NOW, draft, flip_byte, keep, new_home
from tests.archive.replicas.replica_builders import bring_up_to_date, filled_home, set_back, tree_of, with_replica

LATER = NOW + timedelta(days=40)
Case = tuple[Home, Replica, Path]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """An archive and its copy, both whole, and the ledger as it was some entries and a month earlier."""
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    earlier = tmp_path / "earlier"
    shutil.copytree(home.ledger, earlier)
    keep(home, draft("ark:99999/dt4", original__d=b"later"))
    audit(home, now=LATER)
    bring_up_to_date(home, replica)
    return home, replica, earlier


def fork(case: Case) -> None:
    home, _replica, earlier = case
    set_back(home.root, earlier)
    audit(replace(home, config=replace(home.config, replicas=())), now=LATER + timedelta(days=1))


def test_nothing_contradicts_a_ledger_that_goes_on(case: Case) -> None:
    home, replica, _earlier = case
    assert contradictions(home) == ()
    audit(home, now=LATER)
    assert contradictions(home) == ()
    require_continued(home)
    assert contradictions(open_home(replica.root, home.keys)) == ()
    shutil.rmtree(replica.root)
    assert contradictions(home) == ()


def test_a_ledger_that_was_set_back_is_said_everywhere_and_brought_forward(case: Case) -> None:
    home, replica, earlier = case
    signed = home.log.checkpoint()
    held = replica.log.checkpoint().size
    set_back(home.root, earlier)
    now = home.log.checkpoint().size
    assert list(home.log.problems()) == []
    assert contradictions(home) == (Contradiction("copy", Relation.ROLLED_BACK, held, now),)
    with pytest.raises(DamageError, match="set back") as caught:
        require_continued(home)
    assert caught.value.code == "ledger-rolled-back"
    before = tree_of(home.ledger)
    figures = status(home, LATER)
    assert (figures.verdict, [notice.code for notice in figures.notices], figures.vouched) == (Verdict.SET_BACK, ["ledger-set-back"], False)
    assert figures.verdict.is_damage
    assert f"{now} entries here, {held} are held" in figures.notices[0].sentence["en"]
    for report in (
        audit(home, now=LATER),
        audit_due(home, Budget(), Conduct(lambda: LATER)),
        audit_at(home, "copy", Conduct(lambda: LATER)),
    ):
        assert (report.exit_code, report.recorded) == (1, False)
        assert any("set back" in problem.detail for problem in report.problems)
    with pytest.raises(DamageError, match="set back"):
        repair(home, Order(LATER, "replica:copy"))
    would = repair(home, Order(LATER, dry_run=True))
    assert {one.path for one in would.mended} >= {"ledger/checkpoint"}
    assert tree_of(home.ledger) == before
    done = repair(home, Order(LATER))
    assert done.clean
    assert done.certificate
    assert (status(home, LATER).verdict, contradictions(home), list(home.log.problems())) == (Verdict.INTACT, (), [])
    tree = home.log.tree()
    assert tree.size > signed.size
    assert tree.root_at(signed.size) == signed.root


def test_objects_that_were_set_back_with_it_come_back_too(case: Case) -> None:
    home, _replica, earlier = case
    missing, older = "ark:99999/dt4", "ark:99999/dt3"
    lacking = home.root / home.objects.folder_of(older)
    shutil.copytree(lacking, earlier.parent / "older")
    keep(home, draft(older, "v1", original__c=b"third", record_json=b"3"))
    bring_up_to_date(home, open_replica(home, "copy"))
    set_back(home.root, earlier)
    shutil.rmtree(home.root / home.objects.folder_of(missing))
    shutil.rmtree(lacking)
    shutil.copytree(earlier.parent / "older", lacking)
    report = repair(home, Order(LATER))
    assert report.clean
    assert {one.object_id for one in report.mended} == {"archive", missing, older}
    assert audit(home, algorithm="sha512", now=LATER).exit_code == 0


def test_two_pasts_are_said_and_nothing_is_touched(case: Case) -> None:
    home, replica, _earlier = case
    fork(case)
    (found,) = contradictions(home)
    assert (found.relation, found.held > found.here) == (Relation.REWRITTEN, True)
    before = tree_of(home.root), tree_of(replica.root)
    figures = status(home, LATER)
    assert (figures.verdict, [notice.code for notice in figures.notices]) == (Verdict.TWO_PASTS, ["ledger-two-pasts"])
    for order in (Order(LATER), Order(LATER, "replica:copy")):
        with pytest.raises(DamageError, match="two pasts") as caught:
            repair(home, order)
        assert caught.value.code == "ledger-two-pasts"
    assert audit(home, now=LATER).exit_code == 1
    assert (tree_of(home.root), tree_of(replica.root)) == before


def test_a_past_that_outgrew_the_copy_is_another_one_all_the_same(case: Case) -> None:
    home, replica, _earlier = case
    fork(case)
    alone = replace(home, config=replace(home.config, replicas=()))
    while home.log.checkpoint().size <= replica.log.checkpoint().size:
        audit(alone, now=LATER + timedelta(days=2))
    assert [one.relation for one in contradictions(home)] == [Relation.REWRITTEN]


def test_what_an_absent_copy_cosigned_counts_too(case: Case) -> None:
    home, replica, earlier = case
    witnessed = (home.ledger / "witnesses/copy").read_bytes()
    set_back(home.root, earlier)
    (home.ledger / "witnesses/copy").write_bytes(witnessed)
    shutil.rmtree(replica.root)
    assert [one.relation for one in contradictions(home)] == [Relation.ROLLED_BACK]
    report = repair(home, Order(LATER))
    assert not report.clean
    assert not report.mended


def test_a_copy_that_is_damaged_itself_accuses_nobody_of_a_second_past(case: Case) -> None:
    home, replica, earlier = case
    set_back(home.root, earlier)
    flip_byte(min((replica.root / "ledger/log").iterdir()), 40)
    assert [one.relation for one in contradictions(home)] == [Relation.ROLLED_BACK]


@pytest.mark.parametrize("content", [b"", b"no note", b"ditich-archive/other\n1\nAAAA\n\n"])
def test_a_note_that_cannot_be_read_says_nothing(case: Case, content: bytes) -> None:
    home, replica, _earlier = case
    audit(home, now=LATER)
    (replica.root / "ledger/checkpoint").write_bytes(content)
    (replica.root / "ledger/witnessed").unlink()
    (replica.root / "ledger/witnessed").mkdir()
    assert contradictions(home) == ()


def test_settings_from_before_a_change_of_keys_do_not_hide_it(case: Case) -> None:
    home, replica, earlier = case
    before = home.config
    home = rotate_keys(home, LATER)
    audit(home, now=LATER)
    bring_up_to_date(home, replica)
    home = save_config(home, before)
    set_back(home.root, earlier)
    assert [one.relation for one in contradictions(home)] == [Relation.ROLLED_BACK]
    report = repair(home, Order(LATER))
    assert [one.path for one in report.lost] == ["ledger/checkpoint"]


def test_a_checkpoint_of_another_log_that_the_witness_signed_says_nothing(case: Case, tmp_path: Path) -> None:
    home, replica, _earlier = case
    stranger = new_home(tmp_path / "stranger").log.note()
    foreign = with_signatures(stranger, (), (load_witness(home.keys, replica.config.witness),), 1)
    for path in (replica.root / "ledger/checkpoint", replica.root / "ledger/witnessed", home.ledger / "witnesses/copy"):
        path.write_bytes(foreign)
    assert contradictions(home) == ()


def cut(ledger: Path) -> None:
    target = max((ledger / "log").iterdir())
    target.write_bytes(target.read_bytes()[:-50])


def edit(ledger: Path) -> None:
    target = min((ledger / "log").iterdir())
    target.write_bytes(target.read_bytes().replace(b"success", b"failure", 1))


def relink(ledger: Path) -> None:
    target = min((ledger / "log").iterdir())
    target.unlink()
    target.symlink_to("/etc/hostname")


HARMS: list[Callable[[Path], object]] = [
    cut,
    edit,
    relink,
    lambda ledger: (ledger / "checkpoint").unlink(),
    lambda ledger: (ledger / "checkpoint").write_bytes(b"garbage"),
    lambda ledger: (ledger / "checkpoint").write_bytes((ledger / "checkpoint").read_bytes()[:-9]),
    lambda ledger: min((ledger / "log").iterdir()).unlink(),
    lambda ledger: shutil.rmtree(ledger / "log"),
    lambda ledger: flip_byte(min((ledger / "log").iterdir()), 3),
]


@pytest.mark.parametrize("harm", HARMS, ids=range(len(HARMS)))
def test_a_damaged_ledger_is_the_verdict(case: Case, harm: Callable[[Path], object]) -> None:
    home, _replica, _earlier = case
    harm(home.ledger)
    figures = status(home, LATER)
    assert (figures.verdict, [notice.code for notice in figures.notices]) == (Verdict.LEDGER, ["ledger-damaged"])
    assert all("ditich repair" in sentence for sentence in figures.notices[0].sentence.values())
    assert repair(home, Order(LATER)).clean
    whole = status(home, LATER).verdict
    assert (whole, whole.is_damage) == (Verdict.INTACT, False)


def test_an_archive_without_copies_is_told_so(case: Case) -> None:
    home, _replica, _earlier = case
    home = save_config(home, replace(home.config, replicas=()))
    cut(home.ledger)
    assert [notice.code for notice in status(home, LATER).notices] == ["ledger-damaged-alone"]
