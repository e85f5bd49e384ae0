"""What a worker gives up before it touches outside bytes: its user, the network, a life of its own.

Linux only; elsewhere nothing is given up and the worker says so. Called by the worker itself, before any thread exists.
"""

import ctypes
import os
import struct
import sys
from pathlib import Path

from pipeline.worker_protocol import Isolation

NOBODY = 65534
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_KEEPCAPS = 8
_PR_SET_NO_NEW_PRIVS = 38
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIGKILL = 9
_RLIMIT_CORE = 4
_RLIMIT_AS = 9
_UNLIMITED = 2**64 - 1
MEBIBYTE = 1024 * 1024


def isolate(code: tuple[Path, ...], parent: int) -> Isolation:
    """Give up what can be given up, in the order in which each still works.

    Args:
        code: folders that must stay readable after the change of user (the checkout, the environment).
        parent: process id of the parent; a worker whose parent is already gone leaves at once.
    """
    if sys.platform != "linux":
        return Isolation(user_dropped=False, network_closed=False, dies_with_parent=False, notes=("isolation is written for Linux only",))
    libc = ctypes.CDLL(None, use_errno=True)
    notes: list[str] = []
    _set_limit(libc, _RLIMIT_CORE, 0)
    _offer_to_the_oom_killer()
    network_closed = _close_network(libc, notes)
    user_dropped = _drop_user(libc, code, notes)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # A change of user makes /proc/self unreadable to ourselves, and with it /dev/fd, and clears the death signal: both come after it.
    libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    dies_with_parent = libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) == 0
    if os.getppid() != parent:
        os._exit(0)
    return Isolation(user_dropped, network_closed, dies_with_parent, tuple(notes))


def limit_address_space(mebibytes: int | None) -> None:
    """Set the soft RLIMIT_AS, or lift it with None. Only for parsers shown to bear it."""
    if sys.platform == "linux":
        _set_limit(ctypes.CDLL(None, use_errno=True), _RLIMIT_AS, _UNLIMITED if mebibytes is None else mebibytes * MEBIBYTE)


def _set_limit(libc: ctypes.CDLL, which: int, soft: int) -> None:
    # prlimit by ctypes: the module `resource` does not exist everywhere, and this module is imported everywhere.
    limits = ctypes.create_string_buffer(struct.pack("<QQ", soft, _UNLIMITED if which == _RLIMIT_AS else soft))
    libc.setrlimit(which, limits)


def _offer_to_the_oom_killer() -> None:
    try:
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")
    except OSError:
        return


def _close_network(libc: ctypes.CDLL, notes: list[str]) -> bool:
    """A network namespace of our own with nothing in it, by right (root) or through a user namespace of our own."""
    if os.geteuid() == 0:
        closed = bool(libc.unshare(_CLONE_NEWNET) == 0)
    else:
        user, group = os.geteuid(), os.getegid()
        closed = bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
        if closed:
            _keep_own_name(user, group)
    if not closed:
        notes.append(f"the network stays reachable: {os.strerror(ctypes.get_errno())}")
    return closed


def _keep_own_name(user: int, group: int) -> None:
    # Without a mapping our own files would seem to belong to nobody, and libraries that look refuse them.
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        try:
            Path("/proc/self", name).write_text(text, encoding="ascii")
        except OSError:
            return


def _drop_user(libc: ctypes.CDLL, code: tuple[Path, ...], notes: list[str]) -> bool:
    """Become nobody for good. Where nobody could not read our own code, the right to read (and no other) is kept, and it is said."""
    if os.geteuid() != 0:
        return False
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    unreadable = [str(folder) for folder in code if not os.access(folder, os.R_OK | os.X_OK, effective_ids=True)]
    os.seteuid(0)
    libc.prctl(_PR_SET_KEEPCAPS, 1 if unreadable else 0, 0, 0, 0)
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    if unreadable:
        _keep_only_reading(libc)
        notes.append(f"the worker keeps the right to read every file: an unprivileged user cannot read {unreadable[0]}")
    return True


def _keep_only_reading(libc: ctypes.CDLL) -> None:
    # capset(2): header {version 3, this thread}, then {effective, permitted, inheritable} for capabilities 0-31 and 32-63.
    kept = 1 << _CAP_DAC_READ_SEARCH
    header = ctypes.create_string_buffer(struct.pack("<Ii", _CAPABILITY_VERSION_3, 0))
    sets = ctypes.create_string_buffer(struct.pack("<6I", kept, kept, 0, 0, 0, 0))
    libc.capset(header, sets)
