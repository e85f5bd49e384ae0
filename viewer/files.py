"""Routes to files: media under their generation, exports, and the viewer's own static files. Only listed names are opened."""

from dataclasses import replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicSite
from viewer.media import ASK_AGAIN, FOR_GOOD, FileAnswer, Piece, media_type_of, whole
from viewer.screen import Context, file_version

_TILES = "tiles/"
_ORIGINAL = "original/"
_PRIVATE_NAMES = frozenset({"tiles.pack", "tiles.json"})
_STATIC_SUFFIXES = frozenset({".css", ".js", ".svg", ".png", ".map"})


def media(context: Context, request: Request) -> Response:
    """A derived file, a download, or one tile out of a pack."""
    parameters = request.path_params
    slug, generation, asset_id, name = parameters["slug"], parameters["generation"], parameters["asset"], parameters["name"]
    if not generation.isdecimal() or len(generation) > 9 or name in _PRIVATE_NAMES:
        raise NotFoundError("No such file.")
    site = context.publications.site(slug)
    if asset_id == site.id:
        path = context.publications.media(slug, int(generation), asset_id, name)
        return FileAnswer(_of_site(site, name, path), context.pressed, cross_origin=True)
    asset = context.publications.asset(slug, asset_id)
    if name.startswith(_TILES):
        return FileAnswer(_tile(context, (slug, int(generation), asset), name.removeprefix(_TILES)), context.pressed)
    path = context.publications.media(slug, int(generation), asset_id, name)
    return FileAnswer(_listed(asset, name, path), context.pressed, cross_origin=True)


def static(context: Context, request: Request) -> Response:
    """A file of the viewer itself: kept for good when asked for with its digest or named by it."""
    root = context.screen.static.resolve()
    path = (root / request.path_params["name"]).resolve()
    if not path.is_relative_to(root) or path.suffix not in _STATIC_SUFFIXES or not path.is_file():
        raise NotFoundError("No such file.")
    version = file_version(path)
    lasting = request.query_params.get("v") == version or path.name.startswith("shared-")
    return FileAnswer(whole(path, etag=version, caching=FOR_GOOD if lasting else ASK_AGAIN), context.pressed)


def _tile(context: Context, place: tuple[str, int, PublicAsset], name: str) -> Piece:
    slug, generation, asset = place
    if name == "tileset.json":
        path = context.publications.media(slug, generation, asset.id, name)
        return whole(path, etag=_digest_of(asset, name))
    path, offset, length = context.publications.packed(slug, generation, asset.id, name)
    return Piece(path, offset, length, media_type_of(name), f"{_digest_of(asset, path.name)}-{offset}")


def _of_site(site: PublicSite, name: str, path: Path) -> Piece:
    """A plan, a narration or captions, shown in place: publishing has left nothing in them but drawing, sound and words."""
    file = next(file for file in site.files if file.name == name)
    return replace(whole(path, etag=file.sha256[:32], media_type=file.media_type), download="")


def _listed(asset: PublicAsset, name: str, path: Path) -> Piece:
    """A derived file is shown in place, an original is always saved under its own name."""
    if name.startswith(_ORIGINAL):
        file = next(file for file in asset.downloads if file.name == name.removeprefix(_ORIGINAL))
        return whole(path, etag=file.sha512[:32], media_type=file.media_type, download=file.name)
    derived = next(file for file in asset.files if file.name == name)
    download = name if derived.role is MediaRole.ACCESS_COPY else ""
    return whole(path, etag=derived.sha256[:32], media_type=derived.media_type, download=download)


def _digest_of(asset: PublicAsset, name: str) -> str:
    return next(file.sha256[:32] for file in asset.files if file.name == name)
