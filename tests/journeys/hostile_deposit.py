"""A deposit and a site folder in which every field that an outsider can fill tries to run something, and what is kept back holds secrets.

``attack(door)`` is what stands in a public field: it calls ``hit(door)`` wherever it is taken for more than words. ``secret(door)`` is what
stands in a field or a file that the public must not see.
"""

import csv
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.pipeline.derive.derive_builders import sphere_pixels
from tests.pipeline.describe.image_builders import jpeg_segment, with_segments
from tests.pipeline.site_definition.folder_builders import annotation, id3, mp3_frame, page

LATITUDE, LONGITUDE = 16.078912, 108.191234
EAST, NORTH, HEIGHT = 546879.0, 1777374.0, 31.0
SLUG = "dinh-thu"
WITHDRAWN = "Sắp rút khỏi công bố"
DOORS: list[str] = []
_XHTML = "http://www.w3.org/1999/xhtml"


def attack(door: str) -> str:
    """Words that run ``hit`` if anything takes them for markup, an address, a script, a template or a style."""
    DOORS.append(door)
    tries = (
        "\"'><script>hit('{n}')</script>",
        '" onmouseover="hit(\'{n}\')" autofocus onfocus="hit(\'{n}\')" x="',
        "<img src=x onerror=hit('{n}')></script><svg/onload=hit('{n}')>",
        "</title></textarea></style></noscript><iframe srcdoc=\"<script>parent.hit('{n}')</script>\"></iframe>",
        "javascript:hit('{n}') [a](javascript:hit('{n}')) [b](data:text/html,<script>hit('{n}')</script>)",
        "'-hit('{n}')-'\u2028hit('{n}')//\u2029\u202e\u2066",
        "&lt;script&gt;hit('{n}')&lt;/script&gt;&#x3C;script>hit('{n}')&#x3C;/script>",
        f"]]><x:script xmlns:x='{_XHTML}'>hit('{{n}}')</x:script><!--",
        "<style>@import 'javascript:hit()';*{{background:url(javascript:hit())}}</style>",
        "{{{{7*7}}}}{{% raw %}}${{hit('{n}')}}%s%(x)s{{0}}",
    )
    return f"{marker(door)} " + " ".join(one.format(n=door) for one in tries)


def marker(door: str) -> str:
    """The harmless beginning of an attack: it must stand on some page, or the door was not tried."""
    return f"door-{door}-stands"


def secret(door: str) -> str:
    """A word of what is kept back."""
    return f"SECRET-{door}"


def brief(door: str) -> str:
    """An attack for fields and names that hold little; without a slash."""
    DOORS.append(door)
    return f"{marker(door)}<img src=x onerror=hit('{door}')>"


def write_card(card: Path) -> Path:
    """The deposit: pictures, panoramas, a scan, a model, a document and the sheet that describes them."""
    folder = card / brief("folder")
    folder.mkdir(parents=True)
    _photo(folder / f"{brief('name')}.jpg", "exif", hidden_place=True)
    _photo(card / "coarse.jpg", "coarse")
    _photo(card / "reduced.jpg", "reduced")
    _photo(card / "gone.jpg", "gone")
    _photo(card / f"{secret('file-name')}.jpg", "restricted")
    for seed, name in enumerate(("pano-a", "pano-b", secret("panorama")), 1):
        _panorama(card / f"{name}.jpg", seed)
    _scan(card / "scan.las")
    _model(card / "model.glb")
    (card / "paper.pdf").write_bytes(_pdf())
    _sheet(card)
    return card


def _photo(path: Path, door: str, *, hidden_place: bool = False) -> None:
    """A picture with words in EXIF, XMP and IPTC, a position, a thumbnail of its own, a maker note and a film behind its end."""
    is_shown = door in {"exif", "gone", "coarse"}
    words = attack(f"{door}-words") if is_shown else secret(f"{door}-words")
    pixels = np.random.default_rng(len(path.name)).integers(0, 255, (400, 600, 3), np.uint8)
    exif = Image.Exif()
    exif.update({0x010E: words, 0x010F: brief(f"{door}-make"), 0x0110: brief(f"{door}-model"), 0x0131: words, 0x013B: words, 0x8298: words})
    details = exif.get_ifd(0x8769)
    details.update({0x9003: "2024:03:14 09:30:00", 0xA431: secret("serial"), 0x927C: secret("maker-note").encode() * 4})
    details[0x9286] = b"ASCII\0\0\0" + secret("comment").encode()
    exif.get_ifd(0x8825).update({1: "N", 2: (16.0, 4.0, 44.0832), 3: "E", 4: (108.0, 11.0, 28.4424), 27: secret("gps-area").encode()})
    Image.fromarray(pixels).save(path, "JPEG", exif=exif, quality=85)
    place = f'exif:GPSLatitude="16,4.73472N" exif:GPSLongitude="108,11.47404E" xmp:Label="{secret("xmp-label")}"' if hidden_place else ""
    segments = (jpeg_segment(0xE1, _xmp(words, place)), jpeg_segment(0xED, _iptc(words, secret("city"))))
    film = struct.pack(">I4s4sI", 24, b"ftyp", b"mp42", 0) + b"isommp42" + struct.pack(">I4s", 60, b"free") + secret("motion").encode() * 2
    path.write_bytes(with_segments(path.read_bytes(), *segments) + film)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _xmp(words: str, attributes: str = "") -> bytes:
    names = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:GPano="http://ns.google.com/photos/1.0/panorama/"'
    )
    many = "".join(
        f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{_escaped(words)}</rdf:li></rdf:Alt></dc:{name}>'
        for name in ("title", "description", "rights")
    )
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names} {attributes}>{many}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    return b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()


def _iptc(words: str, city: str) -> bytes:
    """A Photoshop block with caption, by-line and city (IPTC-IIM 4.2, 2:120, 2:80, 2:90)."""
    sets = ((120, words.encode()[:1900]), (80, words.encode()[:32]), (90, city.encode()))
    records = b"".join(b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value for number, value in sets)
    return b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records + b"\0" * (len(records) % 2)


def _panorama(path: Path, seed: int) -> None:
    pixels = sphere_pixels(1024)
    pixels[:8, :8] = seed
    Image.fromarray(pixels).save(path, "JPEG", quality=85)
    sides = 'GPano:ProjectionType="equirectangular" GPano:FullPanoWidthPixels="1024" GPano:FullPanoHeightPixels="512"'
    path.write_bytes(with_segments(path.read_bytes(), jpeg_segment(0xE1, _xmp(secret("panorama-words"), sides))))


def _scan(path: Path) -> None:
    """A small cloud in national coordinates, with words in its header and its records."""
    import laspy

    header = laspy.LasHeader(point_format=2, version="1.2")
    header.offsets, header.scales = np.array([EAST, NORTH, HEIGHT]), np.full(3, 0.001)
    header.system_identifier, header.generating_software = "<svg onload=hit('las')>", secret("las-program")
    header.vlrs.append(laspy.VLR("LASF_Projection", 2112, secret("las-record"), secret("las-place").encode()))
    cloud = laspy.LasData(header)
    spread = np.random.default_rng(2026).random((5000, 3)) * 10
    cloud.x, cloud.y, cloud.z = EAST + spread[:, 0], NORTH + spread[:, 1], HEIGHT + spread[:, 2]
    cloud.red = cloud.green = cloud.blue = np.full(5000, 40000, np.uint16)
    cloud.write(str(path))


def _model(path: Path) -> None:
    """A triangle whose every name and note is an attack or a secret."""
    places = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "<f4").tobytes()
    words = attack("glb")
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": words, "copyright": words, "extras": {"place": secret("glb-extras")}},
        "scene": 0,
        "scenes": [{"nodes": [0], "name": secret("glb-scene"), "extras": {"x": secret("glb-extras")}}],
        "nodes": [{"mesh": 0, "name": words, "extras": {"x": secret("glb-extras")}}],
        "meshes": [{"name": words, "primitives": [{"attributes": {"POSITION": 0}}], "extras": {"x": secret("glb-extras")}}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}],
        "bufferViews": [{"buffer": 0, "byteLength": len(places), "name": secret("glb-view")}],
        "buffers": [{"byteLength": len(places), "name": secret("glb-buffer")}],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(places), b"BIN\0") + places
    path.write_bytes(b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks)


def _pdf() -> bytes:
    """One empty page; the information dictionary speaks."""
    words = attack("pdf").encode("utf-16-be").hex()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] >>",
        f"<< /Title <feff{words}> /Author <feff{words}> /Keywords ({secret('pdf')}) >>".encode(),
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer << /Size 5 /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _sheet(card: Path) -> None:
    """Every column of the sheet, for each file: attacks where it is public, secrets where it is not."""
    worded = (
        "title@vi",
        "title@en",
        "title@th",
        "description@vi",
        "description@en",
        "method@vi",
        "processing@vi",
        "conditions@vi",
        "sources@vi",
    )
    plain = ["creator", "rights holder", "credit", "subject", "camera", "device", "software"]
    columns = ["file name", *worded, *plain, "access", "location access", "nature"]
    rows = [
        _row(columns, f"{brief('folder')}/{brief('name')}.jpg", attack, "sheet", "public"),
        {**_row(columns, "coarse.jpg", attack, "coarse", "public"), "location access": "public"},
        {**dict.fromkeys(columns, ""), "file name": "gone.jpg", "access": "public", "title@vi": WITHDRAWN},
        _row(columns, "reduced.jpg", secret, "reduced-row", "reduced") | _seen_of_reduced(),
        _row(columns, f"{secret('file-name')}.jpg", secret, "restricted-row", "restricted"),
        _row(columns, f"{secret('panorama')}.jpg", secret, "restricted-panorama", "restricted"),
        *(_row(columns, f"{name}.jpg", attack, name, "public") for name in ("pano-a", "pano-b")),
        _row(columns, "scan.las", attack, "scan", "public"),
        _row(columns, "model.glb", attack, "model", "public"),
    ]
    with (card / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _seen_of_reduced() -> dict[str, str]:
    """Of what is reduced the title and whose it is are seen."""
    return {"title@vi": attack("reduced-title"), "title@en": "", "title@th": "", "rights holder": "", "credit": attack("reduced-credit")}


def _row(columns: list[str], file: str, words: Any, door: str, access: str) -> dict[str, str]:
    row = {column: words(f"{door}-{column.replace('@', '-').replace(' ', '-')}") for column in columns}
    return row | {"file name": file, "access": access, "location access": "", "nature": "", "subject": f"{words(f'{door}-subject')}; đình"}


def _toml(value: str) -> str:
    """A TOML basic string of any words."""
    return json.dumps(value, ensure_ascii=False)


def _in_three(key: str, door: str) -> str:
    return "\n".join(f"{key}.{language} = {_toml(attack(f'{door}-{language}'))}" for language in ("vi", "en", "th"))


def write_site_folder(folder: Path) -> Path:
    """The site folder: record, tour, texts, drawings, annotations, narrations."""
    cue = "00:00.000 --> 00:00.050\n"
    files: dict[str, bytes | str] = {
        "site.toml": _site(),
        "tour.toml": _tour(),
        "annotations.json": _annotations(),
        "plan.svg": _drawing(attack("plan")),
        "hidden.svg": _drawing(secret("plan")),
        "texts/vi/story.md": f"# {attack('text-title')}\n\n{attack('text')}\n\n![x](https://evil.example/x.png)\n\n<script>hit('raw')</script>\n",
        "narration/vi/gate.mp3": id3(secret("id3").encode()) + mp3_frame() * 4,
        "narration/vi/gate.vtt": f"WEBVTT\n\nNOTE {secret('note')}\n\n{cue}<v {secret('voice')}>{_escaped(attack('captions'))}\n",
        "narration/vi/hidden.mp3": mp3_frame() * 4,
        "narration/vi/hidden.vtt": f"WEBVTT\n\n{cue}{secret('captions')}\n",
        "notes.txt": secret("stray-file"),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def _site() -> str:
    return f"""
slug = "{SLUG}"
nature = "simulated"
{_in_three("name", "site-name")}
{_in_three("summary", "site-summary")}
texts = ["story"]
[access]
level = "public"
[coordinates]
status = "surveyed"
latitude = {LATITUDE}
longitude = {LONGITUDE}
access = "public"
public_decimals = 2
[defaults]
nature = "simulated"
creator = {_toml(attack("default-creator"))}
[defaults.access]
level = "public"
[defaults.location]
level = "restricted"
[defaults.rights]
statement = "https://creativecommons.org/publicdomain/zero/1.0/"
[[facts]]
name = "strange"
{_in_three("value", "fact")}
source = {_toml(attack("fact-source"))}
[[facts]]
name = "custodian"
value.vi = "{secret("custodian")} 0905 123 456"
access = "restricted"
"""


def _tour() -> str:
    hidden = f"{secret('panorama')}.jpg"
    return f"""
{_in_three("title", "tour-title")}
[[scenes]]
panorama = "pano-a.jpg"
position = [0.0, 0.0, 1.6]
heading = 0.0
{_in_three("title", "scene-title")}
{_in_three("description", "scene-description")}
directions.north.vi = {_toml(attack("direction"))}
links = [
  {{ to = "pano-b.jpg", yaw = 10.0, label.vi = {_toml(attack("link"))} }},
  {{ to = "{hidden}", yaw = 90.0, label.vi = "{secret("link")}" }},
]
hotspots = [
  {{ yaw = 5.0, label.vi = {_toml(attack("spot"))}, text.vi = {_toml(attack("spot-text"))} }},
  {{ yaw = 50.0, label.vi = "{secret("spot")}", text.vi = "{secret("spot")}", asset = "{secret("file-name")}.jpg" }},
]
[[scenes]]
panorama = "pano-b.jpg"
position = [4.0, 4.0, 1.6]
heading = 90.0
title.vi = {_toml(attack("scene-b"))}
[[scenes]]
panorama = "{hidden}"
position = [9.0, 9.0, 1.6]
heading = 0.0
title.vi = "{secret("scene-title")}"
description.vi = "{secret("scene-description")}"
[[plans]]
id = "open"
{_in_three("title", "plan-title")}
file = "plan.svg"
origin = [5.0, 5.0]
units_per_metre = 1.0
access = "public"
[[plans]]
id = "hidden"
title.vi = "{secret("plan-title")}"
file = "hidden.svg"
origin = [5.0, 5.0]
units_per_metre = 1.0
[[guides]]
id = "walk"
{_in_three("title", "guide-title")}
{_in_three("summary", "guide-summary")}
[[guides.steps]]
scene = "pano-a.jpg"
{_in_three("title", "step-title")}
{_in_three("text", "step-text")}
narration = "gate"
[[guides.steps]]
scene = "{hidden}"
title.vi = "{secret("step")}"
narration = "hidden"
[[guides.steps]]
asset = "coarse.jpg"
title.vi = {_toml(attack("step-of-photo"))}
[[epochs]]
id = "then-and-now"
{_in_three("title", "epochs")}
epochs = [
  {{ date = "1990", asset = "{secret("file-name")}.jpg", note.vi = "{secret("epoch")}" }},
  {{ date = "2001", asset = "coarse.jpg", note.vi = {_toml(attack("epoch-note"))} }},
  {{ date = "2020", asset = "gone.jpg", note.vi = {_toml(attack("epoch-now"))} }},
]
"""


def _annotations() -> bytes:
    def body(words: str) -> list[dict[str, str]]:
        said = {"type": "TextualBody", "language": "vi", "value": words}
        return [{**said, "purpose": "identifying"}, {**said, "purpose": "describing"}]

    open_one = annotation(id="#open", body=body(attack("annotation")), target=["coarse.jpg#xywh=percent:0,0,50,50", "pano-a.jpg"])
    hidden = annotation(id="#hidden", body=body(secret("annotation")), target=f"{secret('file-name')}.jpg")
    open_one["dcterms:source"] = [attack("annotation-source")]
    return page(open_one, hidden)


def _drawing(words: str) -> str:
    escaped = _escaped(words)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 20 20" onload="hit(\'svg\')">'
        f"<script>hit('svg')</script><metadata>{secret('svg-metadata')}</metadata><title>{escaped}</title>"
        f'<a xlink:href="javascript:hit(1)"><rect width="9" height="9" onclick="hit(\'svg\')"/></a>'
        f"<text y='9'>{escaped}</text></svg>"
    )
