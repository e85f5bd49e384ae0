"""A process that imports everything once and then forks a writer for each point at which strace, or a limit, stops it.

``python -m tests.proofs.ingest_driver`` reads one JSON line a writer and answers with one; :class:`Driver` is the other end.
The writer waits on a socket until strace says that it is attached, so that strace sees its first call. Answers go through that socket
too: ``sendto`` is none of the calls that are counted.
"""

import importlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

REPOSITORY = Path(__file__).parents[2]
CHANGING = (
    *("openat", "mkdir", "write", "pwrite64", "writev", "rename", "unlink", "unlinkat", "rmdir", "chmod", "fchmod", "fchmodat"),
    *("truncate", "ftruncate", "fallocate", "fsync", "fdatasync", "syncfs", "flock", "link", "linkat", "symlink", "copy_file_range"),
    *("mkdirat", "renameat", "renameat2", "sendfile", "close"),
)
"""system calls that change a file system, or make a change durable"""
READING = ("openat", "read", "pread64", "getdents64", "newfstatat", "fstat", "statx", "lseek")
_CALL = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)")
_WRITING = re.compile("O_WRONLY|O_RDWR|O_CREAT")
_RESULT = re.compile(r"= (\d+)<")
_DESCRIPTOR = re.compile(r"\d+")


@dataclass(frozen=True)
class Call:
    """The n-th call of this name by the writer."""

    name: str
    number: int
    arguments: str

    def __str__(self) -> str:
        return f"{self.name} #{self.number} ({self.arguments[:160]})"


@dataclass(frozen=True)
class Outcome:
    """What became of a writer.

    Attributes:
        signal: that ended it; 0 when it ended by itself.
        done: what it returned; None when it was killed or failed.
        error: class, message, advice and code of what stopped it.
        trace: its traceback, where the error is not one of Ditich's.
        log: what strace saw.
    """

    signal: int
    done: list[str] | None
    error: dict[str, str] = field(default_factory=dict)
    trace: str = ""
    log: str = ""

    @property
    def reached(self) -> bool:
        """Whether the point that was asked for was reached."""
        return bool(self.signal) or "INJECTED" in self.log


class Driver:
    """The process that forks writers; a context manager."""

    def __init__(self, work: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.ingest_driver", work],
            cwd=REPOSITORY,
            env={**environment, "PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.communicate()

    def run(self, folder: Path, **how: Any) -> Outcome:
        """Let a writer work in this folder.

        Args:
            folder: given to the work.
            how: ``inject`` (as for strace), ``trace`` (names of calls), ``short`` (the write that is cut), ``room`` (bytes that a file may
                have).
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"folder": str(folder), **how}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the driver ended"
        return Outcome(**json.loads(line))


def calls_of(log: str, *, reads: bool = False) -> list[Call]:
    """Every call in a log of strace that could change something (or, with ``reads``, that reads), numbered as ``when=`` counts."""
    numbers: Counter[str] = Counter()
    open_for_writing: set[str] = set()
    found = []
    for line in log.splitlines():
        match = _CALL.match(line)
        if match is None:
            continue
        name, arguments = match["name"], match["arguments"]
        numbers[name] += 1
        if _counts(name, arguments, open_for_writing) != reads:
            found.append(Call(name, numbers[name], arguments))
        result = _RESULT.search(arguments)
        if name == "openat" and result and _WRITING.search(arguments):
            open_for_writing.add(result[1])
        if name == "close":
            open_for_writing.discard(_descriptor(arguments))
    return found


def _counts(name: str, arguments: str, open_for_writing: set[str]) -> bool:
    """Whether the call could change something: opening and closing for reading do not."""
    if name == "openat":
        return _WRITING.search(arguments) is not None
    if name == "close":
        return _descriptor(arguments) in open_for_writing
    return name not in READING


def _descriptor(arguments: str) -> str:
    found = _DESCRIPTOR.match(arguments)
    return found[0] if found else ""


def spread(points: list[Any], count: int, seed: object) -> list[Any]:
    """So many of the points, drawn with a seed; all of them where they are fewer."""
    import random

    return points if count >= len(points) else random.Random(str(seed)).sample(points, count)


def _serve(work: Callable[[Path], list[str]]) -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(_one(work, Path(asked.pop("folder")), asked)) + "\n")
        sys.stdout.flush()


def _one(work: Callable[[Path], list[str]], folder: Path, how: dict[str, Any]) -> dict[str, Any]:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        ours.close()
        os._exit(_write(work, folder, how, theirs))
    theirs.close()
    log = folder.parent / f"{folder.name}.strace"
    tracer = _attached(pid, log, how) if "trace" in how else None
    with ours:
        ours.send(b"go")
        answer = b"".join(iter(lambda: ours.recv(1 << 20), b""))
    _pid, status = os.waitpid(pid, 0)
    if tracer is not None:
        tracer.communicate(timeout=30)
    told: dict[str, Any] = json.loads(answer) if answer else {"done": None}
    return {"signal": status & 0x7F, "log": log.read_text(errors="replace") if tracer else "", **told}


def _attached(pid: int, log: Path, how: dict[str, Any]) -> subprocess.Popen[str]:
    """Strace on this process, which waits until it is told to go."""
    program = shutil.which("strace")
    assert program is not None
    command = [program, "-y", "-p", str(pid), "-o", str(log), "-s", "200", "-e", "trace=" + ",".join(f"?{name}" for name in how["trace"])]
    command += [word for inject in how.get("inject", ()) for word in ("-e", f"inject={inject}")]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if "attached" not in said:
        os.kill(pid, signal.SIGKILL)
        message = f"strace did not attach: {said}"
        raise RuntimeError(message)
    return tracer


def _write(work: Callable[[Path], list[str]], folder: Path, how: dict[str, Any], channel: socket.socket) -> int:
    from archive.errors import DitichError

    channel.recv(2)
    _limit(how)
    told: dict[str, Any]
    try:
        told = {"done": work(folder)}
    except DitichError as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        told = {
            "done": None,
            "error": {"kind": kinds[0], "message": error.message, "advice": error.advice, "code": error.code, "detail": error.detail},
        }
    except BaseException as error:  # noqa: BLE001 - the proof shows it
        told = {"done": None, "error": {"kind": type(error).__name__, "message": str(error)}, "trace": traceback.format_exc()}
    channel.sendall(json.dumps(told).encode())
    return 0


def _limit(how: dict[str, Any]) -> None:
    """Let the n-th write take fewer bytes than it was given; let no file grow beyond some bytes."""
    if "room" in how:
        resource.setrlimit(resource.RLIMIT_FSIZE, (how["room"], how["room"]))
    if "short" not in how:
        return
    whole, left = os.write, [int(how["short"])]

    def short(descriptor: int, content: Any) -> int:
        left[0] -= 1
        return whole(descriptor, content if left[0] else bytes(content)[: max(len(content) // 2, 1)])

    os.write = short


def writes_of(log: str) -> int:
    """How many writes a log of strace shows."""
    return sum(1 for call in calls_of(log) if call.name == "write")


def _the_deposit(folder: Path) -> list[str]:
    from tests.proofs.deposit import Place, take_in

    return take_in(Place(folder))


def _the_ingest(folder: Path) -> list[str]:
    from tests.proofs.whole_ingest import take_in

    return take_in(folder)


WORKS: dict[str, Callable[[Path], list[str]]] = {"deposit": _the_deposit, "ingest": _the_ingest}
IMPORTED_ONCE = {
    "deposit": ("tests.proofs.deposit",),
    "ingest": (
        "tests.proofs.whole_ingest",
        "pipeline.cli",
        "pipeline.commands.ingest",
        "pipeline.ingest",
        "pipeline.run",
        "pipeline.report_page",
    ),
}


def main() -> None:
    """Serve until the other end closes."""
    from archive.ledger.keys import new_signers

    for module in IMPORTED_ONCE[sys.argv[1]]:
        importlib.import_module(module)
    new_signers("warm")  # loads the library of the signatures
    _serve(WORKS[sys.argv[1]])


if __name__ == "__main__":
    main()
