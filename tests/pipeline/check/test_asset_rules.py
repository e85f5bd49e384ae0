"""Each rule that looks at one asset: what it finds, and what it lets pass."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from archive.findings import Finding, Severity
from archive.records.access import Rights
from archive.records.asset import AssetKind, SourcedValue
from archive.records.site import Coordinates
from pipeline.check import ASSET_CHECKS, CHECKS
from pipeline.check.context import CheckContext
from pipeline.check.gps_far_from_site import kilometres
from pipeline.describe.words import READER_REFUSED
from pipeline.sip import CandidateAsset, DescribedAsset, Description
from tests.pipeline.flow_builders import NOW, SITE_RECORD, described, facts, identified, position, received

CONTEXT = CheckContext(SITE_RECORD, lambda sha512: ("ark:99999/dtknown",) if sha512.startswith(b"known".hex()) else (), NOW)
RIGHTS = Rights("https://creativecommons.org/licenses/by/4.0/")
CLOUD = {"kind": AssetKind.POINT_CLOUD, "rights": RIGHTS}


def run(asset: DescribedAsset, context: CheckContext = CONTEXT) -> Iterator[Finding]:
    return (finding for rule in ASSET_CHECKS for finding in rule(asset, context))


def codes(asset: DescribedAsset, context: CheckContext = CONTEXT) -> list[str]:
    return [finding.code for finding in run(asset, context)]


def shot(text: str, source: str = "exif:DateTimeOriginal") -> SourcedValue:
    return SourcedValue(text, source)


def refused(source: str) -> Description:
    return Description(source, "a.jpg", {"error": "cut off"}, {}, (READER_REFUSED.finding("a.jpg", reader=source),))


EMPTY = CandidateAsset(AssetKind.PHOTO, replace(identified("a.jpg"), file=replace(received("a.jpg"), size=0)))
CAMERA = Description("exif", "a.jpg", {}, {"captured": SourcedValue("2031-01-01T00:00:00", "exif:x")})
GOOD_HEADER = Description("pillow", "a.jpg", {}, {})


@pytest.mark.parametrize(
    ("asset", "code"),
    [
        (described(), "no-rights"),
        (described(rights=Rights("abc")), "rights-unknown"),
        (described(name="unknown", rights=RIGHTS), "unknown-format"),
        (described("a.png", rights=RIGHTS), "wrong-extension"),
        (described("known.jpg", rights=RIGHTS), "already-archived"),
        (described("a:b/c.jpg", rights=RIGHTS), "windows-name"),
        (described("aux.jpg", rights=RIGHTS), "windows-name"),
        (described("end /c.jpg", rights=RIGHTS), "windows-name"),
        (described("x" * 241, rights=RIGHTS), "windows-name"),
        (described(rights=RIGHTS, captured=shot("2031-01-01T00:00:00")), "date-implausible"),
        (described(rights=RIGHTS, captured=shot("1799-01-01")), "date-implausible"),
        (described(rights=RIGHTS, captured=shot("0000-00-00")), "date-implausible"),
        (described(rights=RIGHTS, captured=shot("1980-01-01T00:00:12")), "date-implausible"),
        (described(rights=RIGHTS, captured=shot("2026-01-01", "sheet:m!A2"), descriptions=(CAMERA,)), "camera-clock-wrong"),
        (described(rights=RIGHTS, position=position(91, 0)), "gps-out-of-range"),
        (described(rights=RIGHTS, position=position(0, 0)), "gps-out-of-range"),
        (described(rights=RIGHTS, kind=AssetKind.PANORAMA, facts=facts(width=4000, height=1500)), "panorama-shape"),
        (described("a.las", "las", **CLOUD, facts=facts(points=0, unit="m", crs="x")), "scan-without-points"),
        (described("a.las", "las", **CLOUD, facts=facts(points=5, nan_points=2, unit="m", crs="x")), "scan-nan"),
        (described("a.las", "las", **CLOUD, facts=facts(points=5, unit="m")), "scan-without-unit-or-crs"),
        (described("a.ply", "ply-points", **CLOUD, facts=facts(points=5, unit="")), "scan-without-unit-or-crs"),
        (described("a.obj", "obj", rights=RIGHTS, facts=facts(invalid_indices=3)), "mesh-invalid-indices"),
        (
            described(rights=RIGHTS, descriptions=(refused("image-structure"), Description("pillow", "a.jpg", {}, {}))),
            "unreadable-or-truncated",
        ),
        (described(candidate=EMPTY, rights=RIGHTS), "unreadable-or-truncated"),
        (described("a.las", "las", rights=RIGHTS, descriptions=(replace(refused("las"), path="a.las"),)), "unreadable-or-truncated"),
    ],
)
def test_the_rule_finds_its_fault_and_no_other_does(asset: DescribedAsset, code: str) -> None:
    assert codes(asset) == [code]


@pytest.mark.parametrize(
    "asset",
    [
        described(rights=RIGHTS),
        described("photo.1", rights=RIGHTS),
        described("README", rights=RIGHTS),
        described("a.dng", "tiff", rights=RIGHTS),
        described(rights=RIGHTS, captured=shot("2024")),
        described(rights=RIGHTS, captured=shot("1980-01-01T00:00:12", "sheet:m.csv!A2")),
        described("a.pdf", "pdf", rights=RIGHTS, kind=AssetKind.DOCUMENT, captured=shot("1799")),
        described(rights=RIGHTS, position=position(16.07, 108.2)),
        described(rights=RIGHTS, kind=AssetKind.PANORAMA, facts=facts(width=4000, height=2000)),
        described(rights=RIGHTS, kind=AssetKind.PANORAMA, facts=facts(width=4000, height=1000, crop={})),
        described(rights=RIGHTS, kind=AssetKind.PANORAMA),
        described("a.e57", "e57", **CLOUD, facts=facts(points=5, unit="m", nan_points=0)),
        described("a.obj", "obj", rights=RIGHTS, facts=facts(invalid_indices=0)),
        described("a.e57", "e57", **CLOUD, facts=facts(points=0, images=1, unit="m")),
        described(rights=RIGHTS, descriptions=(refused("exif"), refused("xmp"))),
        described(rights=RIGHTS, descriptions=(refused("pillow"), Description("image-structure", "a.jpg", {}, {}))),
    ],
)
def test_good_material_passes(asset: DescribedAsset) -> None:
    assert codes(asset) == []


def test_a_photo_from_another_town_is_asked_about() -> None:
    site = replace(SITE_RECORD, coordinates=Coordinates("surveyed", 16.0678, 108.2022))
    context = replace(CONTEXT, site=site)
    assert codes(described(rights=RIGHTS, position=position(16.0680, 108.2025)), context) == []
    assert codes(described(rights=RIGHTS, position=position(21.03, 105.85)), context) == ["gps-far-from-site"]
    assert codes(described(rights=RIGHTS, position=position(200, 0)), context) == ["gps-out-of-range"]


def test_kilometres_between_towns() -> None:
    assert kilometres((21.0278, 105.8342), (16.0678, 108.2022)) == pytest.approx(606, rel=0.01)
    assert kilometres((0, 0), (0, 180)) == pytest.approx(6371 * 3.14159265, rel=1e-6)


def test_every_sentence_is_there_in_three_languages() -> None:
    found = list(run(described("aux:.png", name="jpeg", captured=shot("2031"), position=position(91, 0))))
    assert len(found) >= 5
    for finding in found:
        assert set(finding.sentence) == {"vi", "en", "th"}
        assert all(finding.sentence.values())
        assert finding.path == "aux:.png"


def test_each_rule_is_a_file_of_its_own_named_by_its_code() -> None:
    modules = [rule.__module__ for rule in CHECKS]
    assert len(set(modules)) == len(modules) == 18
    for rule in CHECKS:
        code = rule.__globals__["CODE"]
        assert rule.__module__ == f"pipeline.check.{code.replace('-', '_')}"
        assert isinstance(rule.__globals__["RULE"].severity, Severity)
