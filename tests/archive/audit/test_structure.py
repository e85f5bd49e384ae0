import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from google_crc32c import value as crc32c

from archive.audit.structure import LOCATORS, Inside, locate
from archive.audit.structure import base as base_module
from archive.audit.structure.base import MOST, OutOfTimeError, Source
from archive.home import Home
from tests.archive.builders import NOW, draft, keep

CHANCE = random.Random(5)


def where(content: bytes, name: str = "file") -> list[tuple[str, str, int, int, str]]:
    """(unit, name, start, end, what) of everything that is found."""
    return [(one.unit, one.name, one.start, one.end, one.what) for one in located(content, name)]


def located(content: bytes, name: str = "file") -> tuple[Inside, ...]:
    return locate(io.BytesIO(content), len(content), name)


def flipped(content: bytes, *offsets: int) -> bytes:
    changed = bytearray(content)
    for offset in offsets:
        changed[offset] ^= 1
    return bytes(changed)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png() -> bytes:
    header = struct.pack(">2I5B", 8, 8, 8, 0, 0, 0, 0)
    data = CHANCE.randbytes(3000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zipped(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        archive.writestr("scene.usda", b"#usda 1.0\n" * 200)
        archive.writestr("texture.png", CHANCE.randbytes(5000))
        archive.writestr("zeros.bin", bytes(3_000_000))
    return held.getvalue()


def glb(text: bytes = b'{"asset":{"version":"2.0"}} ') -> bytes:
    data = bytes(400)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
    return b"glTF" + struct.pack("<2I", 2, 12 + len(chunks)) + chunks


def las(points: int = 100, *, minor: int = 2, kind: int = 0, length: int = 20, records: int = 1) -> bytes:
    size = {2: 227, 4: 375}[minor]
    head = bytearray(size)
    vlr = bytes(20) + struct.pack("<H", 10) + bytes(32) + bytes(10)
    start = size + records * len(vlr)
    head[:4], head[24], head[25] = b"LASF", 1, minor
    struct.pack_into("<HII", head, 94, size, start, records)
    struct.pack_into("<BH", head, 104, kind, length)
    struct.pack_into("<I", head, 107, points)
    if minor == 4:
        struct.pack_into("<Q", head, 247, points)
    return bytes(head) + vlr * records + bytes(points * length)


def paged(logical: bytes, page: int = 1024) -> bytes:
    step = page - 4
    logical += bytes(-len(logical) % step)
    parts = (logical[place : place + step] for place in range(0, len(logical), step))
    return b"".join(part + crc32c(part).to_bytes(4, "big") for part in parts)


def e57(xml: bytes | None = None, *, pages: int = 40, page: int = 1024) -> bytes:
    """A file of pages: header, points of two scans, a picture, XML."""
    text = xml or (
        b'<e57Root><data3D><vectorChild><name type="String"><![CDATA[first]]></name><points type="CompressedVector" '
        b'fileOffset="48" recordCount="9"/></vectorChild><vectorChild><name type="String">second</name>'
        b'<points type="CompressedVector" fileOffset="20480" recordCount="9"/></vectorChild></data3D><images2D><vectorChild>'
        b'<name type="String">photo</name><jpegImage type="Blob" fileOffset="30720" length="5"/></vectorChild></images2D></e57Root>'
    )
    step = page - 4
    xml_logical = (pages - 2) * step
    body = bytearray(48 + (pages - 2) * step - 48)
    body[48:] = CHANCE.randbytes(len(body) - 48)
    total = (pages - 2) * page + len(paged(text, page))
    struct.pack_into("<8sIIQQQQ", body, 0, b"ASTM-E57", 1, 0, total, xml_logical // step * page, len(text), page)
    return paged(bytes(body) + text, page)


GOOD: dict[str, Callable[[], bytes]] = {"png": png, "zip": zipped, "glb": glb, "las": las, "e57": e57}


@pytest.mark.parametrize("kind", LOCATORS)
def test_whole_files_have_nothing_to_tell(kind: str) -> None:
    assert located(GOOD[kind](), f"file.{kind}") == ()


def test_unknown_formats_have_nothing_to_tell() -> None:
    assert located(b"", "file.png") == (Inside("header", "", 0, 0, 0, 8, "structure"), Inside("end", "", 0, 0, 0, 0, "truncated"))
    assert located(b"hello world", "file.txt") == ()
    assert located(b"hello world", "file") == ()


def test_png_chunks() -> None:
    good = png()
    assert where(flipped(good, 50)) == [("chunk", "IDAT", 33, 3045, "checksum")]
    assert [one.index for one in located(flipped(good, 3100))] == [3]
    assert where(flipped(good, 0)) == [("header", "", 0, 8, "structure")]
    assert where(flipped(good, 2), "a.PNG") == [("header", "", 0, 8, "structure")]
    assert where(good[:4000]) == [("chunk", "IDAT", 3045, 6057, "truncated")]
    assert where(good[:3045]) == [("end", "", 3045, 3045, "truncated")]
    assert where(good[:-12] + b"\0" * 12)[0][0] == "chunk"
    assert where(good + b"more") == [("end", "", len(good), len(good) + 4, "structure")]
    broken = flipped(good, 36)  # a length: what follows is no chunk
    assert where(broken)[-1][4] in {"structure", "truncated"}
    assert where(good[:33] + b"\xff" + good[34:])[-1] == ("chunk", "", 33, len(good), "structure")


def test_zip_entries() -> None:
    good = zipped()
    texture = good.index(b"texture.png") + 500
    assert [(one.unit, one.name, one.index, one.total, one.what) for one in located(flipped(good, texture))] == [
        ("entry", "texture.png", 2, 3, "checksum")
    ]
    scene = good.index(b"scene.usda")
    assert where(flipped(good, scene)) == [("entry", "scene.usda", 0, where(flipped(good, scene))[0][3], "structure")]
    assert where(flipped(good, 2), "model.usdz")[0][1] == "scene.usda"
    assert where(good[:-30], "model.usdz") == [("end", "", len(good) - 52, len(good) - 30, "structure")]
    assert located(good[:-30], "model.usdz")[0].holds == "central directory"
    stored = zipped(zipfile.ZIP_STORED)
    assert where(flipped(stored, stored.index(b"#usda") + 3))[0][1] == "scene.usda"
    assert located(stored) == ()
    wrong = bytearray(good)
    wrong[scene + 10] |= 6  # a kind of block that deflate does not have
    assert where(bytes(wrong))[0][:2] == ("entry", "scene.usda")


def test_zip_sizes_and_methods_that_lie() -> None:
    good = zipped(zipfile.ZIP_STORED)
    place = good.index(b"PK\1\2")

    def changed(offset: int, code: str, value: int) -> bytes:
        held = bytearray(good)
        struct.pack_into(code, held, place + offset, value)
        return bytes(held)

    assert where(changed(24, "<I", 5))[0][:2] == ("entry", "scene.usda")  # more bytes than it says
    assert where(changed(24, "<I", 500_000))[0][:2] == ("entry", "scene.usda")  # fewer
    assert where(changed(20, "<I", 4_000_000_000))[0][4] == "truncated"
    assert where(changed(42, "<I", 77))[0][4] == "structure"
    assert located(changed(10, "<H", 99)) == ()
    assert located(changed(8, "<H", 1)) == ()
    end = good.rindex(b"PK\5\6")
    beyond = bytearray(good)
    struct.pack_into("<I", beyond, end + 16, len(good))
    assert where(bytes(beyond))[0][0] == "end"
    assert where(good[: end + 10])[0][0] == "end"


def test_zip_of_the_large_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    good = zipped(zipfile.ZIP_STORED)
    assert b"PK\6\6" in good or b"\1\0\x10\0" in good
    assert located(good) == ()
    assert where(flipped(good, good.index(b"texture.png") + 600))[0][1] == "texture.png"
    end = good.rindex(b"PK\5\6")
    wide = bytearray(good)
    struct.pack_into("<II", wide, end + 12, 0xFFFFFFFF, 0xFFFFFFFF)
    assert located(bytes(wide)) == ()
    locator = good.rindex(b"PK\6\7")
    struct.pack_into("<Q", wide, locator + 8, len(good) + 5)
    assert where(bytes(wide))[0][0] == "end"
    wide[locator : locator + 4] = b"xxxx"
    assert where(bytes(wide))[0][0] == "end"


def test_zip_extra_fields() -> None:
    from archive.audit.structure.zip import _wide

    other = struct.pack("<2H4s", 9, 4, b"abcd")
    wide = struct.pack("<2H2Q", 1, 16, 7, 8)
    assert _wide(other + wide, (0xFFFFFFFF, 3, 0xFFFFFFFF)) == (7, 3, 8)
    assert _wide(other, (1, 2, 3)) == (1, 2, 3)
    assert _wide(struct.pack("<2H", 1, 0), (0xFFFFFFFF, 2, 3)) == (0xFFFFFFFF, 2, 3)


def test_glb_lengths() -> None:
    good = glb()
    assert where(flipped(good, 1), "a.glb") == [("header", "", 0, 12, "structure")]
    assert where(good[:-10]) == [("end", "", len(good) - 10, len(good), "truncated"), ("chunk", "BIN", 48, len(good), "truncated")]
    assert where(good + b"abc") == [("end", "", len(good), len(good) + 3, "structure")]
    assert where(flipped(good, 20))[0][:2] == ("chunk", "JSON")
    assert where(good.replace(b"JSON", b"JSOM"))[0][:2] == ("chunk", "JSOM")
    assert where(glb(b"[" * 100_000))[0][4] == "structure"
    assert json.loads(good[20:47])["asset"]["version"] == "2.0"


def test_las_headers_and_points() -> None:
    good = las()
    assert where(flipped(good, 24), "a.las") == [("header", "", 0, 227, "structure")]
    assert where(good[:100], "a.laz") == [("header", "", 0, 227, "structure")]
    assert where(good[:-30]) == [("points", "", 291 + 98 * 20, 291 + 2000, "truncated")]
    assert [(one.index, one.total) for one in located(good[:-30])] == [(99, 100)]
    assert where(flipped(good, 97)) == [("header", "", 94, 104, "structure")]
    assert where(flipped(good, 105))[0] == ("points", "", 291 + 2000 // 21 * 21, 291 + 2100, "truncated")
    assert where(las(length=10)) == [("header", "", 104, 107, "structure")]
    assert where(las(kind=60)) == [("header", "", 104, 107, "structure")]
    assert where(las(records=3).replace(struct.pack("<H", 10), struct.pack("<H", 60000)))[0][0] == "record"
    new = las(minor=4, kind=6, length=30)
    assert located(new) == ()
    assert where(new[:-1])[0][0] == "points"
    packed = las(kind=0x80)
    assert located(packed[:-100]) == ()


def test_e57_pages() -> None:
    good = e57()
    size = len(good)
    (one,) = located(flipped(good, 5 * 1024 + 7))
    assert (one.unit, one.index, one.total, one.start, one.end, one.holds) == ("page", 6, size // 1024, 5120, 6144, "points first")
    (two,) = located(flipped(good, 20 * 1024 + 7, 21 * 1024 + 7))
    assert (two.index, two.start, two.end, two.holds) == (21, 20480, 22528, "points second")
    assert located(flipped(good, 31 * 1024))[0].holds == "jpegImage photo"
    assert located(flipped(good, 29 * 1024, 30 * 1024))[0].holds == "points second, jpegImage photo"
    assert located(flipped(good, size - 3))[0].holds == "XML"
    assert [one.index for one in located(flipped(good, 2000, 4000))] == [2, 4]
    assert where(good[:-500]) == [
        ("end", "", size - 500, size, "truncated"),
        ("page", "", size - 1024, size - 500, "checksum"),
    ]
    assert located(flipped(good, 0), "a.e57")[0].index == 1
    assert where(b"ASTM-E57")[0][:4] == ("page", "", 0, 8)
    assert located(e57(page=4096)) == ()
    assert len(located(flipped(good, *range(10, size, 2048)))) == MOST


def test_e57_without_readable_xml() -> None:
    good = bytearray(e57())
    struct.pack_into("<Q", good, 24, 1 << 40)
    assert located(bytes(good), "a.e57")[0].holds == ""
    struct.pack_into("<QQI", good, 24, 500, 0, 3)
    assert located(bytes(good), "a.e57")[0].holds == ""
    assert located(e57(b"<x/>")) == ()


@pytest.mark.corpus
def test_no_real_file_is_called_damaged(corpus: Path) -> None:
    endings = {".e57", ".png", ".las", ".laz", ".glb", ".usdz", ".zip"}
    files = [path for path in sorted(corpus.rglob("*")) if path.suffix.lower() in endings and "hostile" not in path.parts]
    assert len(files) > 30
    for path in files:
        with path.open("rb") as stream:
            assert locate(stream, path.stat().st_size, path.name) == (), path


@pytest.mark.parametrize("kind", LOCATORS)
def test_hostile_bytes_never_raise_and_never_take_long(kind: str) -> None:
    chance = random.Random(kind)
    good = GOOD[kind]()[:60_000]
    for _ in range(150):
        content = bytearray(good)
        for _ in range(chance.choice((1, 3, 40))):
            place = chance.randrange(min(len(content), chance.choice((64, len(content)))))
            content[place : place + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", chance.randbytes(4)))
        found = located(bytes(content[: chance.randrange(8, len(content) + 1)]), f"x.{kind}")
        assert len(found) <= MOST


def test_a_locator_that_fails_keeps_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.audit.structure import png as png_module

    def damage(source: Source) -> object:
        yield Inside("chunk", "IDAT", 1, 0, 0, 5)
        raise MemoryError

    monkeypatch.setattr(png_module, "damage", damage)
    assert len(located(png())) == 1


def test_one_file_may_take_only_so_long() -> None:
    times = iter([0.0, 1.0, base_module.SECONDS + 1.0])
    source = Source(io.BytesIO(b"abcdef"), 6, lambda: next(times))
    assert source.at(2, 10) == b"cdef"
    with pytest.raises(OutOfTimeError):
        source.at(0, 1)


def test_reading_outside_gives_nothing() -> None:
    source = Source(io.BytesIO(b"abcdef"), 6)
    assert (source.at(6, 1), source.at(-1, 1), source.at(0, 0)) == (b"", b"", b"")
    assert list(source.blocks(1, 100, 2)) == [b"bc", b"de", b"f"]


def test_the_audit_says_where_in_the_file(home: Home) -> None:
    from archive.audit import audit

    content = e57()
    keep(home, draft("ark:99999/dt1", original__scan_e57=content, original__note=b"text"))
    folder = home.root / home.objects.folder_of("ark:99999/dt1") / "v1/content/original"
    for name in ("scan_e57", "note"):
        path = folder / name
        path.chmod(0o644)
        path.write_bytes(flipped(path.read_bytes(), path.stat().st_size // 4))
    report = audit(home, now=NOW)
    assert [(problem.path[-4:], [one.unit for one in problem.inside]) for problem in report.problems] == [("note", []), ("_e57", ["page"])]


def test_a_file_that_goes_away_has_no_inside(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.audit import audit, describe

    def gone(*_arguments: object) -> object:
        raise OSError

    keep(home, draft("ark:99999/dt1", a=png()))
    path = home.root / home.objects.folder_of("ark:99999/dt1") / "v1/content/a"
    path.chmod(0o644)
    path.write_bytes(flipped(path.read_bytes(), 60))
    monkeypatch.setattr(describe, "locate", gone)
    assert audit(home, now=NOW).problems[0].inside == ()
