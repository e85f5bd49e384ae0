"""One site with everything that a visitor can meet, and the address of every kind of page."""

import hashlib
from dataclasses import replace
from pathlib import Path

from archive.publications.write import write_publication
from archive.records.asset import AssetKind, Nature
from archive.records.identifiers import ark_from_blade, check_character, identifier_of
from archive.records.publication import PublicAsset, PublicFile, PublicLabel, PublicSite, PublicText, Resolution, ResolverEntry
from archive.records.text import Language, LocalText
from archive.records.tour import Hotspot, Scene, Tour
from tests.archive.publications.builders import GATE, GONE, HIDDEN, PAPER, PHOTO, SLUG, YARD
from tests.journeys.objects_site import BLOCK, NAMELESS, SOUND, WALL, notes, object_assets
from tests.viewer.walk_site import GUIDE, walk_record

SPLAT = ark_from_blade("99999", "h" * 16)
PLAIN = ark_from_blade("99999", "j" * 16)
RETIRED = "bcd234" + check_character("q/bcd234")
LONG = LocalText(
    vi="Khu lưu niệm Nghiêng-nghiêng Trường-chinh và nhà thờ tộc Nguyễn-Phước làng Thạc Gián phường Thanh Khê",
    en="Memorial house of Nghiêng-nghiêng with an uncommonlylongwordthatnobodyhyphenates and a long English name",
    th="ศาลาประชาคมและพิพิธภัณฑ์อนุสรณ์สถานแห่งหมู่บ้านทากซานที่มีชื่อยาวเป็นพิเศษและไม่มีการเว้นวรรคเลยแม้แต่น้อย",
)
KINDS = {
    "photo": PHOTO,
    "panorama": YARD,
    "cloud": WALL,
    "mesh": BLOCK,
    "model-without-unit": NAMELESS,
    "splat": SPLAT,
    "document": PAPER,
    "recording": SOUND,
    "file": PLAIN,
}


def write_everything(folder: Path) -> Path:
    """Write the site below ``folder``/publications; returns that root."""
    site, media = walk_record(folder / "walk")
    pictures: dict[tuple[str, str], Path] = {key: path for key, path in media.items() if isinstance(path, Path)}
    extra = (*object_assets(folder / "objects", pictures), *_plain(folder / "plain", pictures))
    site = replace(
        site,
        assets=(*site.assets, *extra),
        tour=_told(site),
        texts=(*site.texts, PublicText("bell", LONG, LocalText(vi="Trống **đình**.", en="The drum.", th="กลองของศาลาประชาคม"))),
        labels=(PublicLabel(RETIRED, "", LONG, "2026-01-02", "2026-03-04", LocalText(vi="Nhà này đã dỡ.", en="The house is gone.")),),
        resolver=(*site.resolver, *(ResolverEntry(asset.ark, Resolution.PUBLIC, f"{SLUG}/{asset.id}") for asset in extra)),
    )
    root = folder / "publications"
    root.mkdir(parents=True)
    write_publication(root, site, media | pictures, {"manifest.json": b"{}"})
    return root


def _told(site: PublicSite) -> Tour:
    tour = site.tour
    assert tour is not None
    gate = tour.scenes[0]
    spots = (
        Hotspot(-30.0, 5.0, LocalText(vi="Chữ trên cổng", en="Words on the gate"), LocalText(vi="Bốn chữ Hán.", en="Four characters.")),
        Hotspot(-60.0, 0.0, LocalText(vi="Tiếng trống", en="The drum"), asset=SOUND),
    )
    scenes: tuple[Scene, ...] = (replace(gate, hotspots=(*gate.hotspots, *spots)), *tour.scenes[1:])
    return replace(tour, scenes=scenes, annotations=notes())


def _plain(folder: Path, media: dict[tuple[str, str], Path]) -> tuple[PublicAsset, ...]:
    """A splat that nothing here draws, and a file with a long name; both long in words, neither with a picture."""
    folder.mkdir(parents=True)
    name = "Hồ_sơ_khoa_học_di_tích_cấp_thành_phố_bản_đầy_đủ_có_phụ_lục_2026.bin"
    (folder / name).write_bytes(b"\0" * 2000)
    identity = identifier_of(PLAIN)
    media[identity, f"original/{name}"] = folder / name
    listed = PublicFile(name, "BIN", "application/octet-stream", 2000, hashlib.sha512(b"\0" * 2000).hexdigest())
    splat = PublicAsset(
        SPLAT, identifier_of(SPLAT), AssetKind.SPLAT, Nature.RECONSTRUCTION, LONG, LONG, "", "1854?", "", "", (), (), {"splats": 12345}
    )
    plain = replace(splat, ark=PLAIN, id=identity, kind=AssetKind.FILE, nature=Nature.SURVEY, facts={}, downloads=(listed,))
    return splat, plain


def pages(language: Language) -> dict[str, str]:
    """Every kind of page by its name: its address in that language."""
    place = f"/{language}/{SLUG}"
    scene = f"{place}/scene/{identifier_of(GATE)}"
    return {
        "home": f"/{language}/",
        "about": f"/{language}/about",
        "search": f"/{language}/search",
        "search-found": f"/{language}/search?q=dinh",
        "search-nothing": f"/{language}/search?q=zzzz",
        "site": f"{place}/",
        "scene": scene,
        "direction": f"{scene}/east",
        "past": f"{place}/scene/dtold",
        "guide": f"{place}/guide/{GUIDE}",
        "step": f"{place}/guide/{GUIDE}/1",
        "step-photo": f"{place}/guide/{GUIDE}/3",
        "book": f"{place}/book",
        "collection": f"{place}/all",
        "offline": f"{place}/offline",
        "embed-scene": f"{scene}/embed",
        "embed-mesh": f"{place}/{identifier_of(BLOCK)}/embed",
        "not-found": f"/{language}/nothing-here/",
        **{name: f"{place}/{identifier_of(ark)}" for name, ark in KINDS.items()},
    }


NOTICES = {"retired": f"/q/{RETIRED}", "mistyped": "/q/bcd2345", "withdrawn": f"/{GONE}", "not-public": f"/{HIDDEN}"}
"""Pages without an address in a language: they answer in the visitor's own."""
