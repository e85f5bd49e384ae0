"""What came into the archive last. Rules only."""

from collections.abc import Iterable
from heapq import nlargest

from archive.records.publication import PublicAsset, PublicSite

_MOST = 4


def assets(sites: Iterable[PublicSite]) -> list[tuple[PublicSite, PublicAsset]]:
    """The last few things archived, newest first, with their sites; those whose date is not known are not among them."""
    dated = ((site, asset) for site in sites for asset in site.assets if asset.archived)
    return nlargest(_MOST, dated, key=lambda pair: pair[1].archived)


def added(site: PublicSite) -> list[tuple[PublicSite, PublicAsset]]:
    """The newest things of a site that came after its first ones: of a site archived on one day nothing is news."""
    first = min((asset.archived for asset in site.assets if asset.archived), default="")
    return [pair for pair in assets([site]) if pair[1].archived > first]
