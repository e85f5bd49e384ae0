"""A plan (SVG) with nothing in it but drawing.

The public drawing is a new document: only elements and attributes on our lists are copied, styles become attributes, references lead
only to parts of the drawing itself. What cannot be seen (scripts, comments, metadata, the notes of drawing programs) is left out without
a word, and of links only what they hold is kept; what would be missed (embedded pictures, copies by reference, filters, embedded pages)
is refused with a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.site_definition.drawing_style import PROPERTIES, declarations, is_plain_value, read_rules, styled
from pipeline.site_definition.faults import SiteFaultError

if TYPE_CHECKING:
    from lxml.etree import _Element

SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
MOST_BYTES = 2 << 20
MOST_ELEMENTS = 20_000
DEEPEST = 60

_SHAPES = frozenset({"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc"})
_PAINT = frozenset({"defs", "linearGradient", "radialGradient", "stop", "clipPath"})
_GRADIENTS = frozenset({"linearGradient", "radialGradient"})
_MISSED = frozenset({"image", "use", "symbol", "pattern", "mask", "filter", "marker", "foreignObject", "switch", "textPath"})
_GEOMETRY = frozenset(
    """
    x y x1 y1 x2 y2 cx cy r rx ry dx dy fx fy fr width height d points transform viewBox preserveAspectRatio offset rotate
    textLength lengthAdjust pathLength gradientUnits gradientTransform spreadMethod clipPathUnits
    """.split()  # noqa: SIM905 - forty names one below another hide the code
)
_NAMES = frozenset({"id", "class", "role", "lang", _LANGUAGE, "aria-label", "aria-labelledby", "aria-describedby", "aria-hidden"})
_ROOT_LEFT_OUT = frozenset({"width", "height", "x", "y"})
_WORD = re.compile(r"[\w.:-]+(?:\s+[\w.:-]+)*")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A clean drawing and its viewBox: left, top, width, height."""

    content: bytes
    box: Box


def clean_drawing(content: bytes, name: str) -> Drawing:
    """The drawing alone.

    Args:
        content: the file.
        name: as in the site folder, for the sentence where it is refused.

    Raises:
        SiteFaultError: not SVG, too large, without a viewBox, or with parts that would be missed; the message names the file.
    """
    from lxml import etree

    root = _parsed(content, name)
    missed = sorted({tag for node in root.iter(etree.Element) if (tag := _local(node)) in _MISSED})
    if missed:
        raise SiteFaultError(
            f"{name} holds <{'>, <'.join(missed)}>: only plain drawing is published.",
            advice="In the drawing program turn these into paths (or take pictures out), and save as plain SVG.",
        )
    box = _box(root, name)
    rules = read_rules("\n".join("".join(map(str, node.itertext())) for node in root.iter(f"{{{SVG}}}style")))
    clean = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    for attribute, value in _attributes(root, styled(root, rules)):
        if attribute not in _ROOT_LEFT_OUT:
            clean.set(attribute, value)
    clean.set("viewBox", " ".join(f"{number:g}" for number in box))
    clean.text = root.text
    waiting = [(root, clean)]
    while waiting:
        source, target = waiting.pop()
        for node in source.iterchildren(etree.Element):
            kind = "g" if _local(node) == "a" else _local(node)
            if kind in _SHAPES or kind in _PAINT:
                copied = etree.SubElement(target, f"{{{SVG}}}{kind}", dict(_attributes(node, styled(node, rules))))
                copied.text, copied.tail = node.text, node.tail
                waiting.append((node, copied))
    return Drawing(etree.tostring(clean, encoding="utf-8") + b"\n", box)


def _parsed(content: bytes, name: str) -> "_Element":
    from lxml import etree

    if len(content) > MOST_BYTES:
        raise SiteFaultError(f"{name} is larger than 2 MiB.", advice="Simplify the drawing: visitors load it on a phone.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True, strip_cdata=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise SiteFaultError(f"{name} cannot be read as SVG: {error.msg}.", advice="Save it as plain SVG.", detail=str(error)) from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None and next(document.internalDTD.iterentities(), None) is not None:
        raise SiteFaultError(f"{name} declares entities, which a plan has no use for.", advice="Save it as plain SVG.")
    if root.tag != f"{{{SVG}}}svg":
        raise SiteFaultError(f"{name} is no SVG drawing.", advice="Save it as plain SVG.")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS or _depth(root) > DEEPEST:
        raise SiteFaultError(f"{name} has too many parts.", advice="Simplify the drawing: visitors load it on a phone.")
    return root


def _depth(root: "_Element") -> int:
    deepest = 0
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in node]
    return deepest


def _local(node: "_Element") -> str:
    """The name of an SVG element; "" for those of other namespaces."""
    space, _, local = str(node.tag).rpartition("}")
    return local if space == f"{{{SVG}" else ""


def _box(root: "_Element", name: str) -> Box:
    words = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if words == [""]:
        words = ["0", "0", *(root.get(side, "").removesuffix("px") for side in ("width", "height"))]
    try:
        left, top, width, height = (float(word) for word in words)
    except ValueError:
        left = top = width = height = 0.0
    if not (0 < width < 1e9 and 0 < height < 1e9 and abs(left) < 1e9 and abs(top) < 1e9):
        raise SiteFaultError(f"{name} has no viewBox.", advice='Give the <svg> element viewBox="left top width height" in numbers.')
    return left, top, width, height


def _attributes(node: "_Element", rules: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What is kept of an element's attributes: own attributes, then rules of the sheet, then its own style, the later the stronger."""
    kept: dict[str, str] = {}
    for attribute, value in node.attrib.items():
        name, text = str(attribute), str(value)
        drawn = name in PROPERTIES or name in _GEOMETRY
        if (drawn and is_plain_value(text)) or (name in _NAMES and _is_name(name, text)):
            kept[name] = text
        elif name in {"href", _HREF} and _local(node) in _GRADIENTS and re.fullmatch(r"#[\w.-]+", text):
            kept["href"] = text
    kept |= rules | dict(declarations(node.get("style", "")))
    yield from kept.items()


def _is_name(name: str, value: str) -> bool:
    return name == "aria-label" or _WORD.fullmatch(value) is not None
