"""A drawing in millimetres: rectangles and outlines of letters, and how it is written as SVG and as PDF."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MILLIMETRE = 72 / 25.4
"""points of a PDF"""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an outline: "M" move, "L" line, "C" curve (two handles and the end), "Z" close; coordinates in millimetres, y down."""

    kind: str
    points: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled shape; ``colour`` is "#rrggbb". Outlines that overlap add up (non-zero rule)."""

    steps: tuple[Step, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet: width and height in millimetres, what is drawn on it in order, and what it says (for those who cannot see it)."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str


def rectangle(x: float, y: float, width: float, height: float, colour: str) -> Shape:
    """A filled rectangle."""
    return Shape(tuple(rectangle_steps(x, y, width, height)), colour)


def rectangle_steps(x: float, y: float, width: float, height: float) -> Iterator[Step]:
    """The outline of a rectangle."""
    yield Step("M", (x, y))
    yield from (Step("L", point) for point in ((x + width, y), (x + width, y + height), (x, y + height)))
    yield Step("Z")


def svg(drawing: Drawing) -> bytes:
    """The drawing as SVG in its true size; no text, only outlines, so that every machine shows the same."""
    from html import escape

    size = f'width="{drawing.width:g}mm" height="{drawing.height:g}mm" viewBox="0 0 {drawing.width:g} {drawing.height:g}"'
    paths = "".join(f'<path fill="{shape.colour}" d="{"".join(map(_svg_step, shape.steps))}"/>\n' for shape in drawing.shapes)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<title>{escape(drawing.title)}</title>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{paths}</svg>\n'.encode()


def _svg_step(step: Step) -> str:
    return step.kind + " ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in step.points)


def pdf(drawings: Sequence[Drawing]) -> bytes:
    """The drawings as a PDF 1.7 of one page each, in their true size (ISO 32000-1, section 7.5: header, objects, table, trailer)."""
    pages = [5 + 2 * number for number in range(len(drawings))]
    title = " / ".join(drawing.title for drawing in drawings)[:200]
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Lang (vi) /ViewerPreferences << /DisplayDocTitle true >> >>",
        2: f"<< /Type /Pages /Kids [{' '.join(f'{page} 0 R' for page in pages)}] /Count {len(pages)} >>".encode(),
        3: b"<< /Title <" + (b"\xfe\xff" + title.encode("utf-16-be")).hex().encode() + b"> /Producer (Ditich) >>",
    }
    for page, drawing in zip(pages, drawings, strict=True):
        content = zlib.compress(_content(drawing).encode(), 9)
        box = f"[0 0 {drawing.width * MILLIMETRE:.3f} {drawing.height * MILLIMETRE:.3f}]"
        objects[page] = f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Resources << >> /Contents {page + 1} 0 R >>".encode()
        objects[page + 1] = f"<< /Length {len(content)} /Filter /FlateDecode >>\nstream\n".encode() + content + b"\nendstream"
    return _written(objects)


def _content(drawing: Drawing) -> str:
    """The page's drawing operators; millimetres with y down become points with y up."""
    lines = [f"{MILLIMETRE:.6f} 0 0 {-MILLIMETRE:.6f} 0 {drawing.height * MILLIMETRE:.4f} cm"]
    operators = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    for shape in drawing.shapes:
        red, green, blue = (int(shape.colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
        lines.append(f"{red:.4f} {green:.4f} {blue:.4f} rg")
        lines += [" ".join([*(f"{value:.3f}" for value in step.points), operators[step.kind]]) for step in shape.steps]
        lines.append("f")
    return "\n".join(lines)


def _written(objects: dict[int, bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {max(objects) + 1}\n".encode()
    free = b"0000000000 65535 f \n"
    for number in range(max(objects) + 1):
        out += f"{places[number]:010d} 00000 n \n".encode() if number in places else free
    out += f"trailer\n<< /Size {max(objects) + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
