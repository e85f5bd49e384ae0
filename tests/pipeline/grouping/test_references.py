"""Names of other files inside meshes and clouds, and the headings of sheets."""

import io
import json
import struct
from typing import cast

import pytest

from archive.errors import UnreadableError
from pipeline.identify import reading, references
from pipeline.identify.reading import first_row
from pipeline.worker_process import WorkerInput


class Source:
    """A file in memory, as a worker sees it."""

    def __init__(self, content: bytes, name: str = "a") -> None:
        self.stream = io.BytesIO(content)
        self.name = name
        self.size = len(content)


def source(content: bytes, name: str = "a") -> WorkerInput:
    return cast("WorkerInput", Source(content, name))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("obj", b"# x\nmtllib cube one.mtl\r\nv 0 0 0\n  MTLLIB b.mtl\n", ("cube one.mtl", "b.mtl")),
        ("mtl", b'newmtl a\nmap_Kd -s 1 1 1 -o 0 0 tex/skin of house.jpg\nmap_Bump "q.png"\n', ("tex/skin of house.jpg", "q.png")),
        ("mtl", b"bump -bm 0.5 b.png\nmap_Kd -clamp on c.png\nKd 1 1 1\n", ("b.png", "c.png")),
        ("dae", b"<image><init_from>./a%20b.png</init_from></image><init_from>image-id</init_from>", ("a b.png",)),
        ("dae", b"<init_from><ref>file://t.jpg</ref></init_from>", ("t.jpg",)),
        ("ply", b"ply\ncomment TextureFile t 1.png\nend_header\ncomment TextureFile no.png\n", ("t 1.png",)),
    ],
)
def test_names_as_they_are_written(name: str, content: bytes, found: tuple[str, ...]) -> None:
    assert references.read(source(content), name=name) == found


def test_gltf_uris_are_decoded_and_inline_ones_skipped() -> None:
    document = {"buffers": [{"uri": "a%20b.bin"}, {"uri": "data:;base64,AA"}, {}], "images": [{"uri": "t.png"}, 5, {"uri": "t.png"}]}
    assert references.read(source(json.dumps(document).encode()), name="gltf") == ("a b.bin", "t.png")


def test_a_glb_may_refer_to_others_too() -> None:
    body = b'{"images":[{"uri":"t.png"}]} '
    glb = b"glTF" + struct.pack("<II", 2, 20 + len(body)) + struct.pack("<II", len(body), 0x4E4F534A) + body
    assert references.read(source(glb), name="glb") == ("t.png",)
    binary_first = b"glTF" + struct.pack("<II", 2, 20) + struct.pack("<II", 0, 0x004E4942)
    assert references.read(source(binary_first), name="glb") == ()


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b"[]", b"glTF", b'{"buffers": '])
def test_broken_gltf_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        references.read(source(content), name="gltf")


def test_lists_that_are_none() -> None:
    assert references.read(source(b'{"buffers": {"uri": "x"}, "images": null}'), name="gltf") == ()


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("﻿file;title@vi\nx;y".encode(), ("file", "title@vi")),
        ("tên tệp,bản quyền\r\n".encode("utf-16"), ("tên tệp", "bản quyền")),
        (b"a\tb", ("a", "b")),
        (b"", ()),
    ],
)
def test_the_first_row_whatever_separates_it(content: bytes, cells: tuple[str, ...]) -> None:
    assert first_row(content) == cells


def test_one_visit_gives_format_and_references_and_headings() -> None:
    cube = reading.read(source(b"mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "cube.obj"))
    assert (cube.verdict.name, cube.references) == ("obj", ("a.mtl",))
    sheet = reading.read(source(b"file,title@vi\na.jpg,x\nb.jpg,y\n", "metadata.csv"))
    assert sheet.headings == ("file", "title@vi")
    assert reading.read(source(b"file,title@vi\na.jpg,x\n", "notes")).headings == ()
    broken = reading.read(source(b'{"asset":{"version":"2.0"},"buffers":[', "a.gltf"))
    assert broken.references == ()
