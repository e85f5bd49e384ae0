import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from archive.audit import courtesy, guard
from archive.audit.courtesy import PATIENCE, STEP, Courtesy
from archive.errors import StorageError
from archive.home import Home
from archive.storage.local import LocalStorage
from tests.archive.audit.builders import Clock


def test_a_quiet_machine_is_not_waited_for(home: Home) -> None:
    clock = Clock()
    assert Courtesy(home, 2, load=lambda: None, sleep=clock.sleep, monotonic=clock.watch)() == 0
    assert Courtesy(home, 2, load=lambda: (os.cpu_count() or 1) + 2.0, sleep=clock.sleep, monotonic=clock.watch)() == 0
    assert clock.slept == []


def test_a_busy_machine_is_waited_for_but_not_for_ever(home: Home) -> None:
    clock = Clock(step=0.4)
    loads = iter([99.0, 99.0, 1.0, 1.0])
    wait = Courtesy(home, 2, load=lambda: next(loads), sleep=clock.sleep, monotonic=clock.watch)
    assert wait() == 2 * STEP
    assert wait() == 0  # looked a moment ago: the fourth load is not asked for yet
    assert next(loads) == 1.0
    always = Courtesy(home, 2, load=lambda: 99.0, sleep=clock.sleep, monotonic=clock.watch)
    assert always() == PATIENCE
    assert always() == 0
    clock.seconds += PATIENCE
    assert always() == PATIENCE


def test_a_writer_is_waited_for(home: Home) -> None:
    clock = Clock()
    with home.tree.lock("work/locks/tx-1"):
        waits: list[float] = []

        def sleep(seconds: float) -> None:
            waits.append(seconds)

        assert Courtesy(home, 2, load=lambda: 0.0, sleep=sleep, monotonic=clock.watch)() == PATIENCE
        assert len(waits) == PATIENCE / STEP
    (home.work / "locks/tx-2").write_text("left by a writer that was killed")
    with home.tree.lock("work/locks/ledger"):
        assert Courtesy(home, 2, load=lambda: 0.0, sleep=sleep, monotonic=clock.watch)() == 0


def test_where_locks_cannot_be_seen_nobody_is_waited_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: LocalStorage, _path: str) -> None:
        raise StorageError("no")

    monkeypatch.setattr(LocalStorage, "entries", refuse)
    assert Courtesy(home, 2, load=lambda: 0.0)() == 0


def test_a_system_that_does_not_tell_its_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (1.5, 0, 0))
    assert courtesy._load() == 1.5
    monkeypatch.delattr(os, "getloadavg")
    assert courtesy._load() is None


def test_stepping_back(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(os, "nice", calls.append)
    monkeypatch.setattr(shutil, "which", lambda _name: sys.executable)
    courtesy.step_back()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.delattr(os, "nice")
    courtesy.step_back()
    assert calls == [19]


def script(body: str) -> subprocess.CompletedProcess[str]:
    text = "import os, signal, sys, time\nfrom archive.audit.guard import guarded\n" + textwrap.dedent(body)
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False, cwd=Path(guard.__file__).parents[2], timeout=60
    )


def test_work_is_done_in_another_process() -> None:
    done = script("""
        first = os.getpid()
        def work():
            print("other" if os.getpid() != first else "same")
            return 1
        print(guarded(work))
    """)
    assert (done.stdout.splitlines(), done.stderr) == (["other", "(1, 0)"], "")


@pytest.mark.parametrize(
    ("death", "expected"), [("os.kill(os.getpid(), 9)", "(2, 9)"), ("os.abort()", "(2, 6)"), ("sys.exit(3)", "(3, 0)")]
)
def test_a_process_that_dies_is_seen(death: str, expected: str) -> None:
    assert script(f"print(guarded(lambda: {death}))").stdout.splitlines()[-1] == expected


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_a_wish_to_stop_reaches_the_work(number: str) -> None:
    # SIGTERM is passed on; Ctrl-C reaches both by the terminal, and the waiting process lets it pass.
    done = script(f"""
        parent = os.getpid()
        def work():
            asked = []
            signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
            os.kill(parent, signal.{number})
            for _ in range(50):
                if asked or {number!r} == "SIGINT":
                    return 5
                time.sleep(0.05)
            return 6
        print(guarded(work))
    """)
    assert done.stdout.splitlines() == ["(5, 0)"]


def test_a_wish_that_comes_early_is_passed_on_later(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda child, number: sent.append((child, number)))
    waiting = guard._Waiting()
    waiting.take(signal.SIGINT, None)
    waiting.take(signal.SIGTERM, None)
    assert sent == []
    waiting.pass_on(77)
    waiting.take(signal.SIGTERM, None)
    assert sent == [(77, signal.SIGTERM)] * 2
    guard._Waiting().pass_on(78)
    assert len(sent) == 2


def test_where_other_threads_run_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert guard.guarded(lambda: 7 if os.getpid() == here else 8) == (7, 0)
    assert signal.getsignal(signal.SIGTERM) is not None
