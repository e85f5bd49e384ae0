"""What every manifest of ours is put together from: words in languages, addresses, thumbnails, rights and the badge of nature."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from archive.publications.read import PLACEHOLDER_BASE
from archive.records.asset import Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from pipeline.publish.presentation.model import Content, Pair, Words

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
PLACE_CONTEXT = "http://iiif.io/api/extension/navplace/context.json"
LABELS: dict[str, LocalText] = {
    "captured": LocalText("Ngày chụp", "Captured", "วันที่บันทึก"),
    "creator": LocalText("Người thực hiện", "Creator", "ผู้สร้าง"),
    "subject": LocalText("Chủ đề", "Subject", "หัวเรื่อง"),
    "credit": LocalText("Ghi công", "Credit", "เครดิต"),
    "rights": LocalText("Quyền sử dụng", "Rights", "สิทธิ์การใช้งาน"),
    "nature": LocalText("Tính chất", "Nature", "ลักษณะ"),
    "ark": LocalText("Mã định danh", "Identifier", "ตัวระบุ"),
    "record": LocalText("Hồ sơ Dublin Core", "Dublin Core record", "ระเบียน Dublin Core"),
    "premis": LocalText("Hồ sơ bảo quản PREMIS", "PREMIS preservation record", "ระเบียนการสงวนรักษา PREMIS"),
    "annotations": LocalText("Chú thích W3C", "W3C annotations", "คำอธิบายประกอบ W3C"),
    "draft": LocalText("Cảnh 3D (bản thảo Presentation 4)", "3D scene (draft Presentation 4)", "ฉากสามมิติ (ร่าง Presentation 4)"),
    "walk": LocalText("Tham quan", "The walk", "เส้นทางชม"),
    "panorama": LocalText("Ảnh toàn cảnh", "Panoramas", "ภาพพาโนรามา"),
    "photo": LocalText("Ảnh chụp", "Photographs", "ภาพถ่าย"),
    "models": LocalText("Mô hình và bản quét 3D", "3D models and scans", "แบบจำลองและการสแกนสามมิติ"),
    "other": LocalText("Tư liệu khác", "Other material", "วัสดุอื่น"),
}
NATURES: dict[Nature, LocalText] = {
    Nature.SURVEY: LocalText("Khảo sát thực địa", "Survey of the real place", "การสำรวจสถานที่จริง"),
    Nature.RECONSTRUCTION: LocalText("Phục dựng", "Reconstruction", "การสร้างขึ้นใหม่"),
    Nature.SIMULATED: LocalText("Mô phỏng", "Simulated", "จำลอง"),
}
_LICENCE = re.compile(r"https?://creativecommons\.org/(licenses|publicdomain)/(.+)")
_STATEMENT = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+/1\.0/?)(?:\?.*)?")


def said(text: LocalText, fallback: str = "") -> Words | None:
    """The text as a language map; ``fallback`` in no language where nobody has written it; None where that is empty too."""
    words = {language.value: (spoken,) for language in Language if (spoken := text.get(language))}
    return words or ({"none": (fallback,)} if fallback else None)


def label(text: LocalText, fallback: str) -> Words:
    """A label, which IIIF demands: the text, else something that is always there."""
    return said(text) or {"none": (fallback,)}


def pair(name: str, value: Words) -> Pair:
    """One line of metadata under one of our own labels."""
    return Pair(said(LABELS[name]) or {}, value)


def export(site: PublicSite, name: str) -> str:
    """The address of one of our own exports."""
    return f"{PLACEHOLDER_BASE}/export/{quote(site.slug)}/{quote(name)}"


def media(site: PublicSite, owner: str, name: str) -> str:
    """The address of a file of the site or of one of its assets."""
    return f"{PLACEHOLDER_BASE}/media/{quote(site.slug)}/{site.generation}/{owner}/{quote(name)}"


def image_service(site: PublicSite, asset_id: str) -> str:
    """The address of the image service of a photo or panorama."""
    return f"{PLACEHOLDER_BASE}/iiif/{quote(site.slug)}/{site.generation}/{asset_id}"


def page(language: Language, site: PublicSite, below: str) -> str:
    """The address of a page of ours; ``below`` is "", "dt…" or "scene/dt…"."""
    return f"{PLACEHOLDER_BASE}/{language.value}/{quote(site.slug)}/{below}"


def homepages(site: PublicSite, title: LocalText, below: str) -> tuple[Content, ...]:
    """The page of a thing in every language of ours."""
    return tuple(
        Content(
            type="Text",
            id=page(language, site, below),
            label=label(title, site.slug),
            format="text/html",
            language=(language.value,),
        )
        for language in Language
    )


def provider() -> tuple[Content, ...]:
    """Who offers this: the archive at whose address it is found."""
    about = Content(type="Text", id=f"{PLACEHOLDER_BASE}/en/about", label={"en": ("About this archive",)}, format="text/html")
    return (Content(type="Agent", id=f"{PLACEHOLDER_BASE}/", label={"none": ("Ditich",)}, homepage=(about,)),)


def rights_address(rights: str) -> str | None:
    """The statement by the address that IIIF wants (http, Creative Commons or RightsStatements.org); None for any other words."""
    if match := _LICENCE.fullmatch(rights):
        return f"http://creativecommons.org/{match[1]}/{match[2]}"
    match = _STATEMENT.fullmatch(rights)
    return f"http://rightsstatements.org/vocab/{match[1]}" if match else None


def place(identifier: str, title: LocalText, latitude: float | None, longitude: float | None) -> Content | None:
    """The navPlace of something whose place is public: https://iiif.io/api/extension/navplace/ ."""
    if latitude is None or longitude is None:
        return None
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    feature: dict[str, object] = {"id": f"{identifier}/feature/1", "type": "Feature", "geometry": point}
    words = said(title)
    feature["properties"] = {"label": {language: list(spoken) for language, spoken in words.items()}} if words else {}
    return Content(type="FeatureCollection", id=f"{identifier}/feature", extra={"features": [feature]})


def picture_file(asset: PublicAsset, *roles: MediaRole) -> DerivedFile | None:
    """The first JPEG with a known size that the asset has in one of these roles."""
    wanted = [file for role in roles for file in asset.files if file.role is role]
    return next((file for file in wanted if file.media_type == "image/jpeg" and file.width and file.height), None)


def thumbnail(site: PublicSite, asset: PublicAsset) -> tuple[Content, ...] | None:
    """The small picture as it lies there, with its size: nobody needs to ask the image service for one that it may not have."""
    file = picture_file(asset, MediaRole.THUMBNAIL)
    return None if file is None else (image(media(site, asset.id, file.name), file),)


def image(identifier: str, file: DerivedFile) -> Content:
    """A JPEG with the size of a file."""
    return Content(type="Image", id=identifier, format="image/jpeg", width=file.width, height=file.height)


def metadata(asset: PublicAsset) -> tuple[Pair, ...]:
    """What people read beside a picture, with what kind of truth it shows."""
    plain: dict[str, Iterable[str]] = {
        "captured": (asset.captured,),
        "creator": (asset.creator,),
        "subject": asset.subject,
        "rights": () if rights_address(asset.rights) else (asset.rights,),
        "ark": (asset.ark,),
    }
    pairs = [pair(name, {"none": tuple(values)}) for name, values in plain.items() if any(values)]
    return (*pairs, nature_pair(asset.nature))


def nature_pair(nature: Nature) -> Pair:
    """The badge: survey, reconstruction or simulated, in all languages."""
    return pair("nature", said(NATURES[nature]) or {})


def credit(asset: PublicAsset) -> Pair | None:
    """What must be shown beside the picture: the credit, and the badge wherever it is no survey."""
    shown = [asset.credit] if asset.credit else []
    if asset.nature is Nature.SURVEY:
        return pair("credit", {"none": tuple(shown)}) if shown else None
    badge = NATURES[asset.nature]
    value = {language.value: (*shown, spoken) for language in Language if (spoken := badge.get(language))}
    return pair("credit", value)
