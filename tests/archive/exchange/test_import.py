"""Packages that come in: the same ARKs, versions and bytes; what contradicts the archive or itself stays out, with its reason."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import access
from archive.audit import audit
from archive.bagit.source import open_bag
from archive.catalogue import open_catalogue
from archive.errors import ConflictError, DamageError, NotFoundError, RecordError, UnreadableError
from archive.exchange import adopt as module
from archive.exchange.adopt import Adoption, adopt, origin_of
from archive.exchange.arrivals import Arrival, Fate, findings_of, is_ours, plan_arrivals
from archive.exchange.contents import folder_of
from archive.exchange.export import Form
from archive.exchange.foreign import expected_digests, tag_files
from archive.exchange.unpack import place_to_unpack, unpacked
from archive.home import Home
from archive.records.access import AccessDecision
from archive.records.events import Event, EventType, Outcome
from archive.records.identifiers import ark_from_blade
from archive.storage.local import LocalStorage
from tests.archive.bagit.builders import FILES, judged, make_bag
from tests.archive.bagit.test_bag_zip import zipped
from tests.archive.builders import (
    NOW,
    SITE,
    file_of,
    flip_byte,
    keep,
    new_home,
    oracle_accepts,
    sha512sum_accepts,
    site_draft,
)
from tests.archive.exchange.builders import (
    DEPOSIT,
    PHOTO,
    PLACED,
    SECRET,
    asset,
    changed,
    everything,
    first,
    furnished,
    package,
    put_over,
    rebag,
    reinventory,
)

AGENT = "urn:uuid:00000000-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return furnished(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def sent(source: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site as a bag; not to be changed."""
    package(source, tmp_path_factory.mktemp("sent") / "bag")
    return next(tmp_path_factory.getbasetemp().glob("sent*/bag"))


@pytest.fixture
def bag(source: Home, tmp_path: Path) -> Path:
    """The same, to be changed."""
    package(source, tmp_path / "bag")
    return tmp_path / "bag"


@pytest.fixture
def other(tmp_path: Path) -> Home:
    """An archive with nothing in it."""
    return new_home(tmp_path / "other")


def plan(home: Home, bag: Path, *, newer: bool = False) -> dict[str, Arrival]:
    return {one.ark: one for one in plan_arrivals(home, LocalStorage(bag), newer=newer)}


def take(home: Home, bag: Path, *events: Event, newer: bool = False) -> tuple[str, ...]:
    storage = LocalStorage(bag)
    wanted = [one for one in plan_arrivals(home, storage, newer=newer) if one.fate in {Fate.TAKE, Fate.GROW}]
    return adopt(home, storage, wanted, Adoption(AGENT, NOW, origin_of(storage), events))


def test_a_round_trip_gives_the_same_arks_versions_and_bytes(source: Home, sent: Path, other: Home) -> None:
    assert {one.fate for one in plan(other, sent).values()} == {Fate.TAKE}
    assert take(other, sent) == ()
    assert everything(other) == everything(source)
    for ark in access.list_objects(other):
        assert oracle_accepts(other, ark)[0]
        assert sha512sum_accepts(other, ark)
        assert access.head_of(other, ark) == access.head_of(source, ark)
    report = audit(other, now=datetime.now(UTC))
    assert (report.damaged, report.missing, report.extra, report.not_checked) == (0, 0, 0, 0)
    with open_catalogue(source) as here, open_catalogue(other) as there:
        assert here.dump() == there.dump()


def test_the_ledger_enters_every_version_oldest_first_under_its_old_identifier(source: Home, sent: Path, other: Home) -> None:
    note = Event("urn:uuid:x", EventType.VALIDATION, NOW.isoformat(), Outcome.SUCCESS, (AGENT,), (), detail="taken in")
    take(other, sent, note)
    ark = asset(PHOTO).ark
    events = [entry.event for entry in other.log.entries()]
    mine = [event for event in events if ark in event.objects]
    assert [(event.type, event.extra["version"]) for event in mine] == [
        (EventType.INGESTION, "v1"),
        (EventType.MODIFICATION, "v2"),
        (EventType.MODIFICATION, "v3"),
    ]
    assert {event.extra["imported"] for event in mine} == {origin_of(LocalStorage(sent))}
    before = [entry.event for entry in source.log.entries() if ark in entry.event.objects]
    assert [event.identifier for event in mine] == [event.identifier for event in before]
    assert [event.extra["bytes"] for event in mine] == [event.extra["bytes"] for event in before]
    assert events[-1] == note


def test_what_came_can_be_changed_and_sent_back(source: Home, sent: Path, other: Home, tmp_path: Path) -> None:
    take(other, sent)
    keep(other, changed(asset(PHOTO), PHOTO, "v3"))
    package(other, tmp_path / "back", name=asset(PHOTO).ark)
    (arrival,) = plan(source, tmp_path / "back").values()
    assert (arrival.fate, arrival.here, arrival.version) == (Fate.REFUSED, "v3", "v4")
    assert [finding.code for finding in arrival.findings] == ["import-newer-version"]
    assert {one.fate for one in plan(other, sent).values()} == {Fate.SAME, Fate.OLDER}


def test_newer_versions_are_taken_one_after_the_other_where_that_is_wanted(source: Home, sent: Path, other: Home, tmp_path: Path) -> None:
    take(other, sent)
    third = new_home(tmp_path / "third")
    take(third, sent)
    keep(other, changed(asset(PHOTO), PHOTO, "v3"), changed(asset(SECRET), SECRET, "v1"))
    keep(other, changed(asset(PHOTO), PHOTO, "v4", file_of("technical.json", b"[]\n")))
    package(other, tmp_path / "back")
    arrivals = plan(third, tmp_path / "back", newer=True)
    fates = {one.ark: one.fate for one in arrivals.values()}
    assert fates[asset(PHOTO).ark] is fates[asset(SECRET).ark] is Fate.GROW
    assert fates[SITE] is Fate.SAME
    assert take(third, tmp_path / "back", newer=True) == ()
    assert everything(third) == everything(other)
    mine = [entry.event for entry in third.log.entries() if asset(PHOTO).ark in entry.event.objects]
    assert [event.extra["version"] for event in mine] == ["v1", "v2", "v3", "v4", "v5"]
    assert {event.type for event in mine[1:]} == {EventType.MODIFICATION}
    assert audit(third, now=datetime.now(UTC)).damaged == 0
    assert oracle_accepts(third, asset(PHOTO).ark)[0]


def test_a_second_time_everything_is_archived_already(sent: Path, other: Home) -> None:
    take(other, sent)
    size = other.log.checkpoint().size
    assert {one.fate for one in plan(other, sent).values()} == {Fate.SAME}
    assert take(other, sent) == ()
    assert other.log.checkpoint().size == size


def test_the_same_ark_with_other_bytes_is_refused_and_the_rest_taken(sent: Path, other: Home) -> None:
    record = asset(SECRET)
    keep(other, site_draft(ark=SITE), first(replace(record, title=replace(record.title, vi="khác")), SECRET))
    arrivals = plan(other, sent)
    assert [finding.code for finding in arrivals[record.ark].findings] == ["import-conflict"]
    assert arrivals[SITE].fate is Fate.REFUSED  # founded here by itself, not brought from there
    assert arrivals[asset(PHOTO).ark].fate is Fate.TAKE
    take(other, sent)
    assert access.head_of(other, asset(PHOTO).ark) == "v3"


def test_a_site_of_the_same_name_keeps_the_other_out_with_what_belongs_to_it(sent: Path, other: Home) -> None:
    keep(other, site_draft())
    arrivals = plan(other, sent)
    assert {one.fate for one in arrivals.values()} == {Fate.REFUSED}
    assert [finding.code for finding in arrivals[SITE].findings] == ["import-site-name-taken"]
    assert [finding.code for finding in arrivals[DEPOSIT].findings] == ["import-site-refused"]
    assert [one.severity for one in findings_of(tuple(arrivals.values()))] == ["refuse"] * 5


def test_an_asset_without_its_site_is_taken_and_remarked(source: Home, other: Home, tmp_path: Path) -> None:
    package(source, tmp_path / "bag", name=asset(PHOTO).ark)
    (arrival,) = plan(other, tmp_path / "bag").values()
    assert arrival.fate is Fate.TAKE
    assert [finding.code for finding in arrival.findings] == ["import-site-absent"]
    assert take(other, tmp_path / "bag") == ()
    assert access.read_asset(other, arrival.ark).ark == arrival.ark


ALL = ("", "v1", "v2", "v3")
DAMAGES: dict[str, Callable[[Path], object]] = {
    "content": lambda folder: (folder / "v1/content/original/ảnh 50%25.jpg").rename(folder / "v1/content/original/other.jpg"),
    "missing": lambda folder: (folder / "v2/inventory.json").unlink(),
    "stray": lambda folder: put_over(folder / "v2/stray", b"x"),
    "foreign": lambda folder: reinventory(folder, ('"head"', '\n"head"'), ("", "v3")),
    "other-id": lambda folder: reinventory(folder, (folder.name, f"{folder.name}x"), ALL),
    "namaste": lambda folder: put_over(folder / "0=ocfl_object_1.1", b"ocfl_object_1.0\n"),
    "history": lambda folder: reinventory(folder, ("ingest", "forged"), ("v1",)),
    "root-bytes": lambda folder: reinventory(folder, ('"head"', '\n"head"'), ("",)),
    "root": lambda folder: reinventory(folder, ("edit", "idet"), ("",)),
    "sidecar": lambda folder: put_over(folder / "v1/inventory.json.sha512", spaced(folder / "v1/inventory.json.sha512")),
    "no-record": lambda folder: reinventory(folder, ('"record.json"', '"record.txt"'), ALL),
    "record": lambda folder: put_over(folder / "v3/content/record.json", b"{}"),
    "content-path": lambda folder: reinventory(folder, ("v1/content/", "v1/kontent/"), ALL),
    "logical-path": lambda folder: reinventory(folder, ('"original/b/', '"original/../b/'), ALL),
}


def spaced(path: Path) -> bytes:
    return path.read_bytes().replace(b" ", b"  ")


@pytest.mark.parametrize("how", DAMAGES)
def test_an_object_that_is_not_whole_or_not_ours_stays_out(bag: Path, other: Home, how: str) -> None:
    ark = asset(PHOTO).ark
    folder = bag / "data" / folder_of(ark)
    DAMAGES[how](folder)
    arrivals = plan(other, bag)
    assert [finding.code for finding in arrivals[ark].findings] == ["import-object-not-whole"]
    assert arrivals[asset(SECRET).ark].fate is Fate.TAKE


def test_a_record_about_another_object_stays_out(source: Home, other: Home, tmp_path: Path) -> None:
    stranger = ark_from_blade("99999", "7777777777777777")
    closed = asset(PLACED, location=AccessDecision())
    keep(source_like := new_home(tmp_path / "x"), replace(first(closed, PLACED), object_id=stranger))
    package(source_like, tmp_path / "bag", name=stranger)
    (arrival,) = plan(other, tmp_path / "bag").values()
    assert arrival.fate is Fate.REFUSED
    assert "is about" in arrival.findings[0].detail


def test_forged_records_stay_out(other: Home, tmp_path: Path) -> None:
    """A short name that would lead a publication out of its folder, originals that are not there, no original at all."""
    forger = new_home(tmp_path / "forger")
    wrong = asset(PLACED, location=AccessDecision())
    none = replace(asset(SECRET, location=AccessDecision()), originals=())
    lying = replace(wrong, originals=(replace(wrong.originals[0], sha512="0" * 128),))
    keep(forger, site_draft("../../outside", ark=SITE), first(lying, PLACED), first(none, SECRET))
    package(forger, tmp_path / "bag")
    arrivals = plan(other, tmp_path / "bag").values()
    assert len(arrivals) == 3
    assert {finding.code for one in arrivals for finding in one.findings} == {"import-object-not-whole"}
    assert {one.fate for one in arrivals} == {Fate.REFUSED}


def test_a_package_that_says_nonsense_of_itself_is_no_package(bag: Path, other: Home) -> None:
    objects = bag / "ditich/objects.json"
    content = json.loads(objects.read_bytes())
    for ark in ("ark:99999/../../../etc", "nonsense"):
        content["objects"][0]["ark"] = ark
        put_over(objects, json.dumps(content).encode())
        with pytest.raises(RecordError):
            plan(other, bag)
    put_over(objects, json.dumps(content | {"schema": 99}).encode())
    with pytest.raises(RecordError):
        plan(other, bag)


def test_ours_is_what_says_so_and_has_its_lists(sent: Path, tmp_path: Path) -> None:
    assert is_ours(judged(sent))
    assert not is_ours(judged(make_bag(tmp_path / "foreign")))


def test_bytes_that_contradict_the_inventory_stop_the_group(bag: Path, other: Home) -> None:
    flip_byte(bag / "data" / folder_of(asset(PHOTO).ark) / "v1/content/original/ảnh 50%25.jpg")
    assert judged(rebag(bag)).valid
    with pytest.raises(DamageError):
        take(other, bag)
    assert list(access.list_objects(other)) == []
    assert list(other.tree.entries("work/tx")) == []


def test_what_does_not_read_back_is_said(sent: Path, other: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    true_keep = module._keep

    def failing(*arguments: object) -> None:
        true_keep(*arguments)  # type: ignore[arg-type]
        folder = other.root / other.objects.folder_of(asset(PHOTO).ark)
        flip_byte(folder / "v1/content/original/ảnh 50%25.jpg")
        (folder / "v1/content/original/b/two%0alines.txt").unlink()

    monkeypatch.setattr(module, "_keep", failing)
    faults = take(other, sent)
    assert len(faults) == 2
    assert "does not match the bag" in faults[1] + faults[0]
    assert "cannot be read back" in faults[1] + faults[0]


def test_many_objects_go_in_groups_and_the_last_word_follows_them(sent: Path, other: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP", 2)
    storage, told = LocalStorage(sent), list[int]()
    arrivals = plan_arrivals(other, storage)
    note = Event("urn:uuid:x", EventType.VALIDATION, NOW.isoformat(), Outcome.SUCCESS, (AGENT,), ())
    adopt(other, storage, arrivals, Adoption(AGENT, NOW, origin_of(storage), (note,)), told.append)
    assert sum(told) == sum(one.bytes for one in arrivals)
    events = [entry.event for entry in other.log.entries()]
    assert events.count(note) == 1
    assert events[-1] == note


def test_someone_who_brought_it_meanwhile_is_not_overwritten(sent: Path, other: Home) -> None:
    storage = LocalStorage(sent)
    arrivals = plan_arrivals(other, storage)
    adoption = Adoption(AGENT, NOW, origin_of(storage))
    adopt(other, storage, arrivals[:1], adoption)
    with pytest.raises(ConflictError):
        adopt(other, storage, arrivals, adoption)


def test_a_zip_is_unpacked_beside_and_gone_afterwards(source: Home, other: Home, tmp_path: Path) -> None:
    package(source, tmp_path / "site.zip", Form.ZIP)
    put_over(other.work / "import" / "left by a killed import", b"x")
    with open_bag(tmp_path / "site.zip") as opened, place_to_unpack(other) as place, unpacked(opened, place) as folder:
        assert folder == other.work / "import"
        assert take(other, folder) == ()
        with pytest.raises(ConflictError), place_to_unpack(other):
            pass
    assert not (other.work / "import").exists()
    assert everything(other) == everything(source)


def test_two_imports_one_after_the_other_each_have_an_empty_place(other: Home) -> None:
    for _ in range(2):
        with place_to_unpack(other) as place:
            assert list(place.iterdir()) == []
            put_over(place / "bagit.txt", b"x")


def test_a_folder_is_used_where_it_lies(sent: Path, tmp_path: Path) -> None:
    with unpacked(open_bag(sent), tmp_path / "unused") as folder:
        assert folder == sent
    assert not (tmp_path / "unused").exists()


def test_a_damaged_zip_stops_while_it_is_unpacked(tmp_path: Path) -> None:
    folder = make_bag(tmp_path / "bag", {"data/long": bytes(range(256)) * 40})
    import zipfile

    place = zipped(folder, tmp_path / "x.zip", compression=zipfile.ZIP_STORED)
    content = bytearray(place.read_bytes())
    content[content.index(bytes(range(200))) + 7] ^= 1
    place.write_bytes(bytes(content))
    (tmp_path / "scratch").mkdir()
    with open_bag(place) as opened, pytest.raises(UnreadableError), unpacked(opened, tmp_path / "scratch"):
        pass


def test_a_foreign_bag_hands_its_digests_and_its_own_files_on(tmp_path: Path) -> None:
    folder = make_bag(tmp_path / "bag", version="0.97", algorithms=("md5",))
    put_over(folder / "metadata/ghi chú 100%.xml", b"<x/>")
    report = judged(folder, keep=("sha512",))
    expected = expected_digests(report)
    assert len(expected) == len(FILES)
    assert b"empty".hex() in expected
    kept = {file.logical_path: file for file in tag_files(report, folder)}
    assert set(kept) == {"bag/bagit.txt", "bag/manifest-md5.txt", "bag/tagmanifest-md5.txt", "bag/metadata/ghi chú 100%25.xml"}
    assert kept["bag/metadata/ghi chú 100%25.xml"].size == 4
    (folder / "metadata/ghi chú 100%.xml").unlink()
    with pytest.raises(UnreadableError):
        tag_files(report, folder)


def test_without_keys_nothing_is_taken(sent: Path, other: Home) -> None:
    with pytest.raises(NotFoundError):
        take(replace(other, keys=other.root / "no keys"), sent)


@pytest.fixture(autouse=True)
def _no_leftovers(other: Home) -> Iterator[None]:
    yield
    assert not (other.work / "import").exists()


def test_placed_is_part_of_the_material() -> None:
    assert len({PHOTO, SECRET, PLACED}) == 3
