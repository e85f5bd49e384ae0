"""Reads a site folder whole, checks it, and turns it into records."""

from dataclasses import dataclass, replace
from pathlib import Path

from archive.records.site import Site
from archive.records.text import Language
from archive.records.tour import Tour
from pipeline.site_definition import annotation_page, tour_file
from pipeline.site_definition.captions import read_captions
from pipeline.site_definition.drawing import clean_drawing
from pipeline.site_definition.faults import SiteFaultError
from pipeline.site_definition.recording import SUFFIXES, clean_recording
from pipeline.site_definition.site_file import SiteFile
from pipeline.site_definition.toml_model import parse

MAX_FILE = 4 << 20
MAX_FILES = 500


@dataclass(frozen=True, slots=True)
class SiteDefinition:
    """A valid working copy.

    Attributes:
        site: the record, with the ARK given to ``load``.
        tour: the record; scenes named by file name have ids and panoramas of the form ``file:NAME``.
        files: the folder's files by ``/``-joined relative path, byte for byte; they are archived as they are.
    """

    site: Site
    tour: Tour
    files: dict[str, bytes]


def load(folder: Path, *, ark: str = "") -> SiteDefinition:
    """Reads and validates a working copy.

    Args:
        folder: a site folder.
        ark: the site's ARK, "" while it has none.

    Raises:
        SiteFaultError: the folder is not a site, or a field is wrong; the message names file and field.
    """
    files = _read_files(folder)
    if "site.toml" not in files:
        raise SiteFaultError(f"“{folder}” has no site.toml.", advice="Name the folder of a site, for example sites/dinh-mau.")
    site = parse(SiteFile, files["site.toml"], "site.toml")
    _texts_exist(site, files)
    _sounds_are_sound(files)
    return SiteDefinition(site.record(ark), _tour(files, ark), files)


def _read_files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise SiteFaultError(f"“{folder}” is not a folder.", advice="Name the folder that holds site.toml.")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    kept = [path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    if len(kept) > MAX_FILES:
        raise SiteFaultError(
            f"“{folder}” holds {len(kept)} files; a site holds at most {MAX_FILES}.",
            advice="Photos and scans go through `ditich ingest`.",
        )
    for path in kept:
        if path.stat().st_size > MAX_FILE:
            raise SiteFaultError(
                f"“{path}” is larger than 4 MiB.",
                advice="A site folder holds texts and drawings; ingest media with `ditich ingest`.",
            )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}


def _texts_exist(site: SiteFile, files: dict[str, bytes]) -> None:
    missing = [name for name in site.texts if not any(f"texts/{language}/{name}.md" in files for language in Language)]
    if missing:
        raise SiteFaultError(
            f"site.toml names texts that are not there: {', '.join(missing)}.",
            advice="Write texts/vi/NAME.md, or take the name out.",
        )


def _sounds_are_sound(files: dict[str, bytes]) -> None:
    """Every recording and every file of captions can be published, whether a step names it or not yet."""
    for name, content in files.items():
        if name.startswith(f"{tour_file.NARRATION}/"):
            if name.endswith(".vtt"):
                read_captions(content, name)
            elif name.endswith(SUFFIXES):
                clean_recording(content, name)


def _tour(files: dict[str, bytes], ark: str) -> Tour:
    written = parse(tour_file.TourFile, files.get(tour_file.NAME, b""), tour_file.NAME)
    missing = [name for name in written.drawings() if name not in files]
    if missing:
        raise SiteFaultError(
            f"{tour_file.NAME}: plans name drawings that are not there: {', '.join(missing)}.",
            advice="Put the SVG file beside tour.toml, or take the plan out.",
        )
    boxes = {name: clean_drawing(files[name], name).box for name in written.drawings()}
    tour = written.record(ark, boxes, files)
    annotations = annotation_page.read_annotations(files[annotation_page.NAME]) if annotation_page.NAME in files else ()
    return replace(tour, annotations=annotations)
