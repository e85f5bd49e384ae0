"""A scene: one standpoint of a tour. Complete as plain HTML; the panorama viewer takes over where the browser can."""

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError
from viewer import addresses, walk
from viewer.pages.page import Page, language_of
from viewer.panorama import panorama_config
from viewer.screen import Context, Frame
from viewer.sights import sights


def show(context: Context, request: Request) -> Response:
    """The scene with its stills, its words and the ways on."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    scene = walk.scene_of(site, request.path_params["scene"])
    panorama = walk.panorama_of(site, scene) if scene else None
    if scene is None or panorama is None:
        raise NotFoundError("There is no such scene.", advice="Choose one from the site's page.")
    looks = walk.outlooks(site, scene, panorama)
    first = walk.first_outlook(looks, scene.view)
    scenes = [other for other, _ in walk.scenes_with_panoramas(site)]
    frame = Frame(
        language,
        f"{context.screen.plain(scene.title, language)} – {context.screen.plain(site.name, language)}",
        path=lambda other: addresses.scene(other, site.slug, scene.id),
        script="panorama",
        description=context.screen.plain(scene.description, language),
        picture=first.picture.jpeg if first.picture else "",
    )
    return context.screen.page(
        request,
        "scene.html",
        frame,
        site=site,
        scene=scene,
        scenes=scenes,
        panorama=panorama,
        looks=looks,
        first=first,
        ways=walk.ways(site, scene, language),
        sights=sights(site, scene, language),
        config=panorama_config(site, panorama, heading=scene.heading, view=scene.view),
    )


PAGE = Page("/{language:language}/{slug}/scene/{scene}", show)
