"""A publication with its real exports, a withdrawn thing and words that try to break out, for the pages that programs read."""

from dataclasses import replace
from pathlib import Path

from archive.publications.write import withdraw, write_publication
from archive.records.asset import Nature
from archive.records.identifiers import ark_from_blade
from archive.records.publication import PublicSite, Resolution, ResolverEntry
from archive.records.text import LocalText
from archive.records.tour import Guide, GuideStep
from pipeline.publish.publish import exports_of
from tests.archive.publications.builders import small_site
from tests.viewer.builders import EVIL, EVIL_TEXT

EVIL_SLUG = "dinh-xau"
GONE_SLUG = "dinh-mat"
GONE_SITE = ark_from_blade("99999", "f" * 16)


def write_published(folder: Path) -> Path:
    """Three sites below ``folder``/publications: one as it is, one whose every word is hostile, one withdrawn whole."""
    root = folder / "publications"
    root.mkdir()
    site, media = small_site(folder / "pictures")
    dated = replace(site.assets[0], archived="2026-02-03")
    assert site.tour is not None
    guide = Guide("nhanh", LocalText(vi="Dạo nhanh"), steps=(GuideStep(LocalText(vi="Cổng"), scene=site.tour.scenes[0].id),))
    site = replace(site, assets=(dated, *site.assets[1:]), tour=replace(site.tour, guides=(guide,)))
    write_publication(root, site, media, dict(exports_of(replace(site, generation=1))))
    write_publication(root, _hostile(site), media, dict(exports_of(replace(_hostile(site), generation=1))))
    gone = replace(site, ark=GONE_SITE, slug=GONE_SLUG, resolver=(ResolverEntry(GONE_SITE, Resolution.PUBLIC, GONE_SLUG),))
    gone = replace(gone, assets=(), tour=None, cover="")
    write_publication(root, gone, {}, {})
    withdraw(root, GONE_SLUG, since="2026-03")
    return root


def _hostile(site: PublicSite) -> PublicSite:
    words = LocalText(vi=EVIL, en=EVIL_TEXT, th=f"]]>&amp;\u2028{EVIL}\0\ufffe")
    assets = tuple(
        replace(each, title=words, description=words, creator=EVIL, credit=EVIL, subject=(EVIL,), rights=EVIL, captured=EVIL)
        for each in site.assets
    )
    ark = ark_from_blade("99999", "g" * 16)
    entries = (ResolverEntry(ark, Resolution.PUBLIC, EVIL_SLUG), *site.resolver[1:])
    nature = Nature.SIMULATED
    return replace(site, ark=ark, slug=EVIL_SLUG, name=words, summary=words, assets=assets, resolver=entries, nature=nature)
