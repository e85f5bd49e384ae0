"""What is looked at on every page: names in the accessibility tree, axe, and (in everyone_looks.js) places and languages of things."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NAMED_ROLES = {
    *("button", "link", "slider", "combobox", "textbox", "searchbox", "checkbox", "switch", "radio", "spinbutton", "menuitem", "tab"),
    *(
        "image",
        "img",
        "navigation",
        "region",
        "group",
        "dialog",
        "figure",
        "progressbar",
        "application",
        "DisclosureTriangle",
        "DisclosureTriangleGrouped",
        "Audio",
        "Video",
    ),
}
"""Roles that tell nobody what they are without a name."""
MAY_BE_NAMELESS = {"group", "figure", "region"}
"""Chromium shows ``<details>`` as a group and ``<figure>`` as a figure: their summary and caption say what they are."""
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }p { margin-bottom: 2em !important }"
)
"""WCAG 1.4.12, the four overrides."""

LOOKS = (Path(__file__).parent / "everyone_looks.js").read_text(encoding="utf-8")
SPILLS, OVERLAPS, TARGETS, FOREIGN = (f"looks.{name}()" for name in ("spills", "overlaps", "targets", "foreign"))
"""Beyond an edge or cut off; on each other; under 44 px (our own measure, WCAG asks for 24); in another language than marked."""


def violations(page: Page) -> list[str]:
    """What axe finds: the rule and the first place of each."""
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:120]} {node['failureSummary'][:200]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def tree_of(page: Page) -> list[dict[str, Any]]:
    """Every node of the accessibility tree, in its own order."""
    session = page.context.new_cdp_session(page)
    try:
        return list(session.send("Accessibility.getFullAXTree")["nodes"])
    finally:
        session.detach()


def nameless(page: Page) -> list[str]:
    """Controls, pictures and landmarks that have no name."""
    found = []
    for node in tree_of(page):
        role = str(node.get("role", {}).get("value", ""))
        if node.get("ignored") or role not in NAMED_ROLES - MAY_BE_NAMELESS:
            continue
        if not str(node.get("name", {}).get("value", "")).strip():
            found.append(f"{role} {node.get('backendDOMNodeId')} {node.get('properties', [])}")
    return found
