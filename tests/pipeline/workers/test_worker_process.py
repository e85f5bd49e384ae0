"""The worker's own side, spoken to over a socket as the parent does, but inside this process."""

import os
import pickle
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import worker_process
from pipeline.worker_isolation import limit_address_space
from pipeline.worker_protocol import HEADER, Answer, Isolation, Request, dump, load_answer
from pipeline.worker_slot import Slot
from tests.pipeline.workers.tasks import Measured

TASKS = "tests.pipeline.workers.tasks"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"0123456789")
    return path


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[socket.socket]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=worker_process.serve, args=(theirs, scratch))
    thread.start()
    yield ours
    ours.close()
    thread.join()
    theirs.close()
    assert not list(scratch.iterdir())


def ask(channel: socket.socket, request: Request, *files: Path) -> Answer:
    descriptors = [os.open(path, os.O_RDONLY) for path in files]
    Slot._send(channel, request, tuple(descriptors))
    for descriptor in descriptors:
        os.close(descriptor)
    return answered(channel)


def answered(channel: socket.socket) -> Answer:
    length = HEADER.unpack(read_exactly(channel, HEADER.size))[0]
    answer = load_answer(read_exactly(channel, length))
    assert isinstance(answer, Answer)
    return answer


def read_exactly(channel: socket.socket, length: int) -> bytes:
    content = worker_process._read_exactly(channel, length)
    assert content is not None
    return content


def one(function: str, **arguments: object) -> Request:
    return Request(f"{TASKS}:{function}", ("a.jpg",), arguments=arguments)


def test_requests_are_answered_one_after_another(channel: socket.socket, file: Path) -> None:
    assert ask(channel, one("measure"), file) == Answer("returned", Measured("a.jpg", 10, b"0123456789"))
    assert ask(channel, one("add", first=1, second=2), file) == Answer("returned", 13)


def test_whatever_a_task_raises_is_an_answer(channel: socket.socket, file: Path) -> None:
    assert ask(channel, one("refuse"), file) == Answer("refused", message="a.jpg is not what it claims to be.", detail="at byte 7")
    broken = ask(channel, one("break_down"), file)
    assert (broken.outcome, broken.message) == ("failed", "IndexError: 10")
    # What is kept for the record holds no folder of this machine.
    assert 'File "tests/pipeline/workers/tasks.py"' in broken.detail
    assert ask(channel, one("ask_to_leave"), file).message == "SystemExit: 3"
    assert ask(channel, one("answer_unpicklable"), file).outcome == "failed"


def test_several_files_in_one_folder(channel: socket.socket, file: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    request = Request(f"{TASKS}:make", ("a.obj", "../t/../b.png"), many=True, has_output=True, arguments={"word": "!"})
    assert ask(channel, request, file, file, output) == Answer("returned", {"a.obj": 10, "../t/../b.png": 10})
    assert ask(channel, Request(f"{TASKS}:without_output", ("/",), many=True), file) == Answer("returned", value=True)


def test_a_worker_without_memory_says_so_and_ends(tmp_path: Path, file: Path) -> None:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=worker_process.serve, args=(theirs, tmp_path))
    thread.start()
    assert ask(ours, one("out_of_memory"), file).outcome == "memory"
    thread.join()
    ours.close()
    theirs.close()


@pytest.mark.parametrize("sent", [b"", b"\0\0", HEADER.pack(10, 0) + b"abc", HEADER.pack(10, 1)])
def test_a_parent_that_goes_ends_the_worker(sent: bytes, tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(sent)
    ours.close()
    worker_process.serve(theirs, tmp_path)
    theirs.close()


def test_an_answer_to_nobody_is_dropped(tmp_path: Path, file: Path) -> None:
    ours, theirs = socket.socketpair()
    descriptor = os.open(file, os.O_RDONLY)
    Slot._send(ours, one("measure"), (descriptor,))
    os.close(descriptor)
    ours.close()
    worker_process.serve(theirs, tmp_path)
    theirs.close()


def test_a_worker_starts_with_what_it_gave_up(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = Isolation(user_dropped=True, network_closed=True, dies_with_parent=True)
    monkeypatch.setattr(worker_process, "isolate", lambda *_: given_up)
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=worker_process.main, args=(theirs.detach(), os.getpid(), "/"))
    thread.start()
    length = HEADER.unpack(read_exactly(ours, HEADER.size))[0]
    assert load_answer(read_exactly(ours, length)) == given_up
    ours.close()
    thread.join()


def test_a_file_that_cannot_be_opened_again_is_copied(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with file.open("rb") as stream:
        monkeypatch.setattr(os, "access", lambda *_, **__: False)
        placed = worker_process._place(stream.fileno(), "sub/a.e57", tmp_path / "task")
        assert not placed.is_symlink()
        assert placed.read_bytes() == b"0123456789"
        assert stream.read() == b"0123456789"


def test_a_reader_can_be_called_without_a_worker(file: Path, tmp_path: Path) -> None:
    source = worker_process.open_input(file, tmp_path / "task")
    with source.stream:
        assert Path(source.path).name == "a.jpg"
        assert source.path == source.path
        assert (source.size, source.stream.read(2)) == (10, b"01")


@pytest.mark.parametrize(
    "value", [{1, 2}, frozenset({1}), bytearray(b"x"), Path("a"), {"a": [1, 2.5, None, True, "ạ"]}, Answer("returned", 1)]
)
def test_plain_values_and_records_pass(value: object) -> None:
    assert load_answer(dump(value)) == value


class Harmful:
    def __init__(self, *call: object) -> None:
        self.call = call

    def __reduce__(self) -> tuple[object, ...]:
        return self.call[0], tuple(self.call[1:])


@pytest.mark.parametrize(
    "value", [Harmful(os.system, "true"), Harmful(eval, "1"), Harmful(worker_process.serve, None), Harmful(Slot, None), os.getcwd, Slot]
)
def test_code_does_not_pass(value: object) -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"no record|cannot be read"):
        load_answer(pickle.dumps(value))


@pytest.mark.parametrize("payload", [b"", b"\x80\x05]", b"junk", b"cpathlib\nPath\n(I1\ntR."])
def test_what_is_no_answer_is_said_to_be_none(payload: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        load_answer(payload)


def test_the_address_space_can_be_limited_and_freed() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    limit_address_space(1 << 20)
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == 1 << 40
    limit_address_space(None)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
