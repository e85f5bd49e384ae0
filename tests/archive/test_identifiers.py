import hashlib

import pytest

from archive.errors import RecordError, UsageError
from archive.records.identifiers import (
    ark_from_blade,
    blade_of,
    check_character,
    identifier_of,
    is_ark,
    mint_asset,
    mint_deposit,
    mint_site,
)

DIGEST = hashlib.sha512(b"bytes").hexdigest()


def test_the_check_character_of_noids_own_example() -> None:
    assert check_character("13030/xf93gt2") == "q"


def test_the_same_material_meets_itself() -> None:
    site = mint_site("99999")
    assert mint_asset("99999", site, DIGEST) == mint_asset("99999", site, DIGEST)
    distinct = {
        mint_asset("99999", site, DIGEST),
        mint_asset("99999", site, DIGEST, ordinal=1),
        mint_asset("99999", mint_site("99999"), DIGEST),
        mint_asset("12345", site, DIGEST),
        mint_deposit("99999", site, DIGEST),
    }
    assert len(distinct) == 5
    assert all(is_ark(ark) for ark in distinct)
    assert len(blade_of(hashlib.sha512(b"x").digest())) == 16


def test_one_wrong_or_swapped_character_is_noticed() -> None:
    ark = ark_from_blade("99999", "0123456789bcdfgh")
    assert is_ark(ark)
    for position in range(len("ark:99999/dt"), len(ark)):
        wrong = "b" if ark[position] != "b" else "c"
        assert not is_ark(ark[:position] + wrong + ark[position + 1 :])
        swapped = ark[: position - 1] + ark[position] + ark[position - 1] + ark[position + 1 :]
        assert swapped == ark or not is_ark(swapped)


def test_the_part_that_stands_in_addresses() -> None:
    ark = mint_site("99999")
    assert ark == f"ark:99999/{identifier_of(ark)}"
    for text in ("", "dt123", "ark:/99999/dt1", "ark:99999/xx1", "ark:9999/dt1"):
        assert not is_ark(text)
        with pytest.raises(RecordError, match="not an ARK"):
            identifier_of(text)


def test_errors_say_what_and_what_to_do() -> None:
    assert str(UsageError("What.", advice="Do.")) == "What. Do."
    assert str(UsageError("What.")) == "What."
