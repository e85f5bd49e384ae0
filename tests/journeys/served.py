"""Everything that a server answers with, by address: from the entrance on, every address that any answer names."""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import brotli
import httpx

from tests.viewer.builders import Visitor

ORIGIN = "http://ditich.test"
STARTS = (
    "/", "/robots.txt", "/sitemap.xml", "/activity/all.json", "/service-worker.js", "/nowhere", "/vi/nowhere/", "/q/abcdef", "/oembed",
    *(f"/{language}/{page}" for language in ("vi", "en", "th") for page in ("", "about", "feed.xml")),
)  # fmt: skip
_LONGEST = 1 << 20
_NAMED = r"(?:href|src|srcset|action|poster|content|data-[a-z-]+)"
_QUOTED = re.compile(rf"""\s{_NAMED}\s*=\s*["']((?:https?:/)?/[^"']+)["']|"((?:https?:/)?/[^"\s\\]+)"|<(?:loc|link|guid)>([^<]+)<""")


def everything_served(visitor: Visitor, starts: Iterable[str] = ()) -> dict[str, httpx.Response]:
    """All answers by address, those to programs that ask for linked data too."""
    answers: dict[str, httpx.Response] = {}
    waiting = [*STARTS, *starts]
    while waiting:
        address = waiting.pop()
        if address not in answers:
            answers[address] = answer = visitor.get(address)
            if answer.status_code != 404:
                waiting += [found for found in addresses_in(answer, address) if found not in answers]
    return answers


def addresses_in(answer: httpx.Response, address: str) -> Iterator[str]:
    """The addresses of the same server that an answer names, and those that are known to stand beside it."""
    kind = answer.headers.get("content-type", "")
    if "location" in answer.headers:
        yield from _ours(answer.headers["location"], address)
    if len(answer.content) > _LONGEST or not kind.startswith(("text/", "application/")) or "octet-stream" in kind:
        return
    for found in _QUOTED.findall(answer.text):
        for link in unescape("".join(found)).split()[:1]:
            yield from _ours(link, address)
    yield from _beside(address, kind)


def _beside(address: str, kind: str) -> Iterator[str]:
    """Of a page how it is embedded, of a tour what is kept of it, of an image service some views that must be drawn."""
    if kind.startswith("text/html") and re.fullmatch(r"/(vi|en|th)/[^/?]+/.*[^/]", address):
        yield from (f"/oembed?url={quote(ORIGIN + address, safe='')}", f"{address}/embed")
    tour = re.fullmatch(r"/(vi|en|th)/([^/?]+)/", address)
    if tour:
        yield from (f"{address}{name}" for name in ("all", "book", "offline", "offline.json", "feed.xml"))
        yield f"/offline/{tour[2]}.json"
    if address.endswith("/info.json"):
        base = address.removesuffix("info.json")
        yield from (f"{base}{view}" for view in ("full/max/0/default.jpg", "full/200,/90/gray.png", "square/!99,99/0/default.webp"))


def _ours(link: str, address: str) -> Iterator[str]:
    try:
        whole = urlsplit(urljoin(ORIGIN + address, link))
    except ValueError:
        return
    if whole.netloc == urlsplit(ORIGIN).netloc and whole.scheme == "http" and "{" not in link and whole.path.startswith("/"):
        yield whole.path + (f"?{whole.query}" if whole.query else "")


def layers(content: bytes) -> Iterator[bytes]:
    """The bytes, and what is packed in them: zip members (USDZ), JSON of a GLB, text that was escaped, compressed siblings."""
    yield content
    for unpack in (gzip.decompress, brotli.decompress, _members):
        try:
            found = unpack(content)
        except (OSError, EOFError, brotli.error, zipfile.BadZipFile):
            continue
        if found != content:
            yield found
    if len(content) < _LONGEST and content[:1] in b"{[<":
        text = content.decode("utf-8", "replace")
        yield unescape(text).encode("utf-8", "replace")
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text).encode("utf-8", "replace")


def _members(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"".join(name.encode() + packed.read(name) for name in packed.namelist())


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def found_in(contents: dict[str, bytes], needles: Iterable[bytes]) -> list[tuple[str, bytes]]:
    """(where, which) of every needle that stands in a name, in bytes, or in what is packed in them; case does not matter."""
    wanted = [needle.lower() for needle in needles]
    leaks = []
    for name, content in contents.items():
        whole = b"\n".join((name.encode(), *layers(content))).lower()
        leaks += [(name, needle) for needle in wanted if needle in whole]
    return leaks


def as_json(text: str) -> bytes:
    """Words as JSON writes them without escapes for what is not ASCII."""
    return json.dumps(text, ensure_ascii=False)[1:-1].encode()
