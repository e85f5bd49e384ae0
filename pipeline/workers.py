"""Killable workers for every reader of outside bytes: one process per slot, one file at a time, bounded in time and memory.

A reader that crashes, hangs or eats memory costs its own file a finding and nothing else: the process is killed, the slot gets a
new one, the rest goes on. Workers have no network and, when Ditich runs as root, no rights (docs/decisions/0020).

The reader is a plain function named by its address, "package.module:function":

* ``def read(source: WorkerInput, **arguments)`` for :meth:`ParserWorkers.run`;
* ``def make(sources: tuple[tuple[str, Path], ...], output: Path | None, **arguments)`` for :meth:`ParserWorkers.run_many`.

It returns plain values, dataclasses and enumerations of ``archive`` and ``pipeline`` (nothing else is accepted from a worker), or
raises ``UnreadableError``.
"""

import os
import queue
import shutil
import stat
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive.errors import StorageError, UsageError
from pipeline.worker_isolation import NOBODY
from pipeline.worker_process import WorkerInput
from pipeline.worker_protocol import Answer, Isolation, Request
from pipeline.worker_slot import Death, Slot

__all__ = ["Died", "Failed", "Limits", "ParserWorkers", "Result", "Returned", "WorkerInput"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may use.

    Attributes:
        seconds: wall time from the dispatch.
        memory_mib: what the worker may hold, watched about fifty times a second (a burst can overshoot for that long).
        address_space_mib: RLIMIT_AS, only for parsers shown to bear it (it crashes libvips).
    """

    seconds: float = 10.0
    memory_mib: int = 1024
    address_space_mib: int | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """The task returned."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The reader refused the file or raised: ``message`` is one line, ``detail`` is for the log.

    ``refused``: it raised UnreadableError, so this is said of the file; any other failure is the reader's own.
    """

    message: str
    detail: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Died:
    """The worker was killed or died on this file. ``cause``: "time", "memory" or "crash"; ``detail``: the last it printed."""

    reason: str
    cause: str = "crash"
    detail: str = ""


Result = Returned | Failed | Died


class ParserWorkers:
    """A few worker slots, shared by any number of threads. Processes start when first needed and end with the ``with`` block.

    Args:
        slots: how many files are read at the same time.
        scratch: where workers put temporary files (``work/`` of the home); the system's place when None.
    """

    def __init__(self, slots: int, scratch: Path | None = None) -> None:
        if os.name != "posix":
            message = "Reading outside files safely needs Linux or macOS."
            raise UsageError(message, advice="On Windows run Ditich inside WSL 2.")
        self._slots = [Slot(scratch) for _ in range(max(1, slots))]
        self._closing = False
        self._free: queue.LifoQueue[Slot] = queue.LifoQueue()
        for slot in self._slots:
            self._free.put(slot)
        self._threads = ThreadPoolExecutor(max_workers=len(self._slots), thread_name_prefix="parser")
        # A worker dies with the thread that started it (PR_SET_PDEATHSIG), so one thread that lives as long as we do starts them all.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="parser-start")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close(at_once=error is not None)

    def close(self, *, at_once: bool = False) -> None:
        """Drop what is waiting and end every worker, after its task or, with ``at_once``, in the middle of it."""
        self._closing = True
        if at_once:
            for slot in self._slots:
                slot.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for slot in self._slots:
            slot.stop()
        self._starter.shutdown(wait=True)

    def run(self, task: str, path: Path, *, limits: Limits = Limits(), name: str = "", **arguments: Any) -> Result:
        """Have one file read; blocks until a slot is free and the task has ended.

        Args:
            task: "package.module:function", called as ``function(WorkerInput, **arguments)``.
            path: the file; the worker gets it open and never needs the path.
            limits: what the task may use.
            name: the file's name as delivered, where ``path`` is called otherwise.
            arguments: handed on; must be picklable.

        Raises:
            StorageError: our own disk failed to give the file.
        """
        request = Request(task, (name or path.name,), arguments=arguments)
        return self._dispatch(request, (path,), None, limits)

    def run_many(
        self,
        task: str,
        sources: tuple[tuple[str, Path], ...],
        *,
        output: Path | None = None,
        limits: Limits = Limits(),
        **arguments: Any,
    ) -> Result:
        """Have several files read together, and something made from them.

        Args:
            task: called as ``function(sources, output, **arguments)``: ``sources`` pairs each name with a path that opens the file;
                the paths lie in one folder under the names given, so that references by relative name between them hold.
            sources: (name or relative path, file).
            output: an existing empty folder, or None. The function writes there only; links and special files are removed afterwards.
            limits: what the task may use.
            arguments: handed on; must be picklable.
        """
        request = Request(task, tuple(name for name, _ in sources), many=True, has_output=output is not None, arguments=arguments)
        return self._dispatch(request, tuple(path for _, path in sources), output, limits)

    def submit(self, task: str, path: Path, *, limits: Limits = Limits(), name: str = "", **arguments: Any) -> Future[Result]:
        """Like :meth:`run`, at once with a future; at most as many run as there are slots."""
        return self._threads.submit(self.run, task, path, limits=limits, name=name, **arguments)

    def submit_many(
        self,
        task: str,
        sources: tuple[tuple[str, Path], ...],
        *,
        output: Path | None = None,
        limits: Limits = Limits(),
        **arguments: Any,
    ) -> Future[Result]:
        """Like :meth:`run_many`, at once with a future."""
        return self._threads.submit(self.run_many, task, sources, output=output, limits=limits, **arguments)

    def isolation(self) -> Isolation:
        """What workers on this machine have given up (starts one if none stands)."""
        slot = self._free.get()
        try:
            self._make_ready(slot, Limits())
            assert slot.isolation is not None  # noqa: S101 - set by every start
            return slot.isolation
        finally:
            self._free.put(slot)

    def worker_ids(self) -> tuple[int, ...]:
        """Process ids of the workers that stand now."""
        return tuple(slot.pid for slot in self._slots if slot.pid is not None)

    def _dispatch(self, request: Request, paths: tuple[Path, ...], output: Path | None, limits: Limits) -> Result:
        request = Request(request.task, request.names, request.many, request.has_output, limits.address_space_mib, dict(request.arguments))
        slot = self._free.get()
        try:
            return self._ask(slot, request, (paths, output), limits)
        finally:
            self._free.put(slot)

    def _ask(self, slot: Slot, request: Request, files: tuple[tuple[Path, ...], Path | None], limits: Limits) -> Result:
        paths, output = files
        while True:
            if not self._is_ready(slot, limits):
                return Died("Ditich is ending", "crash")
            first_of_this_worker = slot.served == 0
            try:
                descriptors = _open_all(paths, output)
            except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
                return Failed(f"the file cannot be opened: {error.strerror}", detail=str(error))
            try:
                outcome = slot.ask(request, descriptors, seconds=limits.seconds, memory_mib=limits.memory_mib)
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)
                if output is not None:
                    _take_back(output)
            may_try_again = not first_of_this_worker and not self._closing
            if isinstance(outcome, Death) and outcome.cause != "time" and may_try_again:
                # What an earlier file broke inside the worker must not be charged to this one: it gets a fresh worker once.
                _empty(output)
                continue
            return _result(outcome, slot)

    def _is_ready(self, slot: Slot, limits: Limits) -> bool:
        """Whether a worker stands here to be asked; False when all of them are being ended."""
        try:
            self._make_ready(slot, limits)
        except RuntimeError:
            if not self._closing:
                raise
        return not self._closing

    def _make_ready(self, slot: Slot, limits: Limits) -> None:
        """A living worker that does not already hold half of what this task may use."""
        if slot.alive and slot.held_mib() <= limits.memory_mib / 2:
            return
        self._starter.submit(slot.start).result()


def _result(outcome: Answer | Death, slot: Slot) -> Result:
    if isinstance(outcome, Death):
        return Died(outcome.reason, outcome.cause, outcome.output)
    if outcome.outcome == "returned":
        return Returned(outcome.value)
    if outcome.outcome == "memory":
        return Died("asked for more memory than is allowed", "memory", outcome.detail)
    printed = slot.captured() if outcome.outcome == "failed" else ""
    detail = "\n".join(part for part in (outcome.detail, printed) if part)
    return Failed(outcome.message, detail, refused=outcome.outcome == "refused")


def _open_all(paths: tuple[Path, ...], output: Path | None) -> tuple[int, ...]:
    """Open the inputs for reading and the output folder, which is lent to the worker's user.

    Raises:
        FileNotFoundError, PermissionError, IsADirectoryError: the input is not there to be read.
        StorageError: any other refusal of the operating system.
    """
    opened: list[int] = []
    try:
        for path in paths:
            opened.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
            if stat.S_ISDIR(os.fstat(opened[-1]).st_mode):
                raise IsADirectoryError(21, "it is a folder", str(path))
        if output is not None:
            if os.geteuid() == 0:
                os.chown(output, NOBODY, NOBODY)
            opened.append(os.open(output, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0)))
    except OSError as error:
        for descriptor in opened:
            os.close(descriptor)
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise
        message = f"A file could not be opened for reading: {error}."
        raise StorageError(message, advice="Look at the disk and at the number of open files, then run again.") from error
    return tuple(opened)


def _take_back(output: Path) -> None:
    """Make what the worker wrote ours again, and remove what no worker has reason to write: links and special files."""
    user, group = os.geteuid(), os.getegid()
    for folder, folders, files in os.walk(output, topdown=False):
        for name in (*folders, *files):
            path = Path(folder, name)
            status = path.lstat()
            plain = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
            if not plain and not stat.S_ISDIR(status.st_mode):
                path.unlink()
            elif user == 0:
                os.chown(path, user, group, follow_symlinks=False)
    if user == 0:
        os.chown(output, user, group)


def _empty(output: Path | None) -> None:
    if output is None:
        return
    for entry in output.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            with suppress(FileNotFoundError):
                entry.unlink()
