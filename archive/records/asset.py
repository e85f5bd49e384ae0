"""An asset: a photo, panorama, point cloud, mesh, splat, document or recording, with its original files."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from archive.records.access import AccessDecision, Rights
from archive.records.text import LocalText

ASSET_SCHEMA = 1


class AssetKind(StrEnum):
    """What an asset is, decided by its bytes. FILE is kept but not understood."""

    PHOTO = "photo"
    PANORAMA = "panorama"
    POINT_CLOUD = "point-cloud"
    MESH = "mesh"
    SPLAT = "splat"
    DOCUMENT = "document"
    RECORDING = "recording"
    FILE = "file"


class Nature(StrEnum):
    """How an asset relates to the real place. Never confused, always shown."""

    SURVEY = "survey"
    RECONSTRUCTION = "reconstruction"
    SIMULATED = "simulated"


class FileRole(StrEnum):
    """What a file is to its asset. Exactly one file is PRINCIPAL: the asset's ARK is minted from it."""

    PRINCIPAL = "principal"
    COMPANION = "companion"
    SIDECAR = "sidecar"


@dataclass(frozen=True, slots=True)
class FormatVerdict:
    """What the bytes are.

    Attributes:
        name: short stable name in lower case: "jpeg", "tiff", "bigtiff", "las", "laz", "copc", "e57", "glb" …; "unknown".
        media_type: IANA media type; "application/octet-stream" when unknown.
        puid: PRONOM identifier ("fmt/43") or "".
        basis: how it is known, in words ("signature FF D8 FF; PRONOM byte match").
        version: format version as written in the file, or "".
    """

    name: str
    media_type: str
    puid: str = ""
    basis: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """One file as delivered.

    Attributes:
        path: logical path under ``original/`` as text; bytes that are not UTF-8 stand as surrogate escapes and ``path_hex`` is exact.
        path_hex: the delivered path's bytes in hexadecimal (byte-exact: NFC and NFD are kept apart).
        size: bytes.
        sha512, sha256: lower-case hexadecimal.
        role: what it is to the asset.
        format: what the bytes are.
        modified: modification time as delivered, RFC 3339 UTC, or "".
    """

    path: str
    path_hex: str
    size: int
    sha512: str
    sha256: str
    role: FileRole
    format: FormatVerdict
    modified: str = ""


@dataclass(frozen=True, slots=True)
class SourcedValue:
    """A normalised value and where it was read: "exif:DateTimeOriginal", "sheet:metadata.csv!C4", "site-default"."""

    value: Any
    source: str
    certainty: str = "stated"


@dataclass(frozen=True, slots=True)
class GeoPosition:
    """WGS84 degrees; altitude in metres above the reference as read; heading in degrees clockwise from north."""

    latitude: float
    longitude: float
    altitude: float | None = None
    heading: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """The record of one asset version (``record.json`` in its OCFL object).

    ``technical.json`` beside it holds the raw dumps of every reader; what stands here is normalised and sourced.

    Attributes:
        facts: normalised technical values by name, documented in docs/glossary.md, each a SourcedValue. Names that others rely on:
            image: width, height (upright pixels), orientation, camera, captured (EDTF), projection ("equirectangular"), crop
            (dict: full_width, full_height, left, top, width, height), heading (degrees); scan: points, unit, crs, bounds, stations
            (list of {guid, name, translation [x,y,z], rotation [w,x,y,z]}), offset; mesh: triangles, vertices, bounds, textures, unit.
        subject: free keywords.
        captured: EDTF date, "" when unknown.
    """

    ark: str
    site: str
    kind: AssetKind
    nature: Nature
    title: LocalText
    originals: tuple[OriginalFile, ...]
    description: LocalText = LocalText()
    creator: str = ""
    captured: SourcedValue | None = None
    position: GeoPosition | None = None
    rights: Rights = Rights()
    access: AccessDecision = AccessDecision()
    location_access: AccessDecision = AccessDecision()
    subject: tuple[str, ...] = ()
    facts: dict[str, SourcedValue] = field(default_factory=dict, hash=False)
    survey: str = ""
    deposit: str = ""
    withdrawn: str = ""
    ordinal: int = 0
    schema: int = ASSET_SCHEMA

    @property
    def principal(self) -> OriginalFile:
        """The file the ARK is minted from."""
        return next(file for file in self.originals if file.role is FileRole.PRINCIPAL)
