"""Image pyramids of 24 and 100 megapixels: processor seconds, wall seconds and memory, beside Pillow making one thumbnail.

Run: ``python -m benchmarks.pyramid``. The picture is a photo-like JPEG painted by seed; each measurement is a process of its own.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = {"24 MP": (6000, 4000), "100 MP": (11600, 8700)}
WORKS = ("pyramid", "first_view", "pillow thumbnail")


def paint(path: Path, width: int, height: int) -> None:
    """A picture that compresses like a photo: soft shapes under fine noise."""
    import numpy as np
    import pyvips

    rng = np.random.default_rng(1)
    soft = pyvips.Image.new_from_array(rng.integers(0, 255, (height // 100, width // 100, 3), np.uint8)).resize(100, kernel="cubic")
    noise = pyvips.Image.gaussnoise(soft.width, soft.height, sigma=6, mean=0, seed=1)
    picture = (soft + noise).cast("uchar").copy(interpretation="srgb")
    picture.jpegsave(str(path), Q=92)


def work(name: str, path: Path, output: Path) -> None:
    """Do one of WORKS."""
    facts = {"kind": "photo", "nature": "survey", "formats": {"a": "jpeg"}}
    if name == "pyramid":
        from pipeline.derive import pyramid

        pyramid.make((("a", path),), output, facts, tile=512, quality=82)
    elif name == "first_view":
        from pipeline.derive import first_view

        first_view.make((("a", path),), output, facts)
    else:
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = None
        with Image.open(path) as picture:
            picture.thumbnail((1280, 1280))
            picture.save(output / "thumbnail.jpg", quality=78)


def measured(name: str, path: Path) -> dict[str, float]:
    """Processor seconds, wall seconds and peak MiB of one work, imports included."""
    with tempfile.TemporaryDirectory() as output:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.pyramid", name, path, output],
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        found: dict[str, float] = json.loads(done.stdout)
        found["written MB"] = round(sum(file.stat().st_size for file in Path(output).iterdir()) / 1e6, 1)
    return found


def main() -> None:
    """Measure everything, or (with arguments) do one work and print what it cost."""
    if len(sys.argv) == 4:
        began = time.perf_counter()
        work(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        cost = {"cpu s": used.ru_utime + used.ru_stime, "wall s": time.perf_counter() - began, "peak MiB": used.ru_maxrss / 1024}
        print(json.dumps({key: round(value, 2) for key, value in cost.items()}))
        return
    print(f"load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        for size, (width, height) in SIZES.items():
            path = Path(folder, f"{size}.jpg")
            paint(path, width, height)
            for name in WORKS:
                print(f"{size} ({path.stat().st_size / 1e6:.0f} MB JPEG), {name}: {measured(name, path)}")


if __name__ == "__main__":
    main()
