import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from archive import accession as accession_module
from archive.access import head_of, read_bytes, read_files
from archive.accession import accession, lock_of, verify_from_device
from archive.errors import ConflictError, DamageError, NotFoundError, StorageError, UsageError
from archive.home import Home, open_home
from archive.ocfl.digests import digests_of
from archive.records.events import Event, EventType, Outcome
from archive.records.package import FileToKeep, VersionDraft
from archive.storage import local
from tests.archive.builders import (
    NOW,
    draft,
    file_of,
    flip_byte,
    keep,
    kept_file,
    new_home,
    oracle_accepts,
    received_file,
    sha512sum_accepts,
)

ONE = "ark:99999/dt1"


def content_files(home: Home, object_id: str) -> list[str]:
    folder = home.root / home.objects.folder_of(object_id)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("content/**/*") if path.is_file())


def test_a_first_version_is_a_valid_object_with_two_digests(home: Home) -> None:
    files = (file_of("record.json", b"{}"), received_file(home, "original/Ảnh/Đình.jpg", b"pixels"))
    (package,) = keep(home, VersionDraft(ONE, "", files, "nhập"))
    assert (package.object_id, package.version) == (ONE, "v1")
    assert dict(package.files)["original/Ảnh/Đình.jpg"] == digests_of(b"pixels").sha512
    assert oracle_accepts(home, ONE) == (True, "")
    assert sha512sum_accepts(home, ONE)
    inventory = json.loads((home.root / home.objects.folder_of(ONE) / "inventory.json").read_bytes())
    assert inventory["fixity"]["sha256"][digests_of(b"pixels").sha256] == ["v1/content/original/Ảnh/Đình.jpg"]
    assert inventory["versions"]["v1"]["created"] == NOW.isoformat()
    assert not any((home.incoming / "deposit").iterdir())
    assert not any((home.work / "tx").iterdir())
    assert not any((home.work / "locks").iterdir())


def test_a_new_version_stores_only_what_changed(home: Home) -> None:
    keep(home, draft(ONE, record_json=b"1", original__a=b"same", original__b=b"old"))
    second = VersionDraft(
        ONE, "v1", (kept_file("original/a", b"same"), file_of("original/c", b"same"), file_of("record.json", b"2")), "edit"
    )
    (package,) = keep(home, second)
    assert package.version == "v2"
    assert content_files(home, ONE) == [
        "v1/content/original/a",
        "v1/content/original/b",
        "v1/content/record.json",
        "v2/content/record.json",
    ]
    assert list(read_files(home, ONE)) == ["original/a", "original/c", "record.json"]
    assert read_bytes(home, ONE, "record.json", "v1") == b"1"
    assert read_bytes(home, ONE, "record.json") == b"2"
    keep(home, draft(ONE, "v2", record_json=b"1"))
    assert content_files(home, ONE)[-1] == "v2/content/record.json"
    assert oracle_accepts(home, ONE) == (True, "")


def test_what_is_stored_does_not_depend_on_place_or_moment(tmp_path: Path) -> None:
    stored = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        home = new_home(tmp_path / name)
        keep(home, draft(ONE, b=b"2", a=b"1", sub__c=b"3"), draft("ark:99999/dt2", a=b"1"))
        keep(home, draft(ONE, "v1", a=b"1"))
        agent = home.config.agent.encode()
        stored.append(
            {
                path.relative_to(home.storage): path.read_bytes().replace(agent, b"AGENT")
                for path in home.storage.rglob("*")
                if path.is_file() and not path.name.endswith(".sha512")
            }
        )
    assert stored[0] == stored[1]


def test_every_version_is_in_the_ledger_with_its_inventory(home: Home) -> None:
    event = Event("e", EventType.CAPTURE, "2026-11-01T00:00:00+00:00", Outcome.SUCCESS, ("camera",), (ONE,))
    first = accession(home, [draft(ONE, a=b"1")], agent="urn:x", now=NOW, events=[event])
    second = keep(home, draft(ONE, "v1", a=b"2"))
    found = [entry.event for entry in home.log.entries(1)]
    assert [(event.type, event.objects) for event in found] == [
        (EventType.INGESTION, (ONE,)),
        (EventType.CAPTURE, (ONE,)),
        (EventType.MODIFICATION, (ONE,)),
    ]
    assert [found[0].extra["inventory_sha512"], found[2].extra["inventory_sha512"]] == [
        first[0].inventory_sha512,
        second[0].inventory_sha512,
    ]
    assert found[0].extra["files"] == 1
    assert found[0].agents == ("urn:x",)


def test_many_go_in_groups(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accession_module, "GROUP", 40)
    told: list[int] = []
    drafts = [draft(f"ark:99999/dt{number}", a=b"%d" % number) for number in range(100)]
    packages = accession(home, drafts, agent=home.config.agent, now=NOW, progress=told.append)
    assert [package.object_id for package in packages] == [draft.object_id for draft in drafts]
    assert told == [40, 40, 20]
    assert len(home.objects.object_ids()) == 100
    assert verify_from_device(home, packages) == ()
    updates = [draft(f"ark:99999/dt{number}", "v1", a=b"new %d" % number) for number in range(100)]
    assert {package.version for package in keep(home, *updates)} == {"v2"}
    assert home.log.checkpoint().size == 201


def test_events_without_versions_are_entered_too(home: Home) -> None:
    event = Event("e", EventType.PUBLICATION, "2026-11-01T00:00:00+00:00", Outcome.SUCCESS, (), ())
    told: list[int] = []
    assert accession(home, [], agent="urn:x", now=NOW, events=[event], progress=told.append) == ()
    assert [entry.event for entry in home.log.entries(1)] == [event]
    assert told == []


def test_a_draft_not_made_from_the_head_is_a_conflict(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"))
    for base in ("", "v2"):
        with pytest.raises(ConflictError, match=r"is at v1, not at"):
            keep(home, draft(ONE, base, a=b"2"))
    with pytest.raises(ConflictError, match="is at no version"):
        keep(home, draft("ark:99999/dt2", "v1", a=b"2"))
    assert head_of(home, ONE) == "v1"


def test_an_object_that_someone_else_is_writing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = type(home.tree).lock
    monkeypatch.setattr(type(home.tree), "lock", lambda tree, path, seconds=0.05: lock(tree, path, seconds=seconds))
    with open_home(home.root, home.keys).tree.lock(lock_of(ONE)), pytest.raises(ConflictError, match="Someone else"):
        keep(home, draft(ONE, a=b"1"))
    assert head_of(home, ONE) is None


def test_an_object_changed_between_plan_and_rename(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(home, draft(ONE, a=b"1"))
    other = open_home(home.root, home.keys)
    sync = home.tree.sync
    monkeypatch.setattr(accession_module, "lock_of", lambda _object_id: "work/locks/none-that-anyone-shares")

    def meanwhile(paths: list[str]) -> None:
        sync(paths)
        monkeypatch.setattr(home.tree, "sync", sync)
        monkeypatch.setattr(accession_module, "lock_of", lambda _object_id: "work/locks/other")
        keep(other, draft(ONE, "v1", a=b"theirs"))

    monkeypatch.setattr(home.tree, "sync", meanwhile)
    source = received_file(home, "a", b"ours")
    with pytest.raises(ConflictError, match="changed meanwhile"):
        keep(home, VersionDraft(ONE, "v1", (source,), ""))
    assert read_bytes(home, ONE, "a") == b"theirs"
    assert source.source is not None
    assert source.source.read_bytes() == b"ours"
    assert not any((home.work / "tx").iterdir())


def test_one_file_in_two_objects_is_copied_first_and_moved_last(home: Home) -> None:
    shared = received_file(home, "original/a", b"shared")
    assert shared.source is not None
    keep(home, VersionDraft(ONE, "", (shared,), ""), VersionDraft("ark:99999/dt2", "", (replace(shared, move=False),), ""))
    paths = [home.root / home.objects.folder_of(name) / "v1/content/original/a" for name in (ONE, "ark:99999/dt2")]
    assert [path.read_bytes() for path in paths] == [b"shared", b"shared"]
    assert [path.stat().st_nlink for path in paths] == [1, 1]
    assert not shared.source.exists()


def test_a_moved_file_whose_bytes_are_kept_already_is_taken_away(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"))
    again = received_file(home, "b", b"1")
    keep(home, VersionDraft(ONE, "v1", (kept_file("a", b"1"), again), ""))
    assert again.source is not None
    assert not again.source.exists()
    assert content_files(home, ONE) == ["v1/content/a"]


def test_a_source_that_is_not_moved_stays(home: Home, tmp_path: Path) -> None:
    source = tmp_path / "card.jpg"
    source.write_bytes(b"card")
    digests = digests_of(b"card")
    keep(home, VersionDraft(ONE, "", (FileToKeep("a", digests.sha512, digests.sha256, 4, source=source),), ""))
    assert source.read_bytes() == b"card"


def test_bytes_that_are_not_what_was_read_are_refused(home: Home) -> None:
    wrong = digests_of(b"other")
    source = received_file(home, "a", b"bytes", move=False)
    moved = received_file(home, "b", b"moved")
    cases = (
        FileToKeep("a", wrong.sha512, wrong.sha256, wrong.size, content=b"bytes"),
        replace(source, sha512=wrong.sha512, sha256=wrong.sha256),
        replace(moved, size=99),
    )
    for file in cases:
        with pytest.raises(DamageError):
            keep(home, VersionDraft(ONE, "", (file,), ""))
    assert head_of(home, ONE) is None
    assert moved.source is not None
    assert moved.source.read_bytes() == b"moved"
    assert not any((home.work / "tx").iterdir())
    assert home.log.checkpoint().size == 1


def test_drafts_that_make_no_sense(home: Home) -> None:
    digests = digests_of(b"1")
    with pytest.raises(UsageError, match="together"):
        keep(home, draft(ONE, a=b"1"), draft(ONE, a=b"2"))
    with pytest.raises(UsageError, match="time zone"):
        accession(home, [], agent="", now=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    with pytest.raises(UsageError, match="same name: a"):
        keep(home, VersionDraft(ONE, "", (file_of("a", b"1"), file_of("a", b"2")), ""))
    with pytest.raises(UsageError, match="same name: a"):
        keep(home, VersionDraft(ONE, "", (file_of("a", b"1"), file_of("a/b", b"2")), ""))
    with pytest.raises(ConflictError, match="no bytes with the digest"):
        keep(home, VersionDraft(ONE, "", (kept_file("a", b"1"),), ""))
    with pytest.raises(StorageError, match="neither bytes nor a source"):
        keep(home, VersionDraft(ONE, "", (FileToKeep("a", digests.sha512, digests.sha256, 1),), ""))
    assert home.log.checkpoint().size == 1


def test_without_keys_nothing_is_written(home: Home, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no signing key"):
        keep(open_home(home.root, tmp_path / "none"), draft(ONE, a=b"1"))
    assert head_of(home, ONE) is None


def test_reading_back_names_what_does_not_match(home: Home) -> None:
    packages = keep(home, draft(ONE, a=b"first", b=b"second", c=b"third"), draft("ark:99999/dt2", a=b"1"), draft("ark:99999/dt3", a=b"1"))
    read: list[int] = []
    assert verify_from_device(home, packages, read.append) == ()
    assert sum(read) == len(b"firstsecondthird11")
    folder = home.root / home.objects.folder_of(ONE) / "v1/content"
    flip_byte(folder / "a")
    (folder / "b").unlink()
    flip_byte(home.root / home.objects.folder_of("ark:99999/dt2") / "v1/inventory.json")
    faults = verify_from_device(home, [*packages[:2], replace(packages[2], inventory_sha512="0")])
    assert len(faults) == 4
    assert "v1/content/a does not match" in faults[0]
    assert "cannot be read back" in faults[1]
    assert "digest file" in faults[2]
    assert "not the one that was written" in faults[3]


def test_names_that_differ_only_in_case_or_form_are_kept_apart(home: Home) -> None:
    files = tuple(file_of(name, name.encode()) for name in ("A.jpg", "a.jpg", "Đ\u0061\u0300", "Đ\u00e0", "x" * 300))
    keep(home, VersionDraft(ONE, "", files, ""))
    assert {name: kept.path.read_bytes() for name, kept in read_files(home, ONE).items()} == {
        file.logical_path: file.content for file in files
    }
    assert oracle_accepts(home, ONE) == (True, "")
    assert sha512sum_accepts(home, ONE)


WRITER = """
import sys
from pathlib import Path
from archive.access import head_of
from archive.errors import ConflictError
from archive.home import open_home
from tests.archive.builders import draft, keep
home = open_home(Path(sys.argv[1]), Path(sys.argv[2]))
number = 0
while number < 8:
    head = head_of(home, "ark:99999/dtshared") or ""
    try:
        keep(home, draft("ark:99999/dtshared", head, a=f"{sys.argv[3]} {number}".encode()))
    except ConflictError:
        continue
    number += 1
"""


def test_writers_at_the_same_time_lose_nothing(home: Home) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", WRITER, str(home.root), str(home.keys)]
    writers = [subprocess.Popen([*command, name], cwd=root) for name in ("one", "two", "three")]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    versions = {read_bytes(home, "ark:99999/dtshared", "a", f"v{number}") for number in range(1, 25)}
    assert versions == {f"{name} {number}".encode() for name in ("one", "two", "three") for number in range(8)}
    assert head_of(home, "ark:99999/dtshared") == "v24"
    assert home.log.checkpoint().size == 25
    assert oracle_accepts(home, "ark:99999/dtshared") == (True, "")


def test_without_syncfs_every_file_and_folder_is_synced_by_itself(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr(local, "_syncfs", lambda: None)
    monkeypatch.setattr(home.tree, "sync_file", synced.append)
    keep(home, draft(ONE, a=b"1"))
    assert {path.rpartition("/")[2] for path in synced} >= {"a", "inventory.json", "inventory.json.sha512", "0=ocfl_object_1.1"}
