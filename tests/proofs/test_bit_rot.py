"""Bit rot: every fault is found and rightly named, what has one good copy is mended to the byte, and nothing else is touched.

Faults come in rounds of a few, each on an object of its own, over originals, records, inventories, digest files, declarations, the storage
root and the ledger; on the archive, on its replica, and on both. After each round the audit has to name these faults and no others.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from archive.audit import AuditReport, audit_at
from archive.audit.conduct import Conduct
from archive.home import open_home
from archive.repair import Order, repair
from tests.proofs.bit_rot import KINDS, LATER, OBJECTS, Faults, Named, Rotting, files_below, rotting
from tests.proofs.conftest import Extent
from tests.proofs.deposit import scratch_folder

A_ROUND = 6
PARTS = 4
WITH_HISTORY = range(0, OBJECTS, 2)
"""objects with two or three versions"""


@pytest.fixture(scope="module")
def archive() -> Iterator[Rotting]:
    with scratch_folder("bit-rot") as folder:
        yield rotting(folder)


def checked(archive: Rotting, location: str, algorithm: str) -> AuditReport:
    home = open_home(archive.home.root, archive.home.keys)
    return audit_at(home, location, Conduct(lambda: LATER), algorithm=algorithm)


def named(report: AuditReport) -> set[Named]:
    return {(problem.object_id, problem.path, problem.what.value) for problem in report.problems}


def faults_of_a_round(faults: Faults, chance: random.Random, count: int) -> tuple[set[Named], Counter[str]]:
    """A few faults on objects of their own, and sometimes one beside the objects; what they have to be called, and what they were."""
    expected: set[Named] = set()
    done: Counter[str] = Counter()
    numbers = chance.sample(range(OBJECTS), count)
    for number in numbers:
        kind = chance.choice([kind for kind in KINDS if kind != "old-inventory" or number in WITH_HISTORY])
        expected |= faults.on_object(f"ark:99999/dtrot{number:03d}", kind)
        done[kind] += 1
    if chance.random() < 0.2:
        expected |= faults.stray_outside()
        done["stray-outside"] += 1
    if chance.random() < 0.2:
        expected |= faults.on_root_file()
        done["root-file"] += 1
    return expected, done


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("where", ["storage", "replica:copy"])
def test_every_fault_in_one_copy_is_found_named_and_mended(
    archive: Rotting, extent: Extent, where: str, part: int, record_proof: Callable[[str], None]
) -> None:
    chance = random.Random(f"{extent.seed} {where} {part}")
    wanted = extent.pick(4, 85 if where == "storage" else 40)
    root = archive.home.root if where == "storage" else archive.replica.root
    done: Counter[str] = Counter()
    while done.total() < wanted:
        archive.renew()
        before = files_below(root / "storage")
        expected, kinds = faults_of_a_round(Faults(root, archive.home, chance), chance, min(A_ROUND, wanted - done.total()))
        done += kinds
        assert named(checked(archive, where, chance.choice(["sha256", "sha512"]))) == expected
        report = repair(open_home(archive.home.root, archive.home.keys), Order(LATER, where))
        assert report.clean, report
        assert files_below(root / "storage") == before
        assert report.certificate
        assert named(checked(archive, where, "sha512")) == set()
        assert repair(open_home(archive.home.root, archive.home.keys), Order(LATER, where)).mended == []
    record_proof(f"bit rot in {where}, part {part}: {done.total()} faults, all found, named and mended: {dict(sorted(done.items()))}")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("where", ["storage", "replica:copy"])
def test_every_fault_in_the_ledger_is_found_and_mended(
    archive: Rotting, extent: Extent, where: str, record_proof: Callable[[str], None]
) -> None:
    chance = random.Random(f"{extent.seed} ledger {where}")
    wanted = extent.pick(4, 120)
    root = archive.home.root if where == "storage" else archive.replica.root
    done: Counter[str] = Counter()
    for _ in range(wanted):
        archive.renew()
        before = {path: content for path, content in files_below(root / "ledger").items() if path != "frontier.json"}
        path = Faults(root, archive.home, chance).on_ledger()
        done[path.partition("/")[2].partition("/")[0]] += 1
        report = checked(archive, where, "sha256")
        assert report.has_damage, path
        assert {problem.object_id for problem in report.problems} == {"archive"}, (path, report.problems)
        # a segment and its checkpoint contradict each other: which of them is wrong shows only beside another copy
        blamed = {problem.path for problem in report.problems}
        assert path in blamed or path.startswith(("ledger/log/", "ledger/checkpoint")), (path, blamed)
        assert all(one.startswith("ledger/") for one in blamed), (path, blamed)
        repaired = repair(open_home(archive.home.root, archive.home.keys), Order(LATER, where))
        assert repaired.clean, (path, repaired)
        after = files_below(root / "ledger")
        assert all(after[name].startswith(content) for name, content in before.items() if name.startswith("log/")), path
        assert all(after[name] == content for name, content in before.items() if not name.startswith(("log/", "checkpoint", "witness")))
        assert not checked(archive, where, "sha256").has_damage
    record_proof(f"bit rot in the ledger of {where}: {wanted} faults, all found and mended: {dict(sorted(done.items()))}")


@pytest.mark.timeout(300)
def test_what_is_bad_in_both_copies_is_said_and_never_called_repaired(
    archive: Rotting, extent: Extent, record_proof: Callable[[str], None]
) -> None:
    chance = random.Random(f"{extent.seed} both")
    wanted = extent.pick(6, 260)
    done = 0
    while done < wanted:
        archive.renew()
        numbers = chance.sample(range(OBJECTS), A_ROUND)
        expected: set[Named] = set()
        for number in numbers:
            kind, seed = chance.choice(["flip-original", "missing-original", "zeroed-page"]), chance.random()
            for root in (archive.home.root, archive.replica.root):  # the same file in both
                expected |= Faults(root, archive.home, random.Random(seed)).on_object(f"ark:99999/dtrot{number:03d}", kind)
        done += len(expected)
        assert named(checked(archive, "storage", "sha512")) == expected
        before = files_below(archive.home.storage)
        report = repair(open_home(archive.home.root, archive.home.keys), Order(LATER))
        assert not report.clean
        assert {(lost.object_id, lost.path) for lost in report.lost} == {(object_id, path) for object_id, path, _what in expected}
        assert report.mended == []
        assert files_below(archive.home.storage) == before
    record_proof(f"bit rot in both copies: {done} faults, all found, none called repaired, nothing touched")
