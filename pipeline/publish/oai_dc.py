"""Dublin Core for harvesters: ``oai_dc-<asset id>.xml`` of every asset and ``oai_dc.xml`` of the site.

http://www.openarchives.org/OAI/2.0/oai_dc.xsd ; types by the DCMI Type Vocabulary.
"""

from collections.abc import Iterator

from lxml import etree

from archive.publications.read import PLACEHOLDER_BASE
from archive.records.asset import AssetKind, Nature
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from pipeline.publish.xml_text import printable

_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC = "http://purl.org/dc/elements/1.1/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{_OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPES: dict[AssetKind, str] = {
    AssetKind.PHOTO: "StillImage",
    AssetKind.PANORAMA: "StillImage",
    AssetKind.POINT_CLOUD: "Dataset",
    AssetKind.MESH: "InteractiveResource",
    AssetKind.SPLAT: "Dataset",
    AssetKind.DOCUMENT: "Text",
    AssetKind.RECORDING: "Sound",
    AssetKind.FILE: "Dataset",
}
_NATURES: dict[Nature, str] = {
    Nature.SURVEY: "",
    Nature.SIMULATED: "MÔ PHỎNG · SIMULATED",
    Nature.RECONSTRUCTION: "PHỤC DỰNG · RECONSTRUCTION",
}
Fields = list[tuple[str, str, str]]
"""(element, text, language or "")"""


def make(site: PublicSite) -> Iterator[tuple[str, bytes]]:
    """The Dublin Core records of a site and its assets; none of a site that has no name to show."""
    names = _texts("title", site.name)
    if not names:
        return
    fields = [*names, *_texts("description", site.summary), *_nature(site.nature), ("type", "Collection", "")]
    yield "oai_dc.xml", _record([*fields, *_addresses(site, "", site.ark)])
    for asset in site.assets:
        yield f"oai_dc-{asset.id}.xml", _record(_asset_fields(site, asset))


def _asset_fields(site: PublicSite, asset: PublicAsset) -> Fields:
    fields = [*_texts("title", asset.title), ("creator", asset.creator, "")]
    fields += [("subject", subject, "") for subject in asset.subject]
    fields += [*_texts("description", asset.description), *_nature(asset.nature)]
    fields += [("date", asset.captured, ""), ("type", _TYPES[asset.kind], "")]
    fields += [("format", media_type, "") for media_type in dict.fromkeys(file.media_type for file in asset.downloads)]
    fields += [*_addresses(site, f"/{asset.id}", asset.ark), ("relation", site.ark, "")]
    return [*fields, ("rights", asset.rights, ""), ("rights", asset.credit, "")]


def _texts(element: str, text: LocalText) -> Fields:
    return [(element, words, language.value) for language in Language if (words := text.get(language))]


def _nature(nature: Nature) -> Fields:
    return [("description", _NATURES[nature], "")]


def _addresses(site: PublicSite, below: str, ark: str) -> Fields:
    pages = [("identifier", f"{PLACEHOLDER_BASE}/{language.value}/{site.slug}{below}", "") for language in Language]
    return [("identifier", ark, ""), *pages]


def _record(fields: Fields) -> bytes:
    root = etree.Element(f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA)
    for element, text, language in fields:
        if text:
            child = etree.SubElement(root, f"{{{_DC}}}{element}")
            child.text = printable(text)
            if language:
                child.set(_LANG, language)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
