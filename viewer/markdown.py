"""Markdown of a site's texts as safe HTML: no raw HTML, no foreign pictures, headings below the page's own."""

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_HEADING_SHIFT = 2
_DEEPEST = 6


def to_html(text: str) -> Markup:
    """The text as HTML. A first-level heading becomes a third-level one: the page has its own first and second."""
    reader = MarkdownIt("commonmark", {"html": False}).disable("image")
    tokens = reader.parse(text)
    for token in tokens:
        _lower_heading(token)
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - raw HTML is escaped by the reader


def without_title(text: str) -> str:
    """The text without a heading on its first line: the title stands in a field of its own."""
    first, _, rest = text.lstrip().partition("\n")
    return rest.lstrip() if first.startswith("# ") else text


def _lower_heading(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(_DEEPEST, int(token.tag[1]) + _HEADING_SHIFT)}"
