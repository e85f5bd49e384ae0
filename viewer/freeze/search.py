"""Search in a frozen copy: everything public in one small file for each language, read by a script of the search page."""

import json
import sqlite3
from contextlib import closing
from html import escape
from typing import Any

from archive.publications.read import SEARCH
from archive.records.publication import PublicSite
from archive.records.text import Language, LocalText
from viewer import addresses
from viewer.freeze.naming import link
from viewer.freeze.plan import Means
from viewer.languages import load_catalogue
from viewer.screen import NATIVE_NAMES, file_version

SEARCH_INDEX = "index.json"
_ENTRIES = "SELECT kind, asset, scene, titles, folded FROM entry JOIN plain USING (id) ORDER BY id"
_LONGEST = 4000


def place_of_index(language: Language) -> str:
    """The file that holds what can be found in that language."""
    return f"{language}/search/{SEARCH_INDEX}"


def search_index(means: Means, language: Language) -> bytes:
    """Entries as ``[address, title, language of the title, kind, folded words]``, in the order of the publication."""
    say = load_catalogue(language)
    rows: list[list[Any]] = []
    with closing(sqlite3.connect((means.folder / SEARCH).resolve().as_uri() + "?mode=ro&immutable=1", uri=True)) as index:
        for kind, asset, scene, titles, folded in index.execute(_ENTRIES):
            shown = LocalText(**json.loads(titles)).best(language) or (means.site.slug, language)
            to = means.edition.naming.file_of(_address(means.site, language, asset, scene))
            address = link(place_of_index(language), to, explicit=means.edition.explicit)
            rows.append([address, shown[0], shown[1], say(f"kind.{kind}"), folded[:_LONGEST]])
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _address(site: PublicSite, language: Language, asset: str, scene: str) -> str:
    if scene:
        return addresses.scene(language, site.slug, scene)
    return addresses.asset(language, site.slug, asset) if asset else addresses.site(language, site.slug)


def with_search(page: str, at: str, means: Means) -> str:
    """The search page with the place where its script shows what it finds, and a sentence for visitors without scripts."""
    language = Language(at.partition("/")[0])
    say = load_catalogue(language)
    source = link(at, "static/built/frozen-search.js", explicit=True)
    version = file_version(means.static / "built/frozen-search.js")
    words = {"one": say("count.results.one"), "other": say("count.results.other"), "nothing": say("search.nothing")}
    words |= {f"in_{code}": name for code, name in NATIVE_NAMES.items() if code != language}
    place = (
        f'<div data-search="{SEARCH_INDEX}" data-words="{escape(json.dumps(words, ensure_ascii=False))}">'
        f'<p class="quiet">{escape(say("freeze.search"))}</p></div>'
    )
    if means.edition.explicit:
        tag = f'<script defer src="{link(at, "static/start.js", explicit=True)}" data-module="{source}"></script>'
    else:
        tag = f'<script type="module" src="{source}?v={version}"></script>'
    return page.replace("</form>", f"</form>\n{place}", 1).replace("</head>", f"{tag}\n</head>", 1)
