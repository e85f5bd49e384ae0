"""Everything digitised of a site, leaf by leaf: however much there is, every thing is a few links away and no page is heavy."""

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError
from viewer import addresses, pictures
from viewer.pages.page import Page, language_of
from viewer.screen import Context, Frame

ON_A_LEAF = 16


def show(context: Context, request: Request) -> Response:
    """One leaf of the list."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    assets = pictures.by_kind(site)
    last = max(1, -(-len(assets) // ON_A_LEAF))
    leaf = _leaf(request.path_params.get("leaf", "1"), last)
    shown = assets[(leaf - 1) * ON_A_LEAF : leaf * ON_A_LEAF]
    title = context.screen.say(language, "site.all_title")
    frame = Frame(
        language,
        f"{title} – {context.screen.plain(site.name, language)}",
        path=lambda other: addresses.collection(other, site.slug, leaf),
    )
    return context.screen.page(
        request,
        "collection.html",
        frame,
        site=site,
        cards=[(asset, pictures.card(site, asset)) for asset in shown],
        count=len(assets),
        leaf=leaf,
        last=last,
        near=sorted({1, leaf - 1, leaf, leaf + 1, leaf * 2, leaf // 2, last} & set(range(1, last + 1))),
    )


def _leaf(number: str, last: int) -> int:
    if not number.isascii() or not number.isdecimal() or str(int(number[:9])) != number or not 1 <= int(number) <= last:
        raise NotFoundError("The list has no such page.", advice="Begin with its first one.")
    return int(number)


PAGE = Page("/{language:language}/{slug}/all", show)
LEAF = Page("/{language:language}/{slug}/all/{leaf}", show)
