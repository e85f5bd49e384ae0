"""The papers of the deposit: the plan as a PDF, and the officer's spreadsheet."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from pipeline.rehearsal import export_obj, laser, panorama, photos
from pipeline.rehearsal.panorama import STANDPOINTS
from pipeline.rehearsal.photos import PHOTOS
from pipeline.rehearsal.place import BADGE, CREATOR, EARLIER_YEAR, RIGHTS, START
from pipeline.rehearsal.plan import draw_note, draw_plan
from pipeline.rehearsal.sounds import drum

PDF = "documents/Mặt bằng đình mẫu.pdf"
RECORDING = "sound/tieng-trong.wav"
SHEET = "metadata.xlsx"
HEADINGS = (
    "file",
    "title@vi",
    "title@en",
    "title@th",
    "description@vi",
    "description@en",
    "description@th",
    "creator",
    "date",
    "rights",
    "credit",
    "subject",
    "access",
    "location access",
    "nature",
)
PLAIN = (
    "Hình ảnh mô phỏng bằng máy tính để diễn tập; không phải di tích có thật.",
    "Computer-simulated material for rehearsal; not a real relic.",
    "ภาพจำลองด้วยคอมพิวเตอร์เพื่อการฝึกซ้อม ไม่ใช่โบราณสถานจริง",
)


def write_pdf(root: Path) -> None:
    """Writes the plan and its note: two pages, each one picture, so that no font needs to be passed on (ISO 32000-1)."""
    path = root / PDF
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pdf_of((draw_plan(), draw_note()), "Đình Mẫu – mặt bằng (mô phỏng)"))


def pdf_of(pages: Sequence[Image.Image], title: str) -> bytes:
    """A PDF whose pages are pictures, A4 across."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R /Lang (vi) >>", b"", _information(title)]
    kids = []
    for picture in pages:
        number = len(bodies) + 1
        kids.append(f"{number} 0 R")
        content = b"q 842 0 0 595 0 0 cm /P Do Q"
        resources = f"<< /XObject << /P {number + 2} 0 R >> >>"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents {number + 1} 0 R /Resources {resources} >>"
        bodies += [page.encode(), _stream("<<", content), _picture(picture)]
    bodies[1] = f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(kids)}] >>".encode()
    return _assemble(bodies)


def _information(title: str) -> bytes:
    stamp = START.strftime("D:%Y%m%d%H%M%S+07'00'")
    fields = {"Title": title, "Author": CREATOR, "Subject": BADGE}
    words = " ".join(f"/{name} <{('﻿' + value).encode('utf-16-be').hex()}>" for name, value in fields.items())
    return f"<< {words} /Producer (Ditich rehearsal) /CreationDate ({stamp}) >>".encode()


def _stream(head: str, content: bytes) -> bytes:
    return f"{head} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _picture(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    head = f"<< /Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace /DeviceRGB /BitsPerComponent 8"
    return _stream(head + " /Filter /DCTDecode", buffer.getvalue())


def _assemble(bodies: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def write_recording(root: Path) -> None:
    """Writes the drum as a recording of its own."""
    path = root / RECORDING
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drum())


def _rows() -> Iterator[tuple[str, tuple[str, str, str], str]]:
    """Path, titles vi/en/th and subjects of every file that the officer describes."""
    yield panorama.EARLIER.path, panorama.EARLIER.titles, "panorama; đình; sửa mái"
    yield photos.EARLIER.path, photos.EARLIER.titles, "ảnh; đình; sửa mái"
    yield (
        RECORDING,
        ("Ba tiếng trống cái (máy tính tạo)", "Three beats of the big drum (computed)", "เสียงกลองใหญ่สามครั้ง (คำนวณขึ้น)"),
        "âm thanh; trống",
    )
    for standpoint in STANDPOINTS:
        yield standpoint.path, standpoint.titles, "panorama; đình"
    for photo in PHOTOS:
        yield photo.path, photo.titles, "ảnh; đình"
    yield laser.PATH, ("Quét laser đình và sân", "Laser scan of house and yard", "สแกนเลเซอร์ศาลาและลาน"), "quét laser"
    yield (
        f"{export_obj.FOLDER}/{export_obj.NAME}.obj",
        ("Mô hình nhà bia", "Model of the stele house", "แบบจำลองศาลาศิลาจารึก"),
        "mô hình 3D; bia",
    )
    yield PDF, ("Mặt bằng đình mẫu", "Plan of the model communal house", "ผังศาลาจำลอง"), "bản vẽ"


def write_sheet(root: Path) -> None:
    """Writes the spreadsheet: one row for each file, titles in three languages, rights, access."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Tư liệu"
    sheet.append(HEADINGS)
    today, before = START.date(), START.date().replace(year=EARLIER_YEAR)
    earlier = {panorama.EARLIER.path, photos.EARLIER.path}
    for path, titles, subjects in _rows():
        day = (before if path in earlier else today).isoformat()
        sheet.append((path, *titles, *PLAIN, CREATOR, day, RIGHTS, CREATOR, subjects, "public", "public", "simulated"))
    buffer = io.BytesIO()
    book.save(buffer)
    (root / SHEET).write_bytes(without_clock(buffer.getvalue()))


def without_clock(book: bytes) -> bytes:
    """The same workbook with every time in it set to that of the simulated afternoon."""
    stamp = START.strftime("%Y-%m-%dT%H:%M:%SZ")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp.encode(), content)
            entry = zipfile.ZipInfo(name, START.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()
