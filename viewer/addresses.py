"""Every address of the viewer, in one place. Paths only: which host answers is not known here."""

from urllib.parse import quote, urlencode

from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language


def home(language: Language) -> str:
    """The list of sites."""
    return f"/{language}/"


def about(language: Language) -> str:
    """About the archive."""
    return f"/{language}/about"


def search(language: Language, words: str = "") -> str:
    """The search page, with its words filled in."""
    return f"/{language}/search" + (f"?{urlencode({'q': words})}" if words else "")


def site(language: Language, slug: str) -> str:
    """One site."""
    return f"/{language}/{quote(slug)}/"


def scene(language: Language, slug: str, scene_id: str) -> str:
    """One standpoint of a site's tour."""
    return f"/{language}/{quote(slug)}/scene/{quote(scene_id)}"


def asset(language: Language, slug: str, asset_id: str) -> str:
    """One asset."""
    return f"/{language}/{quote(slug)}/{quote(asset_id)}"


def ark(identifier: str) -> str:
    """The permanent address of an ARK."""
    return f"/{identifier}"


def media(site_shown: PublicSite, asset_shown: PublicAsset, name: str) -> str:
    """A file of an asset, under the publication's generation: these bytes never change at this address."""
    return f"/media/{site_shown.slug}/{site_shown.generation}/{asset_shown.id}/{quote(name)}"


def image(site_shown: PublicSite, asset_shown: PublicAsset) -> str:
    """The IIIF image service of a photo or panorama."""
    return f"/iiif/{site_shown.slug}/{site_shown.generation}/{asset_shown.id}"


def export(slug: str, name: str) -> str:
    """A manifest or record export of a site."""
    return f"/export/{quote(slug)}/{quote(name)}"
