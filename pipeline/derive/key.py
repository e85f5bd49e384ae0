"""The key of a derivative: a digest of everything that decides its bytes, and of nothing else.

In it: the sha512 of all sources, the deriver with its version and parameters, the facts that the deriver reads, the words burned
in, the redactions. Not in it: title, credit, licence, access, who asked, when, where.
"""

import hashlib
import json
from typing import Any

from archive.records.access import AccessLevel
from archive.records.asset import Asset, FileRole, OriginalFile
from pipeline.derive.deriver import Deriver


def sources_of(asset: Asset) -> tuple[OriginalFile, ...]:
    """The files that derivatives are made from, the principal first: sidecars describe, they are not seen."""
    wanted = [file for file in asset.originals if file.role is not FileRole.SIDECAR]
    return tuple(sorted(wanted, key=lambda file: (file.role is not FileRole.PRINCIPAL, file.path)))


def facts_for(deriver: Deriver, asset: Asset) -> dict[str, Any]:
    """What the deriver's task is told of the asset: plain JSON values, no title, no person, no position."""
    facts: dict[str, Any] = {name: asset.facts[name].value for name in deriver.uses if name in asset.facts}
    facts["kind"] = asset.kind.value
    facts["nature"] = asset.nature.value if deriver.badge else ""
    facts["formats"] = {file.path: file.format.name for file in sources_of(asset)}
    if deriver.redactable:
        facts["location_public"] = asset.location_access.level is AccessLevel.PUBLIC
    return facts


def key_of(deriver: Deriver, asset: Asset) -> str:
    """64 hexadecimal characters. Names of the sources count only where there are several that may refer to each other."""
    sources = sources_of(asset)
    facts = facts_for(deriver, asset)
    formats = facts.pop("formats")
    several = len(sources) > 1
    recipe = {
        "deriver": [deriver.name, deriver.version],
        "parameters": deriver.parameters,
        "facts": facts,
        "sources": [[file.sha512, formats[file.path], file.path if several else ""] for file in sources],
    }
    canonical = json.dumps(recipe, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
