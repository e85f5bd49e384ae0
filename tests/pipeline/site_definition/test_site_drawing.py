"""Plans: what draws is kept, what could do anything else is not, and whoever looks sees the same."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.errors import UsageError
from pipeline.site_definition.drawing import DEEPEST, MOST_BYTES, MOST_ELEMENTS, clean_drawing

SVG = "http://www.w3.org/2000/svg"
OWNER = "nha-ong-giu-den"


def drawing(inside: str, more: str = "", box: str = 'viewBox="0 0 10 10"') -> bytes:
    return f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" {box} {more}>{inside}</svg>'.encode()


def cleaned(inside: str, more: str = "") -> str:
    return clean_drawing(drawing(inside, more), "plan.svg").content.decode()


def test_shapes_words_and_gradients_are_kept() -> None:
    inside = (
        '<title id="t">Mặt bằng</title><defs><linearGradient id="g" gradientUnits="userSpaceOnUse"><stop offset="0" stop-color="#fff"/>'
        '</linearGradient><linearGradient id="h" xlink:href="#g"/></defs><g id="dinh" transform="rotate(30)">'
        '<path d="M0 0 L5 5" fill="url(#g)"/>'
        '<text x="1" y="2" font-size="3">Đình <tspan dy="1">Thử</tspan> cũ</text></g>'
    )
    root = etree.fromstring(cleaned(inside, 'role="img" aria-labelledby="t" lang="vi"').encode())
    assert [etree.QName(node).localname for node in root.iter()] == [
        "svg", "title", "defs", "linearGradient", "stop", "linearGradient", "g", "path", "text", "tspan",
    ]  # fmt: skip
    assert "".join(root.itertext()) == "Mặt bằngĐình Thử cũ"
    assert root.xpath("//s:linearGradient[@id='h']/@href", namespaces={"s": SVG}) == ["#g"]
    assert root.xpath("//s:path/@fill", namespaces={"s": SVG}) == ["url(#g)"]
    assert (root.get("role"), root.get("lang"), root.get("viewBox")) == ("img", "vi", "0 0 10 10")


@pytest.mark.parametrize(
    "inside",
    [
        f"<script>alert('{OWNER}')</script>",
        f'<script href="https://{OWNER}.example/x.js"/>',
        f'<rect width="1" onclick="{OWNER}()" onload="{OWNER}()"/>',
        f'<rect width="1" fill="url(https://{OWNER}.example/x)"/>',
        f'<rect width="1" style="fill:url(//{OWNER}.example/x)"/>',
        f'<rect width="1" style="background-image:url({OWNER});fill:red"/>',
        f'<rect width="1" style="fill:u\\rl({OWNER})"/>',
        f"<style>@import 'https://{OWNER}.example/x.css';rect{{fill:url({OWNER})}}</style><rect width='1'/>",
        f"<style>rect{{ -x: expression({OWNER}) }}</style><rect width='1'/>",
        f"<a href='javascript:{OWNER}()'><rect width='1'/></a>",
        f'<animate attributeName="href" values="{OWNER}"/>',
        f'<set attributeName="onload" to="{OWNER}"/>',
        f"<metadata><rdf>{OWNER}</rdf></metadata>",
        f"<!-- {OWNER} --><?xml-stylesheet href='{OWNER}'?>",
        f'<x:note xmlns:x="urn:x">{OWNER}</x:note>',
        f'<g xmlns:inkscape="http://www.inkscape.org/" inkscape:label="{OWNER}" data-owner="{OWNER}"><rect width="1"/></g>',
        f'<linearGradient id="g" xlink:href="https://{OWNER}.example/#g"/>',
        f'<rect id="{OWNER} onload=1 &lt;"/>',
        f'<h:iframe xmlns:h="http://www.w3.org/1999/xhtml" src="{OWNER}"/>',
    ],
)
def test_what_does_anything_but_draw_is_left_out(inside: str) -> None:
    text = cleaned(inside + '<circle r="1"/>')
    assert OWNER not in text
    assert "circle" in text
    assert not re.search(r"script|javascript|https?://(?!www\.w3\.org/2000/svg)|on\w+=|style|<!--|<\?", text)


@pytest.mark.parametrize("name", ["image", "use", "foreignObject", "filter", "mask", "pattern", "symbol", "marker", "switch"])
def test_what_would_be_missed_is_refused_by_name(name: str) -> None:
    with pytest.raises(UsageError, match=f"holds <{name}>") as raised:
        clean_drawing(drawing(f"<g><{name}/></g>"), "plan.svg")
    assert raised.value.advice


def test_the_drawing_inside_a_link_stays_without_the_link() -> None:
    text = cleaned('<a xlink:href="https://nha.example/" transform="scale(2)"><rect width="1"/></a>')
    assert '<g transform="scale(2)"><rect width="1"/></g>' in text
    assert "nha" not in text


def test_styles_become_attributes_by_the_rules_of_the_cascade() -> None:
    sheet = """<style>/* Inkscape */ rect { fill: red; stroke-width: 2 } .wall { fill: #123 !important } #hall { fill: blue }
    .stand text, tspan { font: bold 600px sans-serif; font: italic 600 .95px/1.2 "Noto Sans", serif; text-anchor: middle }
    g > rect { fill: black } rect:hover { fill: black } .none { } * { opacity: .5 }</style>"""
    shapes = (
        '<rect class="wall" width="1"/><rect id="hall" class="wall" fill="white" width="1" style="stroke : green; bad"/>'
        '<g class="stand"><g><text>1</text></g></g><text>2</text>'
    )
    root = etree.fromstring(cleaned(sheet + shapes).encode())
    wall, hall = root.findall(f"{{{SVG}}}rect")
    assert dict(wall.attrib) == {"class": "wall", "width": "1", "opacity": ".5", "fill": "#123", "stroke-width": "2"}
    assert (hall.get("fill"), hall.get("stroke"), hall.get("stroke-width")) == ("blue", "green", "2")
    inner, outer = root.iter(f"{{{SVG}}}text")
    fonts = ("font-style", "font-weight", "font-size", "font-family", "text-anchor")
    assert [inner.get(name) for name in fonts] == ["italic", "600", ".95px", '"Noto Sans", serif', "middle"]
    assert outer.get("text-anchor") is None


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ('viewBox="-19, -27 38 62"', (-19.0, -27.0, 38.0, 62.0)),
        ('width="210" height="297px"', (0.0, 0.0, 210.0, 297.0)),
        ('viewBox="0 0 4 4" width="100%" height="100%"', (0.0, 0.0, 4.0, 4.0)),
    ],
)
def test_the_box_is_that_of_the_drawing(box: str, expected: tuple[float, ...]) -> None:
    found = clean_drawing(drawing("", box=box), "plan.svg")
    assert found.box == expected
    assert etree.fromstring(found.content).get("viewBox") == " ".join(f"{number:g}" for number in expected)
    assert b"width" not in found.content


@pytest.mark.parametrize(
    "box", ["", 'viewBox="0 0 10"', 'viewBox="0 0 0 5"', 'viewBox="0 0 nan 5"', 'width="50%" height="5"', 'viewBox="1e12 0 5 5"']
)
def test_a_drawing_without_a_box_is_refused(box: str) -> None:
    with pytest.raises(UsageError, match="no viewBox"):
        clean_drawing(drawing("", box=box), "plan.svg")


def test_entities_bombs_and_giants_are_refused_at_once() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + drawing("<text>&b;</text>").decode()
    outside = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + drawing("<text>&x;</text>").decode()
    for hostile in (bomb, outside):
        with pytest.raises(UsageError, match="entities"):
            clean_drawing(hostile.encode(), "plan.svg")
    harmless = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + drawing("<g/>").decode()
    )
    assert b"DOCTYPE" not in clean_drawing(harmless.encode(), "plan.svg").content
    for giant, said in (
        (drawing("<g>" * (DEEPEST + 1) + "</g>" * (DEEPEST + 1)), "too many parts"),
        (drawing("<g/>" * MOST_ELEMENTS), "too many parts"),
        (drawing("<g>" * 5000), "cannot be read"),
        (drawing(" " * MOST_BYTES), "larger than 2 MiB"),
    ):
        with pytest.raises(UsageError, match=said):
            clean_drawing(giant, "plan.svg")


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"\x1f\x8b svgz", b"<html/>", b"<svg/>", b"<svg", b"\x89PNG\r\n", "<svg>đ".encode("utf-16")]
)
def test_what_is_no_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"plan\.svg"):
        clean_drawing(content, "plan.svg")


@given(st.text(alphabet=st.sampled_from("url(#a)'\"htps:/\\;{}<>&@import image x0"), max_size=40))
def test_no_value_leads_out_of_the_drawing(value: str) -> None:
    node = etree.Element(f"{{{SVG}}}svg", {"viewBox": "0 0 1 1"})
    etree.SubElement(node, f"{{{SVG}}}rect", {"fill": value, "style": f"stroke:{value}", "clip-path": value})
    text = clean_drawing(etree.tostring(node), "plan.svg").content.decode()
    for found in re.findall(r'="([^"]*)"', text.replace(SVG, "")):
        assert "url" not in found or re.fullmatch(r"""url\(\s*(['"]|&quot;)?#[\w.-]+(['"]|&quot;)?\s*\)(\s+\S+)?""", found.strip())
        assert "//" not in found or ":" not in found


def test_the_sample_looks_the_same_after_cleaning(tmp_path: Path) -> None:
    import numpy as np
    import pyvips

    pyvips.operation_block_set("VipsForeignLoadSvg", False)
    source = (Path(__file__).parents[3] / "sites/dinh-mau/plan.svg").read_bytes()
    before, after = (
        pyvips.Image.svgload_buffer(content, scale=10).numpy().astype(float)
        for content in (source, clean_drawing(source, "plan.svg").content)
    )
    assert np.abs(before - after).mean() < 0.5
