"""Receipts, keys and checkpoints that were made to trip the one who verifies them."""

import pytest

from archive.errors import DamageError, RecordError
from archive.ledger.note import ED25519, ML_DSA_44, Checkpoint, PublicKey, parse_checkpoint, parse_vkey
from archive.ledger.receipt import MAGIC, state_of, verify_receipt
from archive.ledger.tlog_proof import HEADER, number

HUGE = b"9" * 5000


@pytest.mark.parametrize(
    "content",
    [
        MAGIC + b"keys " + HUGE + b"\n",
        MAGIC + b"entry " + HUGE + b" 3\nabc\n\n",
        MAGIC + b"entry 1 " + HUGE + b"\nabc\n\n",
        MAGIC + b"file " + HUGE + b" inventory.json\n{}\n",
        MAGIC + HEADER + b"extra AAAA\nindex " + HUGE + b"\n\nnote\n",
    ],
)
def test_a_number_of_thousands_of_digits_is_none(content: bytes) -> None:
    with pytest.raises(DamageError, match="not readable"):
        verify_receipt(content)


def test_the_largest_number_that_is_read() -> None:
    assert number("9" * 19, "") == 10**19 - 1


def test_an_inventory_of_brackets() -> None:
    with pytest.raises(DamageError):
        state_of(b"[" * 200_000, "v1")


@pytest.mark.parametrize(
    "checkpoint", [Checkpoint("o", -5, bytes(32)), Checkpoint("o", 2**64, bytes(32)), Checkpoint("o" * 256, 1, bytes(32))]
)
def test_a_checkpoint_that_no_signature_can_be_of(checkpoint: Checkpoint) -> None:
    with pytest.raises(DamageError, match="one right form"):
        parse_checkpoint(checkpoint.text())


@pytest.mark.parametrize("key", [PublicKey("n" * 256, ML_DSA_44, bytes(1312)), PublicKey("", ED25519, bytes(32))])
def test_a_key_with_a_name_that_cannot_be_signed_for(key: PublicKey) -> None:
    with pytest.raises(RecordError):
        parse_vkey(key.vkey())


def test_a_key_with_half_a_character_in_its_name() -> None:
    with pytest.raises(RecordError):
        parse_vkey("\ud800+00000000+AQ==")
