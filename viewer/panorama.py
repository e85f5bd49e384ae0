"""What the panorama viewer in the browser is told: where its pictures are, what part of the sphere they cover, how to look first."""

from typing import Any

from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.tour import View
from viewer import addresses

_FIRST_VIEWS = ("first-view.avif", "first-view.jpg")


def panorama_config(site: PublicSite, panorama: PublicAsset, *, heading: float | None, view: View) -> dict[str, Any]:
    """What the panorama viewer reads, as JSON values. Angles in degrees, sizes in pixels of the pyramid.

    ``first`` are small pictures of the whole sphere, best format first; ``avif`` says that the image service has every tile as AVIF too;
    ``crop`` is the part of the sphere that is known, None for all of it.
    """
    pyramid = panorama.facts.get("pyramid") or {}
    by_name = {file.name: addresses.media(site, panorama, file.name) for file in panorama.files}
    return {
        "first": [by_name[name] for name in _FIRST_VIEWS if name in by_name],
        "image": addresses.image(site, panorama),
        "tile": pyramid.get("tile", 512),
        "levels": pyramid.get("levels", []),
        "avif": any(file.role is MediaRole.AVIF_TILES for file in panorama.files),
        "crop": panorama.facts.get("crop"),
        "heading": heading,
        "view": [view.yaw, view.pitch, view.fov],
    }
