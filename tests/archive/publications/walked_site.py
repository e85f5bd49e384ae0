"""The small site with everything that a walk may have: a plan, a guided walk with a narration, annotations, dates."""

import hashlib
from dataclasses import replace
from pathlib import Path

from archive.publications.write import MediaSources
from archive.records.access import AccessLevel
from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Epoch, EpochSeries, Guide, GuideStep, Narration, Plan
from tests.archive.publications.builders import GATE, PHOTO, YARD, small_site

OWN_FILES = {
    "plan.svg": (MediaRole.PLAN, "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"/>\n'),
    "narration/vi/cong.wav": (MediaRole.NARRATION, "audio/wav", b"RIFF" + bytes(2000)),
    "narration/vi/cong.vtt": (MediaRole.CAPTIONS, "text/vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n[tiếng trống]\n".encode()),
}


def walked_site(pictures: Path) -> tuple[PublicSite, MediaSources]:
    """The record, and its media: files of assets by path, the site's own as bytes."""
    site, media = small_site(pictures)
    assert site.tour is not None
    files = tuple(
        DerivedFile(role, name, kind, len(content), hashlib.sha256(content).hexdigest())
        for name, (role, kind, content) in OWN_FILES.items()
    )
    gate, yard = identifier_of(GATE), identifier_of(YARD)
    told = Narration(Language.VI, "narration/vi/cong.wav", "narration/vi/cong.vtt", 0.1)
    steps = (
        GuideStep(LocalText(vi="Dưới vòm cổng"), LocalText(vi="Gạch vồ nung già"), scene=gate, narrations=(told,)),
        GuideStep(LocalText(vi="Diềm mái"), LocalText(vi="Ngói âm dương"), asset=PHOTO),
    )
    tour = replace(
        site.tour,
        plans=(Plan("p", LocalText(vi="Mặt bằng"), "plan.svg", (0, 0, 10, 20), (5, 18), 1.0, 0.0, (gate, yard), AccessLevel.PUBLIC),),
        guides=(Guide("loi-di", LocalText(vi="Lối đi của cụ từ"), LocalText(vi="Hai chặng"), steps),),
        annotations=(
            Annotation(
                "vom", LocalText(vi="Vòm cuốn"), LocalText(vi="Cuốn tò vò"), (AnnotationTarget(GATE, SelectorKind.DIRECTION, (1.0, 2.0)),)
            ),
            Annotation(
                "ngoi", LocalText(vi="Ngói mũi hài"), LocalText(), (AnnotationTarget(PHOTO, SelectorKind.REGION, (0.1, 0.1, 0.2, 0.2)),)
            ),
        ),
        epochs=(EpochSeries("e", LocalText(vi="Xưa nay"), (Epoch("1990", GATE, gate), Epoch("2026", YARD, yard))),),
    )
    own = {(site.id, name): content for name, (_, _, content) in OWN_FILES.items()}
    return replace(site, tour=tour, files=files), {**media, **own}
