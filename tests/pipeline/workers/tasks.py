"""Tasks that behave as parsers of hostile files do: well, slowly, greedily, fatally."""

import ctypes
import os
import pathlib
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

from archive.errors import UnreadableError
from pipeline.worker_process import WorkerInput


@dataclass(frozen=True)
class Measured:
    """What ``measure`` returns."""

    name: str
    size: int
    through_path: bytes


def measure(source: WorkerInput) -> Measured:
    """Read the same bytes by stream and by path."""
    first = source.stream.read(4)
    assert first == pathlib.Path(source.path).read_bytes()[:4]
    return Measured(source.name, source.size, pathlib.Path(source.path).read_bytes())


def add(source: WorkerInput, *, first: int, second: int) -> int:
    """Arguments arrive."""
    return first + second + source.size


def refuse(source: WorkerInput) -> None:
    """Refuse as a reader does."""
    sys.stdout.write("a library's own words")
    message = f"{source.name} is not what it claims to be."
    raise UnreadableError(message, detail="at byte 7")


def break_down(source: WorkerInput) -> None:
    """Raise what no reader promised."""
    sys.stdout.write("printed before it broke")
    sys.stdout.flush()
    raise IndexError(source.size)


def leave(_source: WorkerInput) -> None:
    """End as a library that calls exit() does."""
    os._exit(7)


def ask_to_leave(_source: WorkerInput) -> None:
    """Raise SystemExit."""
    sys.exit(3)


def crash(_source: WorkerInput) -> None:
    """Die of a segmentation fault."""
    sys.stderr.write("about to crash\n")
    sys.stderr.flush()
    ctypes.string_at(0)


def hang(_source: WorkerInput) -> None:
    """Never come back."""
    while True:
        time.sleep(1)


def eat(_source: WorkerInput) -> int:
    """Eat memory until stopped."""
    held = []
    while True:
        held.append(b"x" * (16 << 20))


def keep(_source: WorkerInput, *, mebibytes: int) -> int:
    """Hold memory after the task has ended."""
    sys.modules["kept_by_a_test"] = b"x" * (mebibytes << 20)  # type: ignore[assignment]
    return os.getpid()


def poison(_source: WorkerInput) -> int:
    """Leave the worker broken: the next task in it crashes."""
    sys.modules["poisoned_by_a_test"] = True  # type: ignore[assignment]
    return os.getpid()


def crash_if_poisoned(_source: WorkerInput) -> int:
    """Crash where an earlier file has broken the worker."""
    if "poisoned_by_a_test" in sys.modules:
        ctypes.string_at(0)
    return os.getpid()


def write_then_crash_if_poisoned(_sources: object, output: pathlib.Path) -> list[str]:
    """Leave half a result behind where an earlier file has broken the worker."""
    seen = sorted(entry.name for entry in output.iterdir())
    (output / "half").mkdir()
    (output / "half" / "result").write_bytes(b"1")
    (output / "alone").write_bytes(b"2")
    if "poisoned_by_a_test" in sys.modules:
        ctypes.string_at(0)
    return seen


def process_id(_source: WorkerInput) -> int:
    """Which worker this is."""
    return os.getpid()


def circumstances(_source: WorkerInput) -> dict[str, Any]:
    """What this worker can do."""
    try:
        with socket.create_connection(("127.0.0.1", 9), timeout=1):
            network = "connected"
    except OSError as error:
        network = type(error).__name__ + " " + str(error.errno)
    heavy = {"numpy", "PIL", "pyvips", "lxml", "open3d"} & set(sys.modules)
    return {"user": os.geteuid(), "network": network, "heavy": sorted(heavy), "environment": sorted(os.environ)}


def make(sources: tuple[tuple[str, pathlib.Path], ...], output: pathlib.Path, *, word: str) -> dict[str, int]:
    """Copy every source into the output, found by its relative name."""
    folder = sources[0][1].parent
    lengths = {}
    for name, path in sources:
        lengths[name] = path.stat().st_size
        (output / name.replace("/", "_")).write_bytes(path.read_bytes() + word.encode())
    assert (folder / sources[0][0].split("/")[-1]).exists()
    (output / "inner").mkdir()
    (output / "inner" / "file").write_bytes(b"1")
    (output / "link").symlink_to("/etc/passwd")
    os.mkfifo(output / "pipe")
    return lengths


def without_output(sources: tuple[tuple[str, pathlib.Path], ...], output: pathlib.Path | None) -> bool:
    """No output folder was given."""
    return output is None and len(sources) > 0


class Code:
    """What a taken-over worker would answer with."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("true",)


def answer_with_code(_source: WorkerInput) -> Code:
    """Answer with a pickle that runs code when read carelessly."""
    return Code()


def answer_unpicklable(_source: WorkerInput) -> Any:
    """Answer with what cannot be sent."""
    return lambda: None


def too_much(_source: WorkerInput) -> bytes:
    """Answer with more than is allowed."""
    return b"x" * (65 << 20)


def chatter(_source: WorkerInput) -> int:
    """Print far more than anybody keeps."""
    for _ in range(40):
        sys.stdout.write("warning\n" * (1 << 17))
        sys.stdout.flush()
        time.sleep(0.01)
    return 1


def allocate_in_one_piece(_source: WorkerInput) -> int:
    """Ask for more than an address space limit allows."""
    return len(bytearray(1 << 29))


def out_of_memory(_source: WorkerInput) -> None:
    """Fail for lack of memory, as a parser does under an address space limit."""
    raise MemoryError


def close_the_channel(_source: WorkerInput) -> None:
    """Close every descriptor that could be the channel, and stay."""
    os.closerange(3, 64)
    time.sleep(60)
