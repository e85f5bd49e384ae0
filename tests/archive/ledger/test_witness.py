import base64

import pytest

from archive.errors import DamageError, NotFoundError
from archive.ledger.keys import load_signers, save_keys
from archive.ledger.log import Relation
from archive.ledger.note import COSIGNATURE, Checkpoint, parse_note, parse_vkey, read_note, signed_note, stated_time
from archive.ledger.signers import new_signers, verify_signature
from archive.ledger.vouching import Voucher, vouchers
from archive.ledger.witness import WITNESSED, cosign, held_checkpoints, held_size, keep_witnessed, load_witness, new_witness
from tests.archive.ledger.builders import ORIGIN, Log, event


def test_a_verifier_key_of_a_public_witness() -> None:
    """Key type 0x04, as the transparency-dev project publishes it."""
    text = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
    key = parse_vkey(text)
    assert (key.type, key.name, key.vkey()) == (COSIGNATURE, "remora.n621.de", text)


def test_the_time_of_a_published_cosignature() -> None:
    encoded = "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA=="
    content = base64.b64decode(encoded)
    key = type(parse_vkey("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"))("w", COSIGNATURE, b"")
    note = f"{Checkpoint('o', 1, bytes(32)).text()}\n— w {base64.b64encode(key.key_id + content[4:]).decode()}\n".encode()
    assert stated_time(note, key) == 1727964367


def test_what_a_cosignature_signs() -> None:
    witness = new_witness("w")
    checkpoint = Checkpoint("example.com/behind-the-sofa", 20852163, base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="))
    _name, key_id, signature = parse_note(signed_note(checkpoint, [witness], 1679315147))[1][0]
    assert (key_id, signature[:8]) == (witness.public.key_id, (1679315147).to_bytes(8, "big"))
    message = "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert verify_signature(witness.public, message.encode(), signature[8:])


def test_a_witness_signs_what_extends_what_it_holds() -> None:
    case, witness = Log(3), new_witness("disk-2")
    first = cosign(case.log.note(), keys=case.keys, held=None, proof=(), witness=witness, seconds=7)
    assert stated_time(first, witness.public) == 7
    assert held_size(first) == 3
    assert held_size(None) == 0
    case.append([event(4), event(5)])
    second = cosign(case.log.note(), keys=case.keys, held=first, proof=case.log.consistency(3), witness=witness, seconds=9)
    assert read_note(second, (*case.keys, witness.public), verify_signature).size == 5
    assert case.log.against(first) is None
    again = cosign(second, keys=case.keys, held=second, proof=(), witness=witness, seconds=11)
    assert [name for name, _id, _signature in parse_note(again)[1]] == [ORIGIN, ORIGIN, "disk-2"]


def test_a_witness_may_sign_with_ml_dsa_too() -> None:
    case, witness = Log(2), new_signers("disk-3")[1]
    note = cosign(case.log.note(), keys=case.keys, held=None, proof=(), witness=witness, seconds=5)
    assert stated_time(note, witness.public) == 5


def test_a_witness_refuses_a_rollback_a_rewriting_and_another_log() -> None:
    case, witness = Log(3), new_witness("disk-2")
    held = cosign(case.log.note(), keys=case.keys, held=None, proof=(), witness=witness, seconds=7)
    earlier = Log(1)
    with pytest.raises(DamageError, match="set back") as caught:
        cosign(earlier.log.note(), keys=earlier.keys, held=held, proof=(), witness=witness, seconds=8)
    assert caught.value.values == {"held": 3, "now": 1}
    other = Log(5)
    other.append([event(99)])
    case.append([event(8)])
    with pytest.raises(DamageError, match="rewritten"):
        cosign(case.log.note(), keys=case.keys, held=held, proof=other.log.consistency(3), witness=witness, seconds=8)
    strange = signed_note(Checkpoint("ditich-archive/other", 9, bytes(32)), [*case.signers, witness], 1)
    with pytest.raises(DamageError, match="another log"):
        cosign(case.log.note(), keys=case.keys, held=strange, proof=(), witness=witness, seconds=8)
    empty = signed_note(Checkpoint(ORIGIN, 0, bytes(32)), [witness], 1)
    assert cosign(case.log.note(), keys=case.keys, held=empty, proof=(), witness=witness, seconds=8)


def test_who_vouches() -> None:
    case, witness, other = Log(3), new_witness("disk-2"), new_witness("disk-3")
    assert held_checkpoints(case.storage) == {}
    known = {"disk-2": witness.public.vkey(), "disk-3": other.public.vkey(), "disk-4": "", "own": case.vkeys[0]}
    assert vouchers(case.storage, ORIGIN, case.keys, known) == ()
    early = cosign(case.log.note(), keys=case.keys, held=None, proof=(), witness=other, seconds=0)
    keep_witnessed(case.storage, "ledger/witnesses/disk-3", early)
    case.append([event(7)])
    note = cosign(case.log.note(), keys=case.keys, held=None, proof=(), witness=witness, seconds=86400)
    keep_witnessed(case.storage, "ledger/witnesses/disk-2", note)
    keep_witnessed(case.storage, "ledger/witnesses/disk-4", note)
    keep_witnessed(case.storage, "ledger/witnesses/own", case.log.note())
    case.storage.nodes["ledger/witnesses/disk-2.new"] = bytearray(b"torn")
    found = (Voucher("disk-2", 4, "1970-01-02T00:00:00+00:00"), Voucher("disk-3", 3, "1970-01-01T00:00:00+00:00"))
    assert vouchers(case.storage, ORIGIN, case.keys, known) == found
    assert vouchers(case.storage, "ditich-archive/other", case.keys, known) == ()
    assert list(case.log.problems()) == []
    case.storage.nodes["ledger/witnesses/disk-2"] = bytearray(b"gone")
    assert [one.name for one in vouchers(case.storage, ORIGIN, case.keys, known)] == ["disk-3"]
    assert [path for path, _what in case.log.problems()] == ["ledger/witnesses/disk-2"]


def test_the_key_of_a_witness_is_kept_like_others(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    witness = new_witness("disk-2")
    save_keys(folder, (witness,))
    assert load_witness(folder, witness.public.vkey()).public == witness.public
    assert [path.name for path in folder.iterdir()] == [f"{witness.public.key_id.hex()}.witness.key"]
    with pytest.raises(NotFoundError):
        load_witness(folder, new_witness("x").public.vkey())
    assert WITNESSED == "ledger/witnessed"
    assert load_signers(folder, ()) == ()


def test_what_a_ledger_is_to_checkpoints_held_elsewhere() -> None:
    case = Log(4)
    before = case.log.checkpoint()
    assert case.log.relation(before) is Relation.SAME
    case.append([event(9)])
    assert case.log.relation(before) is Relation.EXTENDED
    assert case.log.relation(Checkpoint(ORIGIN, 4, bytes(32))) is Relation.REWRITTEN
    assert case.log.relation(Checkpoint(ORIGIN, 6, bytes(32))) is Relation.ROLLED_BACK
    assert case.log.relation(Checkpoint("other/log", 1, bytes(32))) is Relation.FOREIGN
    assert "set back" in str(case.log.against(signed_note(Checkpoint(ORIGIN, 6, bytes(32)), case.signers, 1)))
    assert "rewritten" in str(case.log.against(signed_note(Checkpoint(ORIGIN, 2, bytes(32)), case.signers, 1)))
    with pytest.raises(DamageError):
        case.log.against(signed_note(before, new_signers(ORIGIN), 1))


def test_consistency_with_what_is_longer_or_empty_has_no_proof() -> None:
    case = Log(4)
    assert case.log.consistency(0) == case.log.consistency(5) == case.log.consistency(4) == ()
    content = case.storage.nodes["ledger/log/000000000000-2026-11.jsonl"]
    assert content is not None
    content[5] ^= 1
    with pytest.raises(DamageError, match="does not match its signed checkpoint"):
        case.log.consistency(2)


def test_a_note_that_is_cut_off() -> None:
    case = Log(1)
    with pytest.raises(DamageError, match="cut off"):
        parse_note(case.log.note()[:-1])
