"""The exports of a publication. Each is made from the public record alone, so it cannot say more than the pages do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archive.records.publication import PublicSite
from pipeline.publish import iiif_draft, iiif_manifest, oai_dc, premis, web_annotations


@dataclass(frozen=True, slots=True)
class Exporter:
    """One export: ``make`` yields (file name, bytes) for the site and its assets."""

    name: str
    make: Callable[[PublicSite], Iterable[tuple[str, bytes]]]


EXPORTERS: tuple[Exporter, ...] = (
    Exporter("iiif-manifest", iiif_manifest.make),
    Exporter("iiif-draft", iiif_draft.make),
    Exporter("web-annotations", web_annotations.make),
    Exporter("oai_dc", oai_dc.make),
    Exporter("premis", premis.make),
)
