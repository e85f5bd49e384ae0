"""Derivatives: what can always be made again from the originals. One recipe a file, listed in ``DERIVERS``.

Nothing heavy is imported here: a deriver names its task as text, and only a worker process loads it.
"""

from archive.records.access import AccessLevel
from archive.records.asset import Asset, AssetKind
from pipeline.derive.deriver import Deriver
from pipeline.workers import Limits

BIG = Limits(seconds=120.0, memory_mib=4096)
"""Enough for a picture of several hundred megapixels on two slow cores."""
TILES = Limits(seconds=600.0, memory_mib=4096)
"""Encoding AVIF takes a processor second for fifteen megapixels, twice that for a rich picture."""
MODEL = Limits(seconds=900.0, memory_mib=4096)
"""Enough for a mesh of some ten million triangles on two slow cores that others use too; views and pictures of it come from one read."""
SCAN = Limits(seconds=3600.0, memory_mib=2048)
"""A scan of a thousand million points on two slow cores; what is held at a time does not grow with it."""


def needs_access_copy(asset: Asset) -> bool:
    """Whether others may copy the asset, but not its original, which would tell a place that is not public."""
    is_shown = asset.access.level is AccessLevel.PUBLIC
    return is_shown and asset.rights.lets_others_copy and asset.location_access.level is not AccessLevel.PUBLIC


DERIVERS: tuple[Deriver, ...] = (
    Deriver(
        name="pyramid",
        version="2",
        kinds=frozenset({AssetKind.PHOTO, AssetKind.PANORAMA}),
        task="pipeline.derive.pyramid:make",
        parameters={"tile": 512, "quality": 82},
        limits=BIG,
        uses=("projection", "crop"),
        badge=True,
    ),
    Deriver(
        name="first-view",
        version="4",
        kinds=frozenset({AssetKind.PHOTO, AssetKind.PANORAMA}),
        task="pipeline.derive.first_view:make",
        limits=BIG,
        uses=("projection", "crop"),
        badge=True,
    ),
    Deriver(
        name="avif-tiles",
        version="2",
        kinds=frozenset({AssetKind.PANORAMA}),
        task="pipeline.derive.avif_tiles:make",
        parameters={"tile": 512, "quality": 52},
        limits=TILES,
        uses=("projection", "crop"),
        badge=True,
    ),
    Deriver(
        name="access-copy",
        version="1",
        kinds=frozenset({AssetKind.PHOTO, AssetKind.PANORAMA}),
        task="pipeline.derive.access_copy:make",
        parameters={"longest": 4096, "quality": 90},
        limits=BIG,
        wants=needs_access_copy,
        uses=("projection", "crop"),
        badge=True,
    ),
    Deriver(
        name="pdf-page",
        version="2",
        kinds=frozenset({AssetKind.DOCUMENT}),
        task="pipeline.derive.pdf_page:make",
        limits=BIG,
        wants=lambda asset: asset.principal.format.name == "pdf",
        badge=True,
    ),
    Deriver(
        name="point-tiles",
        version="3",
        kinds=frozenset({AssetKind.POINT_CLOUD}),
        task="pipeline.derive.point_tiles:make",
        limits=SCAN,
    ),
    Deriver(
        name="point-poster",
        version="4",
        kinds=frozenset({AssetKind.POINT_CLOUD}),
        task="pipeline.derive.point_poster:make",
        limits=SCAN,
        badge=True,
    ),
    Deriver(
        name="light-mesh",
        version="2",
        kinds=frozenset({AssetKind.MESH}),
        task="pipeline.derive.light_mesh:make",
        parameters={
            "sizes": {
                "first": {"triangles": 6_000, "texture": 384, "bytes": 60_000},
                "phone": {"triangles": 100_000, "texture": 2048, "bytes": 2_000_000},
                "desk": {"triangles": 600_000, "texture": 4096, "bytes": 8_000_000},
            }
        },
        limits=MODEL,
        uses=("unit",),
    ),
    Deriver(
        name="usdz",
        version="1",
        kinds=frozenset({AssetKind.MESH}),
        task="pipeline.derive.usdz:make",
        parameters={"size": {"triangles": 100_000, "texture": 2048, "bytes": 8_000_000}},
        limits=MODEL,
        uses=("unit",),
    ),
    Deriver(
        name="mesh-poster",
        version="4",
        kinds=frozenset({AssetKind.MESH}),
        task="pipeline.derive.mesh_poster:make",
        limits=MODEL,
        badge=True,
    ),
    Deriver(
        name="splat-poster",
        version="4",
        kinds=frozenset({AssetKind.SPLAT}),
        task="pipeline.derive.splat_poster:make",
        limits=MODEL,
        wants=lambda asset: asset.principal.format.name != "ksplat",
        badge=True,
    ),
)
