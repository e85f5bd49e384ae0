"""What a worker gives up, step by step, before a kernel that only writes down what is asked of it.

The real kernel is asked in ``test_workers.py``; there the worker's own steps cannot be seen, because it has no right left to record them.
"""

import ctypes
import os
import struct
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import worker_isolation
from pipeline.worker_isolation import NOBODY, isolate
from pipeline.worker_protocol import Isolation


class Kernel:
    """Writes down the calls; ``refuses`` names those that fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, user: int, refuses: frozenset[str] = frozenset(), readable: bool = True) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.refuses = refuses
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: self)
        monkeypatch.setattr(os, "geteuid", lambda: user)
        monkeypatch.setattr(os, "access", lambda *_, **__: readable)
        monkeypatch.setattr(os, "_exit", lambda code: self.calls.append(("exit", code)))
        monkeypatch.setattr(Path, "write_text", lambda path, text, **_: self._write(path, text))
        for name in ("setgroups", "setegid", "seteuid", "setresgid", "setresuid"):
            monkeypatch.setattr(os, name, lambda *arguments, name=name: self.calls.append((name, *arguments)))

    def _write(self, path: Path, text: str) -> int:
        if path.name in self.refuses:
            raise PermissionError(1, "refused", str(path))
        self.calls.append(("write", path.name, text))
        return len(text)

    def prctl(self, option: int, value: int, *_: int) -> int:
        self.calls.append(("prctl", option, value))
        return -1 if "prctl" in self.refuses else 0

    def unshare(self, flags: int) -> int:
        self.calls.append(("unshare", flags))
        return -1 if "unshare" in self.refuses else 0

    def setrlimit(self, which: int, limits: Any) -> int:
        self.calls.append(("setrlimit", which, struct.unpack_from("<QQ", limits.raw)))
        return 0

    def capset(self, _header: Any, sets: Any) -> int:
        self.calls.append(("capset", *struct.unpack_from("<6I", sets.raw)))
        return 0

    def names(self) -> list[str]:
        return [str(call[0]) for call in self.calls]


def test_root_becomes_nobody_and_only_then_sets_what_a_change_of_user_clears(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Kernel(monkeypatch, user=0)
    assert isolate((Path("/"),), os.getppid()) == Isolation(user_dropped=True, network_closed=True, dies_with_parent=True)
    assert ("setresuid", NOBODY, NOBODY, NOBODY) in kernel.calls
    assert ("unshare", 0x40000000) in kernel.calls
    dropped = kernel.calls.index(("setresuid", NOBODY, NOBODY, NOBODY))
    assert kernel.calls.index(("setresgid", NOBODY, NOBODY, NOBODY)) < dropped
    for late in (("prctl", 38, 1), ("prctl", 4, 1), ("prctl", 1, 9)):
        assert kernel.calls.index(late) > dropped
    assert "capset" not in kernel.names()
    assert "exit" not in kernel.names()


def test_root_keeps_the_right_to_read_where_its_code_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Kernel(monkeypatch, user=0, readable=False)
    isolation = isolate((Path("/private/ditich"),), os.getppid())
    assert isolation.user_dropped
    assert "/private/ditich" in isolation.notes[0]
    assert ("capset", 4, 4, 0, 0, 0, 0) in kernel.calls


def test_another_user_closes_the_network_through_a_namespace_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Kernel(monkeypatch, user=1000)
    isolation = isolate((), os.getppid())
    assert (isolation.user_dropped, isolation.network_closed) == (False, True)
    assert ("unshare", 0x50000000) in kernel.calls
    assert ("write", "uid_map", "1000 1000 1") in kernel.calls


def test_a_kernel_that_refuses_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    Kernel(monkeypatch, user=1000, refuses=frozenset({"unshare", "prctl", "oom_score_adj"}))
    isolation = isolate((), os.getppid())
    assert not isolation.network_closed
    assert not isolation.dies_with_parent
    assert "network" in isolation.notes[0]


def test_a_name_that_cannot_be_kept_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    Kernel(monkeypatch, user=1000, refuses=frozenset({"uid_map"}))
    assert isolate((), os.getppid()).network_closed


def test_a_worker_whose_parent_has_gone_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Kernel(monkeypatch, user=1000)
    isolate((), -1)
    assert ("exit", 0) in kernel.calls


def test_elsewhere_than_on_linux_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    isolation = isolate((), os.getppid())
    assert not isolation.network_closed
    assert isolation.notes
    worker_isolation.limit_address_space(1)
