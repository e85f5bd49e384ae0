"""Files of every family, cut and changed at random by seed: each costs itself at most, and the parent nothing."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.describe import SOURCES, Source
from pipeline.workers import Died, Failed, Limits, ParserWorkers, Returned
from tests.pipeline.describe.image_builders import GPS, exif, image
from tests.pipeline.identify.builders import build

PICTURES = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF", "heic": "HEIF", "avif": "AVIF", "gif": "GIF", "jp2": "JPEG2000"}
OTHERS = ("jxl", "dng", "nef", "bigtiff", "pdf", "docx", "odt", "wav", "mp3", "mp4", "flac", "xmp")
DAMAGED_COPIES = 25
LIMITS = Limits(seconds=20, memory_mib=1024)


@pytest.fixture(scope="module")
def workers() -> Iterator[ParserWorkers]:
    with ParserWorkers(2) as shared:
        yield shared


def whole(name: str) -> bytes:
    if name not in PICTURES:
        return build(name)[1]
    options = {} if name in {"gif", "jp2"} else {"exif": exif({271: "Canon", 274: 6}, {36867: "2024:05:03 08:15:30"}, GPS)}
    return image(PICTURES[name], (64, 48), **options)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut somewhere, or a few bytes changed, or a run of them overwritten, or all of it."""
    made = bytearray(content)
    if chance.random() < 0.5:
        del made[chance.randrange(1, len(made) + 1) :]
    for _ in range(chance.randrange(6)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    if chance.random() < 0.3:
        start = chance.randrange(len(made))
        made[start : start + 16] = chance.randbytes(16)
    return bytes(made)


def sources_of(name: str) -> list[Source]:
    return [source for source in SOURCES if name in source.formats]


@pytest.mark.parametrize("name", [*PICTURES, *OTHERS])
def test_damage_never_reaches_the_parent(name: str, workers: ParserWorkers, tmp_path: Path) -> None:
    chance, content = random.Random(name), whole(name)
    outcomes: Counter[str] = Counter()
    for number in range(DAMAGED_COPIES):
        path = tmp_path / f"{number}"
        path.write_bytes(damaged(content, chance) if number else content)
        visits = [workers.submit("pipeline.identify:read", path, limits=LIMITS)]
        visits += [workers.submit(source.task, path, limits=LIMITS) for source in sources_of(name)]
        results = [visit.result() for visit in visits]
        assert isinstance(results[0], Returned)
        assert all(isinstance(result, Returned | Failed | Died) for result in results)
        outcomes.update(type(result).__name__ for result in results)
    assert outcomes.total() == DAMAGED_COPIES * (1 + len(sources_of(name)))
