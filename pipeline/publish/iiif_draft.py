"""The draft IIIF Presentation 4 export: ``manifest4.json`` of a site, ``manifest4-<asset id>.json`` of every mesh and cloud."""

import json
from collections.abc import Iterator
from typing import Any

from archive.records.publication import PublicSite
from pipeline.publish.presentation.scene4 import scene_manifest, site_manifest


def make(site: PublicSite) -> Iterator[tuple[str, bytes]]:
    """The draft manifests of a site; none of one without a mesh or a cloud."""
    whole = site_manifest(site)
    if whole is None:
        return
    yield "manifest4.json", _json(whole)
    for asset in site.assets:
        single = scene_manifest(site, asset)
        if single is not None:
            yield f"manifest4-{asset.id}.json", _json(single)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"
