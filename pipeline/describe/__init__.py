"""Sources of description: each reads one kind of metadata out of one file, raw as read and normalised with its source named.

A task is called in a parser worker as ``read(source: WorkerInput)`` and returns ``(raw, values)``: JSON values as the reader gave them, and
``SourcedValue`` by the field names of the record (width, height, orientation, camera, captured, latitude, longitude, altitude, heading,
projection, crop, creator, title@vi …, rights, points, triangles …). It raises ``UnreadableError`` where the file cannot be read.
"""

from dataclasses import dataclass

from pipeline.workers import Limits

_IMAGES = frozenset({"jpeg", "tiff", "bigtiff", "png", "heic", "heif", "avif", "webp", "gif", "jp2", "jpx", "j2k", "jxl"})
_RAW = frozenset({"dng", "cr2", "cr3", "crw", "nef", "arw", "pef", "srw", "orf", "rw2", "raf", "x3f", "mrw"})
_RAW_RARE = frozenset({"3fr", "iiq", "mos", "dcr", "erf", "rwl", "mef", "gpr", "raw"})
_DECODING = Limits(seconds=60, memory_mib=3072)
_OFFICE = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})
_SCAN = Limits(seconds=900, memory_mib=1536)
_MESHES = frozenset({"obj", "glb", "gltf", "stl", "dae", "3mf", "ply-mesh", "off", "usd", "usdz", "draco"})
_MODEL = Limits(seconds=120, memory_mib=3072)
_RECORDINGS = frozenset({"wav", "mp3", "mp4", "m4a", "mov", "3gp", "flac"})


@dataclass(frozen=True, slots=True)
class Source:
    """One source of description.

    Attributes:
        name: stands in every ``SourcedValue.source`` that it gives ("exif" in "exif:DateTimeOriginal").
        formats: names of the formats (``FormatVerdict.name``) that it reads.
        task: address of its function, for a parser worker.
        limits: what one file may cost.
    """

    name: str
    formats: frozenset[str]
    task: str
    limits: Limits = Limits()


SOURCES: tuple[Source, ...] = (
    Source("exif", _IMAGES - {"gif", "j2k"} | _RAW | _RAW_RARE, "pipeline.describe.exif:read"),
    Source("pillow", _IMAGES - {"jxl"}, "pipeline.describe.pillow_header:read"),
    Source("xmp", _IMAGES - {"j2k"} | _RAW | _RAW_RARE | {"xmp"}, "pipeline.describe.xmp:read"),
    Source("image-structure", _IMAGES, "pipeline.describe.image_structure:read", _DECODING),
    Source("image-structure", _RAW | _RAW_RARE, "pipeline.describe.image_structure:read_raw", _DECODING),
    Source("pdf", frozenset({"pdf"}), "pipeline.describe.pdf_header:read"),
    Source("office", _OFFICE, "pipeline.describe.office_header:read"),
    Source("recording", _RECORDINGS, "pipeline.describe.audio_video:read"),
    Source("las-header", frozenset({"las", "laz", "copc"}), "pipeline.describe.las_header:read", _SCAN),
    Source("e57-header", frozenset({"e57"}), "pipeline.describe.e57_header:read", _SCAN),
    Source("ply-header", frozenset({"ply", "ply-points"}), "pipeline.describe.ply_header:read", _SCAN),
    Source("pcd-header", frozenset({"pcd"}), "pipeline.describe.pcd_header:read", _SCAN),
    Source("mesh-statistics", _MESHES, "pipeline.describe.mesh_statistics:read", _MODEL),
    Source(
        "splat-statistics",
        frozenset({"ply-splat", "ply-splat-compressed", "spz", "splat"}),
        "pipeline.describe.splat_statistics:read",
        _MODEL,
    ),
    Source("text-points", frozenset({"pts", "ptx", "xyz"}), "pipeline.describe.text_points_header:read", _SCAN),
)
