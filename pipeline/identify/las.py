"""ASPRS LAS 1.0-1.5, LAZ (compressed by LASzip) and COPC: the public header block and the records behind it.

PRONOM takes LAS 1.4 for an AutoCAD file and LAZ for LAS or nothing. Sources: LAS 1.4 R15 §2.4; LASzip: bit 7 of the point format, record
"laszip encoded"; COPC 1.0: first record is user "copc", id 1.
"""

from pipeline.identify.format import Format, Recognised, Sample

_SMALLEST_HEADER = 227


def recognise(sample: Sample) -> Recognised | None:
    """LASF, a version, and a header whose sizes and point offset can be."""
    if sample.head[:4] != b"LASF" or len(sample.head) < _SMALLEST_HEADER:
        return None
    version = f"{sample.head[24]}.{sample.head[25]}"
    header_size, points_at, records = sample.unpack("<HII", 94)
    point_format, length = sample.head[104], sample.unpack("<H", 105)[0]
    if header_size < _SMALLEST_HEADER or points_at < header_size:
        return Recognised("las", "signature LASF; its header sizes contradict each other", version)
    first_user = sample.head[header_size + 2 : header_size + 18].rstrip(b"\0")
    basis = f"public header {version}, {records} records, point format {point_format & 0x3F} of {length} bytes"
    if point_format & 0x80 or _has_laszip_record(sample, header_size, points_at):
        name = "copc" if first_user == b"copc" and sample.unpack("<H", header_size + 18)[0] == 1 else "laz"
        return Recognised(name, f"{basis}; compressed by LASzip{'; copc record first' if name == 'copc' else ''}", version)
    return Recognised("las", basis, version)


def _has_laszip_record(sample: Sample, header_size: int, points_at: int) -> bool:
    return b"laszip encoded" in sample.at(header_size, min(points_at - header_size, 1 << 20))


FORMAT = Format(
    {
        "las": ("application/vnd.las", "ASPRS|Lidar"),
        # PRONOM's LAS signature matches LAZ too, and names something else than these bytes.
        "laz": ("application/vnd.laszip", "LASzip|Compressed Lidar"),
        "copc": ("application/vnd.laszip+copc", "Cloud Optimi[sz]ed Point Cloud"),
    },
    recognise,
)
