"""The one read of a folder: exact names, digests, what is left out, what cannot be read."""

import hashlib
import json
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import NotFoundError, StorageError, UnreadableError, UsageError
from archive.records.identifiers import identifier_of
from pipeline.receive import Intake, forget, list_source, receive
from pipeline.receive.left_out import reason_to_leave_out
from pipeline.sip import Deposit
from tests.pipeline.flow_builders import NOW, SITE, write


def intake(incoming: Path | None) -> Intake:
    return Intake(SITE, "99999", incoming, NOW)


def take(card: Path, incoming: Path | None) -> Deposit:
    return receive(list_source(card), intake(incoming))


def test_every_byte_and_both_digests(card: Path, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    write(card, "Chính điện/a.JPG", content)
    deposit = take(card, tmp_path / "incoming")
    (file,) = deposit.files
    assert file.stored.read_bytes() == content
    assert file.sha512 == hashlib.sha512(content).hexdigest()
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.path == "Chính điện/a.JPG"
    assert file.modified.endswith("Z")
    assert file.stored.name == "000001.jpg"
    assert file.stored.parent.parent.name == identifier_of(deposit.ark)


def test_names_are_kept_byte_for_byte(card: Path, tmp_path: Path) -> None:
    names = [b"de\xcc\x81.jpg", b"d\xc3\xa9.jpg", b"\xff\xfe.jpg", b"a\nb.jpg"]
    for name in names:
        Path(os.fsdecode(os.fsencode(card) + b"/" + name)).write_bytes(name)
    deposit = take(card, tmp_path / "incoming")
    assert sorted(bytes.fromhex(file.path_hex) for file in deposit.files) == sorted(names)
    assert all(file.path.encode("utf-8", "surrogateescape").hex() == file.path_hex for file in deposit.files)


def test_the_same_folder_has_the_same_ark_wherever_it_lies(card: Path, tmp_path: Path) -> None:
    write(card, "a.jpg", b"one")
    write(card, "b/c.jpg", b"two")
    again = tmp_path / "again"
    write(again, "b/c.jpg", b"two")
    write(again, "a.jpg", b"one")
    assert take(card, None).ark == take(again, None).ark
    write(again, "a.jpg", b"other")
    assert take(card, None).ark != take(again, None).ark


def test_a_dry_run_writes_nothing(card: Path) -> None:
    place = write(card, "a.jpg", b"one")
    (file,) = take(card, None).files
    assert file.stored == place
    assert sorted(card.parent.iterdir()) == [card]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"Thumbs.db", "system-file"),
        (b"a/.DS_Store", "system-file"),
        (b"__MACOSX/._a.jpg", "system-file"),
        (b"a/._b.jpg", "system-file"),
        (b"desktop.ini", "system-file"),
        (b".git/config", "hidden"),
        (b".hidden", "hidden"),
        (b"a/b.jpg", ""),
    ],
)
def test_what_is_no_material(name: bytes, reason: str) -> None:
    assert reason_to_leave_out(name) == reason


def test_links_pipes_and_sockets_are_named_and_never_opened(card: Path, tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.jpg", b"secret")
    write(card, "a.jpg", b"one")
    write(card, ".Trashes/x.jpg", b"gone")
    (card / "link.jpg").symlink_to(secret)
    (card / "folder").symlink_to(tmp_path)
    os.mkfifo(card / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(card / "s"))
        deposit = take(card, tmp_path / "incoming")
    assert [file.path for file in deposit.files] == ["a.jpg"]
    assert {one.path: one.reason for one in deposit.left_out} == {
        "link.jpg": "symbolic-link",
        "folder": "symbolic-link",
        "pipe.jpg": "pipe",
        "s": "socket",
        ".Trashes": "system-file",
    }


def test_a_file_replaced_by_a_link_after_listing_is_not_read(card: Path, tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.jpg", b"secret")
    place = write(card, "a.jpg", b"one")
    write(card, "b.jpg", b"two")
    listing = list_source(card)
    place.unlink()
    place.symlink_to(secret)
    deposit = receive(listing, intake(tmp_path / "incoming"))
    assert [file.path for file in deposit.files] == ["b.jpg"]
    assert [one.code for one in deposit.findings] == ["could-not-read"]
    assert ("a.jpg", "unreadable") in [(one.path, one.reason) for one in deposit.left_out]


def test_a_file_swapped_for_another_is_refused(card: Path) -> None:
    place = write(card, "a.jpg", b"one")
    (entry,) = list_source(card).entries
    place.unlink()
    place.write_bytes(b"changed")
    with pytest.raises(UnreadableError, match="replaced"):
        entry.open()


def test_a_file_that_changes_while_read_is_a_finding(card: Path, tmp_path: Path) -> None:
    place = write(card, "a.jpg", b"x" * 3_000_000)

    def meddle(done: int, total: int, path: str) -> None:
        with place.open("ab") as file:
            file.write(b"more")

    deposit = receive(list_source(card), intake(tmp_path / "incoming"), meddle)
    assert [one.code for one in deposit.findings] == ["changed-while-read"]
    assert len(deposit.files) == 1


def test_progress_counts_every_byte(card: Path) -> None:
    write(card, "a.jpg", b"x" * 2_500_000)
    write(card, "b.jpg", b"y" * 10)
    told: list[tuple[int, int, str]] = []
    receive(list_source(card), intake(None), lambda *step: told.append(step))
    assert told[-1] == (2_500_010, 2_500_010, "b.jpg")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_a_device_error_concerns_its_file_only(card: Path, tmp_path: Path) -> None:
    write(card, "a.jpg", b"one")
    write(card, "b.jpg", b"two")
    listing = list_source(card)
    (card / "a.jpg").unlink()
    deposit = receive(listing, intake(tmp_path / "incoming"))
    assert [file.path for file in deposit.files] == ["b.jpg"]
    assert "No such file" in deposit.findings[0].detail
    assert set(deposit.findings[0].sentence) == {"vi", "en", "th"}


def test_a_full_disk_stops_the_read_and_says_what_to_do(card: Path, tmp_path: Path) -> None:
    write(card, "a.jpg", b"one")
    blocked = write(tmp_path, "incoming", b"a file where the folder should be")
    with pytest.raises(StorageError, match="Nothing was archived"):
        take(card, blocked)


def test_a_folder_that_cannot_be_listed_is_a_finding(card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(card, "a.jpg", b"one")
    write(card, "locked/b.jpg", b"two")
    real = os.scandir

    def refuse(path: bytes) -> object:
        if path.endswith(b"locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = list_source(card)
    assert [entry.path for entry in listing.entries] == ["a.jpg"]
    assert [one.code for one in listing.findings] == ["could-not-read"]


def test_sources_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="not there"):
        list_source(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="neither"):
        list_source(tmp_path / "pipe")


def test_a_single_file_is_a_deposit(card: Path) -> None:
    place = write(card, "scan.e57", b"one")
    (file,) = receive(list_source(place), intake(None)).files
    assert file.path == "scan.e57"


class TestLeftovers:
    def dead_read(self, card: Path, incoming: Path) -> Path:
        """What a killed read leaves: a folder whose reader's process is no more."""
        deposit = take(card, incoming)
        folder = incoming / identifier_of(deposit.ark)
        origin = hashlib.sha256(os.fsencode(card.absolute())).hexdigest()[:16]
        dead = incoming / f"receiving-{origin}-999999999-00000000"
        folder.rename(dead)
        (dead / "received.json").unlink()
        (dead / "reader.json").write_text(json.dumps({"pid": 999_999_999, "host": socket.gethostname()}))
        return dead

    def test_the_next_read_clears_what_it_has_again(self, card: Path, tmp_path: Path) -> None:
        write(card, "a.jpg", b"one")
        write(card, "b.jpg", b"two and more")
        dead = self.dead_read(card, tmp_path / "incoming")
        (dead / "files" / "000002.jpg").write_bytes(b"two")
        deposit = take(card, tmp_path / "incoming")
        assert not dead.exists()
        assert deposit.findings == ()
        assert [path.name for path in (tmp_path / "incoming").iterdir()] == [identifier_of(deposit.ark)]

    @pytest.mark.parametrize("content", [b"one", b"something else"])
    def test_a_read_that_was_stopped_between_its_list_and_its_name(self, card: Path, tmp_path: Path, content: bytes) -> None:
        write(card, "a.jpg", b"one")
        incoming = tmp_path / "incoming"
        settled = (incoming / identifier_of(take(card, incoming).ark) / "received.json").read_bytes()
        dead = self.dead_read(card, incoming)
        (dead / "received.json").write_bytes(settled)
        (dead / "files" / "000001.jpg").write_bytes(content)
        deposit = take(card, incoming)
        assert not dead.exists()
        assert [one.code for one in deposit.findings] == ([] if content == b"one" else ["interrupted-earlier"])

    def test_what_differs_is_set_aside_and_said(self, card: Path, tmp_path: Path) -> None:
        write(card, "a.jpg", b"one")
        dead = self.dead_read(card, tmp_path / "incoming")
        (dead / "files" / "000001.jpg").write_bytes(b"something else")
        deposit = take(card, tmp_path / "incoming")
        aside = tmp_path / "incoming" / "aside" / dead.name
        assert (aside / "files" / "000001.jpg").read_bytes() == b"something else"
        assert [one.code for one in deposit.findings] == ["interrupted-earlier"]

    @pytest.mark.parametrize("note", [{"pid": 1, "host": socket.gethostname()}, {"pid": 999_999_999, "host": "another"}])
    def test_a_read_under_way_is_left_alone(self, card: Path, tmp_path: Path, note: dict[str, object]) -> None:
        write(card, "a.jpg", b"one")
        other = self.dead_read(card, tmp_path / "incoming")
        (other / "reader.json").write_text(json.dumps(note))
        take(card, tmp_path / "incoming")
        assert (other / "files" / "000001.jpg").exists()

    def test_a_folder_without_a_note_is_a_dead_read(self, card: Path, tmp_path: Path) -> None:
        write(card, "a.jpg", b"one")
        dead = self.dead_read(card, tmp_path / "incoming")
        (dead / "reader.json").unlink()
        (dead / "files" / "000001.jpg").unlink()
        (dead / "files").rmdir()
        take(card, tmp_path / "incoming")
        assert not dead.exists()

    def test_the_same_read_twice_leaves_one(self, card: Path, tmp_path: Path) -> None:
        write(card, "a.jpg", b"one")
        first = take(card, tmp_path / "incoming")
        second = take(card, tmp_path / "incoming")
        assert replace(first, files=()) == replace(second, files=())
        assert second.files[0].stored.read_bytes() == b"one"
        assert len(list((tmp_path / "incoming").iterdir())) == 1
        forget(second, tmp_path / "incoming")
        assert list((tmp_path / "incoming").iterdir()) == []
