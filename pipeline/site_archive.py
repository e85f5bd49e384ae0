"""Archives a site's working copy as a new version of the site's object, and writes it back byte-equal.

A working copy remembers in ``.ditich-site.json`` which version of which site it was taken from. Saving over a version that somebody
else has archived since is refused with a diff: their work would be lost without a word.
"""

import difflib
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive.access import head_of, list_objects, read_bytes, read_files, read_site, record_kind
from archive.accession import accession
from archive.catalogue import open_catalogue
from archive.errors import ConflictError, NotFoundError, UsageError
from archive.home import Home
from archive.records.identifiers import identifier_of, mint_site
from archive.records.label import LABELS
from archive.records.package import FileToKeep, VersionDraft
from archive.records.serialise import to_json
from archive.records.site import Site
from pipeline.site_definition import Note, SiteDefinition, load, notes_on

MARKER = ".ditich-site.json"
WORKING = "working/"


@dataclass(frozen=True, slots=True)
class Saved:
    """What ``save`` did: the site, its version, whether anything was new, and what is hardly meant."""

    site: Site
    version: str
    changed: bool
    notes: tuple[Note, ...] = ()


def find_site(home: Home, name: str) -> Site:
    """The archived site of that slug or ARK.

    Raises:
        UsageError: no site was named.
        NotFoundError: the archive has no such site; the advice lists those it has.
    """
    sites = archived_sites(home)
    known = ", ".join(site.slug for site in sites) or "none yet: `ditich site save DIR`"
    if not name:
        raise UsageError(
            "It has to be said which site this belongs to.",
            advice=f"Add --site NAME. Sites here: {known}.",
            code="site-unnamed",
            values={"known": known},
        )
    for site in sites:
        if name in {site.ark, site.slug}:
            return site
    raise NotFoundError(
        f"This archive has no site “{name}”.", advice=f"Sites here: {known}.", code="no-site", values={"name": name, "known": known}
    )


def archived_sites(home: Home) -> tuple[Site, ...]:
    """All sites of the archive, by slug."""
    sites = (read_site(home, identifier) for identifier in list_objects(home) if record_kind(home, identifier) == "site")
    return tuple(sorted(sites, key=lambda site: site.slug))


def save(home: Home, folder: Path, *, agent: str, now: datetime, as_new_site: bool = False) -> Saved:
    """Validates a working copy and archives it.

    Args:
        home: the archive home.
        folder: the working copy.
        agent: who saves it.
        now: the moment.
        as_new_site: a copy that was taken from one site may found another one.

    Raises:
        UsageError: the folder is not a valid site, or it was taken from a site with another short name.
        ConflictError: the archived head is not the version this copy was taken from; carries the diff.
    """
    definition = load(folder)
    existing = next((site for site in archived_sites(home) if site.slug == definition.site.slug), None)
    if not as_new_site:
        _require_its_own_name(home, folder, definition.site.slug)
    ark = existing.ark if existing else mint_site(home.config.naan)
    head = (head_of(home, ark) or "") if existing else ""
    definition = _with_ark(definition, ark)
    notes = notes_on(definition, _asset_names(home, ark))
    if existing and _same(home, ark, definition):
        _mark(folder, ark, head)
        return Saved(definition.site, head, changed=False, notes=notes)
    if existing and not _up_to_date(home, ark, _taken_from(folder, ark), head):
        raise ConflictError(
            f"“{definition.site.slug}” was archived as {head} since this copy was taken from it; nothing was saved.",
            advice=f"Check it out into another folder (`ditich site checkout {definition.site.slug} DIR`), carry your changes over.",
            detail=_diff(home, ark, definition),
            code="copy-out-of-date",
            values={"slug": definition.site.slug, "head": head},
        )
    message = "Site record and texts" if existing else "Site founded"
    files = (*_files(definition), *(_carried(home, ark) if existing else ()))
    kept = accession(home, [VersionDraft(ark, head, files, message)], agent=agent, now=now)
    _mark(folder, ark, kept[0].version)
    return Saved(definition.site, kept[0].version, changed=True, notes=notes)


def checkout(home: Home, name: str, folder: Path) -> tuple[Site, str]:
    """Writes the archived working copy of a site into a folder, byte-equal.

    Raises:
        ConflictError: the folder exists and is not empty.
        NotFoundError: no such site.
    """
    site = find_site(home, name)
    if folder.exists() and any(folder.iterdir()):
        raise ConflictError(f"“{folder}” is not empty; nothing was written.", advice="Name a new folder.")
    for path in read_files(home, site.ark):
        if path.startswith(WORKING):
            target = folder / path.removeprefix(WORKING)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(read_bytes(home, site.ark, path))
    head = head_of(home, site.ark) or ""
    _mark(folder, site.ark, head)
    return site, head


def _asset_names(home: Home, site_ark: str) -> frozenset[str]:
    """Every name that leads to an asset of the site."""
    with open_catalogue(home) as catalogue:
        arks = {row.ark for row in catalogue.assets(site_ark)}
        names = {file.path.rpartition("/")[2] for file in catalogue.files() if file.ark in arks}
    return frozenset(arks | names | {identifier_of(ark) for ark in arks})


def _with_ark(definition: SiteDefinition, ark: str) -> SiteDefinition:
    return replace(definition, site=replace(definition.site, ark=ark), tour=replace(definition.tour, site=ark))


def _contents(definition: SiteDefinition) -> dict[str, bytes]:
    texts = {path: content for path, content in definition.files.items() if path.startswith("texts/")}
    working = {WORKING + path: content for path, content in definition.files.items()}
    return {"site.json": to_json(definition.site), "tour.json": to_json(definition.tour), **texts, **working}


def _files(definition: SiteDefinition) -> tuple[FileToKeep, ...]:
    return tuple(
        FileToKeep(path, hashlib.sha512(content).hexdigest(), hashlib.sha256(content).hexdigest(), len(content), content=content)
        for path, content in sorted(_contents(definition).items())
    )


def _up_to_date(home: Home, ark: str, taken: str, head: str) -> bool:
    """Whether nothing of the folder was archived since that version; signs issued meanwhile are no change of it."""
    if not taken or taken == head:
        return taken == head
    try:
        before = read_files(home, ark, taken)
    except NotFoundError:
        return False
    after = read_files(home, ark, head)
    return {path: file.sha512 for path, file in before.items() if path != LABELS} == {
        path: file.sha512 for path, file in after.items() if path != LABELS
    }


def _carried(home: Home, ark: str) -> tuple[FileToKeep, ...]:
    """What a site's object holds besides its folder: the register of its signs."""
    present = read_files(home, ark).items()
    return tuple(FileToKeep(path, file.sha512, file.sha256, file.size, kept=True) for path, file in present if path == LABELS)


def _same(home: Home, ark: str, definition: SiteDefinition) -> bool:
    kept = {path: file.sha512 for path, file in read_files(home, ark).items() if path != LABELS}
    return kept == {file.logical_path: file.sha512 for file in _files(definition)}


def _diff(home: Home, ark: str, definition: SiteDefinition) -> str:
    kept = {path: read_bytes(home, ark, path) for path in read_files(home, ark) if path.startswith(WORKING)}
    mine = {WORKING + path: content for path, content in definition.files.items()}
    lines: list[str] = []
    for path in sorted(kept.keys() | mine.keys()):
        before = kept.get(path, b"").decode("utf-8", "replace").splitlines(keepends=True)
        after = mine.get(path, b"").decode("utf-8", "replace").splitlines(keepends=True)
        lines += difflib.unified_diff(before, after, f"archived/{path}", f"yours/{path}")
    return "".join(lines)


def _require_its_own_name(home: Home, folder: Path, slug: str) -> None:
    """A changed ``slug`` would found a second site without a word, or write over another one."""
    taken = _marker(folder)[0]
    own = next((site.slug for site in archived_sites(home) if site.ark == taken), slug)
    if own != slug:
        raise UsageError(
            f"This folder was taken from “{own}”, and its site.toml says slug = “{slug}” now; nothing was saved.",
            advice=f"A site keeps its short name for good: write slug = “{own}” again. For another site on purpose, add --as-new-site.",
            code="slug-changed",
            values={"own": own, "slug": slug},
        )


def _taken_from(folder: Path, ark: str) -> str:
    taken, version = _marker(folder)
    return version if taken == ark else ""


def _marker(folder: Path) -> tuple[str, str]:
    """ARK and version from which a working copy was taken; two empty texts where it does not say."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        return str(marker["ark"]), str(marker["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ""


def _mark(folder: Path, ark: str, version: str) -> None:
    (folder / MARKER).write_text(json.dumps({"ark": ark, "version": version}) + "\n", encoding="utf-8")
