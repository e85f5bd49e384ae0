"""The child of ``pipeline.workers``: one long-lived process that reads one outside file at a time.

It is started light (nothing heavy is imported before the first task that needs it), gives up its rights, and serves requests
from its socket until the socket closes. Run only by ``pipeline.workers``.
"""

import importlib
import io
import os
import re
import shutil
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from archive.errors import UnreadableError
from pipeline.worker_isolation import isolate, limit_address_space
from pipeline.worker_protocol import DESCRIPTORS_PER_MESSAGE, HEADER, Answer, Request, dump


@dataclass(slots=True)
class WorkerInput:
    """One outside file, open.

    Attributes:
        name: its name as delivered (text with surrogate escapes); say nothing about the bytes by it alone.
        size: bytes.
        stream: opened for reading, at the start. Closed when the task ends.
        folder: an empty folder of the worker in which ``path`` makes its name.
    """

    name: str
    size: int
    stream: BinaryIO
    folder: Path
    _path: str = field(default="", repr=False)

    @property
    def path(self) -> str:
        """A path, with the file's own name and ending, that opens the same file: for libraries that want a path."""
        if not self._path:
            self._path = str(_place(self.stream.fileno(), self.name, self.folder))
        return self._path


def _place(descriptor: int, name: str, folder: Path) -> Path:
    """Give an open descriptor a name below the folder: a link to it, or a copy where this user may not open it again."""
    parts = [part for part in name.split("/") if part not in ("", ".", "..")] or ["file"]
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    source = f"/dev/fd/{descriptor}"
    if os.access(source, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        target.symlink_to(f"/proc/self/fd/{descriptor}" if Path("/proc/self/fd").is_dir() else source)
        return target
    with os.fdopen(os.dup(descriptor), "rb") as stream, target.open("wb") as copy:
        stream.seek(0)
        shutil.copyfileobj(stream, copy)
        stream.seek(0)
    return target


def open_input(path: Path, folder: Path) -> WorkerInput:
    """A file as a task sees it, for calling a reader without a worker (tests, our own trusted files)."""
    stream = path.open("rb")
    return WorkerInput(path.name, path.stat().st_size, stream, folder)


def main(descriptor: int, parent: int, *code: str) -> None:
    """Serve requests from the socket with that descriptor until it closes."""
    isolation = isolate(tuple(Path(folder) for folder in code), parent)
    with socket.socket(fileno=descriptor) as channel:
        _send(channel, dump(isolation))
        serve(channel, Path(tempfile.gettempdir()))


def serve(channel: socket.socket, scratch: Path) -> None:
    """Answer requests one at a time until the parent closes the channel."""
    while True:
        received = _receive(channel)
        if received is None:
            return
        request, descriptors = received
        try:
            outcome, payload = _answer(request, descriptors, scratch)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        _send(channel, payload)
        if outcome == "memory":
            return


def _answer(request: Request, descriptors: list[int], scratch: Path) -> tuple[str, bytes]:
    """Run one task: its outcome, and the answer as bytes."""
    answer = _outcome(request, descriptors, scratch)
    try:
        return answer.outcome, dump(answer)
    except Exception as error:  # noqa: BLE001 - what a task returns may refuse to be sent in any way
        return "failed", dump(Answer("failed", message=_told(f"{type(error).__name__}: {error}")))


def _outcome(request: Request, descriptors: list[int], scratch: Path) -> Answer:
    """Whatever the task returns or raises becomes an answer."""
    try:
        limit_address_space(request.address_space_mib)
        with _folder(scratch) as folder:
            return Answer("returned", _call(request, descriptors, folder))
    except UnreadableError as error:
        return Answer("refused", message=_told(error.message), detail=_told(error.detail))
    except MemoryError:
        return Answer("memory", detail="MemoryError")
    # Parsers written in Rust panic with a BaseException; SystemExit from a library must not end the worker either.
    except BaseException as error:  # noqa: BLE001
        return Answer("failed", message=_told(f"{type(error).__name__}: {str(error)[:400]}"), detail=_told(traceback.format_exc(limit=-6)))
    finally:
        limit_address_space(None)
        _forget_pictures()


def _forget_pictures() -> None:
    """The cache of libvips is keyed by path, and one task's paths are the next one's too: nothing may be remembered."""
    pyvips = sys.modules.get("pyvips")
    if pyvips is not None:
        pyvips.cache_set_max(0)


def _told(words: str) -> str:
    """Words for the record: the end of them, without the names of our own folders, which differ from run to run."""
    ours = rf"{re.escape(tempfile.gettempdir())}/task-[^/\s]+/|{re.escape(str(Path(__file__).parent.parent))}/"
    return re.sub(ours, "", words)[-4000:]


@contextmanager
def _folder(scratch: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="task-", dir=scratch))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _call(request: Request, descriptors: list[int], folder: Path) -> object:
    task = _task(request.task)
    if not request.many:
        with os.fdopen(os.dup(descriptors[0]), "rb") as stream:
            return task(WorkerInput(request.names[0], _size(stream), stream, folder), **request.arguments)
    sources = tuple((name, _place(descriptors[at], name, folder)) for at, name in enumerate(request.names))
    output = Path(f"/proc/self/fd/{descriptors[-1]}") if request.has_output else None
    return task(sources, output, **request.arguments)


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def _task(address: str) -> Callable[..., object]:
    module_name, _, function_name = address.partition(":")
    function: Callable[..., object] = getattr(importlib.import_module(module_name), function_name)
    return function


def _send(channel: socket.socket, payload: bytes) -> None:
    # The parent may have gone while we worked; then there is nobody to tell.
    with suppress(BrokenPipeError, ConnectionResetError):
        channel.sendall(HEADER.pack(len(payload), 0) + payload)


def _receive(channel: socket.socket) -> tuple[Request, list[int]] | None:
    """The next request with its descriptors, or None when the parent has closed the channel."""
    header = _read_exactly(channel, HEADER.size)
    if header is None:
        return None
    length, count = HEADER.unpack(header)
    descriptors: list[int] = []
    while len(descriptors) < count:
        # One marker byte is one message, so that descriptors of two messages are never mixed.
        _, received, _, _ = socket.recv_fds(channel, 1, DESCRIPTORS_PER_MESSAGE)
        if not received:
            return None
        descriptors.extend(received)
    payload = _read_exactly(channel, length)
    if payload is None:
        return None
    import pickle

    request: Any = pickle.loads(payload)  # noqa: S301
    return request, descriptors


def _read_exactly(channel: socket.socket, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = channel.recv(min(length - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
