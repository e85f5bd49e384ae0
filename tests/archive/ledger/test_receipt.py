import hashlib
import json
from datetime import timedelta

import pytest

from archive.errors import DamageError, RecordError
from archive.ledger.log import KeyChange, Ledger
from archive.ledger.merkle import inclusion_proof, leaf_hash
from archive.ledger.receipt import make_receipt, state_of, verify_receipt
from archive.ledger.signers import new_signers
from archive.ledger.tlog_proof import HEADER, ProvedEntry, number, read_proof, write_proof
from tests.archive.ledger.builders import DECEMBER, NOVEMBER, ORIGIN, Log, event

DEPOSIT = b'{"lines": []}'
STATE = {hashlib.sha512(DEPOSIT).hexdigest(): ["deposit.json"]}
INVENTORY = json.dumps({"versions": {"v1": {"state": STATE}}}).encode()
FILES = {"inventory.json": INVENTORY, "deposit.json": DEPOSIT}


def a_deposit(entries: int = 6) -> Log:
    case = Log(entries)
    case.append([event(77, version="v1", inventory_sha512=hashlib.sha512(INVENTORY).hexdigest())])
    return case


def test_a_receipt_proves_its_entries_and_files() -> None:
    case = a_deposit()
    chosen = [case.entries()[2], case.entries()[6]]
    content = make_receipt(case.log, chosen, files=FILES, notes=("xin chào",))
    receipt = verify_receipt(content, case.vkeys[:1])
    assert (receipt.entries, receipt.files, receipt.own_keys) == (tuple(chosen), FILES, False)
    assert receipt.checkpoint == case.log.checkpoint()
    assert verify_receipt(content).own_keys
    assert b"# xin ch\xc3\xa0o\n" in content
    entry, note = read_proof(content[content.rindex(HEADER) :])
    assert entry.under(case.log.checkpoint())
    assert note == case.log.note()


def test_the_end_of_a_receipt_is_a_proof_as_others_write_it() -> None:
    entry = ProvedEntry(5, b"extra information", (hashlib.sha256(b"hash1").digest(),))
    written = write_proof(entry, b"test checkpoint\n").decode().splitlines()
    assert written[:3] == ["c2sp.org/tlog-proof@v1", "extra ZXh0cmEgaW5mb3JtYXRpb24=", "index 5"]
    assert written[4:] == ["", "test checkpoint"]
    assert read_proof(write_proof(entry, b"test checkpoint\n")) == (entry, b"test checkpoint\n")


def test_a_receipt_of_another_archive_or_key_does_not_hold() -> None:
    case, other = a_deposit(), Log(1)
    content = make_receipt(case.log, case.entries()[-1:], files=FILES)
    with pytest.raises(DamageError, match="not signed by the keys"):
        verify_receipt(content, other.vkeys)
    with pytest.raises(RecordError, match="not a verifier key"):
        verify_receipt(content, ["nonsense"])


def test_every_changed_byte_that_means_something_is_found() -> None:
    """What may change without harm: the lines for people, and keys and signatures of kinds that the reader was not asked to believe."""
    case = a_deposit(2)
    content = make_receipt(case.log, [case.entries()[0], case.entries()[2]], files=FILES, notes=("note",))
    good = verify_receipt(content, case.vkeys)
    for offset in range(len(content)):
        bent = bytearray(content)
        bent[offset] ^= 1
        try:
            found = verify_receipt(bytes(bent), case.vkeys)
        except DamageError:
            continue
        assert (found.checkpoint, found.entries, found.files) == (good.checkpoint, good.entries, good.files), offset


def test_a_forged_list_of_files_does_not_hold() -> None:
    case = a_deposit()
    last = case.entries()[-1:]
    with pytest.raises(DamageError, match=r"deposit\.json in it"):
        verify_receipt(make_receipt(case.log, last, files={**FILES, "deposit.json": b"{}"}))
    with pytest.raises(DamageError, match=r"inventory\.json in it"):
        verify_receipt(make_receipt(case.log, last, files={**FILES, "inventory.json": b"{}\n"}))
    with pytest.raises(DamageError, match=r"other\.json in it"):
        verify_receipt(make_receipt(case.log, last, files={**FILES, "other.json": DEPOSIT}))
    with pytest.raises(DamageError, match=r"inventory\.json in it"):
        verify_receipt(make_receipt(case.log, last, files={"deposit.json": DEPOSIT}))


def test_a_receipt_may_be_of_entries_alone() -> None:
    case = Log(2)
    assert verify_receipt(make_receipt(case.log, case.entries())).files == {}


def test_an_entry_that_was_never_in_the_ledger() -> None:
    case = a_deposit()
    content = make_receipt(case.log, [case.entries()[1], case.entries()[-1]])
    with pytest.raises(DamageError, match="entry 1 does not stand"):
        verify_receipt(content.replace(b'"e1"', b'"e2"'))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ditich-receipt/1\n",
        b"ditich-receipt/1\nkeys x\n",
        b"ditich-receipt/1\nnonsense here\n",
        b"ditich-receipt/1\nentry 1 3\nabc!\n\n",
        b"ditich-receipt/1\nentry 1 2\nabAB==\n\n",
        b"ditich-receipt/1\n" + HEADER + b"index 1\n",
        b"ditich-receipt/1\n" + HEADER + b"extra AAAA\nindex 01\n\nnote\n",
        b"ditich-receipt/1\n" + HEADER + b"extra AAAA\n\nnote\n",
    ],
)
def test_what_is_no_receipt(content: bytes) -> None:
    with pytest.raises(DamageError, match="not readable"):
        verify_receipt(content)


def test_what_is_no_proof_and_no_inventory() -> None:
    with pytest.raises(DamageError):
        read_proof(b"something else\n\nnote\n")
    with pytest.raises(DamageError):
        state_of(b"[]", "v1")
    with pytest.raises(DamageError):
        number("+3", "")


def changed(case: Log, events: int = 1) -> Log:
    """The same ledger handed over to new keys."""
    after = Log.__new__(Log)
    after.storage, after.signers = case.storage, new_signers(ORIGIN)
    after.keys = [signer.public for signer in after.signers]
    after.vkeys = [key.vkey() for key in after.keys]
    hand = (event(50, keys=after.vkeys, retired=case.vkeys),)
    settled: list[bool] = []
    case.log.hand_over(KeyChange(hand[:events], tuple(case.signers), after.signers), NOVEMBER, lambda: settled.append(True))
    assert settled == [True]
    after.log = Ledger(case.storage, ORIGIN, after.keys, retired=[*case.log.retired, case.keys])
    return after


def test_who_knows_the_old_key_follows_to_the_new() -> None:
    case = a_deposit()
    after = changed(changed(case))
    after.append([event(51)], DECEMBER)
    content = make_receipt(after.log, [case_entry for case_entry in after.entries() if case_entry.index == 6], files=FILES)
    for known in (case.vkeys, case.vkeys[:1], after.vkeys):
        assert verify_receipt(content, known).keys[0] == after.vkeys[0]
    with pytest.raises(DamageError):
        verify_receipt(content, Log(1).vkeys)
    assert list(after.log.problems()) == []
    with pytest.raises(DamageError):
        case.log.checkpoint()


def test_a_receipt_that_the_old_keys_signed_holds_beside_a_later_change() -> None:
    case = a_deposit()
    content = make_receipt(case.log, case.entries()[6:7], files=FILES)
    changed(case)
    following = case.storage.read("ledger/checkpoints/000000000008")
    lines = case.storage.read("ledger/log/000000000000-2026-11.jsonl").splitlines(keepends=True)
    change = write_proof(ProvedEntry(7, lines[7], inclusion_proof([leaf_hash(line) for line in lines], 7)), following)
    found = verify_receipt(content.replace(b"\nfile ", b"\nkeys %d\n%s\nfile " % (len(change), change), 1), case.vkeys)
    assert found.keys == tuple(case.vkeys)


def test_a_change_of_keys_that_no_old_key_signed_is_not_followed() -> None:
    case = a_deposit()
    after = changed(case, events=0)
    after.append([event(52, keys=after.vkeys, retired=case.vkeys)], NOVEMBER + timedelta(days=1))
    content = make_receipt(after.log, after.entries()[6:7], files=FILES)
    assert verify_receipt(content, after.vkeys).keys == tuple(after.vkeys)
    with pytest.raises(DamageError):
        verify_receipt(content, case.vkeys)


@pytest.mark.parametrize("index", [0, 1])
def test_a_change_of_keys_that_names_none_or_never_was_leads_nowhere(index: int) -> None:
    case = a_deposit()
    content = make_receipt(case.log, case.entries()[6:7], files=FILES)
    entry = case.entries()[0]
    change = write_proof(ProvedEntry(index, entry.line, case.log.proof(0)), case.log.note())
    found = verify_receipt(content.replace(b"\nfile ", b"\nkeys %d\n%s\nfile " % (len(change), change), 1), case.vkeys)
    assert found.keys == tuple(case.vkeys)
