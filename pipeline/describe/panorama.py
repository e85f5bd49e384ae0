"""Whether an image is a panorama: by GPano, else by its shape alone, which is said to be unverified.

Sources: GPano XMP (Photo Sphere XMP Metadata, projectionType); an equirectangular sphere is exactly twice as wide as high.
"""

from archive.records.asset import AssetKind, SourcedValue

SMALLEST_WIDTH = 2000


def panorama_facts(kind: AssetKind, facts: dict[str, SourcedValue]) -> tuple[AssetKind, dict[str, SourcedValue]]:
    """The kind of an image after looking at its projection and shape, and its facts with the projection that was concluded."""
    if kind is not AssetKind.PHOTO:
        return kind, facts
    projection = facts.get("projection")
    if projection is not None:
        return (AssetKind.PANORAMA if projection.value == "equirectangular" else kind), facts
    width, height = (_pixels(facts.get(name)) for name in ("width", "height"))
    if width >= SMALLEST_WIDTH and width == 2 * height:
        return AssetKind.PANORAMA, facts | {"projection": SourcedValue("equirectangular", "shape:2:1", "unverified")}
    return kind, facts


def _pixels(value: SourcedValue | None) -> int:
    return value.value if value is not None and isinstance(value.value, int) else 0
