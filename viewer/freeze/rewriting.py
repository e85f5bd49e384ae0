"""Makes the addresses of a page relative, so that it works below any sub-path and from a memory stick.

Only start tags are touched; everything else of the page stays byte for byte as the application wrote it.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from viewer.freeze.naming import Naming, link

_ADDRESSES = frozenset({"href", "src", "action", "poster"})
_ABSOLUTE = ("canonical",)
_LEFT_OUT = ("json+oembed", "xml+oembed", "opensearch")
_BARE = frozenset({"hidden", "download", "defer", "controls", "open", "checked", "disabled", "allowfullscreen"})
_LIST = re.compile(r"\s*,\s+")


@dataclass(frozen=True, slots=True)
class Edition:
    """What decides how a page is written.

    Attributes:
        base: address under which the application believes to stand; what begins with it is internal.
        public: whether ``base`` is where this copy will stand, so that absolute addresses may be kept.
        explicit: pages are named as ``…/index.html`` and scripts wait for a server: the copy opens from ``file://``.
    """

    naming: Naming
    base: str
    public: bool
    explicit: bool

    def internal(self, address: str) -> str | None:
        """The path of an address of ours; None for every other address."""
        if address == self.base:
            return "/"
        if address.startswith(f"{self.base}/"):
            return address.removeprefix(self.base)
        return address if address.startswith("/") and not address.startswith("//") else None

    def absolute(self, path: str) -> str:
        """Where the file of that address will stand, in full."""
        from urllib.parse import quote

        place = self.naming.file_of(path)
        fragment = f"#{path.partition('#')[2]}" if "#" in path else ""
        return f"{self.base}/{quote(place.removesuffix('index.html'), safe='/,~')}{fragment}"


@dataclass(slots=True)
class Rewritten:
    """A page with relative addresses, and what it leads to (addresses as the application knows them)."""

    text: str = ""
    leads_to: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)


def rewrite(html: str, at: str, edition: Edition, head: str = "") -> Rewritten:
    """Make a page's addresses relative to the file ``at``. ``head`` is put in first after ``<head>``."""
    page = _Page(at, edition, head)
    page.feed(html)
    page.close()
    text = "".join(page.out)
    # an address that nobody knows is not printed: codes to embed and printed links of such a copy show that it is missing
    page.result.text = text if edition.public else text.replace(edition.base, "…")
    return page.result


class _Page(HTMLParser):
    def __init__(self, at: str, edition: Edition, head: str) -> None:
        super().__init__(convert_charrefs=False)
        self.at, self.edition, self.head = at, edition, head
        self.out: list[str] = []
        self.result = Rewritten()
        self._data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        raw = self.get_starttag_text() or ""
        if tag == "link" and any(kind in given.get("type", "") for kind in _LEFT_OUT):
            return
        if tag in {"meta", "link"} and self._kept_absolute(tag, given, raw):
            return
        self._data = tag == "script" and given.get("type") == "application/ld+json"
        self.out.append(self._tag(tag, given, raw))
        if tag == "head":
            self.out.append(self.head)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self._data = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(self._linked_data(data) if self._data else data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def _kept_absolute(self, tag: str, given: dict[str, str], raw: str) -> bool:
        """Addresses for other machines: in full where it is known where the copy will stand, else left out."""
        value = given.get("content" if tag == "meta" else "href", "")
        named = given.get("rel", "") in _ABSOLUTE or tag == "meta" or (given.get("rel") == "alternate" and "hreflang" in given)
        path = self.edition.internal(value) if named else None
        if path is None:
            return False
        if self.edition.public:
            self._noted(path)
            self.out.append(raw.replace(escape(value, quote=False), escape(self.edition.absolute(path), quote=False)))
        return True

    def _tag(self, tag: str, given: dict[str, str], raw: str) -> str:
        if tag == "script" and self.edition.explicit and given.get("type") == "module":
            start = link(self.at, "static/start.js", explicit=True)
            return f'<script defer src="{start}" data-module="{escape(self._relative(given["src"]))}">'
        changed = {name: self._value(name, value) for name, value in given.items()}
        if all(changed[name] == value for name, value in given.items()):
            return raw
        changed |= self._saved_as(given)
        written = "".join(f" {name}" if value == "" and name in _BARE else f' {name}="{escape(value)}"' for name, value in changed.items())
        return f"<{tag}{written}>"

    def _saved_as(self, given: dict[str, str]) -> dict[str, str]:
        """A download keeps its own name, whatever it is called among the files."""
        if "download" not in given or "/original/" not in given.get("href", ""):
            return {}
        return {"download": unquote(given["href"].rpartition("/")[2])}

    def _value(self, name: str, value: str) -> str:
        if name in _ADDRESSES:
            return self._relative(value)
        if name == "srcset":
            return ", ".join(self._candidate(one) for one in _LIST.split(value))
        if name.startswith("data-") and value[:1] in {"{", "["}:
            return self._json(value)
        if name.startswith("data-"):
            return self._relative(value)
        return value

    def _candidate(self, one: str) -> str:
        address, space, size = one.strip().partition(" ")
        return self._relative(address) + space + size

    def _json(self, value: str) -> str:
        try:
            return json.dumps(_mapped(json.loads(value), self._relative), ensure_ascii=False)
        except ValueError:
            return value

    def _linked_data(self, text: str) -> str:
        try:
            data = _mapped(json.loads(unescape(text)), self._in_full)
        except ValueError:
            return text
        return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")

    def _in_full(self, value: str) -> str:
        path = self.edition.internal(value) if value.startswith(self.edition.base) else None
        if path is None:
            return value
        self._noted(path)
        return self.edition.absolute(path) if self.edition.public else self._relative(value)

    def _relative(self, value: str) -> str:
        path = self.edition.internal(value)
        if path is None or any(c in value for c in "{ "):
            return value
        target = self._noted(path)
        bare, _, fragment = path.partition("#")
        query = bare.partition("?")[2] if bare.startswith("/static/") else ""
        address = link(self.at, target, explicit=self.edition.explicit)
        return address + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")

    def _noted(self, path: str) -> str:
        bare = path.partition("#")[0].partition("?")[0]
        target = self.edition.naming.file_of(bare)
        self.result.leads_to.add(bare)
        self.result.targets.add(target)
        return target


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The JSON value with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _mapped(one, change) for key, one in value.items()}
    return value
