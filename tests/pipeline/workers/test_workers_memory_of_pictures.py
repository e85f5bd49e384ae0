"""What libvips remembers of one file must never be found under the same path by the next task."""

from pathlib import Path
from typing import Any

from pipeline.workers import ParserWorkers, Returned


def make(sources: tuple[tuple[str, Path], ...], output: Path, **_: Any) -> list[int]:
    """Writes a black picture as wide as the source's text says into the output folder, and says how wide it reads back."""
    import pyvips

    target = output / "picture.tif"
    pyvips.Image.black(int(sources[0][1].read_text()), 8).tiffsave(str(target))
    return [pyvips.Image.tiffload(str(target)).width]


def test_the_same_path_is_read_anew(tmp_path: Path) -> None:
    found = []
    with ParserWorkers(1) as workers:
        for width in (320, 640):
            source, output = tmp_path / f"{width}.txt", tmp_path / f"out-{width}"
            source.write_text(str(width))
            output.mkdir()
            result = workers.run_many(f"{__name__}:make", (("width.txt", source),), output=output)
            assert isinstance(result, Returned), result
            found += result.value
    assert found == [320, 640]
