"""PREMIS 3 of what is published: ``premis-<asset id>.xml``, the representation, its files with digests, how it came to be shown.

https://www.loc.gov/standards/premis/v3/ . Only public files are named; the events of preservation stay in the archive.
"""

from collections.abc import Iterator

from lxml import etree

from archive.publications.read import ORIGINAL
from archive.records.publication import PublicAsset, PublicSite
from pipeline.publish.xml_text import printable

_PREMIS = "http://www.loc.gov/premis/v3"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = f"{{{_XSI}}}type"
_EVENT_TYPE = "http://id.loc.gov/vocabulary/preservation/eventType/dis"


def make(site: PublicSite) -> Iterator[tuple[str, bytes]]:
    """The PREMIS document of every public asset."""
    for asset in site.assets:
        yield f"premis-{asset.id}.xml", _document(site, asset)


def _document(site: PublicSite, asset: PublicAsset) -> bytes:
    root = etree.Element(f"{{{_PREMIS}}}premis", nsmap={None: _PREMIS, "xsi": _XSI}, version="3.0")
    representation = _object(root, "representation", "ARK", asset.ark)
    files = [(file.name, file.media_type, file.size, ("SHA-256", file.sha256)) for file in asset.files]
    files += [(f"{ORIGINAL}/{file.name}", file.media_type, file.size, ("SHA-512", file.sha512)) for file in asset.downloads]
    for name, *_ in files:
        relationship = _add(representation, "relationship")
        _add(relationship, "relationshipType", "structural")
        _add(relationship, "relationshipSubType", "includes")
        related = _add(relationship, "relatedObjectIdentifier")
        _add(related, "relatedObjectIdentifierType", "local")
        _add(related, "relatedObjectIdentifierValue", f"{asset.id}/{name}")
    for name, media_type, size, fixity in files:
        _file(_object(root, "file", "local", f"{asset.id}/{name}"), media_type, size, fixity)
    if site.published:
        _event(root, site, asset)
    if asset.rights:
        _rights(root, asset)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _object(root: etree._Element, category: str, kind: str, value: str) -> etree._Element:
    element = _add(root, "object")
    element.set(_TYPE, category)
    _identified(element, "object", kind, value)
    return element


def _file(element: etree._Element, media_type: str, size: int, fixity: tuple[str, str]) -> None:
    characteristics = _add(element, "objectCharacteristics")
    digest = _add(characteristics, "fixity")
    _add(digest, "messageDigestAlgorithm", fixity[0])
    _add(digest, "messageDigest", fixity[1])
    _add(characteristics, "size", str(size))
    _add(_add(_add(characteristics, "format"), "formatDesignation"), "formatName", media_type)


def _event(root: etree._Element, site: PublicSite, asset: PublicAsset) -> None:
    event = _add(root, "event")
    _identified(event, "event", "local", f"{site.ark}/publication/{site.generation}")
    kind = _add(event, "eventType", "dissemination")
    kind.set("valueURI", _EVENT_TYPE)
    _add(event, "eventDateTime", site.published)
    _add(_add(event, "eventOutcomeInformation"), "eventOutcome", "success")
    _linked(event, asset)


def _rights(root: etree._Element, asset: PublicAsset) -> None:
    statement = _add(_add(root, "rights"), "rightsStatement")
    _identified(statement, "rightsStatement", "local", f"{asset.id}/rights")
    _add(statement, "rightsBasis", "license")
    licence = _add(statement, "licenseInformation")
    _add(licence, "licenseTerms", asset.rights)
    if asset.credit:
        _add(licence, "licenseNote", asset.credit)
    _linked(statement, asset)


def _identified(element: etree._Element, prefix: str, kind: str, value: str) -> None:
    identifier = _add(element, f"{prefix}Identifier")
    _add(identifier, f"{prefix}IdentifierType", kind)
    _add(identifier, f"{prefix}IdentifierValue", value)


def _linked(element: etree._Element, asset: PublicAsset) -> None:
    link = _add(element, "linkingObjectIdentifier")
    _add(link, "linkingObjectIdentifierType", "ARK")
    _add(link, "linkingObjectIdentifierValue", asset.ark)


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    child = etree.SubElement(parent, f"{{{_PREMIS}}}{name}")
    if text:
        child.text = printable(text)
    return child
