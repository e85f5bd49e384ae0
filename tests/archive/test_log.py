from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from archive.errors import DamageError, StorageError
from archive.ledger.keys import new_signers
from archive.ledger.log import Ledger
from archive.ledger.merkle import leaf_hash, root_from_proof
from archive.ledger.verification import _segment_before
from archive.records.events import Event, EventType, Outcome
from archive.storage.base import make_folders
from archive.storage.memory import MemoryStorage

NOVEMBER = datetime(2026, 11, 30, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
SEGMENT = "ledger/log/000000000000-2026-11.jsonl"


def event(number: int) -> Event:
    return Event(f"e{number}", EventType.INGESTION, "2026-11-30T00:00:00+00:00", Outcome.SUCCESS, ("a",), (f"o{number}",))


class Case:
    """A ledger in memory with its keys."""

    def __init__(self) -> None:
        self.storage = MemoryStorage()
        make_folders(self.storage, "work/locks")
        make_folders(self.storage, "ledger")
        self.signers = new_signers("ditich-archive/t")
        self.log = Ledger(self.storage, "ditich-archive/t", [signer.public for signer in self.signers])
        self.log.create(self.signers, NOVEMBER)

    def append(self, numbers: Sequence[int], now: datetime = NOVEMBER) -> None:
        self.log.append([event(number) for number in numbers], self.signers, now)

    def numbers(self, start: int = 0) -> list[str]:
        return [entry.event.identifier for entry in self.log.entries(start)]

    def content(self, path: str) -> bytearray:
        content = self.storage.nodes[path]
        assert content is not None
        return content


@pytest.fixture
def case() -> Case:
    return Case()


def test_entries_stand_in_order_and_can_be_read_from_anywhere(case: Case) -> None:
    assert case.numbers() == []
    case.append([1, 2])
    case.append([3])
    case.append([4, 5], DECEMBER)
    case.append([6], DECEMBER)
    assert case.numbers() == ["e1", "e2", "e3", "e4", "e5", "e6"]
    assert case.numbers(4) == ["e5", "e6"]
    assert case.numbers(6) == []
    assert case.log.checkpoint().size == 6
    assert list(case.log.problems()) == []


def test_segments_are_monthly_and_a_clock_that_runs_backwards_opens_none(case: Case) -> None:
    case.append([1])
    case.append([2], DECEMBER)
    case.append([3], NOVEMBER)
    names = [entry.name for entry in case.storage.entries("ledger/log")]
    assert names == ["000000000000-2026-11.jsonl", "000000000001-2026-12.jsonl"]
    assert case.numbers() == ["e1", "e2", "e3"]
    assert [entry.name for entry in case.storage.entries("ledger/checkpoints")] == ["000000000001"]


def test_what_a_killed_writer_left_beside_the_kept_checkpoints_is_no_damage(case: Case) -> None:
    case.append([1])
    case.append([2], DECEMBER)
    case.storage.write_new("ledger/checkpoints/000000000001.new", b"")
    assert list(case.log.problems()) == []


def test_a_segment_that_was_opened_and_never_written_is_taken_away(case: Case) -> None:
    case.append([1])
    case.storage.write_new("ledger/log/000000000001-2026-12.jsonl", b"")
    assert case.log.set_tail_aside() == ""
    assert [entry.name for entry in case.storage.entries("ledger/log")] == ["000000000000-2026-11.jsonl"]
    assert list(case.log.problems()) == []


def test_entries_count_although_the_shortcut_to_them_cannot_be_written(case: Case) -> None:
    class Full(MemoryStorage):
        def write_new(self, path: str, content: bytes) -> None:
            if "frontier" in path:
                raise StorageError("The disk is full: test.")
            super().write_new(path, content)

    full = Full()
    full.nodes = case.storage.nodes
    Ledger(full, "ditich-archive/t", [signer.public for signer in case.signers]).append([event(1)], case.signers, NOVEMBER)
    assert case.numbers() == ["e1"]


def test_an_entry_is_proved_under_the_signed_root(case: Case) -> None:
    case.append(range(7))
    checkpoint = case.log.checkpoint()
    entry = list(case.log.entries())[4]
    assert root_from_proof(leaf_hash(entry.line), 4, checkpoint.size, case.log.proof(4)) == checkpoint.root


@pytest.mark.parametrize("saved", [b"", b"{}", b'{"size": 1, "peaks": ["00"], "segment": "x", "offset": 7}', b'{"size": 2, "peaks": 3}'])
def test_a_saved_frontier_is_believed_only_where_it_leads_to_the_root(case: Case, saved: bytes) -> None:
    case.append([1, 2])
    case.storage.nodes["ledger/frontier.json"] = bytearray(saved)
    case.append([3])
    assert case.numbers() == ["e1", "e2", "e3"]
    assert list(case.log.problems()) == []


def test_lines_that_were_never_signed_are_set_aside(case: Case) -> None:
    case.append([1])
    case.content(SEGMENT).extend(b'{"torn')
    case.storage.nodes["ledger/log/000000000001-2026-12.jsonl"] = bytearray(b"never signed\n")
    aside = case.log.set_tail_aside()
    assert case.storage.read(aside) == b'{"tornnever signed\n'
    assert case.storage.kind("ledger/log/000000000001-2026-12.jsonl") is None
    assert case.log.set_tail_aside() == ""
    case.append([2])
    assert case.numbers() == ["e1", "e2"]


def test_a_wrong_saved_offset_cuts_nothing_that_is_signed(case: Case) -> None:
    case.append([1, 2])
    saved = bytes(case.content("ledger/frontier.json"))
    size = len(case.content(SEGMENT))
    case.storage.nodes["ledger/frontier.json"] = bytearray(saved.replace(b'"offset": %d' % size, b'"offset": 5'))
    assert case.log.set_tail_aside() == ""
    assert case.numbers() == ["e1", "e2"]


def test_a_first_segment_that_was_never_signed_is_set_aside(case: Case) -> None:
    case.storage.nodes[SEGMENT] = bytearray(b"torn")
    assert case.log.set_tail_aside().startswith("work/quarantine/ledger-0-")
    case.append([1])
    assert case.numbers() == ["e1"]


def test_any_changed_byte_is_found_and_its_segment_named(case: Case) -> None:
    case.append([1, 2])
    case.append([3], DECEMBER)
    for path in (SEGMENT, "ledger/log/000000000002-2026-12.jsonl"):
        content = case.content(path)
        content[20] ^= 1
        assert next(case.log.problems())[0] == path
        content[20] ^= 1
    assert list(case.log.problems()) == []


def test_lost_entries_are_found(case: Case) -> None:
    case.append([1, 2])
    content = case.content(SEGMENT)
    del content[content.index(b"\n") + 1 :]
    assert "2 are signed, 1 are there" in dict(case.log.problems())["ledger/checkpoint"]
    case.storage.nodes["ledger/frontier.json"] = bytearray(b"")
    with pytest.raises(DamageError, match="does not match its signed checkpoint"):
        case.append([3])


@pytest.mark.parametrize("left", [0, 1, -1])
def test_nothing_is_written_behind_lost_entries_whatever_the_saved_frontier_says(case: Case, left: int) -> None:
    case.append([1, 2])
    del case.content(SEGMENT)[left:]
    before = {path: bytes(content or b"") for path, content in case.storage.nodes.items()}
    for write in (case.log.set_tail_aside, lambda: case.append([3])):
        with pytest.raises(DamageError, match="does not match its signed checkpoint"):
            write()
    assert {path: bytes(content or b"") for path, content in case.storage.nodes.items()} == before


def test_nothing_is_written_behind_a_lost_segment(case: Case) -> None:
    case.append([1, 2])
    case.storage.remove_file(SEGMENT)
    with pytest.raises(DamageError, match="does not match its signed checkpoint"):
        case.append([3])


def test_an_entry_that_cannot_be_read_is_damage(case: Case) -> None:
    case.append([1, 2])
    case.content(SEGMENT)[0] ^= 1
    with pytest.raises(DamageError, match="Entry 0 of the ledger") as caught:
        [entry.event for entry in case.log.entries()]
    assert "another copy" in caught.value.advice


def test_a_changed_line_is_not_appended_to(case: Case) -> None:
    case.append([1, 2])
    case.content(SEGMENT)[30] ^= 1
    case.storage.nodes["ledger/frontier.json"] = bytearray(b"")
    with pytest.raises(DamageError, match="does not match"):
        case.log.set_tail_aside()


def test_a_missing_foreign_or_damaged_checkpoint(case: Case) -> None:
    case.append([1])
    other = Ledger(case.storage, "ditich-archive/other", [signer.public for signer in case.signers])
    with pytest.raises(DamageError, match="another log"):
        other.checkpoint()
    case.content("ledger/checkpoint")[20] ^= 1
    assert [path for path, _ in case.log.problems()] == ["ledger/checkpoint"]
    case.storage.remove_file("ledger/checkpoint")
    assert "no checkpoint" in dict(case.log.problems())["ledger/checkpoint"]


def test_a_ledger_whose_root_is_wrong_without_segments(case: Case) -> None:
    case.append([1])
    assert _segment_before(case.log, 0) == "ledger/log"
