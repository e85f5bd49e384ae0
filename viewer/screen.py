"""Makes pages: a template, a language and what it shows become one answer with its policy, entity tag and compression."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from archive.publications.read import PLACEHOLDER_BASE, Publications
from archive.records.text import Language, LocalText
from viewer import addresses, markdown, wording
from viewer.compression import PressedAnswers, accepted_coding, press
from viewer.discovery.head import Head, Place, head_of
from viewer.discovery.subject import Subject
from viewer.languages import Catalogue, load_catalogues
from viewer.media import ASK_AGAIN, matches
from viewer.origin import origin_of
from viewer.policies import TOUR_POLICY

HERE = Path(__file__).parent
STATIC = HERE / "static"
NATIVE_NAMES = {Language.VI: "Tiếng Việt", Language.EN: "English", Language.TH: "ไทย"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a page's content.

    Attributes:
        path: this page's address in a language; None where it has none of its own (errors), the switch then leads home.
        script: name of the built script that the page needs ("panorama", "photo", "space"); "" for none.
        subject: what the page is about; from it come its picture, its data block and how it can be embedded.
        manifest: path of the IIIF manifest of what it shows, "" for none.
        indexed: whether search engines should keep the page.
    """

    language: Language
    title: str
    path: Callable[[Language], str] | None = None
    policy: str = TOUR_POLICY
    status: int = 200
    script: str = ""
    description: str = ""
    picture: str = ""
    subject: Subject | None = None
    manifest: str = ""
    indexed: bool = True


@dataclass(frozen=True, slots=True)
class Screen:
    """The templates, the words and the names of the static files."""

    templates: Environment
    catalogues: Mapping[Language, Catalogue] = field(hash=False)
    static: Path = STATIC
    public_address: str = ""

    def page(self, request: Request, template: str, frame: Frame, **shown: Any) -> Response:
        """Render ``template``; everything in ``shown`` is a variable of it."""
        language = frame.language
        body = self.templates.get_template(template).render(
            frame=frame,
            language=language,
            languages=tuple(Language),
            native_names=NATIVE_NAMES,
            alternates=self._alternates(frame),
            head=self._head(request, frame),
            static=self.static_address,
            has_address=self.origin(request) != PLACEHOLDER_BASE,
            **self._words(language),
            **shown,
        )
        return _answer(request, body.encode(), frame)

    def say(self, language: Language, key: str, **values: object) -> str:
        """A sentence of the interface."""
        return self.catalogues[language](key, **values)

    def plain(self, text: LocalText, language: Language) -> str:
        """Words for places that cannot carry a language mark (titles, alternatives): foreign ones name their language."""
        best = wording.shown(text, language)
        if best is None:
            return self.say(language, "missing.untitled")
        if not best.foreign:
            return best.words
        return self.say(language, "missing.words_in", words=best.words, other=self.say(language, f"language.{best.language}"))

    def static_address(self, name: str) -> str:
        """The address of a static file with a digest of its bytes, so that it may be kept for good."""
        return f"/static/{name}?v={file_version(self.static / name)}"

    def _words(self, language: Language) -> dict[str, Any]:
        catalogue = self.catalogues[language]
        return {
            "t": catalogue,
            "has_words": catalogue.has,
            "number": partial(_swapped, wording.number, language),
            "size": partial(_swapped, wording.size, language),
            "edtf": partial(_swapped, wording.edtf, language),
            "shown": partial(_swapped, wording.shown, language),
            "plain": lambda text: self.plain(text, language),
            "tongue": wording.tongue,
            "markdown": markdown.to_html,
            "without_title": markdown.without_title,
            "counted": lambda key, count: catalogue.count(key, count, wording.number(count, language)),
            "url": addresses,
        }

    def origin(self, request: Request) -> str:
        """The scheme and host under which the visitor came."""
        return origin_of(request.scope, self.public_address)

    def _head(self, request: Request, frame: Frame) -> Head:
        if frame.path is None:
            return Head()
        place = Place(frame.language, frame.path, self.origin(request))
        return head_of(place, frame.subject, frame.manifest, lambda text: self.plain(text, frame.language))

    def _alternates(self, frame: Frame) -> dict[Language, str]:
        address = frame.path or addresses.home
        return {language: address(language) for language in Language}


@dataclass(frozen=True, slots=True)
class Context:
    """What a page is given besides the request: the publications, the screen, and what was pressed before."""

    publications: Publications
    screen: Screen
    pressed: PressedAnswers


def open_screen(static: Path = STATIC, public_address: str = "") -> Screen:
    """Load the templates and all catalogues."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return Screen(environment, load_catalogues(), static, public_address)


def file_version(path: Path) -> str:
    """Twelve characters that change with the file's bytes; "0" where it was not built."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    except FileNotFoundError:
        return "0"


def _swapped(rule: Callable[[Any, Language], Any], language: Language, value: Any) -> Any:
    return rule(value, language)


def _answer(request: Request, body: bytes, frame: Frame) -> Response:
    coding = accepted_coding(request.headers.get("accept-encoding", ""), "text/html", len(body))
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {
        "content-security-policy": frame.policy,
        "content-language": str(frame.language),
        "cache-control": ASK_AGAIN,
        "etag": etag,
        "vary": "Accept-Encoding",
    }
    if frame.status == 200 and matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["content-encoding"] = coding
        body = press(body, coding)
    return Response(body, status_code=frame.status, headers=headers, media_type="text/html; charset=utf-8")
