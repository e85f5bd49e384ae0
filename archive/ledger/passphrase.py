"""Private keys under a passphrase: scrypt makes a key of it, AES-256-GCM locks the seed.

Who is asked for the passphrase stands in the context of the run (:func:`passphrase_from`): the command line asks a terminal or reads a
file, a program that asks nobody can only use keys that are not locked.
"""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from archive.errors import NotFoundError, RecordError

MAGIC = b"ditich-key/1 scrypt "
_COST = (17, 8, 1)
"""log2 of N, r and p: 128 MiB and about half a second for every guess"""
_MOST_COST = (20, 16, 4)
"""2 GiB: a damaged file must not ask for more memory than there is"""
_Derived = dict[tuple[bytes, tuple[int, int, int]], bytes]


class _Unlocking:
    """One passphrase for one run: asked for once, and worked into a key once for each salt."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask
        self._passphrase = ""
        self._derived: _Derived = {}

    @property
    def given(self) -> str:
        """What was answered, "" while nobody was asked."""
        return self._passphrase

    def key(self, salt: bytes, cost: tuple[int, int, int]) -> bytes:
        if (salt, cost) not in self._derived:
            self._passphrase = self._passphrase or self._ask()
            self._derived[salt, cost] = _stretched(self._passphrase, salt, cost)
        return self._derived[salt, cost]


_UNLOCKING: ContextVar[_Unlocking | None] = ContextVar("unlocking", default=None)


@contextmanager
def passphrase_from(ask: Callable[[], str]) -> Iterator[None]:
    """Inside, keys that are locked are opened with what ``ask`` returns; it is called when the first of them is needed."""
    token = _UNLOCKING.set(_Unlocking(ask))
    try:
        yield
    finally:
        _UNLOCKING.reset(token)


def passphrase_given() -> str:
    """The passphrase that opened keys in this run; "" where none was asked for."""
    unlocking = _UNLOCKING.get()
    return unlocking.given if unlocking is not None else ""


def is_locked(content: bytes) -> bool:
    """Whether the content of a key file is under a passphrase."""
    return content.startswith(MAGIC)


def new_salt() -> bytes:
    """A salt for the keys that are locked together."""
    return os.urandom(16)


def locked(seed: bytes, name: str, passphrase: str, salt: bytes) -> bytes:
    """The content of a key file under a passphrase; ``name`` is bound to it, so that files cannot be swapped."""
    nonce = os.urandom(12)
    sealed = AESGCM(_stretched(passphrase, salt, _COST)).encrypt(nonce, seed, name.encode())
    fields = [*(str(number).encode() for number in _COST), *(base64.b64encode(part) for part in (salt, nonce, sealed))]
    return MAGIC + b" ".join(fields) + b"\n"


def unlocked(content: bytes, name: str) -> bytes:
    """The seed in the content of a locked key file.

    Raises:
        NotFoundError: nobody can be asked for the passphrase.
        RecordError: it is wrong, or the file is damaged.
        ValueError: the file is not one of these.
    """
    unlocking = _UNLOCKING.get()
    if unlocking is None:
        raise NotFoundError(
            "The signing keys are locked with a passphrase, and nobody is here to be asked for it.",
            advice="Run the command in a terminal, or give --passphrase-file.",
            code="keys-locked",
        )
    log_n, r, p, salt, nonce, sealed = content.removeprefix(MAGIC).split()
    cost = (int(log_n), int(r), int(p))
    if any(found > most for found, most in zip(cost, _MOST_COST, strict=True)):
        raise ValueError(f"a cost of {cost}")
    key = unlocking.key(base64.b64decode(salt, validate=True), cost)
    try:
        return AESGCM(key).decrypt(base64.b64decode(nonce, validate=True), base64.b64decode(sealed, validate=True), name.encode())
    except InvalidTag as error:
        raise RecordError(
            "This is not the passphrase of the signing keys.", advice="Try again; capital letters count.", code="wrong-passphrase"
        ) from error


def _stretched(passphrase: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    log_n, r, p = cost
    return Scrypt(salt=salt, length=32, n=1 << log_n, r=r, p=p).derive(passphrase.encode())
