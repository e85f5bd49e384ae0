"""Where an address leads whose page is gone: a scene whose panorama is no longer walked into, a thing withdrawn or closed since.

Ids of scenes and assets come from ARKs, and an ARK resolves for ever; so do the addresses made of them.
"""

import re

from archive.publications.read import Publications
from archive.records.publication import Resolution
from archive.records.text import Language
from viewer import addresses

_ADDRESS = re.compile(rf"/({'|'.join(Language)})/([^/]+)/(?:(scene)/)?(dt[0-9a-z]{{3,40}})(?(3)(?:/[a-z-]+)?)")


def present_address(publications: Publications, path: str) -> str:
    """The address that answers instead of a lost one; "" where nothing was ever there, or nothing may stand in another's frame."""
    embedded = path.endswith("/embed")
    match = _ADDRESS.fullmatch(path.removesuffix("/embed"))
    if match is None:
        return ""
    language, slug, scene, identifier = match.groups()
    entries = (entry for site, entry in publications.entries() if site.slug == slug)
    found = next((entry for entry in entries if entry.ark.endswith(f"/{identifier}")), None)
    if found is None:
        return ""
    if found.resolution is not Resolution.PUBLIC:
        return "" if embedded else addresses.ark(found.ark)
    page = addresses.asset(Language(language), slug, identifier) if scene else ""
    return addresses.embed(page) if page and embedded else page
