"""Workers: a file that kills its reader costs itself a finding and nothing else."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipeline.worker_slot import CHECKOUT
from pipeline.workers import Died, Failed, Limits, ParserWorkers, Result, Returned
from tests.pipeline.workers.tasks import Measured

TASKS = "tests.pipeline.workers.tasks"


@pytest.fixture(scope="module")
def workers() -> Iterator[ParserWorkers]:
    with ParserWorkers(2) as shared:
        yield shared


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ảnh đình.jpg"
    path.write_bytes(b"0123456789")
    return path


def run(workers: ParserWorkers, function: str, path: Path, limits: Limits = Limits(), **arguments: Any) -> Result:
    return workers.run(f"{TASKS}:{function}", path, limits=limits, **arguments)


def test_stream_and_path_give_the_file_under_its_own_name(workers: ParserWorkers, file: Path) -> None:
    assert run(workers, "measure", file) == Returned(Measured("ảnh đình.jpg", 10, b"0123456789"))
    assert run(workers, "measure", file, name="../../sub/other.e57") == Returned(Measured("../../sub/other.e57", 10, b"0123456789"))


def test_a_file_that_only_its_owner_may_read_is_read_too(workers: ParserWorkers, file: Path) -> None:
    file.chmod(0o600)
    assert run(workers, "measure", file) == Returned(Measured("ảnh đình.jpg", 10, b"0123456789"))


def test_arguments_and_futures(workers: ParserWorkers, file: Path) -> None:
    futures = [workers.submit(f"{TASKS}:add", file, first=number, second=1) for number in range(40)]
    assert [future.result() for future in futures] == [Returned(number + 11) for number in range(40)]


def test_a_refusal_carries_message_and_detail(workers: ParserWorkers, file: Path) -> None:
    result = run(workers, "refuse", file)
    assert isinstance(result, Failed)
    assert result.message == "ảnh đình.jpg is not what it claims to be."
    assert result.detail.startswith("at byte 7")


def test_an_unforeseen_error_is_a_failure_with_what_was_printed(
    workers: ParserWorkers, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result = run(workers, "break_down", file)
    assert isinstance(result, Failed)
    assert result.message == "IndexError: 10"
    assert "printed before it broke" in result.detail
    assert "tasks.py" in result.detail
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("function", "word"), [("ask_to_leave", "SystemExit"), ("answer_unpicklable", "pickle"), ("no_such_task", "AttributeError")]
)
def test_what_else_a_task_may_raise(workers: ParserWorkers, file: Path, function: str, word: str) -> None:
    result = run(workers, function, file)
    assert isinstance(result, Failed)
    assert word in result.message + result.detail


@pytest.mark.parametrize(
    ("function", "limits", "expected"),
    [
        ("crash", Limits(), ("crash", "signal 11 (SIGSEGV)")),
        ("leave", Limits(), ("crash", "exit code 7")),
        ("hang", Limits(seconds=0.3), ("time", "longer than 0.3 s")),
        ("eat", Limits(memory_mib=300), ("memory", "more than 300 MiB")),
        ("allocate_in_one_piece", Limits(address_space_mib=400), ("memory", "more memory than is allowed")),
        ("answer_with_code", Limits(), ("crash", "posix.system, which is no record")),
        ("too_much", Limits(memory_mib=4000), ("memory", "answered with more than is allowed")),
    ],
)
def test_a_death_is_charged_to_its_file_and_the_next_is_served(
    workers: ParserWorkers, file: Path, function: str, limits: Limits, expected: tuple[str, str]
) -> None:
    result = run(workers, function, file, limits)
    assert isinstance(result, Died)
    assert result.cause == expected[0]
    assert expected[1] in result.reason
    assert run(workers, "add", file, first=1, second=2) == Returned(13)


def test_the_last_words_of_a_crash_are_kept(workers: ParserWorkers, file: Path) -> None:
    result = run(workers, "crash", file)
    assert isinstance(result, Died)
    assert "about to crash" in result.detail


def test_an_address_space_limit_is_lifted_for_the_next_task(file: Path) -> None:
    with ParserWorkers(1) as single:
        assert run(single, "add", file, Limits(address_space_mib=400), first=0, second=0) == Returned(10)
        assert run(single, "allocate_in_one_piece", file, Limits(memory_mib=1000)) == Returned(1 << 29)


def test_a_worker_that_an_earlier_file_broke_is_not_charged_to_the_next(file: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    with ParserWorkers(1) as single:
        poisoned = run(single, "poison", file)
        clean = run(single, "crash_if_poisoned", file)
        assert isinstance(poisoned, Returned)
        assert isinstance(clean, Returned)
        assert poisoned.value != clean.value
        run(single, "poison", file)
        made = single.run_many(f"{TASKS}:write_then_crash_if_poisoned", (("a", file),), output=output)
        assert made == Returned([])


def test_a_worker_that_holds_much_is_replaced_before_a_modest_task(file: Path) -> None:
    with ParserWorkers(1) as single:
        kept = run(single, "keep", file, mebibytes=200)
        fresh = run(single, "process_id", file, Limits(memory_mib=128))
        same = run(single, "process_id", file)
    assert isinstance(kept, Returned)
    assert isinstance(fresh, Returned)
    assert kept.value != fresh.value
    assert fresh == same


def test_workers_start_light_without_network_and_rights(workers: ParserWorkers, file: Path) -> None:
    with ParserWorkers(1) as single:
        result = run(single, "circumstances", file)
        isolation = single.isolation()
        assert len(single.worker_ids()) == 1
    assert isinstance(result, Returned)
    assert result.value["heavy"] == []
    assert not {name for name in result.value["environment"] if "KEY" in name or "TOKEN" in name}
    if isolation.network_closed:
        assert result.value["network"] == "OSError 101"
    if os.geteuid() == 0:
        assert isolation.user_dropped
        assert result.value["user"] == 65534


def test_several_files_and_an_output_folder(workers: ParserWorkers, file: Path, tmp_path: Path) -> None:
    texture = tmp_path / "t.png"
    texture.write_bytes(b"png")
    output = tmp_path / "output"
    output.mkdir(mode=0o700)
    result = workers.submit_many(f"{TASKS}:make", (("model.obj", file), ("textures/gỗ.png", texture)), output=output, word="!").result()
    assert result == Returned({"model.obj": 10, "textures/gỗ.png": 3})
    assert {entry.name for entry in output.iterdir()} == {"model.obj", "textures_gỗ.png", "inner"}
    assert (output / "textures_gỗ.png").read_bytes() == b"png!"
    assert {entry.stat().st_uid for entry in output.rglob("*")} == {os.geteuid()}
    assert workers.run_many(f"{TASKS}:without_output", (("a", file),)) == Returned(True)


def test_more_files_than_one_message_carries(workers: ParserWorkers, file: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    result = workers.run_many(f"{TASKS}:make", tuple((f"f{n}", file) for n in range(450)), output=output, word="")
    assert isinstance(result, Returned)
    assert len(result.value) == 450


def test_what_is_not_there_or_a_folder_fails(workers: ParserWorkers, tmp_path: Path) -> None:
    missing = run(workers, "measure", tmp_path / "none")
    folder = run(workers, "measure", tmp_path)
    assert isinstance(missing, Failed)
    assert isinstance(folder, Failed)
    assert "cannot be opened" in missing.message
    assert "it is a folder" in folder.message


def test_endless_printing_is_cut(workers: ParserWorkers, file: Path) -> None:
    assert run(workers, "chatter", file) == Returned(1)


def test_many_threads_share_the_slots_while_some_files_kill(workers: ParserWorkers, file: Path) -> None:
    def one(number: int) -> bool:
        if number % 7 == 0:
            return isinstance(run(workers, "crash", file), Died)
        return run(workers, "add", file, first=number, second=0) == Returned(number + 10)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(one, range(60)))


def test_a_worker_outlives_the_thread_that_first_asked(file: Path) -> None:
    with ParserWorkers(1) as single:
        seen: list[Result] = []
        thread = threading.Thread(target=lambda: seen.append(run(single, "process_id", file)))
        thread.start()
        thread.join()
        assert run(single, "process_id", file) == seen[0]


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"1")
    program = (
        "import sys, threading; from pathlib import Path; from pipeline.workers import ParserWorkers, Limits\n"
        "workers = ParserWorkers(1); workers.isolation()\n"
        f"workers.submit('{TASKS}:hang', Path(sys.argv[1]), limits=Limits(seconds=100))\n"
        "print(*workers.worker_ids(), flush=True); threading.Event().wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE, cwd=CHECKOUT, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    pidfd = os.pidfd_open(worker)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    ended = select.poll()
    ended.register(pidfd, select.POLLIN)
    assert ended.poll(10_000)
    os.close(pidfd)
