"""What a page is: an address pattern and the function that answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from archive.records.text import Language
from viewer.screen import Context


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page. ``path`` is a Starlette pattern; ``{language:language}`` matches the languages of the screen only."""

    path: str
    show: Callable[[Context, Request], Response]


def language_of(request: Request) -> Language:
    """The language in the address."""
    return Language(request.path_params["language"])
