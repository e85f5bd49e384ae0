import pytest

from archive.errors import DamageError
from archive.ledger.segments import Segment, lines_of, segments, size_after
from tests.archive.ledger.builders import DECEMBER, Log, event


def two_months() -> Log:
    case = Log(3)
    case.append([event(3), event(4)], DECEMBER)
    return case


def problems(case: Log) -> dict[str, str]:
    return dict(case.log.problems())


def test_a_month_that_is_over_has_its_size() -> None:
    found = segments(two_months().storage, "ledger/log")
    assert size_after(found, "2026-11") == 3
    assert size_after(found, "2026-12") is None
    assert size_after(found, "2026-10") is None


def test_a_lost_segment_in_the_middle_ends_the_lines() -> None:
    case = two_months()
    del case.storage.nodes["ledger/log/000000000000-2026-11.jsonl"]
    assert list(lines_of(case.storage, (Segment("ledger/log/000000000003-2026-12.jsonl", 3),), 0, 5)) == []
    assert "0 are there" in problems(case)["ledger/checkpoint"]
    with pytest.raises(DamageError, match="0 are there"):
        case.entries()


def test_a_kept_checkpoint_that_is_missing_misnamed_newer_or_of_another_past() -> None:
    case = two_months()
    kept = "ledger/checkpoints/000000000003"
    content = case.storage.nodes.pop(kept)
    assert "missing" in problems(case)[kept]
    case.storage.nodes[kept] = bytearray(case.log.note())
    assert "bears another number" in problems(case)[kept]
    case.storage.nodes[kept] = content
    other = Log(0)
    other.signers, other.log = case.signers, type(case.log)(other.storage, case.log.origin, case.keys)
    other.log.create(case.signers, DECEMBER)
    other.append([event(90 + number) for number in range(3)])
    case.storage.nodes[kept] = bytearray(other.log.note())
    assert "another past" in problems(case)[kept]
    other.append([event(number) for number in range(9)])
    case.storage.nodes[kept] = content
    case.storage.nodes["ledger/checkpoints/000000000012"] = bytearray(other.log.note())
    assert "set back" in problems(case)["ledger/checkpoints/000000000012"]


def test_what_killed_writers_left_is_no_damage() -> None:
    case = two_months()
    case.storage.nodes["ledger/checkpoints/000000000009.new"] = bytearray(b"torn")
    case.storage.nodes["ledger/checkpoint.new"] = bytearray(b"torn")
    assert problems(case) == {}
