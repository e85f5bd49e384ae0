"""Compiles what would else be compiled at first use, once, at set-up: ``python -m pipeline.warm``.

A tiny cloud of each text and binary kind goes through tiling and picture in a parser worker: the cache then lies where workers look for it.
Beside that the rehearsal's kernels are compiled, and every module that workers load is loaded once: workers may not write bytecode, so
without this each of them would compile those modules anew.
"""

import importlib
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.derive import DERIVERS
from pipeline.describe import SOURCES
from pipeline.identify.stage import TASK
from pipeline.workers import Limits, ParserWorkers, Returned

LIMITS = Limits(seconds=300.0, memory_mib=2048)
POINTS = 600
"""Enough that every kernel meets more than one cell."""
WARMED = ("pipeline.derive.point_tiles:make", "pipeline.derive.point_poster:make")

LIBRARIES = (
    "PIL.AvifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.TiffImagePlugin",
    "exifread",
    "lxml.etree",
    "pillow_heif",
    "pyvips",
    "rawpy",
)
"""What tasks on pictures, the most frequent ones, import only while they run."""


def _las(points: int, point_format: int) -> bytes:
    """A LAS 1.2 file (ASPRS) of a helix: with colour (point format 2) or without (0)."""
    import math
    import struct

    size = 26 if point_format == 2 else 20
    head = struct.pack(
        "<4sHH16sBB32s32sHHHIIBHI", b"LASF", 0, 0, b"", 1, 2, b"", b"Ditich", 1, 2026, 227, 227, 0, point_format, size, points
    )
    head += struct.pack("<5I3d3d6d", 0, 0, 0, 0, 0, 0.001, 0.001, 0.001, 0.0, 0.0, 0.0, 3.0, -3.0, 3.0, -3.0, 6.0, 0.0)
    rows = bytearray()
    for at in range(points):
        x, y, z = round(3000 * math.cos(at)), round(3000 * math.sin(at)), at * 10
        rows += struct.pack("<3iHBBbBH", x, y, z, at, 0, 0, 0, 0, 0)
        rows += struct.pack("<3H", at * 100, at * 50, at * 20) if point_format == 2 else b""
    return head + bytes(rows)


def _text(points: int) -> bytes:
    return "".join(f"{at % 17} {at % 13} {at % 7}\n" for at in range(points)).encode()


def warm(folder: Path) -> tuple[str, ...]:
    """Compile into the cache; ``folder`` is an empty scratch folder. Returns what went wrong, nothing when all is well."""
    samples = {"colour.las": _las(POINTS, 2), "grey.las": _las(POINTS, 0), "plain.xyz": _text(POINTS)}
    problems = []
    with ParserWorkers(1, scratch=folder) as workers:
        for name, content in samples.items():
            source = folder / name
            source.write_bytes(content)
            for number, task in enumerate(WARMED):
                output = folder / f"{name}-{number}"
                output.mkdir()
                result = workers.run_many(task, ((name, source),), output=output, limits=LIMITS, asset_facts={"nature": "survey"})
                if not isinstance(result, Returned):
                    problems.append(f"{task} on {name}: {result}")
    return tuple(problems)


def load(names: Iterable[str]) -> tuple[str, ...]:
    """Import modules, which leaves their bytecode beside them. Returns what could not be imported."""
    problems = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            problems.append(f"{name}: {error}")
    return tuple(problems)


def modules() -> tuple[str, ...]:
    """What parser workers load, each once."""
    tasks = (TASK, *(source.task for source in SOURCES), *(deriver.task for deriver in DERIVERS), "pipeline.readers.traces:read_all")
    return tuple(dict.fromkeys((*(task.partition(":")[0] for task in tasks), *LIBRARIES)))


def main() -> int:
    """Warm everything; 0 when nothing went wrong."""
    from pipeline.rehearsal.warm import compile_kernels

    with tempfile.TemporaryDirectory(prefix="ditich-warm-") as name, ThreadPoolExecutor(1) as beside:
        folder = Path(name)
        rehearsal = beside.submit(compile_kernels, folder / "rehearsal")
        problems = (*load(modules()), *warm(folder))
        rehearsal.result()
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
