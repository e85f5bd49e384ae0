"""The stage of an asset: what its template shows of a photo, panorama, model or recording, and what script and policy that needs."""

from functools import partial
from typing import Any

from archive.records.asset import AssetKind
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import View
from viewer import addresses, pictures, walk, wording
from viewer.citations import FORMATS
from viewer.epochs import comparisons
from viewer.panorama import panorama_config
from viewer.policies import MODEL_POLICY, PHOTO_POLICY, TOUR_POLICY
from viewer.screen import Context
from viewer.space import numbered_notes, photo_pins, space_of, space_pins, turn_stills

_POLICIES = {AssetKind.PHOTO: PHOTO_POLICY, AssetKind.POINT_CLOUD: MODEL_POLICY, AssetKind.MESH: MODEL_POLICY}
_SCRIPTS = {
    AssetKind.PHOTO: "photo",
    AssetKind.PANORAMA: "panorama",
    AssetKind.POINT_CLOUD: "space",
    AssetKind.MESH: "space",
    AssetKind.SPLAT: "record",
    AssetKind.DOCUMENT: "record",
    AssetKind.RECORDING: "record",
    AssetKind.FILE: "record",
}


def stage_of(context: Context, site: PublicSite, asset: PublicAsset, language: Language) -> dict[str, Any]:
    """What the stage of an asset shows, as variables of a template; pages elsewhere show the stage alone."""
    return {"picture": pictures.large(site, asset), **_by_kind(site, asset, language), **_in_space(context, site, asset, language)}


def needs(asset: PublicAsset) -> tuple[str, str]:
    """The security policy and the script of a page that shows an asset's stage."""
    return _POLICIES.get(asset.kind, TOUR_POLICY), _SCRIPTS.get(asset.kind, "")


def _by_kind(site: PublicSite, asset: PublicAsset, language: Language) -> dict[str, Any]:
    """What only one kind of asset needs, as variables of the template; None for the others."""
    is_panorama = asset.kind is AssetKind.PANORAMA
    scene = next((scene for scene, panorama in walk.scenes_with_panoramas(site) if panorama is asset), None) if is_panorama else None
    heading = scene.heading if scene else None
    return {
        "config": panorama_config(site, asset, heading=heading, view=View()) if is_panorama else None,
        "ahead": pictures.still(site, asset, 0) if is_panorama else None,
        "scene_address": addresses.scene(language, site.slug, scene.id) if scene else "",
        "zoom_address": f"{addresses.image(site, asset)}/info.json" if _has(asset, MediaRole.PYRAMID) else "",
    }


def _in_space(context: Context, site: PublicSite, asset: PublicAsset, language: Language) -> dict[str, Any]:
    """What the template needs of a photo's or model's annotations and of a thing in space."""

    def words(text: LocalText) -> str:
        return context.screen.plain(text, language)

    space = space_of(site, asset, partial(_swapped_size, language))
    is_photo = asset.kind is AssetKind.PHOTO
    pins = photo_pins(site, asset, words) if is_photo else space_pins(site, asset, words)
    usdz = next((file.name for file in asset.files if file.role is MediaRole.USDZ), "")
    return {
        "space": space | {"pins": pins} if space else None,
        "pins": pins,
        "placed": {pin["id"] for pin in pins} if space or is_photo else set(),
        "compared": comparisons(site, asset, language),
        "notes": numbered_notes(site, asset),
        "turns": turn_stills(site, asset),
        "usdz": addresses.media(site, asset, usdz) if usdz else "",
        "length": partial(_swapped_length, language),
        "cite_addresses": [(name, addresses.citation(language, site.slug, asset.id, form)) for form, (name, _, _) in FORMATS.items()],
    }


def _swapped_size(language: Language, octets: int) -> str:
    return wording.size(octets, language)


def _swapped_length(language: Language, value: float) -> str:
    return wording.significant(value, language)


def _has(asset: PublicAsset, role: MediaRole) -> bool:
    return any(file.role is role for file in asset.files)
