"""Where each address of the viewer lies among plain files, under names that every file system takes (FAT, exFAT, NTFS, ext4).

No ``: * ? " < > |`` or backslash, no name that ends in a dot or space, at most 200 bytes a name, and never two names that differ
only in case. A page is a folder with ``index.html``.
"""

import hashlib
import posixpath
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from archive.records.publication import PublicSite

INDEX = "index.html"
FILES = ("static/", "media/", "export/", "iiif/")
"""Whatever stands below these is a file (or a folder of tiles), never a page."""
_LONGEST = 200
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"\\|?*\x7f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_FILE_SUFFIX = re.compile(r"\.(xml|json|txt|js|css|svg|png|jpg|webmanifest|bib|ris)$")
_NEGOTIATED = re.compile(r"/?(ark:|q/|$)")


def safe_name(name: str) -> str:
    """The name, or one that every file system takes: what had to be changed gets a few characters of its digest."""
    plain = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", name))
    if len(plain.encode()) > _LONGEST:
        stem, dot, suffix = plain.rpartition(".")
        kept = suffix if dot and len(suffix.encode()) <= 16 else ""
        plain = (stem if kept else plain).encode()[: _LONGEST - 40].decode("utf-8", "ignore") + (f".{kept}" if kept else "")
    plain = plain.rstrip(". ") or "_"
    if plain == name and not _RESERVED.fullmatch(plain):
        return plain
    return marked(plain, name)


def marked(plain: str, name: str) -> str:
    """``plain`` with eight characters that only ``name`` has."""
    stem, dot, suffix = plain.rpartition(".")
    mark = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{stem}~{mark}.{suffix}" if dot and stem else f"{plain}~{mark}"


def is_negotiated(address: str) -> bool:
    """Whether the viewer chooses a language before it answers there: the entrance, permanent addresses, signs."""
    return _NEGOTIATED.match(address) is not None


@dataclass(frozen=True, slots=True)
class Naming:
    """Addresses of one site to file names. ``renamed``: (asset id, name of a download) → its name here."""

    renamed: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, site: PublicSite) -> "Naming":
        """The names for this site: downloads whose names differ only in case are told apart."""
        renamed = {}
        for asset in site.assets:
            safe = {file.name: safe_name(file.name) for file in asset.downloads}
            often = Counter(name.casefold() for name in safe.values())
            for name, plain in safe.items():
                renamed[asset.id, name] = marked(plain, name) if often[plain.casefold()] > 1 else plain
        return cls(renamed)

    def file_of(self, address: str) -> str:
        """The file, from the folder's root, in which the answer to an address (a path) is kept."""
        path = unquote(address.partition("#")[0].partition("?")[0]).lstrip("/")
        if path.startswith("ark:"):
            path = f"ark/{path.removeprefix('ark:')}"
        elif path.startswith("media/"):
            return self._media(path)
        safe = "/".join(safe_name(part) for part in path.split("/") if part)
        if path.startswith(FILES) or (_FILE_SUFFIX.search(path) and not path.startswith("ark/")):
            return safe
        return posixpath.join(safe, INDEX)

    def _media(self, path: str) -> str:
        parts = path.split("/", 4)
        if len(parts) == 5 and parts[4].startswith("original/"):
            name = parts[4].removeprefix("original/")
            return "/".join((*parts[:4], "original", self.renamed.get((parts[3], name), safe_name(name))))
        return "/".join(safe_name(part) for part in path.split("/"))


def link(at: str, target: str, *, explicit: bool) -> str:
    """A relative address from one file of the folder to another.

    Args:
        at: the file in which the link stands.
        target: the file that it leads to.
        explicit: name ``index.html`` (for a folder without a server); else a page is named by its folder.
    """
    start = posixpath.dirname(at) or "."
    if posixpath.basename(target) == INDEX and not explicit:
        folder = posixpath.relpath(posixpath.dirname(target) or ".", start)
        return "./" if folder == "." else f"{quote(folder)}/"
    return quote(posixpath.relpath(target, start), safe="/,~")
