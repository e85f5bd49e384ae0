"""Rules over a whole deposit, and how the stage sorts accepted from refused."""

import os
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.findings import Finding, Severity
from pipeline import space
from pipeline.check import DEPOSIT_CHECKS
from pipeline.check.context import CheckContext
from pipeline.check.stage import check
from pipeline.check.too_little_space import judge
from pipeline.describe.words import READER_DIED
from pipeline.sip import DescribedDeposit
from pipeline.space import Fits, SpacePlan, plan_space
from tests.pipeline.flow_builders import NOW, SITE_RECORD, deposit_of, described, identified

PLAN = SpacePlan(
    received=10**9, records=10**6, scratch=10**8, derivatives=8 * 10**8, inodes=130, derivative_inodes=160, free=10**12, free_inodes=10**6
)
CONTEXT = CheckContext(SITE_RECORD, lambda _: (), NOW, PLAN)


def codes(deposit: DescribedDeposit, context: CheckContext = CONTEXT) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for rule in DEPOSIT_CHECKS for finding in rule(deposit, context)]


def test_the_same_bytes_twice() -> None:
    one = described("a.jpg")
    twin = described("b.jpg", candidate=replace(one.candidate, principal=identified("b.jpg", digest=one.candidate.principal.file.sha512)))
    assert codes(deposit_of(one, twin, described("c.jpg"))) == [("exact-duplicate", "b.jpg")]


@pytest.mark.parametrize("other", ["A.JPG", unicodedata.normalize("NFD", "ạ.jpg")])
def test_names_that_collide(other: str) -> None:
    first = "a.jpg" if other == "A.JPG" else "ạ.jpg"
    assert [code for code, _ in codes(deposit_of(described(first), described(other)))] == ["name-collision"]


@pytest.mark.parametrize(
    ("changes", "verdict", "code"),
    [
        ({}, Fits.EVERYTHING, ""),
        ({"free": 10**9}, Fits.TOO_LITTLE, "too-little-space"),
        ({"free": 13 * 10**8}, Fits.ORIGINALS_ONLY, "too-little-space-for-views"),
        ({"free_inodes": 100}, Fits.TOO_LITTLE, "too-few-inodes"),
        ({"free_inodes": 200}, Fits.ORIGINALS_ONLY, "too-little-space-for-views"),
        ({"free_inodes": None}, Fits.EVERYTHING, ""),
    ],
)
def test_room_on_the_disk(changes: dict[str, int], verdict: Fits, code: str) -> None:
    plan = replace(PLAN, **changes)
    assert plan.verdict is verdict
    assert [finding.code for finding in judge(plan)] == ([code] if code else [])
    assert codes(deposit_of(), replace(CONTEXT, space=plan)) == ([(code, "")] if code else [])
    assert codes(deposit_of(), replace(CONTEXT, space=None)) == []


def test_the_plan_counts_what_the_disk_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_space((1000, 3000), tmp_path)
    assert (plan.received, plan.scratch) == (4000, 3000)
    assert plan.free <= shutil.disk_usage(tmp_path).total
    assert plan.originals > 4000
    assert plan.everything > plan.originals
    nothing_counted = SimpleNamespace(f_files=0, f_favail=0, f_bavail=1, f_blocks=1, f_bfree=1, f_frsize=1)
    monkeypatch.setattr(os, "statvfs", lambda _: nothing_counted)
    assert plan_space((), tmp_path).free_inodes is None
    monkeypatch.delattr(os, "statvfs")
    assert space._free_inodes(tmp_path) is None


def fault(path: str, severity: Severity, code: str = "x") -> Finding:
    return Finding(code, severity, path, {"vi": "a", "en": "a", "th": "a"})


def test_a_refusal_concerns_its_asset_and_the_rest_goes_on() -> None:
    deposit = deposit_of(described("a.jpg"), described("b.jpg"))
    death = READER_DIED.finding("a.jpg", reader="exif")
    found = (
        fault("a.jpg", Severity.REFUSE),
        fault("a.jpg", Severity.REFUSE),
        death,
        fault("", Severity.NOTE),
        fault("m.csv", Severity.WARN),
    )
    checked = check(replace(deposit, findings=found), CONTEXT)
    assert [one.described.candidate.principal.file.path for one in checked.assets] == ["b.jpg"]
    (refusal,) = checked.refusals
    assert [one.code for one in refusal.findings] == ["x", "worker-death"]
    assert [one.path for one in checked.findings] == ["", "m.csv"]


def test_what_is_missing_is_asked_for_once_of_the_copy_that_is_kept() -> None:
    one = described("a.jpg")
    twin = described("b.jpg", candidate=replace(one.candidate, principal=identified("b.jpg", digest=one.candidate.principal.file.sha512)))
    checked = check(deposit_of(one, twin), CONTEXT)
    assert [[finding.code for finding in asset.findings] for asset in checked.assets] == [["no-rights"], ["exact-duplicate"]]


def test_a_reader_that_died_does_not_refuse() -> None:
    checked = check(replace(deposit_of(described("a.jpg")), findings=(READER_DIED.finding("a.jpg", reader="exif"),)), CONTEXT)
    assert checked.refusals == ()
    assert "worker-death" in [one.code for one in checked.assets[0].findings]
