"""The head of a page: what search engines, chats and other viewers read of it. Absolute addresses, as their standards want them.

https://ogp.me/ , https://www.rfc-editor.org/rfc/rfc6596 (canonical), https://oembed.com/ (discovery).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from markupsafe import Markup

from archive.records.text import Language
from viewer import addresses
from viewer.discovery.content_state import PARAMETER, encoded
from viewer.discovery.schema_org import Plain, data_block, described
from viewer.discovery.subject import Subject
from viewer.pictures import Picture

LOCALES = {Language.VI: "vi_VN", Language.EN: "en_GB", Language.TH: "th_TH"}


@dataclass(frozen=True, slots=True)
class Head:
    """Everything that stands in ``<head>`` for programs.

    Attributes:
        alternates: the same page in each language; ``default`` for everybody else.
        picture: absolute address and size of the picture that stands for the page.
        oembed: address that answers how to embed the page; "" where it cannot be embedded.
        manifest: address of its IIIF manifest, "" for none.
        state: link to the page with its IIIF content state, "" for pages of nothing that has a canvas.
        thing: schema.org data block; "" for pages about nothing of the archive.
    """

    canonical: str = ""
    alternates: Mapping[Language, str] = field(default_factory=dict)
    default: str = ""
    locale: str = ""
    other_locales: tuple[str, ...] = ()
    picture: Picture | None = None
    oembed: str = ""
    manifest: str = ""
    feed: str = ""
    state: str = ""
    thing: Markup | str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: its language, its address in every language, and the origin of all."""

    language: Language
    path: Callable[[Language], str]
    origin: str


def head_of(place: Place, subject: Subject | None, manifest: str, plain: Plain) -> Head:
    """The head of a page.

    Args:
        place: where it stands.
        subject: what it is about, None for pages about nothing of the archive.
        manifest: path of its IIIF manifest, "" for none.
        plain: words of a record in the page's language.
    """
    origin, language = place.origin, place.language
    alternates = {each: origin + place.path(each) for each in Language}
    feed = addresses.feed(language, subject.site.slug if subject else "")
    head = Head(
        canonical=alternates[language],
        alternates=alternates,
        default=f"{origin}/" if place.path(language) == addresses.home(language) else alternates[Language.EN],
        locale=LOCALES[language],
        other_locales=tuple(locale for each, locale in LOCALES.items() if each is not language),
        manifest=origin + manifest if manifest else "",
        feed=origin + feed,
    )
    return head if subject is None else _about(head, subject, place, plain)


def _about(head: Head, subject: Subject, place: Place, plain: Plain) -> Head:
    shown = subject.picture
    picture = Picture("", place.origin + shown.jpeg, shown.width, shown.height, shown.octets) if shown else None
    page = f"{place.origin}/{place.language}/{quote(subject.site.slug)}/{subject.below}"
    ours = head.canonical == page
    return replace(
        head,
        picture=picture,
        oembed=f"{place.origin}/oembed?{urlencode({'url': page})}" if ours and subject.asset is not None else "",
        state=f"{page}?{PARAMETER}={encoded(subject, place.origin)}" if subject.asset is not None and head.manifest else "",
        thing=data_block(described(subject, place.language, place.origin, plain)),
    )
