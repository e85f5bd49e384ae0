"""Reads publications: the one door through which the viewer sees anything.

A publication is a folder per site: ``<slug>/current`` names its generation, ``<slug>/<generation>/`` holds ``publication.json``,
``search.sqlite``, ``media/`` and ``exports/``. Rules kept here: only the current generation answers, only names that the
publication lists are opened, and a site whose own ARK is not public is listed nowhere but still resolves.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import NotFoundError, RecordError
from archive.records.folding import fold, gram_token
from archive.records.publication import PublicAsset, PublicLabel, PublicSite, Resolution, ResolverEntry
from archive.records.serialise import from_json
from archive.records.text import Language, LocalText

PLACEHOLDER_BASE = "https://ditich.invalid"
"""What exports write where an address begins: a publication does not know where it is served. Whoever serves or freezes puts
its own origin in its place (``.invalid`` leads nowhere by RFC 2606, so a copy that kept it misleads nobody)."""
CURRENT = "current"
PUBLICATION = "publication.json"
SEARCH = "search.sqlite"
MEDIA = "media"
EXPORTS = "exports"
ORIGINAL = "original"
PACK = "tiles.pack"
PackIndex = dict[str, tuple[int, int]]
"""Name of a part of a pack → (offset, length) in bytes."""
_LEADS_AWAY = re.compile(r"[/\\:\0]")
_LONGEST_NAME = 255
_SNIPPET = 160
_LONGEST = 400
_MOST_TERMS = 16
_SHORTEST_TRIGRAM = 3
_MOST_RANKED = 400
_ENTRY = "SELECT * FROM entry WHERE id = ?"
_DRIVE = "SELECT plain.id, 0.0, plain.title FROM {0} JOIN plain ON plain.id = {0}.rowid WHERE {0} MATCH ?"
_FILTER = " AND +{0}.rowid IN (SELECT rowid FROM {1} WHERE {1} MATCH ?)"
_FIRST_UNSPACED = 0x0E00
"""From Thai on, words are not parted by spaces; everything before (Latin, Greek, Cyrillic …) is found by word."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result: ``asset_id`` and ``scene_id`` are empty for the site itself, its texts and guided walks.

    Attributes:
        kind: "site", "text", "scene", "guide", "step", "annotation" (with a scene or asset that shows it) or an asset kind.
        snippet: a line of public text in ``snippet_language``; may be empty.
        part: id of the guide or of the annotation; of a step ``guide/number``, the first is 1.
    """

    slug: str
    asset_id: str
    scene_id: str
    kind: str
    title: LocalText
    snippet: str = ""
    snippet_language: Language = Language.VI
    part: str = ""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A generation as read once: the site, its assets by id and the names that may be asked for."""

    folder: Path
    site: PublicSite
    assets: dict[str, PublicAsset]
    resolver: dict[str, ResolverEntry]
    packs: dict[tuple[str, str], "PackIndex"] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.resolver[self.site.ark].resolution is Resolution.PUBLIC


def is_open(site: PublicSite) -> bool:
    """Whether the site itself may be shown; otherwise only its resolver table speaks."""
    return any(entry.ark == site.ark and entry.resolution is Resolution.PUBLIC for entry in site.resolver)


def current_generation(folder: Path) -> int:
    """The generation that a site's folder serves; 0 when nothing was ever published there."""
    try:
        return int((folder / CURRENT).read_text(encoding="ascii"))
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except ValueError as error:
        raise RecordError(f"“{folder / CURRENT}” does not name a generation.", advice="Run: ditich publish.") from error


class Publications:
    """All publications below one folder. Safe to share between threads; follows ``current`` without a restart."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._opened: dict[str, _Opened] = {}

    def sites(self) -> tuple[PublicSite, ...]:
        """Every site that may be shown, by slug."""
        return tuple(opened.site for opened in self._all() if opened.is_open)

    def site(self, slug: str) -> PublicSite:
        """The current generation of a site.

        Raises:
            NotFoundError: no such site, or it is not public.
        """
        return self._open_site(slug).site

    def asset(self, slug: str, asset_id: str) -> PublicAsset:
        """One public asset.

        Raises:
            NotFoundError: no such site or asset, or not public.
        """
        return _asset(self._open_site(slug), asset_id)

    def resolve(self, ark: str) -> tuple[PublicSite, ResolverEntry] | None:
        """Where an ARK leads: public, not public, or withdrawn; None when no publication knows it."""
        for opened in self._all():
            if ark in opened.resolver:
                return opened.site, opened.resolver[ark]
        return None

    def entries(self) -> tuple[tuple[PublicSite, ResolverEntry], ...]:
        """Every ARK that any publication knows, with its site: also those of sites and assets that are no longer public."""
        return tuple((opened.site, entry) for opened in self._all() for entry in opened.resolver.values())

    def label(self, code: str) -> tuple[PublicSite, PublicLabel] | None:
        """The sign with that code and its site, open or closed; None where no publication knows it."""
        for opened in self._all():
            for label in opened.site.labels:
                if label.code == code:
                    return opened.site, label
        return None

    def media(self, slug: str, generation: int, asset_id: str, name: str) -> Path:
        """A listed media file: a derived file's name, or ``original/<name>`` of a download; under the site's id one of its own files.

        Raises:
            NotFoundError: another generation, or a name that the publication does not list.
        """
        opened = self._at(slug, generation)
        if asset_id == opened.site.id:
            if not any(file.name == name for file in opened.site.files):
                raise _missing(name)
            return opened.folder / MEDIA / asset_id / name
        asset = _asset(opened, asset_id)
        listed = {file.name for file in asset.files} | {f"{ORIGINAL}/{file.name}" for file in asset.downloads}
        if name not in listed:
            raise _missing(name)
        return opened.folder / MEDIA / asset.id / name

    def packed(self, slug: str, generation: int, asset_id: str, name: str) -> tuple[Path, int, int]:
        """Where one tile lies: (tiles.pack, offset, length) in bytes.

        Raises:
            NotFoundError: another generation, an asset without tiles, or no such tile.
        """
        path, index = self.pack(slug, generation, asset_id, PACK)
        found = index.get(name)
        if found is None:
            raise _missing(name)
        return path, *found

    def pack(self, slug: str, generation: int, asset_id: str, name: str) -> tuple[Path, PackIndex]:
        """A listed pack and where its parts lie: ``tiles.pack`` by the index ``tiles.json`` beside it, and so on.

        Raises:
            NotFoundError: another generation, or an asset without such a pack.
        """
        path = self.media(slug, generation, asset_id, name)
        packs = self._at(slug, generation).packs
        if (asset_id, name) not in packs:
            index = json.loads(path.with_suffix(".json").read_bytes())
            packs[asset_id, name] = {key: (int(offset), int(length)) for key, (offset, length) in index.items()}
        return path, packs[asset_id, name]

    def stamp(self, slug: str) -> tuple[int, int]:
        """Something that is another as soon as another generation is served; costs one look at a file's entry.

        Raises:
            OSError: nothing is published under this name.
        """
        if not _is_one_name(slug):
            raise FileNotFoundError(slug)
        entry = (self._root / slug / CURRENT).stat()
        return entry.st_ino, entry.st_mtime_ns

    def export(self, slug: str, name: str) -> Path:
        """An export of the current generation by its file name ("manifest.json").

        Raises:
            NotFoundError: no such export.
        """
        opened = self._open_site(slug)
        path = opened.folder / EXPORTS / name
        if not _is_one_name(name) or not path.is_file():
            raise _missing(name)
        return path

    def exports(self, slug: str) -> tuple[str, ...]:
        """The names of a site's exports."""
        return tuple(sorted(path.name for path in (self._open_site(slug).folder / EXPORTS).iterdir()))

    def search(self, words: str, language: Language, limit: int = 50, site: str = "") -> tuple[SearchHit, ...]:
        """What the public fields say about these words, best first; words without diacritics find those with them.

        Args:
            words: what the visitor typed; every word must be found (Latin words by their beginning, Thai anywhere).
            language: whose text the snippet is taken from where it matches.
            limit: most results.
            site: slug of the only site to look in; "" looks in all.
        """
        terms = _terms(words)
        if not terms:
            return ()
        scored: list[tuple[float, str, int, SearchHit]] = []
        for slug in self._slugs():
            if site in {"", slug}:
                scored.extend(_search_one(self._root / slug, terms, language, limit))
        scored.sort(key=lambda row: row[:3])
        return tuple(hit for _, _, _, hit in scored[:limit])

    def _slugs(self) -> list[str]:
        return sorted(folder.name for folder in self._root.iterdir() if _is_one_name(folder.name)) if self._root.is_dir() else []

    def _all(self) -> Iterator[_Opened]:
        for slug in self._slugs():
            opened = self._load(slug)
            if opened is not None:
                yield opened

    def _open_site(self, slug: str) -> _Opened:
        opened = self._load(slug)
        if opened is None or not opened.is_open:
            raise NotFoundError(f"There is no public site “{slug}”.", advice="Choose one from the home page.")
        return opened

    def _at(self, slug: str, generation: int) -> _Opened:
        opened = self._open_site(slug)
        if generation != opened.site.generation:
            raise NotFoundError("This edition of the publication is gone.", advice="Load the page again.")
        return opened

    def _load(self, slug: str) -> _Opened | None:
        if not _is_one_name(slug):
            return None
        for _ in range(3):
            generation = current_generation(self._root / slug)
            known = self._opened.get(slug)
            if generation == 0:
                return None
            if known is not None and known.site.generation == generation:
                return known
            folder = self._root / slug / str(generation)
            try:
                site = from_json(PublicSite, (folder / PUBLICATION).read_bytes())
            except FileNotFoundError:
                continue  # a newer generation took its place between the two reads
            assets, resolver = {asset.id: asset for asset in site.assets}, {entry.ark: entry for entry in site.resolver}
            opened = _Opened(folder, site, assets, resolver)
            self._opened[slug] = opened
            return opened
        raise _incomplete(slug)


def _is_one_name(name: str) -> bool:
    """Whether this can only be an entry of its folder, on any system: no way up, to another drive or to what is longer than names are."""
    return (
        bool(name) and not name.startswith(".") and not _LEADS_AWAY.search(name) and len(name.encode("utf-8", "replace")) <= _LONGEST_NAME
    )


def _incomplete(slug: str) -> RecordError:
    return RecordError(f"The publication of “{slug}” is incomplete.", advice="Run: ditich publish.")


def _asset(opened: _Opened, asset_id: str) -> PublicAsset:
    asset = opened.assets.get(asset_id)
    if asset is None:
        raise _missing(asset_id)
    return asset


def _missing(name: str) -> NotFoundError:
    return NotFoundError(f"There is no “{name}” here.", advice="Look at the site's page for what there is.")


def _search_one(folder: Path, terms: tuple[str, ...], language: Language, limit: int) -> list[tuple[float, str, int, SearchHit]]:
    """Hits in one site, from its index alone: the whole record of a large site takes seconds to read."""
    for _ in range(3):
        generation = current_generation(folder)
        if generation == 0:
            return []
        address = (folder / str(generation) / SEARCH).absolute().as_uri() + "?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as index:
                return _hits(index, folder.name, terms, language, limit)
        except sqlite3.DatabaseError:
            continue  # a newer generation took its place between the two reads
    raise _incomplete(folder.name)


def _hits(
    index: sqlite3.Connection, slug: str, terms: tuple[str, ...], language: Language, limit: int
) -> list[tuple[float, str, int, SearchHit]]:
    found = []
    scores = _scores(index, terms, limit, whole=False) or _scores(index, terms, limit, whole=True)
    for number, score in scores.items():
        _, kind, asset_id, scene_id, titles, bodies, *part = index.execute(_ENTRY, (number,)).fetchone()
        snippet, spoken = _snippet(_local(bodies), terms, language)
        found.append((score, slug, number, SearchHit(slug, asset_id, scene_id, kind, _local(titles), snippet, spoken, *part)))
    return found


def _scores(index: sqlite3.Connection, terms: tuple[str, ...], limit: int, *, whole: bool) -> dict[int, float]:
    """The best entries that hold every term, with their scores (the lower the better).

    Few matches are ranked by BM25. Of many, which would take long to rank, those with the words in their title come first, then the
    order of the publication. ``whole`` looks for all terms inside words too: the second, wider try.
    """
    parts = _parts(terms, whole=whole)
    table, values = parts[0][0], [match for _, match in parts]
    query = _DRIVE.format(table) + "".join(_FILTER.format(table, other) for other, _ in parts[1:])
    first = index.execute(f"{query} LIMIT ?", (*values, _MOST_RANKED)).fetchall()
    if table == "words" and len(first) < _MOST_RANKED:
        ranked = index.execute(f"{query.replace('0.0', 'rank')} ORDER BY rank LIMIT ?", (*values, limit)).fetchall()
        return {number: score for number, score, _ in ranked}
    if table == "words":
        first = index.execute(f"{query} LIMIT ?", (f"title : ({values[0]})", *values[1:], limit)).fetchall() + first
    titled = {number: -1.0 if all(term in title for term in terms) else 0.0 for number, _, title in first}
    return dict(sorted(titled.items(), key=lambda row: (row[1], row[0]))[:limit])


def _parts(terms: tuple[str, ...], *, whole: bool) -> list[tuple[str, str]]:
    """(table of the index, what to match there): all of them together find the terms."""
    words = [] if whole else [term for term in terms if max(map(ord, term)) < _FIRST_UNSPACED]
    inside = [term for term in terms if term not in words]
    long = [term for term in inside if len(term) >= _SHORTEST_TRIGRAM]
    short = [gram_token(term) for term in inside if term not in long]
    parts = [
        ("words", " ".join(f"{_quoted(word)}*" for word in words)),
        ("trigrams", " AND ".join(map(_quoted, long))),
        ("grams", " AND ".join(map(_quoted, short))),
    ]
    return [(table, match) for table, match in parts if match]


def _terms(words: str) -> tuple[str, ...]:
    """The folded words, each once; without NUL and lone surrogates, which SQLite cannot take, and no more than make sense."""
    clean = words[:_LONGEST].replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")
    return tuple(dict.fromkeys(fold(clean).split()))[:_MOST_TERMS]


def _quoted(term: str) -> str:
    """The term as an FTS5 string, which has no operators inside (https://sqlite.org/fts5.html#fts5_strings)."""
    return '"' + term.replace('"', '""') + '"'


def _local(text: str) -> LocalText:
    return LocalText(**json.loads(text))


def _snippet(body: LocalText, terms: tuple[str, ...], language: Language) -> tuple[str, Language]:
    """Some words around the first match; in the asked language wherever there are any, be the match in another one."""
    for candidate in (language,) if body.get(language) else Language:
        text = body.get(candidate) or ""
        folded = fold(text)
        places = [place for term in terms if (place := folded.find(term)) >= 0]
        if text and places:
            start = max(0, min(places) - _SNIPPET // 4)
            start = text.rfind(" ", 0, start) + 1 if start else 0
            cut = text[start : start + _SNIPPET].strip()
            return f"{'… ' if start else ''}{cut}{' …' if start + _SNIPPET < len(text) else ''}", candidate
    best = body.best(language)
    return (best[0][:_SNIPPET].strip(), best[1]) if best else ("", language)
