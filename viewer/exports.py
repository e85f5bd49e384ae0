"""Answers exports: manifests and records with the addresses under which they are asked for."""

import hashlib
import re
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.errors import NotFoundError
from archive.publications.read import PLACEHOLDER_BASE
from viewer import addresses
from viewer.compression import accepted_coding
from viewer.media import ASK_AGAIN, matches
from viewer.screen import Context

MANIFEST_TYPE = 'application/ld+json;profile="http://iiif.io/api/presentation/{}/context.json"'
_CANVAS = re.compile(r"canvas-([0-9a-z]{1,64})")
_CROSS_ORIGIN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


def export(context: Context, request: Request) -> Response:
    """A manifest or record export; it changes with the next generation, so it is asked for again.

    The name of a canvas leads to the manifest that holds it.
    """
    slug, name = request.path_params["slug"], request.path_params["name"]
    canvas = _CANVAS.fullmatch(name)
    if canvas is not None:
        asset = context.publications.asset(slug, canvas[1])
        return RedirectResponse(addresses.export(slug, f"manifest-{asset.id}.json"), 303, headers=_CROSS_ORIGIN)
    content = context.publications.export(slug, name).read_bytes()
    content = content.replace(PLACEHOLDER_BASE.encode(), context.screen.origin(request).encode())
    return _answer(context, request, name, content)


def _answer(context: Context, request: Request, name: str, content: bytes) -> Response:
    media_type = media_type_of(name, request.headers.get("accept", ""))
    digest = hashlib.sha256(content).hexdigest()[:32]
    coding = accepted_coding(request.headers.get("accept-encoding", ""), media_type.split(";")[0], len(content))
    etag = f'"{digest}{f"-{coding}" if coding else ""}"'
    headers = {"etag": etag, "cache-control": ASK_AGAIN, "vary": "Accept, Accept-Encoding", **_CROSS_ORIGIN}
    if matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    if coding:
        content = context.pressed.press(digest, coding, content, quality=5)
        headers["content-encoding"] = coding
    return Response(content, headers=headers, media_type=media_type)


def media_type_of(name: str, accept: str) -> str:
    """JSON-LD with its profile for whoever asks for that, else what every program reads.

    Raises:
        NotFoundError: we make no exports of this kind.
    """
    suffix = PurePosixPath(name).suffix
    if suffix == ".json":
        version = 4 if name.startswith("manifest4") else 3
        return MANIFEST_TYPE.format(version) if "application/ld+json" in accept else "application/json"
    if suffix == ".xml":
        return "application/xml"
    raise NotFoundError(f"There is no “{name}” here.", advice="Look at the site's page for what there is.")
