"""The place where a worker stands: what happens at its edges."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from archive.errors import StorageError, UsageError
from pipeline import worker_slot
from pipeline import workers as workers_module
from pipeline.worker_isolation import NOBODY
from pipeline.worker_protocol import Request
from pipeline.worker_slot import Death, Slot
from pipeline.workers import Died, Failed, Limits, ParserWorkers
from tests.pipeline.workers.test_worker_process import TASKS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"0123456789")
    return path


def test_a_worker_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_slot, "_COMMAND", "import sys; sys.exit('no such module')")
    slot = Slot(None)
    with pytest.raises(RuntimeError, match="could not start: no such module"):
        slot.start()
    assert not slot.alive


def test_a_process_that_is_no_worker_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import socket, sys, struct; s = socket.socket(fileno=int(sys.argv[1])); s.sendall(struct.pack('<QI', 3, 0) + b'\\x80\\x05N')"
    monkeypatch.setattr(worker_slot, "_COMMAND", f"{code}; s.sendall(b'.'); import time; time.sleep(9)")
    with pytest.raises(RuntimeError, match="could not start"):
        Slot(None).start()


def test_an_empty_slot() -> None:
    slot = Slot(None)
    assert (slot.pid, slot.held_mib(), slot.captured(), slot.alive) == (None, 0.0, "", False)
    with pytest.raises(RuntimeError, match="before it was started"):
        slot.ask(Request("a:b", ()), (), seconds=1, memory_mib=1)


def test_a_worker_that_closes_its_channel_and_stays(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(worker_slot, "_REAP_SECONDS", 0.1)
    with ParserWorkers(1) as single:
        result = single.run(f"{TASKS}:close_the_channel", file)
    assert isinstance(result, Died)
    assert result.reason == "closed its channel"


def test_an_answer_of_another_kind_is_a_death(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    with ParserWorkers(1) as single:
        single.isolation()
        monkeypatch.setattr(Slot, "_read_watched", lambda *_: "hello")
        result = single.run(f"{TASKS}:measure", file)
    assert isinstance(result, Died)
    assert result.reason == "answered with str"


def test_an_interrupted_parent_does_not_wait_for_a_long_task(file: Path) -> None:
    single = ParserWorkers(1)
    future = single.submit(f"{TASKS}:hang", file, limits=Limits(seconds=600))
    waiting = single.submit(f"{TASKS}:hang", file, limits=Limits(seconds=600))

    def interrupted() -> None:
        with single:
            while not single.worker_ids():
                pass
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert isinstance(future.result(), Died)
    assert waiting.cancelled()
    assert single.worker_ids() == ()


def test_names_of_signals() -> None:
    assert worker_slot._signal_name(9) == "SIGKILL"
    assert worker_slot._signal_name(999) == "unknown"


def test_what_has_arrived_is_taken() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    received = bytearray()
    assert worker_slot._drain(ours, received)
    theirs.sendall(b"ab")
    assert worker_slot._drain(ours, received)
    ours.sendall(b"never read")
    theirs.close()
    assert not worker_slot._drain(ours, received)
    assert received == b"ab"
    ours.close()


def test_memory_of_children_counts(tmp_path: Path) -> None:
    child = "b = b'x' * (60 << 20); print(1, flush=True); input()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    parent.stdout.readline()
    assert worker_slot._held_by_tree(parent.pid) > 60 << 20
    parent.communicate(b"\n")
    assert worker_slot._held_by_tree(parent.pid) == 0


def test_a_worker_of_the_same_user_keeps_its_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert worker_slot._numba_cache() is None
    assert "NUMBA_CACHE_DIR" not in worker_slot._environment(tmp_path)
    assert worker_slot._own_folder(tmp_path).parent == tmp_path


def test_a_worker_of_another_user_gets_places_it_can_reach(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    owned: dict[Path, int] = {}
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, user, _: owned.update({Path(path): user}))
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    folder = worker_slot._own_folder(private)
    folder.rmdir()
    assert folder.parent == Path(tempfile.gettempdir())
    assert owned == {folder: NOBODY}
    assert not worker_slot.reachable_by_others(private)
    assert worker_slot.reachable_by_others(Path("/"))
    monkeypatch.setattr(worker_slot, "reachable_by_others", lambda _: True)
    assert worker_slot._own_folder(private).parent == private


def test_compiled_kernels_are_kept_only_in_a_folder_that_is_the_workers_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    folder = tmp_path / f"ditich-kernels-{NOBODY}"
    folder.symlink_to("/etc")
    assert worker_slot._numba_cache() is None
    folder.unlink()
    monkeypatch.setattr(worker_slot, "NOBODY", os.getuid())
    monkeypatch.setattr(os, "chown", lambda *_: None)
    found = worker_slot._numba_cache()
    assert found == tmp_path / f"ditich-kernels-{os.getuid()}"
    assert found == worker_slot._numba_cache()
    assert worker_slot._environment(tmp_path)["NUMBA_CACHE_DIR"] == str(found)


def test_windows_is_told_where_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "name", "nt")
    with pytest.raises(UsageError, match="WSL 2"):
        ParserWorkers(1)


def test_a_disk_that_refuses_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    with ParserWorkers(1) as single:
        single.isolation()
        real = os.open

        def refusing(path: object, *arguments: int) -> int:
            if path == file:
                raise OSError(24, "Too many open files")
            return real(path, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "open", refusing)
        with pytest.raises(StorageError, match="could not be opened"):
            single.run(f"{TASKS}:measure", file)
        many = single.run_many(f"{TASKS}:make", (("a", file.with_name("gone")),))
    assert isinstance(many, Failed)


def test_a_file_opened_before_a_refusal_is_closed_again(file: Path, tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(IsADirectoryError):
            workers_module._open_all((file, tmp_path), None)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_output_of_the_same_user_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, file: Path, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "chown", lambda *_, **__: pytest.fail("nothing changes hands"))
    output = tmp_path / "output"
    output.mkdir()
    for descriptor in workers_module._open_all((file,), output):
        os.close(descriptor)
    (output / "made").write_bytes(b"1")
    os.link(output / "made", output / "twice")
    workers_module._take_back(output)
    # A hard link could be to a file that is not the worker's: what has two names is removed.
    assert [entry.name for entry in output.iterdir()] in (["made"], ["twice"])
    workers_module._empty(None)
    assert isinstance(Death("time", "", ""), Death)
