"""Where a visitor goes who arrives with a content state: to the page of what it names, or to a page that says it is not here."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.errors import NotFoundError
from archive.records.text import Language
from viewer import walk
from viewer.discovery.content_state import PARAMETER, Named, named, page_of
from viewer.discovery.subject import Subject, subject_at
from viewer.languages import negotiate
from viewer.screen import Context, Frame


def arrive(context: Context, request: Request) -> Response:
    """303 to the page of what the state names; 404 with a sentence where that is not ours or not public."""
    code = str(request.path_params.get("language", ""))
    language = Language(code) if code else negotiate(request.headers.get("accept-language", ""))
    state = named(request.query_params[PARAMETER], context.screen.origin(request))
    subject = _subject(context, state) if state is not None else None
    if state is None or subject is None:
        frame = Frame(language, context.screen.say(language, "notice.elsewhere.title"), status=404, indexed=False)
        return context.screen.page(request, "notice.html", frame, kind="elsewhere", ark="", since="", site=None)
    return RedirectResponse(page_of(subject, state, language), 303, headers={"cache-control": "no-store"})


def _subject(context: Context, state: Named) -> Subject | None:
    """A panorama that is a standpoint of the walk is met there."""
    try:
        site = context.publications.site(state.slug)
    except NotFoundError:
        return None
    found = subject_at(site, "", state.name)
    scene = walk.scene_of(site, state.name)
    return (subject_at(site, "scene", scene.id) or found) if scene is not None else found
