"""The report as one self-contained HTML page: no script, no request, readable on a phone and on paper."""

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.access import read_files
from archive.findings import Severity
from archive.home import Home
from archive.records.accession import Fate
from archive.records.asset import AssetKind
from archive.records.text import Language
from pipeline import report_picture
from pipeline.console import size
from pipeline.logical_paths import logical_path
from pipeline.report import IngestReport, ReadBack, ReportAsset, grouped, printable, unread, verdict
from pipeline.report_words import WORDS
from pipeline.workers import Limits, ParserWorkers, Returned

TEMPLATES = Path(__file__).parent / "templates"
MOST_PICTURES = 240
_PICTURED = frozenset({AssetKind.PHOTO, AssetKind.PANORAMA})
_LIMITS = Limits(seconds=10, memory_mib=1024)


def report_page(report: IngestReport, language: Language, pictures: Mapping[str, bytes]) -> str:
    """The page; ``pictures`` are JPEGs by the ARK of their asset."""
    import jinja2

    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters |= {"printable": printable, "size": size}
    groups = grouped(report.findings, language)
    name = report.site_name.best(language)
    return environment.get_template("report.html").render(
        report=report,
        words=WORDS[language],
        language=str(language),
        site=name[0] if name else report.site,
        site_language=str(name[1]) if name else "",
        verdict=verdict(report, language),
        mood=_mood(report),
        tiles=_tiles(report),
        refused=dict(_tiles(report))["refused"],
        sections=[(key, [one for one in groups if one.severity is severity]) for key, severity in _SECTIONS],
        cards=[_card(one, language, pictures) for one in report.assets],
        left_out=[(path, WORDS[language].get(reason, reason)) for path, reason in report.left_out],
    )


_SECTIONS = (("to_do", Severity.REFUSE), ("remarks", Severity.WARN), ("notes", Severity.NOTE))


def report_pictures(home: Home, assets: Iterable[ReportAsset], workers: ParserWorkers) -> dict[str, bytes]:
    """Small pictures of archived photos and panoramas, the first 240; an image that cannot be pictured simply has none."""
    wanted = [one for one in assets if one.kind in _PICTURED][:MOST_PICTURES]
    visits = []
    for one in wanted:
        kept = read_files(home, one.ark, one.version)
        path = logical_path("original", one.paths[0].encode("utf-8", "surrogateescape").hex())
        if path in kept:
            visits.append((one.ark, workers.submit(report_picture.TASK, kept[path].path, limits=_LIMITS)))
    results = ((ark, visit.result()) for ark, visit in visits)
    return {ark: result.value for ark, result in results if isinstance(result, Returned)}


def _mood(report: IngestReport) -> str:
    if report.card_may_be_taken_out:
        return "good"
    return "plain" if report.read_back is ReadBack.DRY_RUN else "bad"


def _tiles(report: IngestReport) -> list[tuple[str, int]]:
    missing = unread(report)
    return [
        ("kept", report.count(Fate.ARCHIVED)),
        ("already", report.count(Fate.ALREADY_ARCHIVED)),
        ("describes", report.count(Fate.DESCRIBES)),
        ("refused", report.count(Fate.REFUSED) + len(missing)),
        ("left_out", len(report.left_out) - len(missing)),
    ]


def _card(asset: ReportAsset, language: Language, pictures: Mapping[str, bytes]) -> dict[str, object]:
    title = asset.title.best(language)
    picture = pictures.get(asset.ark)
    return {
        "asset": asset,
        "title": title[0] if title else "",
        "title_language": str(title[1]) if title else "",
        "name": printable(asset.paths[0]) if asset.paths else "",
        "picture": f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else "",
    }
