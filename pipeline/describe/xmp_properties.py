"""The RDF of an XMP packet as plain values by "prefix:Name" (XMP part 1 §7: elements or attributes, arrays, structures, languages).

Prefixes are ours, by namespace: what a file calls its prefix means nothing. lxml without entities, network, DTD and huge trees.
"""

from typing import Any

from archive.errors import UnreadableError

PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.google.com/photos/1.0/panorama/": "GPano",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://creativecommons.org/ns#": "cc",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://www.dji.com/drone-dji/1.0/": "drone-dji",
}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DEEPEST = 8
_MOST = 4096


def properties(packet: bytes) -> dict[str, Any]:
    """All properties: text, lists, ``{"x-default": …}`` for alternatives by language, dicts for structures.

    Raises:
        UnreadableError: the packet is no XML, declares entities, or holds no RDF.
    """
    root = _parse(packet)
    descriptions = list(root.iter(f"{_RDF}Description")) if root is not None else []
    found: dict[str, Any] = {}
    for description in descriptions:
        parent = description.getparent()
        if parent is None or parent.tag != f"{_RDF}RDF":
            continue
        found |= {name: value for name, value in _structure(description, 0).items() if name not in found}
    if not descriptions:
        raise UnreadableError("The XMP packet holds no RDF description.")
    return found


def _parse(packet: bytes) -> Any:
    from lxml import etree

    content = packet.strip(b"\0 \t\r\n")
    # Nothing in XMP needs a document type; what has one is an attack or not XMP.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableError("The XMP packet declares a document type or entities, which XMP never needs.")
    problem = ""
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True, recover=recover
        )
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            problem = str(error)
    raise UnreadableError("The XMP packet is no well-formed XML.", detail=problem)


def _name(tag: Any) -> str:
    text = tag if isinstance(tag, str) else ""
    if not text.startswith("{"):
        return text
    namespace, _, local = text[1:].partition("}")
    return f"{PREFIXES.get(namespace, namespace)}:{local}"


def _structure(node: Any, depth: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        _name(name): str(value) for name, value in node.attrib.items() if not name.startswith(_RDF) and name != _LANGUAGE
    }
    for child in list(node)[:_MOST]:
        fields.setdefault(_name(child.tag), _value(child, depth + 1))
    return fields


def _value(node: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return ""
    container = next((child for child in node if child.tag in {f"{_RDF}Alt", f"{_RDF}Bag", f"{_RDF}Seq"}), None)
    if container is not None:
        return _array(container, depth)
    inner = next((child for child in node if child.tag == f"{_RDF}Description"), None)
    if inner is not None:
        return _structure(inner, depth)
    if node.get(f"{_RDF}resource") is not None:
        return str(node.get(f"{_RDF}resource"))
    if len(node) or any(not name.startswith(_RDF) and name != _LANGUAGE for name in node.attrib):
        return _structure(node, depth)
    return str(node.text or "").strip()


def _array(container: Any, depth: int) -> Any:
    items = [child for child in list(container)[:_MOST] if child.tag == f"{_RDF}li"]
    if container.tag == f"{_RDF}Alt" and any(item.get(_LANGUAGE) for item in items):
        return {str(item.get(_LANGUAGE) or "x-default").lower(): str(item.text or "").strip() for item in items}
    return [_value(item, depth + 1) for item in items]
