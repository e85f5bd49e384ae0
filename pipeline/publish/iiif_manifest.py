"""The IIIF Presentation 3 export of a site.

``manifest.json`` is the whole site, ``manifest-tour.json`` its walk, ``manifest-<asset id>.json`` every asset that can be seen or heard,
and ``collection.json`` the list of all of them.
"""

from collections.abc import Iterator

from archive.records.publication import PublicSite
from pipeline.publish.presentation.document import write
from pipeline.publish.presentation.manifests import asset_manifest, canvases, site_collection, site_manifest, tour_manifest


def make(site: PublicSite) -> Iterator[tuple[str, bytes]]:
    """The manifests of a site; none of one that shows nothing."""
    made = canvases(site)
    if not made:
        return
    yield "collection.json", write(site_collection(site, made))
    yield "manifest.json", write(site_manifest(site, made))
    tour = tour_manifest(site, made)
    if tour is not None:
        yield "manifest-tour.json", write(tour)
    for asset in site.assets:
        if asset.id in made:
            yield f"manifest-{asset.id}.json", write(asset_manifest(site, asset, made[asset.id]))
