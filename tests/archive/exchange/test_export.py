"""Packages that go out: whole, valid for others, the same bytes again, nothing half done, nothing that is not public by mistake."""

import csv
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from archive.accession import accession
from archive.errors import ConflictError, DamageError, NotFoundError, StorageError, UsageError
from archive.exchange import export as module
from archive.exchange.contents import Contents, most_closed
from archive.exchange.export import Form
from archive.exchange.selection import select
from archive.exchange.tree import read_tree
from archive.home import Home
from archive.ocfl.root import StorageRoot
from archive.records.access import AccessLevel
from archive.records.asset import AssetKind, GeoPosition
from archive.records.events import Event, EventType, Outcome
from archive.records.identifiers import ark_from_blade
from archive.records.package import VersionDraft
from archive.records.serialise import from_json, to_json
from archive.records.site import Coordinates, Fact, Site
from archive.records.text import LocalText
from archive.settings import ReplicaConfig
from archive.storage.local import LocalStorage
from tests.archive.bagit.builders import judged
from tests.archive.bagit.builders import oracle_accepts as bagit_accepts
from tests.archive.builders import NOW, SITE, draft, file_of, flip_byte, keep, oracle_accepts
from tests.archive.exchange.builders import DEPOSIT, OPEN, PHOTO, PLACED, SECRET, asset, changed, first, furnished, package


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return furnished(tmp_path_factory.mktemp("source"))


@pytest.fixture
def own(tmp_path: Path) -> Home:
    return furnished(tmp_path / "own")


def test_a_site_goes_out_as_a_whole_bag(source: Home, tmp_path: Path) -> None:
    done = package(source, tmp_path / "bag")
    report = judged(tmp_path / "bag")
    assert report.findings == ()
    assert (done.objects, done.files, done.bytes) == (5, len(report.payload), report.bytes)
    info = dict(report.info)
    assert info["External-Identifier"] == SITE
    assert info["Ditich-Access"] == "restricted"
    assert info["Source-Organization"] == "Kho thử nghiệm"
    assert info["Bagging-Date"] == NOW.date().isoformat()
    objects = [value for label, value in report.info if label == "Ditich-Object"]
    assert f"{asset(PHOTO).ark} asset v3 public" in objects
    assert len(objects) == 5


def test_others_read_the_bag(source: Home, tmp_path: Path) -> None:
    # bagit-python does not decode %25 as RFC 8493 wants it: the site and the deposit have no such names
    package(source, tmp_path / "bag", name=DEPOSIT)
    assert bagit_accepts(tmp_path / "bag")


def test_a_stranger_finds_every_file_in_the_table(source: Home, tmp_path: Path) -> None:
    package(source, tmp_path / "bag")
    with (tmp_path / "bag/ditich/files.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    record = asset(PHOTO)
    versions = {row["version"] for row in rows if row["object"] == record.ark}
    assert versions == {"v1", "v2", "v3"}
    (photo,) = (row for row in rows if (row["object"], row["version"], row["file"]) == (record.ark, "v1", "original/ảnh 50%25.jpg"))
    assert (tmp_path / "bag" / photo["path in this package"]).read_bytes() == PHOTO
    contents = from_json(Contents, (tmp_path / "bag/ditich/objects.json").read_bytes())
    assert [len(one.versions) for one in contents.objects if one.ark == record.ark] == [3]
    events = [json.loads(line) for line in (tmp_path / "bag/ditich/events.jsonl").read_bytes().splitlines()]
    assert sum(record.ark in event["linkingObjectIdentifier"] for event in events) == 3
    readme = (tmp_path / "bag/ditich/README.txt").read_text(encoding="utf-8")
    command = next(line for line in readme.splitlines() if "sha512sum -c" in line)
    check = command.partition("(")[0].strip()
    done = subprocess.run(["sh", "-c", check], cwd=tmp_path / "bag", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == len(judged(tmp_path / "bag").payload)


def test_the_same_archive_gives_the_same_zip(source: Home, tmp_path: Path) -> None:
    for name in ("a", "b"):
        package(source, tmp_path / name / "site.zip", Form.ZIP)
    assert (tmp_path / "a/site.zip").read_bytes() == (tmp_path / "b/site.zip").read_bytes()
    assert judged(tmp_path / "a/site.zip").findings == ()


def test_a_small_storage_root(source: Home, tmp_path: Path) -> None:
    package(source, tmp_path / "root", Form.OCFL)
    root = StorageRoot(LocalStorage(tmp_path), "root")
    assert set(root.object_ids()) == {SITE, DEPOSIT, *(asset(content).ark for content in (PHOTO, SECRET, PLACED))}
    assert list(root.strays()) == []
    for ark in root.object_ids():
        here, there = read_tree(source.tree, source.objects.folder_of(ark), ark), read_tree(root.storage, root.folder_of(ark), ark)
        assert here.files == there.files
        copied = Home(tmp_path, source.config, source.keys, LocalStorage(tmp_path))
        moved = replace(copied, root=tmp_path / "as-home")
        (tmp_path / "as-home").mkdir(exist_ok=True)
        if not (tmp_path / "as-home/storage").exists():
            (tmp_path / "as-home/storage").symlink_to(tmp_path / "root")
        assert oracle_accepts(moved, ark)[0]


def test_progress_counts_writing_and_reading_back(source: Home, tmp_path: Path) -> None:
    for form in Form:
        told: list[tuple[str, int, int]] = []

        def step(stage: str, done: int, total: int, told: list[tuple[str, int, int]] = told) -> None:
            told.append((stage, done, total))

        module.export(source, select(source, SITE), tmp_path / f"{form}.zip", form, step)
        assert {stage for stage, _, _ in told} == {"write", "read-back"}
        for stage in ("write", "read-back"):
            last = [one for one in told if one[0] == stage][-1]
            assert last[1] == last[2]


def test_only_what_is_public_as_a_whole_goes_out_publicly(source: Home, tmp_path: Path) -> None:
    selection = select(source, SITE, public_only=True)
    assert [one.ark for one in selection.chosen] == [asset(PHOTO).ark]
    assert len(selection.left_out) == 4
    assert selection.not_public == 0
    package(source, tmp_path / "bag", public_only=True)
    assert dict(judged(tmp_path / "bag").info)["Ditich-Access"] == "public"
    written = b"".join(path.read_bytes() for path in (tmp_path / "bag").rglob("*") if path.is_file())
    assert SECRET not in written
    assert PLACED not in written
    assert asset(SECRET).ark.encode() not in written
    assert select(source, SITE).not_public == 4


def test_nothing_public_is_said(source: Home) -> None:
    with pytest.raises(NotFoundError) as raised:
        select(source, asset(SECRET).ark, public_only=True)
    assert raised.value.code == "export-nothing-public"


def test_what_is_withdrawn_or_was_something_else_is_not_public(own: Home) -> None:
    gone = replace(asset(b"gone"), withdrawn="a mistake")
    other = asset(b"replaced")
    scan = replace(asset(b"scan"), kind=AssetKind.POINT_CLOUD)
    placed = replace(asset(b"placed"), position=GeoPosition(16.0, 108.0))
    elsewhere = replace(asset(b"elsewhere"), position=GeoPosition(16.0, 108.0), site=ark_from_blade("99999", "4444444444444444"))
    for record, content in ((gone, b"gone"), (other, b"replaced"), (scan, b"scan"), (placed, b"placed"), (elsewhere, b"elsewhere")):
        keep(own, first(record, content))
    keep(own, VersionDraft(other.ark, "v1", (file_of("record.json", to_json(other)), file_of("original/a.jpg", b"new")), "correction"))
    for record in (gone, other, scan, placed, elsewhere):
        with pytest.raises(NotFoundError):
            select(own, record.ark, public_only=True)


def test_a_site_is_as_closed_as_its_facts_and_coordinates(own: Home) -> None:
    def site(blade: str, **fields: object) -> Site:
        plain = Site(
            ark_from_blade("99999", blade), f"s{blade[0]}", LocalText(en="Site"), LocalText(), asset(PHOTO).nature, (), access=OPEN
        )
        return replace(plain, **fields)  # type: ignore[arg-type]

    closed_fact = Fact("custodian", LocalText(vi="ai đó"), access=AccessLevel.RESTRICTED)
    public = Coordinates("measured", 16.0, 108.0, access=AccessLevel.PUBLIC)
    sites = [
        (site("5" * 16), True),
        (site("6" * 16, facts=(closed_fact,)), False),
        (site("7" * 16, coordinates=Coordinates("measured", 16.0, 108.0)), False),
        (site("8" * 16, coordinates=public), True),
    ]
    keep(own, *(VersionDraft(one.ark, "", (file_of("site.json", to_json(one)),), "site") for one, _ in sites))
    for one, open_ in sites:
        assert (select(own, one.slug).not_public == 0) is open_, one.slug
        assert select(own, one.slug).title == "Site"
    scan = replace(asset(b"public scan"), kind=AssetKind.POINT_CLOUD, site=sites[3][0].ark)
    keep(own, first(scan, b"public scan"))
    assert select(own, scan.ark, public_only=True).left_out == ()


def test_levels_add_up_to_the_most_closed() -> None:
    assert most_closed([AccessLevel.PUBLIC, AccessLevel.REDUCED]) is AccessLevel.REDUCED
    assert most_closed([]) is AccessLevel.PUBLIC


def test_what_is_not_there_or_no_material(own: Home) -> None:
    with pytest.raises(NotFoundError) as raised:
        select(own, ark_from_blade("99999", "3333333333333333"))
    assert raised.value.code == "no-asset"
    with pytest.raises(NotFoundError, match="no site"):
        select(own, "nowhere")
    seal = ark_from_blade("99999", "9999999999999999")
    keep(own, draft(seal, month_json=b"{}"))
    with pytest.raises(NotFoundError, match="seals a part"):
        select(own, seal)


def test_a_damaged_original_stops_the_export_and_leaves_nothing(own: Home, tmp_path: Path) -> None:
    flip_byte(own.root / own.objects.folder_of(asset(PHOTO).ark) / "v1/content/original/ảnh 50%25.jpg")
    for form in Form:
        with pytest.raises(DamageError, match="nothing was exported") as raised:
            package(own, tmp_path / "out" / "x.zip", form)
        assert raised.value.code == "export-damaged"
    assert list((tmp_path / "out").iterdir()) == []


def test_an_inventory_that_the_ledger_does_not_know_stops_the_export(own: Home, tmp_path: Path) -> None:
    from tests.archive.exchange.builders import reinventory

    record = asset(SECRET)
    reinventory(own.root / own.objects.folder_of(record.ark), ("ingest", "forged"), ("", "v1"))
    with pytest.raises(DamageError, match=r"inventory\.json"):
        package(own, tmp_path / "bag")


def test_a_disk_that_writes_other_bytes_is_noticed(source: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true_sync = LocalStorage.sync

    def failing(self: LocalStorage, paths: list[str]) -> None:
        paths = list(paths)
        true_sync(self, paths)
        for path in paths:
            place = self.path_of(path)
            if place.name.endswith("ditich-export"):
                flip_byte(place if place.is_file() else next(one for one in sorted(place.rglob("*.jpg"))))

    monkeypatch.setattr(LocalStorage, "sync", failing)
    for form in Form:
        with pytest.raises(DamageError) as raised:
            package(source, tmp_path / "out" / "x.zip", form)
        assert raised.value.code == "export-unlike"
    assert list((tmp_path / "out").iterdir()) == []


def test_what_the_ledger_says_besides_versions_goes_along(own: Home, tmp_path: Path) -> None:
    record = asset(PHOTO)
    seen = Event("urn:uuid:seen", EventType.FIXITY_CHECK, NOW.isoformat(), Outcome.SUCCESS, (own.config.agent,), (record.ark,))
    others = replace(seen, identifier="urn:uuid:others", objects=(record.ark, DEPOSIT))
    accession(own, [], agent=own.config.agent, now=NOW, events=(seen, others))
    package(own, tmp_path / "bag", name=record.ark)
    lines = (tmp_path / "bag/ditich/events.jsonl").read_text(encoding="utf-8")
    assert "urn:uuid:seen" in lines
    assert "urn:uuid:others" not in lines


@pytest.mark.parametrize("below", ["", "storage/out", "work/../storage/out"])
def test_nothing_is_written_into_the_archive_itself(source: Home, below: str) -> None:
    with pytest.raises(UsageError) as raised:
        package(source, source.root / below)
    assert raised.value.code == "export-inside"


def test_nothing_is_written_into_a_copy_of_the_archive(source: Home, tmp_path: Path) -> None:
    folder = tmp_path / "disk" / "copy"
    home = replace(source, config=replace(source.config, replicas=(ReplicaConfig("copy", str(folder)),)))
    with pytest.raises(UsageError, match="one of its copies"):
        package(home, folder / "out")
    assert not folder.exists()


def test_a_disk_without_room_is_refused_before_anything_is_written(source: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.exchange.room.RESERVE", 2**62)
    with pytest.raises(StorageError) as raised:
        package(source, tmp_path / "not there" / "bag")
    assert raised.value.code == "no-room"
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_replaced(source: Home, tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()
    with pytest.raises(ConflictError):
        package(source, tmp_path / "bag")


def test_one_object_with_all_its_versions(own: Home, tmp_path: Path) -> None:
    record = asset(PHOTO)
    keep(own, changed(record, PHOTO, "v3"))
    package(own, tmp_path / "bag", name=record.ark)
    folder = tmp_path / "bag/data/99999" / record.ark.rpartition("/")[2]
    assert (folder / "v4/inventory.json").read_bytes() == (folder / "inventory.json").read_bytes()
    assert not (folder / "v2/content/original").exists()
