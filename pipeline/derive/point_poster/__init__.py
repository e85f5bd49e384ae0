"""A picture of a point cloud: poster (1600 × 1000) and thumbnail, drawn by ourselves without a graphics card."""

from pathlib import Path
from typing import Any

from archive.records.derivative import MediaRole
from pipeline.derive.cloud import point_format
from pipeline.derive.deriver import Made

POSTER = (1600, 1000)
THUMBNAIL = 400


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any], **_parameters: Any) -> Made:
    """Write poster.avif, poster.jpg, thumbnail.avif and thumbnail.jpg of the first of ``sources`` into ``output``.

    Raises:
        UnreadableError: the scan cannot be read, or has no point that has a place.
    """
    import pyvips

    from pipeline.derive.badge import stamp_photo
    from pipeline.derive.encode import fitted, write_pair
    from pipeline.derive.point_poster.camera import best_camera
    from pipeline.derive.point_poster.picture import render
    from pipeline.derive.point_poster.sample import sample_of
    from pipeline.readers.points import open_points

    name, path = sources[0]
    sample = sample_of(open_points(path, point_format(name, path, asset_facts)))
    pixels = render(sample, best_camera(sample, POSTER))
    picture = pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")
    nature = asset_facts.get("nature", "")
    small = stamp_photo(fitted(picture, THUMBNAIL), nature)
    files = [
        *write_pair(stamp_photo(picture, nature), output, MediaRole.POSTER, "poster"),
        *write_pair(small, output, MediaRole.THUMBNAIL, "thumbnail"),
    ]
    return Made(tuple(files))
