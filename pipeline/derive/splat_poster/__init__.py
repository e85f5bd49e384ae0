"""Pictures of Gaussian splats: poster (1600 × 1000), thumbnail and a turntable of eight, drawn without a graphics card."""

from pathlib import Path
from typing import Any

from pipeline.derive.deriver import Made


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any]) -> Made:
    """Write poster, thumbnail and turn-000 to turn-315, each as .avif and .jpg, from one read of the splats.

    Args:
        sources: the principal file first.
        output: empty folder.
        asset_facts: "formats" and "nature".

    Raises:
        UnreadableError: the splats cannot be read.
    """
    # The readers and Numba are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.splat_poster.drawing import SplatsInStudio
    from pipeline.derive.studio.picture import pictures_of
    from pipeline.readers.splats import open_splats

    name, path = sources[0]
    return pictures_of(SplatsInStudio(open_splats(path, asset_facts["formats"].get(name, ""))), output, asset_facts)
