"""Writes publications: a generation is built whole beside the current one, then ``current`` is switched in one step.

Derived files are hard links where the file system allows it. Downloads are always copies: an original's bytes belong to the
storage root, and OCFL forbids links into it.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from archive.errors import NotFoundError, RecordError
from archive.publications.read import CURRENT, EXPORTS, MEDIA, ORIGINAL, PUBLICATION, SEARCH, current_generation
from archive.publications.search_index import entries_of, is_current, write_index
from archive.records.publication import PublicSite, Resolution
from archive.records.serialise import from_json, to_json
from archive.records.text import LocalText

MediaSources = Mapping[tuple[str, str], Path | bytes]
"""(asset id, file name or ``original/<name>``) or (site id, file name) → where its bytes lie now, or the bytes themselves."""


def write_publication(root: Path, site: PublicSite, media: MediaSources, exports: Mapping[str, bytes]) -> int:
    """Publish a site: write its generation, switch to it, remove the older ones.

    The generation written is ``site.generation`` or, when that is 0, the one after the current. Writing the current
    generation again with the same content changes nothing.

    Args:
        root: folder of all publications.
        site: everything public about the site.
        media: a source for every file that the site lists, and no other.
        exports: file name → bytes.

    Raises:
        RecordError: a listed file has no source or another size, or a source is listed nowhere.
    """
    folder = root / site.slug
    current = current_generation(folder)
    written = replace(site, generation=site.generation or current + 1)
    _check_media(written, media)
    name = str(written.generation)
    fresh = folder / f".{name}.part"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / EXPORTS).mkdir(parents=True)
    (fresh / PUBLICATION).write_bytes(to_json(written))
    for export, content in sorted(exports.items()):
        (fresh / EXPORTS / export).write_bytes(content)
    for (asset_id, file_name), source in sorted(media.items(), key=lambda entry: entry[0]):
        _place(source, fresh / MEDIA / asset_id / file_name)
    write_index(fresh / SEARCH, entries_of(written))
    _take_place(folder, fresh, name)
    return written.generation


def is_written(root: Path, site: PublicSite) -> bool:
    """Whether this very record is what its folder serves now, with an index and a file of the right size for all that it lists."""
    folder = root / site.slug / str(site.generation)
    if current_generation(root / site.slug) != site.generation:
        return False
    try:
        same = (folder / PUBLICATION).read_bytes() == to_json(site) and is_current(folder / SEARCH)
        return same and all((folder / MEDIA / key[0] / key[1]).stat().st_size == size for key, size in _listed(site).items())
    except OSError:
        return False


def withdraw(root: Path, slug: str, *, since: str = "") -> int:
    """Take a whole site out of public view. Its ARKs still resolve, to tombstones; nothing else of it remains.

    Args:
        root: folder of all publications.
        slug: the site's short name.
        since: date that the tombstones give (EDTF or RFC 3339), "" for none.

    Raises:
        NotFoundError: nothing is published under this name.
    """
    folder = root / slug
    current = current_generation(folder)
    if current == 0:
        raise NotFoundError(f"Nothing is published for “{slug}”.", advice="Nothing needs to be done.")
    site = from_json(PublicSite, (folder / str(current) / PUBLICATION).read_bytes())
    entries = [replace(entry, resolution=Resolution.WITHDRAWN, path="", since=entry.since or since) for entry in site.resolver]
    return write_publication(root, replace(closed_site(site), resolver=tuple(entries), generation=0), {}, {})


def closed_site(site: PublicSite) -> PublicSite:
    """The site with nothing left to see: what is published of one that is not public."""
    nothing = LocalText()
    closed = replace(site, name=nothing, summary=nothing, level="listed", facts=(), texts=(), assets=(), tour=None, cover="", files=())
    labels = tuple(replace(label, path="", title=label.title if label.retired else nothing) for label in site.labels)
    return replace(closed, latitude=None, longitude=None, labels=labels)


def _listed(site: PublicSite) -> dict[tuple[str, str], int]:
    """(asset id, file name) of every file that the site lists → its size; its own files stand under its own id."""
    listed: dict[tuple[str, str], int] = {(site.id, file.name): file.size for file in site.files}
    for asset in site.assets:
        listed |= {(asset.id, file.name): file.size for file in asset.files}
        listed |= {(asset.id, f"{ORIGINAL}/{file.name}"): file.size for file in asset.downloads}
    return listed


def _check_media(site: PublicSite, media: MediaSources) -> None:
    listed = _listed(site)
    for key in sorted(listed.keys() ^ media.keys()):
        raise RecordError(f"“{key[1]}” of {key[0]} is listed without a file, or is a file that nothing lists.")
    for key, source in media.items():
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size != listed[key]:
            where = "" if isinstance(source, bytes) else str(source)
            raise RecordError(f"“{key[1]}” of {key[0]} is not as long as its record says.", advice="Run: ditich rebuild.", detail=where)


def _place(source: Path | bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, bytes):
        target.write_bytes(source)
        return
    if target.parent.name != ORIGINAL:
        try:
            os.link(source, target)
        except OSError:  # another file system, or one without links
            pass
        else:
            return
    shutil.copyfile(source, target)


def _take_place(folder: Path, fresh: Path, name: str) -> None:
    """Put the new generation under its name, point ``current`` at it, remove everything else."""
    target = folder / name
    if target.exists():
        _replace_same(target, fresh)
    else:
        fresh.rename(target)
    pointer = folder / f".{CURRENT}.part"
    pointer.write_text(name, encoding="ascii")
    pointer.replace(folder / CURRENT)
    for other in folder.iterdir():
        if other.name not in {CURRENT, name}:
            shutil.rmtree(other)


def _replace_same(target: Path, fresh: Path) -> None:
    """The generation is there already: keep it when it says the same, else make it good (it was damaged or half removed)."""
    old = target.with_name(f".{target.name}.old")
    target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old)
