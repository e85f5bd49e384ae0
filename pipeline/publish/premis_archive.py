"""Everything the archive knows of what happened to an object, as PREMIS 3: for another archive or an inspector, never for the public.

The object with its files (both digests, size, format), every event of the ledger and of the object's own provenance, the agents. What an
event says beyond the semantic units stands as JSON in ``eventDetailExtension``, so that reading the XML gives the same events again.
"""

import json
import mimetypes
from collections.abc import Iterable, Iterator

from lxml import etree

from archive.access import head_of, read_asset, read_bytes, read_files, record_kind
from archive.errors import NotFoundError, RecordError
from archive.home import Home
from archive.records.asset import FormatVerdict
from archive.records.events import Event, EventType, Outcome
from archive.records.serialise import from_json
from archive.settings import OFFICER_ROLE
from pipeline.publish.xml_text import printable

PREMIS = "http://www.loc.gov/premis/v3"
VALUES = "urn:ditich:event-values"
"""a name, not an address: the namespace of the element that holds the values of an event as JSON"""
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_VOCABULARY = "http://id.loc.gov/vocabulary/preservation/eventType/"
_PROVENANCE = "events.jsonl"


def premis_of(home: Home, ark: str) -> bytes:
    """The PREMIS document of an object of the archive.

    Raises:
        NotFoundError: it is not there.
    """
    if head_of(home, ark) is None:
        raise NotFoundError(f"This archive has nothing under “{ark}”.", advice="Find it with `ditich search WORDS`.")
    events = events_about(home, ark)
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap={None: PREMIS, "xsi": _XSI}, version="3.0")
    _object(root, home, ark, events)
    for event in events:
        _event(root, event)
    for agent in dict.fromkeys(agent for event in events for agent in event.agents):
        _agent(root, home, agent)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def events_about(home: Home, ark: str) -> tuple[Event, ...]:
    """Every event of the ledger that concerns an object, then those of its own provenance that the ledger does not repeat."""
    found = [entry.event for entry in home.log.entries() if ark.encode() in entry.line]
    found = [event for event in found if ark in event.objects]
    if _PROVENANCE in read_files(home, ark):
        found += [from_json(Event, line) for line in read_bytes(home, ark, _PROVENANCE).splitlines()]
    return tuple({event.identifier: event for event in reversed(found)}.values())[::-1]


def events_in(document: bytes) -> tuple[Event, ...]:
    """The events of such a document, as they were.

    Raises:
        RecordError: it is not one.
    """
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
        return tuple(_read(event) for event in root.findall(f"{{{PREMIS}}}event"))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RecordError("This is not a PREMIS document of Ditich.", detail=str(error)) from error


def _object(root: etree._Element, home: Home, ark: str, events: Iterable[Event]) -> None:
    files = sorted(read_files(home, ark).items())
    formats = _formats(home, ark)
    representation = _new_object(root, "representation", "ARK", ark)
    for path, _file in files:
        relationship = _add(representation, "relationship")
        _add(relationship, "relationshipType", "structural")
        _add(relationship, "relationshipSubType", "includes")
        _identified(relationship, "relatedObject", "local", f"{ark}/{path}")
    for event in events:
        _identified(representation, "linkingEvent", "URI", event.identifier)
    for path, file in files:
        element = _new_object(root, "file", "local", f"{ark}/{path}")
        characteristics = _add(element, "objectCharacteristics")
        for algorithm, digest in (("SHA-512", file.sha512), ("SHA-256", file.sha256)):
            fixity = _add(characteristics, "fixity")
            _add(fixity, "messageDigestAlgorithm", algorithm)
            _add(fixity, "messageDigest", digest)
        _add(characteristics, "size", str(file.size))
        _format(characteristics, formats.get(file.sha512), path)
        _add(element, "originalName", path)


def _formats(home: Home, ark: str) -> dict[str, FormatVerdict]:
    if record_kind(home, ark) != "asset":
        return {}
    return {original.sha512: original.format for original in read_asset(home, ark).originals}


def _format(characteristics: etree._Element, verdict: FormatVerdict | None, path: str) -> None:
    element = _add(characteristics, "format")
    guessed = mimetypes.guess_type(path)[0] or "application/octet-stream"
    _add(_add(element, "formatDesignation"), "formatName", verdict.media_type if verdict else guessed)
    if verdict and verdict.puid:
        registry = _add(element, "formatRegistry")
        _add(registry, "formatRegistryName", "PRONOM")
        _add(registry, "formatRegistryKey", verdict.puid)


def _event(root: etree._Element, event: Event) -> None:
    element = _add(root, "event")
    _identified(element, "event", "URI", event.identifier)
    kind = _add(element, "eventType", event.type)
    kind.set("authority", "eventType")
    kind.set("valueURI", f"{_VOCABULARY}{event.type}")
    _add(element, "eventDateTime", event.when)
    detail = _add(element, "eventDetailInformation")
    if event.detail:
        _add(detail, "eventDetail", event.detail)
    values = etree.SubElement(_add(detail, "eventDetailExtension"), f"{{{VALUES}}}values", nsmap={"ditich": VALUES})
    values.text = json.dumps(event.extra, sort_keys=True)
    _add(_add(element, "eventOutcomeInformation"), "eventOutcome", event.outcome)
    for agent in event.agents:
        _identified(element, "linkingAgent", "URI", agent)
    for ark in event.objects:
        _identified(element, "linkingObject", "ARK", ark)


def _agent(root: etree._Element, home: Home, identifier: str) -> None:
    element = _add(root, "agent")
    _identified(element, "agent", "URI", identifier)
    role = next((agent.role for agent in home.config.agents if agent.id == identifier), "")
    if role:
        _add(element, "agentType", "person" if role == OFFICER_ROLE else "software")
        _add(element, "agentNote", role)


def _read(element: etree._Element) -> Event:
    def said(path: str) -> str:
        return element.findtext("/".join(f"{{{PREMIS}}}{step}" for step in path.split("/"))) or ""

    def linked(kind: str) -> Iterator[str]:
        for link in element.findall(f"{{{PREMIS}}}linking{kind}Identifier"):
            yield link.findtext(f"{{{PREMIS}}}linking{kind}IdentifierValue") or ""

    values = element.findtext(f".//{{{VALUES}}}values") or "{}"
    return Event(
        identifier=said("eventIdentifier/eventIdentifierValue"),
        type=EventType(said("eventType")),
        when=said("eventDateTime"),
        outcome=Outcome(said("eventOutcomeInformation/eventOutcome")),
        agents=tuple(linked("Agent")),
        objects=tuple(linked("Object")),
        detail=said("eventDetailInformation/eventDetail"),
        extra=json.loads(values),
    )


def _new_object(root: etree._Element, category: str, kind: str, value: str) -> etree._Element:
    element = _add(root, "object")
    element.set(f"{{{_XSI}}}type", category)
    _identified(element, "object", kind, value)
    return element


def _identified(parent: etree._Element, prefix: str, kind: str, value: str) -> None:
    identifier = _add(parent, f"{prefix}Identifier")
    _add(identifier, f"{prefix}IdentifierType", kind)
    _add(identifier, f"{prefix}IdentifierValue", value)


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    child = etree.SubElement(parent, f"{{{PREMIS}}}{name}")
    if text:
        child.text = printable(text)
    return child
