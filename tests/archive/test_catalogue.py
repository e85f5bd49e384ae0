import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError

from archive.catalogue import Catalogue, CatalogueDamageError, open_catalogue, schema
from archive.errors import StorageError
from archive.home import Home
from archive.records.accession import DepositLine, DepositRecord, Fate
from archive.records.asset import GeoPosition, SourcedValue
from archive.records.package import VersionDraft
from archive.records.serialise import to_json
from archive.records.text import LocalText
from tests.archive.builders import SITE, asset_draft, asset_record, draft, file_of, flip_byte, keep, new_home, site_draft

DEPOSIT = "ark:99999/dtdeposit"


def fill(home: Home) -> None:
    line = DepositLine("a", "61", 1, "0", "0", "", "jpeg", Fate.ARCHIVED)
    deposit = DepositRecord(DEPOSIT, SITE, "thẻ nhớ", "2026-11-22", (line, replace(line, fate=Fate.REFUSED)), survey="đợt 1")
    keep(
        home,
        site_draft("dinh-thac-gian", ark=SITE),
        asset_draft(b"one", "Sân đình"),
        asset_draft(b"two", "วัดพระแก้วมรกต"),
        asset_draft(b"three", "Bàn thờ Đình Thạc Gián"),
        draft(DEPOSIT, deposit_json=to_json(deposit)),
        draft("ark:99999/dtother", log=b"x"),
    )


def titles(catalogue: Catalogue, words: str) -> list[str]:
    return [hit.title.vi or "" for hit in catalogue.search(words)]


def test_words_are_found_without_diacritics_and_inside_thai(home: Home) -> None:
    fill(home)
    with open_catalogue(home) as catalogue:
        assert titles(catalogue, "dinh thac gian") == ["Đình Thạc Gián", "Bàn thờ Đình Thạc Gián"]
        assert titles(catalogue, "GIÁN bàn") == ["Bàn thờ Đình Thạc Gián"]
        assert titles(catalogue, "มรกต") == ["วัดพระแก้วมรกต"]
        assert titles(catalogue, "แก") == ["วัดพระแก้วมรกต"]
        assert titles(catalogue, "ác gi") == ["Đình Thạc Gián", "Bàn thờ Đình Thạc Gián"]
        assert titles(catalogue, "quốc gia") == ["Đình Thạc Gián"]
        assert len(titles(catalogue, "a.jpg")) == 3
        assert titles(catalogue, "") == titles(catalogue, "không có") == titles(catalogue, '"') == titles(catalogue, "!!!") == []
        assert len(catalogue.search("dinh", limit=1)) == 1
        hit = catalogue.search("sân")[0]
        assert (hit.kind, hit.site) == ("photo", SITE)


def test_lists(home: Home) -> None:
    fill(home)
    with open_catalogue(home) as catalogue:
        (site,) = catalogue.sites()
        assert (site.slug, site.name.vi, site.name.th) == ("dinh-thac-gian", "Đình Thạc Gián", "ศาลาประชาคม")
        assert len(catalogue.assets()) == len(catalogue.assets(SITE)) == 3
        assert catalogue.assets("ark:99999/dtnone") == ()
        assert {asset.title.vi for asset in catalogue.assets()} >= {"Sân đình"}
        (deposit,) = catalogue.deposits()
        assert catalogue.deposits(SITE) == (deposit,)
        assert (deposit.files, deposit.archived, deposit.refused, deposit.survey) == (2, 1, 1, "đợt 1")


def test_a_file_is_found_by_its_digest_in_its_site_also_when_it_was_replaced(home: Home) -> None:
    record = asset_record(b"old", "Ảnh")
    other = asset_record(b"new", "Ảnh")
    keep(home, asset_draft(b"old", "Ảnh"))
    corrected = replace(record, originals=other.originals)
    keep(
        home, VersionDraft(record.ark, "v1", (file_of("record.json", to_json(corrected)), file_of("original/a.jpg", b"new")), "correction")
    )
    with open_catalogue(home) as catalogue:
        (found,) = catalogue.find_file(SITE, other.principal.sha512)
        assert (found.ark, found.path, found.role) == (record.ark, "a.jpg", "principal")
        (former,) = catalogue.find_file(SITE, record.principal.sha512)
        assert (former.ark, former.role) == (record.ark, "former")
        assert catalogue.find_file("ark:99999/dtnone", record.principal.sha512) == ()


def test_it_follows_the_ledger_by_itself(home: Home) -> None:
    fill(home)
    with open_catalogue(home) as catalogue:
        before = catalogue.dump()
    record = replace(asset_record(b"one", "Cổng"), captured=SourcedValue("2026-11", "exif"), position=GeoPosition(16.05, 108.2))
    keep(home, VersionDraft(record.ark, "v1", (file_of("record.json", to_json(record)),), "title"), asset_draft(b"four", "Giếng"))
    with open_catalogue(home) as catalogue:
        assert titles(catalogue, "cong") == ["Cổng"]
        assert titles(catalogue, "2026") == ["Cổng"]
        assert titles(catalogue, "san dinh") == []
        after = catalogue.dump()
        assert after != before
        told: list[int] = []
        assert catalogue.rebuild(told.append) == 7
        assert sum(told) == 7
        assert catalogue.dump() == after
        catalogue.update([record.ark, "ark:99999/dtnever"])
        catalogue.update([])
        assert catalogue.dump() == after


def test_it_is_made_again_when_it_is_lost_broken_or_of_another_time(home: Home, tmp_path: Path) -> None:
    fill(home)
    with open_catalogue(home) as catalogue:
        expected = catalogue.dump()
    home.catalogue.unlink()
    with open_catalogue(home) as catalogue:
        assert catalogue.dump() == expected
    home.catalogue.write_bytes(b"not a database at all" * 500)
    with open_catalogue(home) as catalogue:
        assert catalogue.dump() == expected
    connection = sqlite3.connect(home.catalogue)
    connection.execute("UPDATE state SET value = 99 WHERE name = 'schema'")
    connection.execute("DELETE FROM asset")
    connection.commit()
    connection.close()
    with open_catalogue(home) as catalogue:
        assert catalogue.dump() == expected
    connection = sqlite3.connect(home.catalogue)
    connection.execute("UPDATE state SET value = 99 WHERE name = 'ledger_size'")
    connection.execute("DELETE FROM asset")
    connection.commit()
    connection.close()
    with open_catalogue(home) as catalogue:
        assert catalogue.dump() == expected
    (tmp_path / "elsewhere").mkdir()
    other = new_home(tmp_path / "elsewhere")
    with open_catalogue(other) as catalogue:
        assert catalogue.dump() == b"\n"


@pytest.mark.parametrize("page", range(1, 16))
def test_a_damaged_page_is_said_or_mended_and_nothing_else(home: Home, page: int) -> None:
    fill(home)
    with open_catalogue(home) as catalogue:
        whole = catalogue.dump()
    with home.catalogue.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)
    try:
        with open_catalogue(home) as catalogue:
            catalogue.dump()
            catalogue.search("dinh")
            catalogue.rebuild()
    except CatalogueDamageError as error:
        assert "rebuild" in error.advice  # noqa: PT017 - both outcomes are right
        home.catalogue.unlink()
    with open_catalogue(home) as catalogue:
        assert catalogue.dump() == whole


def test_a_mistake_of_ours_is_not_called_damage(home: Home) -> None:
    with open_catalogue(home) as catalogue, pytest.raises(IntegrityError), catalogue._writing() as connection:
        connection.execute(insert(schema.state), [{"name": "schema", "value": 1}])


def test_a_disk_that_fails_under_the_catalogue_is_told_in_words(home: Home) -> None:
    with open_catalogue(home) as catalogue:
        with pytest.raises(StorageError, match=r"cannot be read: .*catalogue.sqlite") as refused, catalogue._reading():
            raise OperationalError("SELECT", {}, sqlite3.OperationalError("disk I/O error"))
        assert "ditich rebuild --only catalogue" in refused.value.advice
        with pytest.raises(StorageError, match=r"cannot be written: .*catalogue.sqlite"), catalogue._writing():
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("disk I/O error"))


def test_a_copy_elsewhere_leaves_the_home_as_it_is(home: Home, tmp_path: Path) -> None:
    fill(home)
    for name in ("first", "second"):
        scratch = tmp_path / name
        scratch.mkdir()
        with open_catalogue(home, scratch) as catalogue:
            assert len(catalogue.assets()) == 3
        assert (scratch / "catalogue.sqlite").exists()
        assert home.catalogue.exists() == (name == "second")
        with open_catalogue(home):
            pass


def test_where_nobody_may_write_a_copy_is_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home)
    monkeypatch.setattr("archive.catalogue.index.os.access", lambda *_: False)
    with open_catalogue(home) as catalogue:
        assert len(catalogue.assets()) == 3
        copy = catalogue._scratch
    assert not home.catalogue.exists()
    assert copy is not None
    assert not Path(copy.name).exists()


def test_a_damaged_object_is_unreadable_and_the_rest_is_there(home: Home) -> None:
    fill(home)
    one, two = asset_record(b"one", "x"), asset_record(b"two", "x")
    flip_byte(home.root / home.objects.folder_of(one.ark) / "inventory.json")
    flip_byte(home.root / home.objects.folder_of(two.ark) / "v1/content/record.json", 20)
    with open_catalogue(home) as catalogue:
        assert len(catalogue.assets()) == 1
        assert catalogue.dump().count(b'"unreadable"') == 2


def test_readers_do_not_wait_for_a_writer(home: Home) -> None:
    fill(home)
    with open_catalogue(home) as catalogue, open_catalogue(home) as other, catalogue._writing():
        assert len(other.assets()) == 3


def test_a_catalogue_that_cannot_be_written_says_what_to_do(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home)
    monkeypatch.setattr(schema, "_BUSY_SECONDS", 0.05)
    with open_catalogue(home) as catalogue, open_catalogue(home) as other, catalogue._writing():  # noqa: SIM117 - the order matters
        with pytest.raises(StorageError, match="ditich rebuild"):
            other.update(["ark:99999/dt1"])


def test_names_that_are_not_utf8_and_other_languages(home: Home) -> None:
    record = asset_record(b"one", "Ảnh", path=b"\xff.jpg".decode("utf-8", "surrogateescape"))
    record = replace(record, title=LocalText(vi="Ảnh", en="Picture", th="ภาพ"), description=LocalText(en="A communal house"))
    keep(home, VersionDraft(record.ark, "", (file_of("record.json", to_json(record)),), ""))
    with open_catalogue(home) as catalogue:
        assert titles(catalogue, "communal picture") == ["Ảnh"]
        assert catalogue.find_file(SITE, record.principal.sha512)[0].path == "\ufffd.jpg"
