"""Builds the search index of one publication: public fields only, folded, the same bytes for the same publication.

Three ways in: ``words`` by the beginnings of words, ``trigrams`` by three or more characters anywhere, ``grams`` by one or two
characters anywhere, which Thai needs and trigrams cannot find.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.publications.read import is_open
from archive.records.folding import fold, gram_token
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Tour

INDEX_SCHEMA = 3
"""Goes up whenever an index has to be written anew to be read."""
_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA user_version = {INDEX_SCHEMA};
CREATE TABLE entry (id INTEGER PRIMARY KEY, kind TEXT, asset TEXT, scene TEXT, titles TEXT, bodies TEXT, part TEXT);
CREATE TABLE plain (id INTEGER PRIMARY KEY, title TEXT, folded TEXT);
CREATE VIRTUAL TABLE words USING fts5(title, body, content='', prefix='1 2 3', tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE trigrams USING fts5(folded, content='', detail=full, tokenize='trigram');
CREATE VIRTUAL TABLE grams USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii');
INSERT INTO words(words, rank) VALUES ('rank', 'bm25(8.0, 1.0)');
"""  # noqa: S608 - a number of ours


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One thing that can be found, with everything it can be found by."""

    kind: str
    title: LocalText
    body: LocalText
    asset_id: str = ""
    scene_id: str = ""
    keywords: tuple[str, ...] = ()
    part: str = ""


def entries_of(site: PublicSite) -> Iterator[SearchEntry]:
    """Everything of a public site that search may find: itself, its texts, tour and assets, in their order. Nothing of another."""
    if not is_open(site):
        return
    facts = LocalText(*(" · ".join(filter(None, (fact.value.get(language) for fact in site.facts))) or None for language in Language))
    yield SearchEntry("site", site.name, _joined(site.summary, facts), keywords=(site.ark, site.slug))
    for text in site.texts:
        yield SearchEntry("text", text.title, text.body)
    if site.tour is not None:
        yield from _tour_entries(site.tour)
    for asset in site.assets:
        yield SearchEntry(asset.kind.value, asset.title, asset.description, asset.id, keywords=_keywords(asset))


def _tour_entries(tour: Tour) -> Iterator[SearchEntry]:
    """Scenes, guided walks with their steps, annotations at the first scene or else the first asset that shows them."""
    for scene in tour.scenes:
        words = [scene.description, *(spot.label for spot in scene.hotspots), *(spot.text for spot in scene.hotspots)]
        yield SearchEntry("scene", scene.title, _joined(*words), scene_id=scene.id)
    for guide in tour.guides:
        yield SearchEntry("guide", guide.title, guide.summary, part=guide.id)
        for number, step in enumerate(guide.steps, start=1):
            yield SearchEntry("step", step.title, step.text, part=f"{guide.id}/{number}")
    scenes = {scene.panorama: scene.id for scene in tour.scenes}
    for annotation in tour.annotations:
        shown = next((scenes[target.asset] for target in annotation.targets if target.asset in scenes), "")
        asset = "" if shown else identifier_of(annotation.targets[0].asset)
        yield SearchEntry("annotation", annotation.label, annotation.text, asset, shown, annotation.sources, annotation.id)


def write_index(path: Path, entries: Iterator[SearchEntry]) -> None:
    """Write the index to a new file. Entry numbers follow the order given."""
    with closing(sqlite3.connect(path)) as index:
        index.executescript(_SCHEMA)
        for number, entry in enumerate(entries, start=1):
            title = _folded(entry.title)
            body = " ".join((_folded(entry.body), *map(fold, entry.keywords)))
            row = (number, entry.kind, entry.asset_id, entry.scene_id, _json(entry.title), _json(entry.body), entry.part)
            index.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            index.execute("INSERT INTO plain VALUES (?, ?, ?)", (number, title, f"{title} {body}"))
            index.execute("INSERT INTO words(rowid, title, body) VALUES (?, ?, ?)", (number, title, body))
            index.execute("INSERT INTO trigrams(rowid, folded) VALUES (?, ?)", (number, f"{title} {body}"))
            index.execute("INSERT INTO grams(rowid, tokens) VALUES (?, ?)", (number, _grams(f"{title} {body}")))
        index.commit()
        for table in ("words", "trigrams", "grams"):
            index.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - fixed names
        index.commit()
        index.execute("VACUUM")


def is_current(path: Path) -> bool:
    """Whether an index is there that this Ditich can read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as index:
            return bool(index.execute("PRAGMA user_version").fetchone()[0] == INDEX_SCHEMA)
    except sqlite3.DatabaseError:
        return False


def _grams(folded: str) -> str:
    """The tokens of every character and every two neighbouring ones, each once; none holds a space."""
    found = {*folded, *(folded[place : place + 2] for place in range(len(folded) - 1))}
    return " ".join(sorted(gram_token(gram) for gram in found if not any(map(str.isspace, gram))))


def _keywords(asset: PublicAsset) -> tuple[str, ...]:
    return (*asset.subject, asset.creator, asset.credit, asset.captured, asset.ark)


def _joined(*texts: LocalText) -> LocalText:
    return LocalText(*("\n".join(filter(None, (text.get(language) for text in texts))) or None for language in Language))


def _folded(text: LocalText) -> str:
    return " ".join(fold(words) for language in Language if (words := text.get(language)))


def _json(text: LocalText) -> str:
    return json.dumps(asdict(text), ensure_ascii=False, sort_keys=True)
