"""Follows every link of a frozen copy among its own files: what leads to nothing is a fault of the copy."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

_ROOT = "http://copy.invalid/"
_ADDRESSES = frozenset({"href", "src", "action", "poster", "srcset"})
_IMPORTS = re.compile(r"""(?:from|import)\s*\(?\s*[`"']([./][^`"']+\.js)[`"']""")
_STYLES = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Broken:
    """A link in a file that leads to nothing."""

    file: str
    link: str


class _Links(HTMLParser):
    """All links and all anchors of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in _ADDRESSES or (tag == "script" and name == "data-module"):
                candidates = [one.split()[0] for one in re.split(r",\s+", value) if one.strip()] if name == "srcset" else [value]
                self.links += candidates
            elif name.startswith("data-"):
                self.links += _in_data(value)


def _in_data(value: str) -> Iterator[str]:
    """Relative addresses in what a page hands to its scripts."""
    if value[:1] in {"{", "["}:
        try:
            texts = _texts(json.loads(value))
        except ValueError:
            return
        yield from (text for text in texts if text.startswith("../") and " " not in text)
    elif value.startswith("../"):
        yield value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))


def broken_links(folder: Path) -> list[Broken]:
    """Every internal link, anchor, picture, script import and stylesheet address that leads to nothing, by file."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    places = files | {parent.as_posix() for file in files for parent in Path(file).parents}
    pages = {file: _page(folder / file) for file in files if file.endswith(".html")}
    return [
        Broken(file, link)
        for file in sorted(files)
        for link in _links_of(folder / file, file, pages)
        if not _leads_somewhere(file, link, places, pages)
    ]


def _page(path: Path) -> _Links:
    links = _Links()
    links.feed(path.read_text(encoding="utf-8"))
    return links


def _links_of(path: Path, file: str, pages: dict[str, _Links]) -> list[str]:
    if file in pages:
        return pages[file].links
    if file.endswith(".js"):
        return _IMPORTS.findall(path.read_text(encoding="utf-8"))
    if file.endswith(".css"):
        return [one or other for one, other in _STYLES.findall(path.read_text(encoding="utf-8"))]
    return []


def _leads_somewhere(file: str, link: str, places: set[str], pages: dict[str, _Links]) -> bool:
    if re.match(r"[a-z][a-z0-9+.-]*:", link) or link.startswith("//"):
        return True
    parts = urlsplit(urljoin(_ROOT + file, unescape(link)))
    target = unquote(parts.path).lstrip("/")
    if target.endswith("/") or target == "":
        target += "index.html"
    if target not in places:
        return False
    anchor = unquote(parts.fragment)
    is_view = re.match(r"(v|c|xywh|t)=", anchor) is not None
    return not anchor or is_view or target not in pages or anchor in pages[target].anchors
