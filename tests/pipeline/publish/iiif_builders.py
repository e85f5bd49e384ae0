"""A small public site with everything that a manifest can speak of: guided walk, narration, annotations, a mesh and a cloud."""

from dataclasses import replace
from pathlib import Path

from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.publication import PublicAsset, PublicFile, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Guide, GuideStep, Hotspot, Narration, View
from tests.archive.publications.builders import GATE, PHOTO, YARD, small_site

MESH = ark_from_blade("99999", "8" * 16)
CLOUD = ark_from_blade("99999", "7" * 16)
SOUND = ark_from_blade("99999", "b" * 16)
RIDGE = Annotation(
    "ridge",
    LocalText(vi="Rồng chầu", en="Dragons"),
    LocalText(en="Porcelain mosaic."),
    (
        AnnotationTarget(GATE, SelectorKind.DIRECTION, (30.0, 12.0)),
        AnnotationTarget(PHOTO, SelectorKind.REGION, (0.25, 0.5, 0.5, 0.25)),
        AnnotationTarget(MESH, SelectorKind.POINT, (1.0, 2.0, 3.0)),
        AnnotationTarget(CLOUD, SelectorKind.POINT, (1.0, 2.0, 3.0)),
        AnnotationTarget(YARD),
        AnnotationTarget("ark:99999/dtnotpublic"),
    ),
    sources=("Hồ sơ 12",),
)


def rich_site(pictures: Path) -> PublicSite:
    """The small site with a guided walk, an annotation seen in five places, a mesh, a cloud and a recording."""
    site, _ = small_site(pictures)
    assert site.tour is not None
    gate, yard = site.tour.scenes
    spoken = Narration(Language.VI, "narration/vi/gate.mp3", "narration/vi/gate.vtt", 12.5)
    quiet = Narration(Language.EN, "narration/en/gate.wav")
    guide = Guide(
        "quick",
        LocalText(vi="Dạo nhanh", en="A quick walk"),
        LocalText(en="Ten minutes."),
        (
            GuideStep(LocalText(vi="Cổng"), LocalText(vi="Nhìn lên."), scene=gate.id, view=View(20.0, 10.0), narrations=(spoken, quiet)),
            GuideStep(LocalText(vi="Mái"), asset=PHOTO),
            GuideStep(LocalText(vi="Không còn"), asset="ark:99999/dtgone"),
            GuideStep(LocalText(vi="Sân"), scene=yard.id),
        ),
    )
    gate = replace(gate, hotspots=(*gate.hotspots, Hotspot(-175.0, -80.0, LocalText(vi="Nền"), LocalText(vi="Gạch Bát Tràng."))))
    tour = replace(site.tour, scenes=(gate, yard), guides=(guide, Guide("empty", LocalText(vi="Trống"))), annotations=(RIDGE,))
    files = (DerivedFile(MediaRole.NARRATION, "narration/vi/gate.mp3", "audio/mpeg", 9, "0" * 64),)
    return replace(site, tour=tour, files=files, assets=(*site.assets, *_in_space(), _recording()), generation=3)


def _in_space() -> tuple[PublicAsset, PublicAsset]:
    model = DerivedFile(MediaRole.MODEL, "model.glb", "model/gltf-binary", 9, "0" * 64)
    tileset = DerivedFile(MediaRole.TILESET, "tileset.json", "application/json", 9, "0" * 64)
    poster = DerivedFile(MediaRole.POSTER, "poster.jpg", "image/jpeg", 9, "0" * 64, 1024, 768)
    mesh = _bare(MESH, AssetKind.MESH, (model, poster), Nature.RECONSTRUCTION)
    cloud = replace(_bare(CLOUD, AssetKind.POINT_CLOUD, (tileset, poster), Nature.SURVEY), latitude=16.07, longitude=108.21)
    return mesh, cloud


def _recording() -> PublicAsset:
    drum = PublicFile("trống.wav", "WAV", "audio/wav", 9, "0" * 128)
    return replace(_bare(SOUND, AssetKind.RECORDING, (), Nature.SURVEY), downloads=(drum,), facts={"duration": 3.5})


def _bare(ark: str, kind: AssetKind, files: tuple[DerivedFile, ...], nature: Nature) -> PublicAsset:
    return PublicAsset(
        ark, identifier_of(ark), kind, nature, LocalText(vi=f"Vật {kind}"), LocalText(), "", "", "https://example.org/own", "© Ai đó", (),
        files, {},
    )  # fmt: skip
