import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.errors import DamageError, RecordError
from archive.ledger.keys import new_signers, verify_signature
from archive.ledger.note import ED25519, ML_DSA_44, Checkpoint, parse_vkey, read_note, signed_note

CHECKPOINT = Checkpoint("ditich-archive/test", 3, b"\1" * 32)


def test_the_specifications_own_example() -> None:
    text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    key = parse_vkey(text)
    assert (key.name, key.type, key.vkey()) == ("example.com/foo", ED25519, text)
    line = base64.b64decode("Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=")
    assert line[:4] == key.key_id
    Ed25519PublicKey.from_public_bytes(key.material).verify(line[4:], b"This is an example message.\n")
    assert verify_signature(key, b"This is an example message.\n", line[4:])


def test_a_signed_checkpoint_is_read_back() -> None:
    signers = new_signers("ditich-archive/test")
    note = signed_note(CHECKPOINT, signers, 1_800_000_000)
    keys = [signer.public for signer in signers]
    assert [key.type for key in keys] == [ED25519, ML_DSA_44]
    assert read_note(note, keys, verify_signature) == CHECKPOINT
    assert read_note(note, keys[:1], verify_signature) == CHECKPOINT
    assert note.decode().splitlines()[:4] == ["ditich-archive/test", "3", base64.b64encode(b"\1" * 32).decode(), ""]


def test_signatures_of_strangers_do_not_count() -> None:
    note = signed_note(CHECKPOINT, new_signers("ditich-archive/test"), 1)
    with pytest.raises(DamageError, match="not signed by the keys"):
        read_note(note, [new_signers("ditich-archive/test")[0].public], verify_signature)


@pytest.mark.parametrize("which", [0, 1])
def test_one_signature_alone_does_not_count(which: int) -> None:
    signers = new_signers("n")
    with pytest.raises(DamageError, match="not signed by the keys"):
        read_note(signed_note(CHECKPOINT, signers[which : which + 1], 1), [signer.public for signer in signers], verify_signature)


@pytest.mark.parametrize("which", [0, 1])
def test_every_known_signature_must_hold(which: int) -> None:
    signers = new_signers("n")
    other = signed_note(Checkpoint("ditich-archive/test", 4, b"\2" * 32), signers, 1).decode().splitlines()[4:]
    lines = signed_note(CHECKPOINT, signers, 1).decode().splitlines()
    lines[4 + which] = other[which]
    with pytest.raises(DamageError, match="does not hold"):
        read_note(("\n".join(lines) + "\n").encode(), [signer.public for signer in signers], verify_signature)


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (b"", "not readable"),
        (b"a\nb\nc\n\n", "not readable"),
        (b"origin\n 3\nAQEBAQ==\n\n", "one right form"),
        (CHECKPOINT.text().encode() + b"\n", "signature line"),
        (CHECKPOINT.text().encode() + b"\n- n AAAA\n", "signature line"),
        (CHECKPOINT.text().encode() + "\n— n *\n".encode(), "signature line"),
    ],
)
def test_what_is_not_a_checkpoint(note: bytes, message: str) -> None:
    with pytest.raises(DamageError, match=message):
        read_note(note, [], verify_signature)


@pytest.mark.parametrize("text", ["", "name", "n+00000000+AQID", "n+00000000+*", "n+00000000+"])
def test_what_is_not_a_verifier_key(text: str) -> None:
    with pytest.raises(RecordError, match="not a verifier key"):
        parse_vkey(text)


def test_a_key_of_the_wrong_length_verifies_nothing() -> None:
    key = parse_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    assert not verify_signature(type(key)("n", ED25519, b"short"), b"text", b"\0" * 64)
