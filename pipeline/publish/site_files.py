"""The site's own files as the public gets them: plans cleaned to drawing, recordings to sound, captions to words and times."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.errors import UsageError
from archive.findings import Finding
from archive.records.access import AccessLevel
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.tour import Tour
from pipeline.publish.words import SITE_FILE_LEFT_OUT
from pipeline.site_definition.captions import read_captions, written
from pipeline.site_definition.drawing import clean_drawing
from pipeline.site_definition.recording import clean_recording


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file of a site ready to be published: its record, its bytes, and how long a recording lasts."""

    record: DerivedFile
    content: bytes
    seconds: float | None = None


def names_in(tour: Tour) -> dict[str, MediaRole]:
    """The files of a site folder that a tour would show, with what they are for; plans only where they are public."""
    names = {plan.file: MediaRole.PLAN for plan in tour.plans if plan.access is AccessLevel.PUBLIC}
    for narration in (narration for guide in tour.guides for step in guide.steps for narration in step.narrations):
        names[narration.file] = MediaRole.NARRATION
        names |= {narration.captions: MediaRole.CAPTIONS} if narration.captions else {}
    return names


def public_files(tour: Tour, working: Mapping[str, bytes], site: str) -> tuple[dict[str, SiteFile], tuple[Finding, ...]]:
    """The files by name, and a finding for each that cannot be cleaned and is left out.

    Args:
        tour: the archived tour.
        working: the archived files of the site folder by name, at least those of ``names_in``.
        site: ARK, for the findings.
    """
    files: dict[str, SiteFile] = {}
    findings: list[Finding] = []
    for name, role in names_in(tour).items():
        try:
            if name in working:
                files[name] = _cleaned(name, role, working[name])
        except UsageError as error:
            findings.append(SITE_FILE_LEFT_OUT.finding(name, error.message, site=site, name=name))
    return files, tuple(findings)


def used_files(tour: Tour, files: Mapping[str, SiteFile]) -> Iterator[SiteFile]:
    """The files that a public tour still names, by name; it names none that there is not."""
    return (files[name] for name in sorted(names_in(tour)))


def _cleaned(name: str, role: MediaRole, content: bytes) -> SiteFile:
    if role is MediaRole.PLAN:
        return _site_file(name, role, "image/svg+xml", clean_drawing(content, name).content)
    if role is MediaRole.CAPTIONS:
        return _site_file(name, role, "text/vtt", written(read_captions(content, name)))
    recording = clean_recording(content, name)
    return _site_file(name, role, recording.media_type, recording.content, recording.seconds)


def _site_file(name: str, role: MediaRole, media_type: str, content: bytes, seconds: float | None = None) -> SiteFile:
    digest = hashlib.sha256(content).hexdigest()
    return SiteFile(DerivedFile(role, name, media_type, len(content), digest), content, seconds)
