"""One small true file of every format that Ditich knows, made here: by the libraries that write them, or byte by byte from the standard."""

import gzip
import io
import json
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable, Mapping

TIFF_ASCII, TIFF_SHORT, TIFF_LONG, TIFF_BYTE = 2, 3, 4, 1


def picture(form: str, **options: object) -> bytes:
    """A 24 x 16 picture written by Pillow."""
    import PIL.Image
    import pillow_heif

    pillow_heif.register_heif_opener()
    image = PIL.Image.new("RGB", (24, 16), (180, 40, 30))
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def tiff(entries: list[tuple[int, int, bytes]], order: str = "<", *, big: bool = False) -> bytes:
    """A TIFF with one directory of (tag, type, value) entries and nothing behind it."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    head += struct.pack(order + "HHQ", 8, 0, 16) if big else struct.pack(order + "I", 8)
    count, pointer, room = ("Q", "Q", 8) if big else ("H", "I", 4)
    size = {TIFF_SHORT: 2, TIFF_LONG: 4}
    directory = struct.pack(order + count, len(entries))
    outside = b""
    base = len(head) + len(directory) + len(entries) * (4 + 2 * room) + room
    for tag, kind, value in sorted(entries):
        directory += struct.pack(order + "HH" + pointer, tag, kind, len(value) // size.get(kind, 1))
        if len(value) <= room:
            directory += value.ljust(room, b"\0")
        else:
            directory += struct.pack(order + pointer, base + len(outside))
            outside += value
    return head + directory + struct.pack(order + pointer, 0) + outside


def short(value: int, order: str = "<") -> bytes:
    return struct.pack(order + "H", value)


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A box of the ISO base media file format."""
    return struct.pack(">I", 8 + len(content)) + kind + content


def las_header(version: int, point_format: int, records: list[tuple[bytes, int, bytes]], points: bytes = b"") -> bytes:
    """A LAS public header of version 1.n with its records."""
    size = {0: 227, 1: 227, 2: 227, 3: 235, 4: 375}[version]
    block = b"".join(struct.pack("<H16sHH32s", 0, user, number, len(data), b"") + data for user, number, data in records)
    header = bytearray(size)
    header[:4] = b"LASF"
    header[24:26] = bytes([1, version])
    struct.pack_into("<HIIBH", header, 94, size, size + len(block), len(records), point_format, 20)
    return bytes(header) + block + points


def e57() -> bytes:
    return b"ASTM-E57" + struct.pack("<IIQQQQ", 1, 0, 1024, 48, 900, 1024) + b"\0" * (1024 - 48)


def ply(elements: list[tuple[str, int, list[str]]]) -> bytes:
    lines = ["ply", "format ascii 1.0"]
    for name, count, properties in elements:
        lines += [f"element {name} {count}", *(f"property {one}" for one in properties)]
    return ("\n".join([*lines, "end_header"]) + "\n0 0 0\n").encode()


def packed(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return buffer.getvalue()


def glb(document: Mapping[str, object]) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    return b"glTF" + struct.pack("<II", 2, 20 + len(text)) + struct.pack("<I4s", len(text), b"JSON") + text


def stl() -> bytes:
    return b"\0" * 80 + struct.pack("<I", 2) + b"\0" * 100


def splat() -> bytes:
    return b"".join(struct.pack("<6f8B", 0, index, 1, 0.1, 0.1, 0.1, 255, 0, 0, 255, 255, 128, 128, 128) for index in range(4))


def ksplat() -> bytes:
    header = bytearray(4096)
    header[:2] = bytes([0, 1])
    struct.pack_into("<4I", header, 4, 1, 1, 8, 8)
    return bytes(header) + b"\0" * 1100


def wav() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as recording:
        recording.setparams((1, 2, 8000, 0, "NONE", ""))
        recording.writeframes(b"\0\0" * 800)
    return buffer.getvalue()


def mp3(frames: int = 4) -> bytes:
    """Frames of MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes each."""
    return (b"\xff\xfb\x90\x00" + b"\0" * 413) * frames


def movie(brand: bytes, *, width: int = 640, height: int = 480) -> bytes:
    """An ISO media file of 2.5 seconds with one picture track."""
    header = box(b"mvhd", struct.pack(">IIIII", 0, 3_600_000_000, 0, 1000, 2500) + b"\0" * 80)
    track = box(b"trak", box(b"tkhd", b"\0" * 76 + struct.pack(">II", width << 16, height << 16)))
    return box(b"ftyp", brand + b"\0\0\0\0" + brand) + box(b"moov", header + track) + box(b"mdat", b"\0" * 32)


def compound(stream: str) -> bytes:
    """An OLE2 compound file's header and one directory sector."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<H", header, 30, 9)
    return bytes(header) + (stream + "\0").encode("utf-16-le").ljust(512, b"\0")


def jxl() -> bytes:
    import imagecodecs
    import numpy as np

    return bytes(imagecodecs.jpegxl_encode(np.full((16, 24, 3), 90, np.uint8), lossless=True))


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
OBJ = b"mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
PTX = b"2\n2\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n" + b"1 2 3 0.5\n" * 4
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
_XML = b'<?xml version="1.0"?>\n'
_CONTENT_TYPES = {"[Content_Types].xml": b"<Types/>"}
_CFA = [(262, TIFF_SHORT, short(32803)), (271, TIFF_ASCII, b"NIKON CORPORATION\0")]

BUILDERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "jpeg": ("a.jpg", lambda: picture("JPEG")),
    "tiff": ("a.tif", lambda: picture("TIFF")),
    "bigtiff": ("a.tif", lambda: tiff([(256, TIFF_SHORT, short(1)), (258, TIFF_SHORT, short(8))], big=True)),
    "dng": ("a.dng", lambda: tiff([(50706, TIFF_BYTE, bytes([1, 4, 0, 0])), (271, TIFF_ASCII, b"Canon\0")])),
    "nef": ("a.nef", lambda: tiff(_CFA)),
    "arw": ("a.arw", lambda: tiff([(259, TIFF_SHORT, short(32767)), (271, TIFF_ASCII, b"SONY\0")])),
    "pef": ("a.pef", lambda: tiff([(259, TIFF_SHORT, short(65535, ">")), (271, TIFF_ASCII, b"PENTAX Corporation\0")], ">")),
    "raw": ("a.tif", lambda: tiff([(262, TIFF_SHORT, short(32803))])),
    "cr2": ("a.cr2", lambda: b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0" + tiff([(256, TIFF_SHORT, short(1))])[8:]),
    "orf": ("a.orf", lambda: b"IIRO\x08\0\0\0" + b"\0" * 100),
    "rw2": ("a.rw2", lambda: b"IIU\0\x18\0\0\0" + b"\0" * 100),
    "raf": ("a.raf", lambda: b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0") + struct.pack(">I", 90) + b"\0" * 100),
    "x3f": ("a.x3f", lambda: b"FOVb" + b"\0" * 100),
    "mrw": ("a.mrw", lambda: b"\0MRM" + b"\0" * 100),
    "crw": ("a.crw", lambda: b"II\x1a\0\0\0HEAPCCDR" + b"\0" * 100),
    "png": ("a.png", lambda: picture("PNG")),
    "gif": ("a.gif", lambda: picture("GIF")),
    "webp": ("a.webp", lambda: picture("WEBP")),
    "heic": ("a.heic", lambda: picture("HEIF")),
    "heif": ("a.heif", lambda: box(b"ftyp", b"mif1\0\0\0\0mif1miaf") + box(b"meta")),
    "avif": ("a.avif", lambda: picture("AVIF")),
    "cr3": ("a.cr3", lambda: box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov")),
    "jp2": ("a.jp2", lambda: picture("JPEG2000")),
    "j2k": ("a.j2k", lambda: picture("JPEG2000", no_jp2=True)),
    "jpx": ("a.jpx", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + box(b"ftyp", b"jpx \0\0\0\0jpx ")),
    "jxl": ("a.jxl", jxl),
    "e57": ("a.e57", e57),
    "las": ("a.las", lambda: las_header(4, 6, [])),
    "laz": ("a.laz", lambda: las_header(2, 0x83, [(b"laszip encoded", 22204, b"\0" * 40)])),
    "copc": ("a.copc.laz", lambda: las_header(4, 0x86, [(b"copc", 1, b"\0" * 160), (b"laszip encoded", 22204, b"\0" * 40)])),
    "ply-points": ("a.ply", lambda: ply([("vertex", 1, ["float x", "float y", "float z"])])),
    "ply-mesh": ("a.ply", lambda: ply([("vertex", 1, ["float x"]), ("face", 1, ["list uchar int vertex_indices"])])),
    "ply-splat": ("a.ply", lambda: ply([("vertex", 1, ["float x", "float f_dc_0", "float opacity", "float scale_0", "float rot_0"])])),
    "ply-splat-compressed": ("a.ply", lambda: ply([("vertex", 1, [f"uint packed_{one}" for one in ("position", "rotation", "scale")])])),
    "pcd": ("a.pcd", lambda: b"# .PCD v0.7\nVERSION 0.7\nFIELDS x y z\nPOINTS 1\nDATA ascii\n0 0 0\n"),
    "ptx": ("a.ptx", lambda: PTX),
    "pts": ("a.pts", lambda: b"2\n0 0 0 -12 1 2 3\n1 1 1 -12 1 2 3\n"),
    "xyz": ("a.xyz", lambda: b"1.5 2.5 3.5\n1.5 2.5 3.5\n"),
    "obj": ("a.obj", lambda: OBJ),
    "mtl": ("a.mtl", lambda: b"newmtl brick\nmap_Kd brick.jpg\n"),
    "off": ("a.off", lambda: b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"),
    "glb": ("a.glb", lambda: glb({"asset": {"version": "2.0"}})),
    "gltf": ("a.gltf", lambda: b'{"asset": {"version": "2.0"}, "buffers": []}'),
    "stl": ("a.stl", stl),
    "usd": ("a.usda", lambda: b'#usda 1.0\ndef Xform "a" {}\n'),
    "usdz": ("a.usdz", lambda: packed({"a.usdc": b"PXR-USDC"}, zipfile.ZIP_STORED)),
    "3mf": ("a.3mf", lambda: packed({**_CONTENT_TYPES, "3D/3dmodel.model": b"<model/>"})),
    "dae": ("a.dae", lambda: _XML + b'<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1"></COLLADA>'),
    "nxs": ("a.nxs", lambda: struct.pack("<IIQQ", 0x4E787320, 2, 3, 1) + b"\0" * 100),
    "draco": ("a.drc", lambda: b"DRACO\x02\x02\x01\x01\0\0" + b"\0" * 16),
    "spz": ("a.spz", lambda: gzip.compress(struct.pack("<III", 0x5053474E, 2, 4) + b"\0" * 64, mtime=0)),
    "splat": ("a.splat", splat),
    "ksplat": ("a.ksplat", ksplat),
    "pdf": ("a.pdf", lambda: PDF),
    "docx": ("a.docx", lambda: packed({**_CONTENT_TYPES, "word/document.xml": b"<w/>"})),
    "xlsx": ("a.xlsx", lambda: packed({**_CONTENT_TYPES, "xl/workbook.xml": b"<w/>"})),
    "pptx": ("a.pptx", lambda: packed({**_CONTENT_TYPES, "ppt/presentation.xml": b"<p/>"})),
    "odt": ("a.odt", lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.text", "a": b""}, zipfile.ZIP_STORED)),
    "ods": ("a.ods", lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, zipfile.ZIP_STORED)),
    "epub": ("a.epub", lambda: packed({"mimetype": b"application/epub+zip"}, zipfile.ZIP_STORED)),
    "zip": ("a.zip", lambda: packed({"a.txt": b"a"})),
    "doc": ("a.doc", lambda: compound("WordDocument")),
    "xls": ("a.xls", lambda: compound("Workbook")),
    "ole2": ("a.msg", lambda: compound("Other")),
    "rtf": ("a.rtf", lambda: b"{\\rtf1\\ansi a}"),
    "text": ("a.txt", "Đình Thạc Gián, Đà Nẵng.\n".encode),
    "markdown": ("a.md", lambda: b"# Title\n"),
    "csv": ("a.csv", "tên tệp,tiêu đề\na.jpg,Đình\n".encode),
    "tsv": ("a.tsv", lambda: b"file\ttitle\na.jpg\tA\n"),
    "json": ("a.json", lambda: b'[{"a": 1}]'),
    "xml": ("a.xml", lambda: _XML + b"<record/>"),
    "xmp": ("a.xmp", lambda: XMP),
    "svg": ("a.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "html": ("a.html", lambda: b"<!DOCTYPE html><html></html>"),
    "wav": ("a.wav", wav),
    "avi": ("a.avi", lambda: b"RIFF\x10\0\0\0AVI LIST" + b"\0" * 16),
    "flac": ("a.flac", lambda: b"fLaC\x80\0\0\x22" + b"\0" * 34),
    "ogg": ("a.ogg", lambda: b"OggS\0\x02" + b"\0" * 30),
    "aiff": ("a.aiff", lambda: b"FORM\0\0\0\x20AIFFCOMM" + b"\0" * 30),
    "mkv": ("a.mkv", lambda: b"\x1aE\xdf\xa3" + b"\0" * 60),
    "mp3": ("a.mp3", mp3),
    "mp4": ("a.mp4", lambda: movie(b"isom")),
    "m4a": ("a.m4a", lambda: movie(b"M4A ")),
    "3gp": ("a.3gp", lambda: movie(b"3gp4")),
    "mov": ("a.mov", lambda: movie(b"qt  ")),
}


def build(name: str) -> tuple[str, bytes]:
    """The file name and the bytes of the sample of a format."""
    file_name, make = BUILDERS[name]
    return file_name, make()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
