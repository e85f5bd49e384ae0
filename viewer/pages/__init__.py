"""All pages of the viewer, one a file. A new page is a new file and one line here; the first pattern that fits answers."""

from viewer.pages import about, asset, book, citation, collection, entrance, guide, home, offline, resolver, scene, search, short, site
from viewer.pages.page import Page

PAGES: tuple[Page, ...] = (
    entrance.PAGE,
    offline.WORKER,
    offline.EDITION,
    resolver.PAGE,
    short.PAGE,
    home.PAGE,
    search.PAGE,
    about.PAGE,
    site.PAGE,
    scene.PAGE,
    book.PAGE,
    collection.PAGE,
    collection.LEAF,
    guide.PAGE,
    guide.STEP,
    citation.PAGE,
    offline.PAGE,
    offline.LIST,
    scene.DIRECTION,
    asset.PAGE,
)
