"""A derivative: something made from originals that can be made again.

The key is a digest of everything that decides its bytes: the sha512 of all sources, the deriver's name and version, its
parameters and the redactions. Title, credit and licence are not in it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class MediaRole(StrEnum):
    """What a derived file is for."""

    PYRAMID = "pyramid"
    """pyramid.tif: tiled pyramidal TIFF, 512 px JPEG tiles, upright, sRGB"""
    FIRST_VIEW = "first-view"
    """first-view.avif and first-view.jpg: small whole picture; of a panorama the full sphere, 1024 × 512 (JPEG 768 × 384)"""
    THUMBNAIL = "thumbnail"
    """thumbnail.avif and thumbnail.jpg: longest side 400 px"""
    STILL = "still"
    """still-0.avif/.jpg, still-90, still-180, still-270: perspective views of a panorama by yaw"""
    POSTER = "poster"
    """poster.avif and poster.jpg: a picture of something that is not one (cloud, mesh, first page)"""
    TILESET = "tileset"
    """tileset.json: 3D Tiles 1.1 root document"""
    TILES = "tiles"
    """tiles.pack with tiles.json: all contents and subtrees of a tileset, by offset"""
    MODEL = "model"
    """model.glb: light mesh"""
    MODEL_FIRST = "model-first"
    """model-first.glb: the first shape of a mesh, at most 60 kB"""
    MODEL_LARGE = "model-large"
    """model-large.glb: for desktops; only where there is more to show than ``model.glb`` holds"""
    USDZ = "usdz"
    """model.usdz: for the AR view of iPhones"""
    TURNTABLE = "turntable"
    """turn-000.avif/.jpg … turn-315: a model or cloud from eight sides, by degrees clockwise seen from above"""
    EDGE_TILES = "edge-tiles"
    """edges.pack with edges.json: the cropped JPEG tiles at the right and lower edge of every level of the pyramid"""
    AVIF_TILES = "avif-tiles"
    """avif.pack with avif.json: AVIF tiles of a panorama on the pyramid's grid"""
    PLAN = "plan"
    """plan.svg: a floor plan of a site, cleaned of everything but drawing"""
    NARRATION = "narration"
    """spoken words of a guided walk, as delivered"""
    CAPTIONS = "captions"
    """WebVTT captions of a narration"""
    ACCESS_COPY = "access-copy"
    """a stripped copy of an original where the original itself may not be offered"""


@dataclass(frozen=True, slots=True)
class DerivedFile:
    """One file of a derivative, named as on disk."""

    role: MediaRole
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Derivative:
    """What one deriver made for one asset.

    ``facts`` are plain JSON values measured while deriving that pages need (point count, bounds, level sizes, projection).
    """

    key: str
    deriver: str
    version: str
    asset: str
    sources: tuple[str, ...]
    parameters: dict[str, Any] = field(hash=False)
    files: tuple[DerivedFile, ...]
    facts: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def folder(self) -> str:
        """Where its files lie below ``derivatives/``."""
        return f"{self.key[:2]}/{self.key}"
