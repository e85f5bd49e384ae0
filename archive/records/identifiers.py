"""ARKs: minted once, resolve for ever.

``ark:NAAN/dt<blade><check>``: "dt" is Ditich's shoulder, the blade is betanumeric, the check character is that of NOID
(https://n2t.net/e/noid.html, "NOID check digit algorithm": the sum of position × ordinal over the characters of NAAN/name, modulo 29).
"""

import hashlib
import re
import secrets

from archive.errors import RecordError

BETANUMERIC = "0123456789bcdfghjkmnpqrstvwxz"
SHOULDER = "dt"
TEST_NAAN = "99999"
BLADE_LENGTH = 16
_ARK = re.compile(rf"ark:([0-9a-z]{{5}})/({SHOULDER}[{BETANUMERIC}]+)")


def check_character(name: str) -> str:
    """The NOID check character of ``naan/name`` (without "ark:" and without a check character)."""
    total = sum(position * max(BETANUMERIC.find(character), 0) for position, character in enumerate(name, start=1))
    return BETANUMERIC[total % len(BETANUMERIC)]


def blade_of(digest: bytes) -> str:
    """``BLADE_LENGTH`` betanumeric characters from a digest of at least 32 bytes."""
    number = int.from_bytes(digest, "big")
    characters = []
    for _ in range(BLADE_LENGTH):
        number, remainder = divmod(number, len(BETANUMERIC))
        characters.append(BETANUMERIC[remainder])
    return "".join(characters)


def ark_from_blade(naan: str, blade: str) -> str:
    """The ARK of a blade under a NAAN, check character appended."""
    name = f"{naan}/{SHOULDER}{blade}"
    return f"ark:{name}{check_character(name)}"


def mint_asset(naan: str, site: str, principal_sha512: str, ordinal: int = 0) -> str:
    """The ARK of an asset: a function of its site and its principal original, so the same material meets itself.

    Args:
        naan: the archive's NAAN (99999 is for tests).
        site: ARK of the site.
        principal_sha512: lower-case hexadecimal sha512 of the principal original.
        ordinal: 0, or the next free number for ``--as-new``.
    """
    suffix = f"\n{ordinal}" if ordinal else ""
    return ark_from_blade(naan, blade_of(hashlib.sha512(f"asset\n{site}\n{principal_sha512}{suffix}".encode()).digest()))


def mint_deposit(naan: str, site: str, received_list_sha512: str) -> str:
    """The ARK of a deposit: a function of its site and its received list, so an interrupted ingest finds itself again."""
    return ark_from_blade(naan, blade_of(hashlib.sha512(f"deposit\n{site}\n{received_list_sha512}".encode()).digest()))


def mint_site(naan: str) -> str:
    """A new ARK for a site: random, minted once."""
    return ark_from_blade(naan, "".join(secrets.choice(BETANUMERIC) for _ in range(BLADE_LENGTH)))


def is_ark(text: str) -> bool:
    """Whether the text is an ARK of this form with the right check character."""
    match = _ARK.fullmatch(text)
    return match is not None and check_character(f"{match[1]}/{match[2][:-1]}") == match[2][-1]


def identifier_of(ark: str) -> str:
    """The part after the NAAN ("dt3k9…"), used in addresses and folder names.

    Raises:
        RecordError: this is not an ARK of ours.
    """
    match = _ARK.fullmatch(ark)
    if match is None:
        raise RecordError(f"“{ark}” is not an ARK.", advice="An ARK looks like ark:99999/dt… ; copy it whole.")
    return match[2]
