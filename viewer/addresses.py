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


def direction(language: Language, slug: str, scene_id: str, name: str) -> str:
    """One direction of a standpoint: ``name`` is "north", "north-east" … or "ahead", "right", "behind", "left"."""
    return f"{scene(language, slug, scene_id)}/{name}"


def guide(language: Language, slug: str, guide_id: str) -> str:
    """A guided walk."""
    return f"/{language}/{quote(slug)}/guide/{quote(guide_id)}"


def step(language: Language, slug: str, guide_id: str, number: int) -> str:
    """A step of a guided walk, the first is 1."""
    return f"{guide(language, slug, guide_id)}/{number}"


def book(language: Language, slug: str) -> str:
    """The tour book of a site: its pages for printing."""
    return f"/{language}/{quote(slug)}/book"


def collection(language: Language, slug: str, leaf: int = 1) -> str:
    """A leaf of the list of everything digitised of a site, the first is 1."""
    return f"/{language}/{quote(slug)}/all" + (f"/{leaf}" if leaf > 1 else "")


def offline(language: Language, slug: str) -> str:
    """The page on which a visitor keeps a tour on the phone."""
    return f"/{language}/{quote(slug)}/offline"


def sign(code: str) -> str:
    """The short address on a printed sign."""
    return f"/q/{quote(code)}"


def asset(language: Language, slug: str, asset_id: str) -> str:
    """One asset."""
    return f"/{language}/{quote(slug)}/{quote(asset_id)}"


def citation(language: Language, slug: str, asset_id: str, form: str) -> str:
    """The citation of an asset for a reference program: "bib", "ris" or "json"."""
    return f"{asset(language, slug, asset_id)}/citation.{form}"


def ark(identifier: str) -> str:
    """The permanent address of an ARK."""
    return f"/{identifier}"


def media(site_shown: PublicSite, asset_shown: PublicAsset, name: str) -> str:
    """A file of an asset, under the publication's generation: these bytes never change at this address."""
    return f"/media/{site_shown.slug}/{site_shown.generation}/{asset_shown.id}/{quote(name)}"


def site_file(site_shown: PublicSite, name: str) -> str:
    """A file of the site itself: a plan, a narration, captions."""
    return f"/media/{site_shown.slug}/{site_shown.generation}/{site_shown.id}/{quote(name)}"


def image(site_shown: PublicSite, asset_shown: PublicAsset) -> str:
    """The IIIF image service of a photo or panorama."""
    return f"/iiif/{site_shown.slug}/{site_shown.generation}/{asset_shown.id}"


def export(slug: str, name: str) -> str:
    """A manifest or record export of a site."""
    return f"/export/{quote(slug)}/{quote(name)}"


def embed(page: str) -> str:
    """The embedded form of a scene's or an asset's page."""
    return f"{page}/embed"


def feed(language: Language, slug: str = "") -> str:
    """The feed of new material: of everything, or of one site."""
    return f"/{language}/{quote(slug)}/feed.xml" if slug else f"/{language}/feed.xml"
