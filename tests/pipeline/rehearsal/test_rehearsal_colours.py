from pathlib import Path

import numpy as np

from pipeline.readers.points import open_points
from pipeline.rehearsal.laser import Scan, write_e57
from pipeline.rehearsal.truth import StationTruth


def test_every_colour_written_is_read_back(tmp_path: Path) -> None:
    count, random = 5000, np.random.default_rng(7)
    truth = StationTruth("Tram", "{0}", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0), count)
    colours = random.integers(1, 256, (count, 3), dtype=np.uint8)
    scan = Scan(truth, random.uniform(-9, 9, (count, 3)), colours, random.random(count).astype(np.float32))
    write_e57(tmp_path / "scan.e57", [scan], 1)
    read = np.concatenate([chunk.rgb for chunk in open_points(tmp_path / "scan.e57", "e57").chunks() if chunk.rgb is not None])
    assert np.array_equal(read, colours)
