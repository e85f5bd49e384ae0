"""One place where a worker process stands: started when first needed, watched while it works, replaced when it dies."""

import os
import pickle
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.worker_isolation import MEBIBYTE, NOBODY
from pipeline.worker_protocol import (
    DESCRIPTORS_PER_MESSAGE,
    HEADER,
    LARGEST_ANSWER,
    Answer,
    Isolation,
    Request,
    dump,
    load_answer,
)

CHECKOUT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60.0
_LOOK_SECONDS = 0.02
_REAP_SECONDS = 5.0
_OUTPUT_KEPT = 4000
_OUTPUT_MOST = 16 * MEBIBYTE
_PASSED_ON = (
    *("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "VIPS_CONCURRENCY"),
    "COVERAGE_PROCESS_CONFIG",
)
_GRACE_SECONDS = 1.0
_COMMAND = (
    "import sys; sys.path.insert(0, sys.argv[3]); from pipeline.worker_process import main; "
    "main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])"
)


@dataclass(frozen=True, slots=True)
class Death:
    """A worker ended, or was ended, while it held a file. ``cause``: "time", "memory" or "crash"."""

    cause: str
    reason: str
    output: str


class Slot:
    """A worker process and what its parent knows of it. Used by one thread at a time."""

    def __init__(self, scratch: Path | None) -> None:
        self._scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._output: BinaryIO | None = None
        self._folder: Path | None = None
        self.isolation: Isolation | None = None
        self.served = 0

    @property
    def alive(self) -> bool:
        """Whether a process stands here and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id of the worker, if one stands here."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start a process.

        Call it from a thread that lives as long as the worker shall: Linux ends a worker with the *thread* that made it.
        """
        self.stop()
        ours, theirs = socket.socketpair()
        self._output = tempfile.TemporaryFile("a+b", buffering=0)  # noqa: SIM115 - lives as long as the process
        self._folder = _own_folder(self._scratch)
        code = (str(CHECKOUT), str(Path(sys.prefix)), str(Path(os.__file__).parent))
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", "-c", _COMMAND, str(theirs.fileno()), str(os.getpid()), *code],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
                pass_fds=(theirs.fileno(),),
                env=_environment(self._folder),
                cwd="/",
                start_new_session=True,
            )
        self._channel = ours
        self.served = 0
        answer = self._read_watched(_START_SECONDS, None)
        if not isinstance(answer, Isolation):
            detail = answer.output if isinstance(answer, Death) else repr(answer)
            self.stop()
            message = f"a parser worker could not start: {detail}"
            raise RuntimeError(message)  # noqa: TRY004 - not the caller's mistake
        self.isolation = answer

    def kill(self) -> None:
        """End the process and everything it started; whoever waits for its answer sees its death. May be called from any thread."""
        process = self._process
        # Once it has been waited for, its number may belong to somebody else.
        if process is not None and process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End the process and everything it started, and remove its folder."""
        if self._process is not None:
            # Without a handler this ends it at once; what measures the tests has one, and writes down what it saw.
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_SECONDS)
            self.kill()
            self._process.wait()
        for opened in (self._channel, self._output):
            if opened is not None:
                opened.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process = self._channel = self._output = self._folder = None

    def held_mib(self) -> float:
        """Memory that the worker and its children hold now, in MiB."""
        return 0.0 if self._process is None else _held_by_tree(self._process.pid) / MEBIBYTE

    def ask(self, request: Request, descriptors: tuple[int, ...], *, seconds: float, memory_mib: int) -> Answer | Death:
        """Give the worker one task and wait for its answer or its death; after a death the slot is empty."""
        if self._channel is None or self._output is None:
            message = "a slot was asked before it was started"
            raise RuntimeError(message)
        self._output.truncate(0)
        self.served += 1
        with suppress(BrokenPipeError, ConnectionResetError):
            self._send(self._channel, request, descriptors)
        answer = self._read_watched(seconds, memory_mib)
        if not isinstance(answer, Answer):
            death = answer if isinstance(answer, Death) else Death("crash", f"answered with {type(answer).__name__}", "")
            self.stop()
            return death
        if answer.outcome == "memory":
            self.stop()
        return answer

    def captured(self) -> str:
        """The end of what the worker printed since the last task began."""
        if self._output is None:
            return ""
        size = os.fstat(self._output.fileno()).st_size
        return os.pread(self._output.fileno(), _OUTPUT_KEPT, max(0, size - _OUTPUT_KEPT)).decode("utf-8", "replace")

    @staticmethod
    def _send(channel: socket.socket, request: Request, descriptors: tuple[int, ...]) -> None:
        payload = dump(request)
        channel.setblocking(True)
        channel.sendall(HEADER.pack(len(payload), len(descriptors)))
        for first in range(0, len(descriptors), DESCRIPTORS_PER_MESSAGE):
            socket.send_fds(channel, [b"f"], list(descriptors[first : first + DESCRIPTORS_PER_MESSAGE]))
        channel.sendall(payload)

    def _read_watched(self, seconds: float, memory_mib: int | None) -> object:
        """Read one message while watching clock and memory; a Death when the worker ends or is ended."""
        assert self._channel is not None  # noqa: S101 - both callers have just made or tested it
        channel = self._channel
        channel.setblocking(False)
        poll = select.poll()
        poll.register(channel, select.POLLIN)
        deadline = time.monotonic() + seconds
        received = bytearray()
        while True:
            if poll.poll(_LOOK_SECONDS * 1000):
                if not _drain(channel, received):
                    return self._crash()
                if len(received) >= HEADER.size and len(received) >= HEADER.size + HEADER.unpack_from(received)[0]:
                    return self._open(bytes(received[HEADER.size :]))
            death = self._overstepped(deadline, seconds, memory_mib, received)
            if death is not None:
                return death

    def _overstepped(self, deadline: float, seconds: float, memory_mib: int | None, received: bytearray) -> Death | None:
        if memory_mib is not None and self.held_mib() > memory_mib:
            return Death("memory", f"held more than {memory_mib} MiB of memory", self.captured())
        if time.monotonic() > deadline:
            return Death("time", f"took longer than {seconds:g} s", self.captured())
        if len(received) >= HEADER.size and HEADER.unpack_from(received)[0] > LARGEST_ANSWER:
            return Death("memory", "answered with more than is allowed", self.captured())
        if self._output is not None and os.fstat(self._output.fileno()).st_size > _OUTPUT_MOST:
            self._output.truncate(0)
        return None

    def _open(self, payload: bytes) -> object:
        try:
            return load_answer(payload)
        except pickle.UnpicklingError as error:
            return Death("crash", str(error), self.captured())

    def _crash(self) -> Death:
        assert self._process is not None  # noqa: S101 - a channel exists only beside a process
        try:
            code = self._process.wait(timeout=_REAP_SECONDS)
        except subprocess.TimeoutExpired:
            return Death("crash", "closed its channel", self.captured())
        if code < 0:
            return Death("crash", f"killed by signal {-code} ({_signal_name(-code)})", self.captured())
        return Death("crash", f"ended with exit code {code}", self.captured())


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _drain(channel: socket.socket, received: bytearray) -> bool:
    """Take what has arrived; False when the other end is closed."""
    try:
        part = channel.recv(1 << 20)
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False
    received += part
    return bool(part)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    own = {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    numba_cache = _numba_cache()
    if numba_cache is not None:
        own["NUMBA_CACHE_DIR"] = str(numba_cache)
    return kept | own


def _drops_user() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


def _own_folder(scratch: Path | None) -> Path:
    """A folder that belongs to the worker: below ``scratch`` if the worker's user can reach it, else in the system's place."""
    within = scratch if scratch is not None and (not _drops_user() or reachable_by_others(scratch)) else None
    folder = Path(tempfile.mkdtemp(prefix="ditich-worker-", dir=within))
    if _drops_user():
        os.chown(folder, NOBODY, NOBODY)
    return folder


def reachable_by_others(folder: Path) -> bool:
    """Whether any user may walk down to the folder (every step has the search bit for others)."""
    resolved = folder.resolve()
    return all(step.stat().st_mode & 0o001 for step in (resolved, *resolved.parents))


def _numba_cache() -> Path | None:
    """Where workers of another user keep compiled kernels, so that not each compiles anew; None where the usual place serves."""
    if not _drops_user():
        return None
    in_environment = sys.prefix != sys.base_prefix
    folder = Path(sys.prefix if in_environment else tempfile.gettempdir(), f"ditich-kernels-{NOBODY}")
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, NOBODY, NOBODY)
    # In the system's place the name can be guessed: only a real folder that belongs to the workers alone is used.
    status = folder.lstat()
    own = status.st_uid == NOBODY and status.st_mode & 0o170777 == 0o040700
    return folder if own else None


def _held_by_tree(pid: int) -> int:
    """Anonymous, shared and swapped memory of a process and its descendants, bytes; file pages are the kernel's and do not count."""
    total, waiting = 0, [pid]
    while waiting:
        current = waiting.pop()
        try:
            status = Path(f"/proc/{current}/status").read_bytes()
            children = Path(f"/proc/{current}/task/{current}/children").read_bytes()
        except OSError:
            continue
        total += sum(
            int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith((b"RssAnon:", b"RssShmem:", b"VmSwap:"))
        )
        waiting.extend(int(child) for child in children.split())
    return total
