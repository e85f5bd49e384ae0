"""Every real file of the corpus is identified rightly, and no hostile one touches more than itself.

What is right is taken from the corpus's own list: what another reader said on opening the file (``verified``), and the ending where no
reader could say it. Nothing is known here of single files.
"""

import csv
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.records.asset import FormatVerdict
from pipeline.describe import SOURCES
from pipeline.workers import Died, Failed, ParserWorkers, Result, Returned

KINDS = ("photos", "panoramas", "photosets", "pointclouds", "meshes", "splats")
BY_WORD = {
    "JPEG": {"jpeg"},
    "MPO": {"jpeg"},
    "AVIF": {"avif"},
    "HEIF": {"heic", "heif"},
    "PNG": {"png"},
    "WEBP": {"webp"},
    "E57": {"e57"},
    "USDZ": {"usdz"},
    "SPZ": {"spz"},
    "PTS,": {"pts"},
    "PTX": {"ptx"},
    "JSON": {"json"},
    "XML": {"xmp"},
}
BY_ENDING = {
    **{ending: {ending} for ending in ("obj", "mtl", "pcd", "stl", "3mf", "dae", "splat", "glb", "gltf", "ptx", "ksplat")},
    "md": {"markdown"},
    "txt": {"text"},
    "yaml": {"text"},
    "bin": {"draco", "unknown"},
}
HOSTILE_SECONDS = 10
MOST_PARENT_GROWTH_MIB = 200


@pytest.fixture(scope="module")
def workers() -> Iterator[ParserWorkers]:
    with ParserWorkers(2) as shared:
        yield shared


def listed(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["path"].partition("/")[0] in (*KINDS, "hostile")]


def expected(row: dict[str, str]) -> set[str]:
    """The names under which this file may be known, by what another reader said of it."""
    ending, verified = row["path"].rpartition(".")[2].lower(), row["verified"]
    word = verified.split(" ")[0]
    if verified.startswith("JPEG XL"):
        return {"jxl"}
    if word == "TIFF":
        return {"dng"} if ending == "dng" else {"tiff"}
    if word == "LAS":
        return {"copc"} if "COPC" in verified else {ending}
    if word == "PLY":
        splat = {"ply-splat-compressed"} if "chunk" in verified else {"ply-splat"}
        plain = {"ply-mesh"} if ", face " in verified else {"ply-points"}
        return splat if "splat layout" in verified else plain
    return BY_WORD.get(word) or BY_ENDING[ending]


def test_every_real_file_is_identified_rightly(corpus: Path, workers: ParserWorkers) -> None:
    rows = [row for row in listed(corpus) if row["kind"] != "hostile"]
    futures = [workers.submit("pipeline.identify:read", corpus / row["path"]) for row in rows]
    table: dict[str, Counter[bool]] = defaultdict(Counter)
    wrong = []
    for row, future in zip(rows, futures, strict=True):
        result = future.result()
        right = isinstance(result, Returned) and result.value.name in expected(row)
        table[row["kind"]][right] += 1
        if not right:
            wrong.append((row["path"], expected(row), result))
    for kind, counts in sorted(table.items()):
        print(f"{kind:12} {counts.total():4} files  {counts[True]:4} identified rightly")  # noqa: T201
    assert not wrong
    assert len(rows) > 200


def test_what_pronom_calls_it_never_contradicts_the_name(corpus: Path, workers: ParserWorkers) -> None:
    wrong_families = {"las": {"x-fmt/59"}, "laz": {"fmt/369", "fmt/370"}, "usdz": {"x-fmt/263"}, "spz": {"x-fmt/266"}}
    for row in listed(corpus):
        result = workers.run("pipeline.identify:read", corpus / row["path"])
        assert isinstance(result, Returned), row["path"]
        assert result.value.puid not in wrong_families.get(result.value.name, set()), row["path"]


def test_hostile_files_cost_only_themselves(corpus: Path, workers: ParserWorkers) -> None:
    rows = [row for row in listed(corpus) if row["kind"] == "hostile"]
    before = own_mib()
    outcomes: Counter[str] = Counter()
    for row in rows:
        path = corpus / row["path"]
        verdict = workers.run("pipeline.identify:read", path)
        assert isinstance(verdict, Returned), row["path"]
        for task, result, seconds in visits(workers, path, verdict.value):
            assert isinstance(result, Returned | Failed | Died), (row["path"], task)
            assert seconds < HOSTILE_SECONDS, (row["path"], task)
            outcomes[type(result).__name__] += 1
    print(dict(outcomes))  # noqa: T201
    assert len(rows) > 100
    assert outcomes["Failed"] > 20
    assert own_mib() - before < MOST_PARENT_GROWTH_MIB


def visits(workers: ParserWorkers, path: Path, verdict: FormatVerdict) -> Iterator[tuple[str, Result, float]]:
    for source in SOURCES:
        if verdict.name in source.formats:
            start = time.monotonic()
            result = workers.run(source.task, path, limits=source.limits, name=path.name)
            yield source.task, result, time.monotonic() - start


def own_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def lacks_pixels(path: Path) -> bool:
    """Whether a picture of this TIFF or DNG lies beyond its end, by an independent reader: some samples came without their pixels."""
    import tifffile

    if path.suffix.lower() not in {".dng", ".tif", ".tiff"}:
        return False
    size = path.stat().st_size
    with tifffile.TiffFile(path) as opened:
        pages = [page for top in opened.pages for page in (top, *(top.pages or ()))]
        extents = [(page.dataoffsets, page.databytecounts) for page in pages]
        return any(at + length > size for offsets, lengths in extents for at, length in zip(offsets, lengths, strict=False))


def test_only_images_without_their_pixels_are_refused(corpus: Path, workers: ParserWorkers) -> None:
    refused = 0
    for row in listed(corpus):
        if row["kind"] not in {"photos", "panoramas", "photosets"}:
            continue
        path = corpus / row["path"]
        verdict = workers.run("pipeline.identify:read", path)
        assert isinstance(verdict, Returned)
        for task, result, _ in visits(workers, path, verdict.value):
            if task.startswith("pipeline.describe.image_structure"):
                assert isinstance(result, Failed if lacks_pixels(path) else Returned), (row["path"], result)
                refused += isinstance(result, Failed)
    assert refused <= 1


def test_a_real_camera_raw_that_is_cut_is_refused(corpus: Path, workers: ParserWorkers, tmp_path: Path) -> None:
    whole = [path for row in listed(corpus) if (path := corpus / row["path"]).suffix == ".dng" and not lacks_pixels(path)]
    assert whole
    for path in whole:
        content = path.read_bytes()
        cut = tmp_path / "cut.dng"
        cut.write_bytes(content[: len(content) * 2 // 3])
        result = workers.run("pipeline.describe.image_structure:read_raw", cut)
        assert isinstance(result, Failed)
        assert "cut off" in result.message
