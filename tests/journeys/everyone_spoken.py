"""A page as a screen reader would read it from top to bottom: one line for each thing of the accessibility tree, in its order."""

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

Mark = Callable[[dict[str, Any]], str]
SPOKEN = {
    *(
        "link",
        "button",
        "slider",
        "searchbox",
        "textbox",
        "checkbox",
        "switch",
        "radio",
        "image",
        "img",
        "DisclosureTriangle",
        "DisclosureTriangleGrouped",
        "Audio",
        "Video",
        "application",
    ),
    *("navigation", "search", "main", "banner", "contentinfo", "complementary", "region", "dialog", "status", "progressbar", "figure"),
}
WHOLE = {
    "link",
    "button",
    "heading",
    "image",
    "img",
    "DisclosureTriangle",
    "DisclosureTriangleGrouped",
    "slider",
    "switch",
    "checkbox",
    "radio",
    "textbox",
    "searchbox",
    "Audio",
}
"""Roles that are read by their name alone: what stands inside them is that name."""
WORDS = {
    "DisclosureTriangle": "expandable",
    "DisclosureTriangleGrouped": "expandable",
    "img": "image",
    "Audio": "audio player",
    "contentinfo": "footer",
    "complementary": "aside",
}
LANDMARKS = {"main", "banner", "contentinfo", "complementary", "search"}
STATES = {"expanded": ("collapsed", "expanded"), "pressed": ("", "pressed"), "checked": ("off", "on")}


def spoken(page: Page) -> list[str]:
    """The lines of the page; words in another language than the page's carry it in brackets."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
        document = session.send("DOM.getDocument", {"depth": -1})["root"]
    finally:
        session.detach()
    tongues, values = dict(_tongues(document, "")), dict(_value_texts(document))
    for node in nodes.values():  # the protocol tells of a native slider its number only
        if text := values.get(node.get("backendDOMNodeId", -1)):
            node["value"] = {"value": text}
    own = str(page.evaluate("document.documentElement.lang"))
    root = next(node for node in nodes.values() if "parentId" not in node)
    return list(_lines(nodes, root, lambda node: _marked(tongues.get(node.get("backendDOMNodeId", -1), own), own)))


def _tongues(node: dict[str, Any], language: str) -> Iterator[tuple[int, str]]:
    given = node.get("attributes", [])
    language = dict(zip(given[::2], given[1::2], strict=True)).get("lang", language)
    yield node["backendNodeId"], language
    for child in node.get("children", ()):
        yield from _tongues(child, language)


def _value_texts(node: dict[str, Any]) -> Iterator[tuple[int, str]]:
    given = node.get("attributes", [])
    if text := dict(zip(given[::2], given[1::2], strict=True)).get("aria-valuetext"):
        yield node["backendNodeId"], text
    for child in node.get("children", ()):
        yield from _value_texts(child)


def _marked(language: str, own: str) -> str:
    return "" if language in {own, ""} else f" [{language}]"


def _lines(nodes: dict[str, Any], node: dict[str, Any], mark: Mark) -> Iterator[str]:
    if not node.get("ignored"):
        yield from _own_line(nodes, node, mark)
        if _role(node) in WHOLE:
            return
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _lines(nodes, nodes[child], mark)


def _own_line(nodes: dict[str, Any], node: dict[str, Any], mark: Mark) -> Iterator[str]:
    role, name = _role(node), " ".join(str(node.get("name", {}).get("value", "")).split())
    if role == "StaticText" and name:
        yield name + mark(node)
    elif role == "heading":
        linked = ", link" if any(_role(each) == "link" for each in _inside(nodes, node)) else ""
        yield f"heading {_property(node, 'level')}{linked}: {_said(nodes, node, name, mark)}"
    elif role in LANDMARKS and not name:
        yield f"— {WORDS.get(role, role)} —"
    elif role in SPOKEN and (name or role in WHOLE):
        yield f"{WORDS.get(role, role)}{_state(node)}: {_said(nodes, node, name, mark)}{_value(node)}"


def _role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value", ""))


def _inside(nodes: dict[str, Any], node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in node.get("childIds", ()):
        if child in nodes:
            yield nodes[child]
            yield from _inside(nodes, nodes[child])


def _said(nodes: dict[str, Any], node: dict[str, Any], name: str, mark: Mark) -> str:
    """The name with the languages of its parts, where it is made of the texts inside."""
    texts = [each for each in _inside(nodes, node) if _role(each) == "StaticText"]
    parts = [str(each["name"]["value"]).strip() + mark(each) for each in texts]
    plain = "".join(str(each["name"]["value"]) for each in texts)
    return " ".join(" ".join(parts).split()) if texts and "".join(plain.split()) == "".join(name.split()) else name + mark(node)


def _property(node: dict[str, Any], name: str) -> Any:
    return next((each["value"].get("value") for each in node.get("properties", ()) if each["name"] == name), None)


def _state(node: dict[str, Any]) -> str:
    found = []
    for name, (no, yes) in STATES.items():
        value = _property(node, name)
        if value is not None and (said := yes if str(value).lower() == "true" else no):
            found.append(said)
    return f" ({', '.join(found)})" if found else ""


def _value(node: dict[str, Any]) -> str:
    value = node.get("value", {}).get("value")
    return f" = {value}" if value not in {None, ""} else ""
