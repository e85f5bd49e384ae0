import pytest

from archive.access import (
    head_of,
    list_objects,
    read_asset,
    read_bytes,
    read_deposit,
    read_files,
    read_site,
    read_tour,
    record_kind,
)
from archive.errors import DamageError, NotFoundError
from archive.home import Home
from archive.records.accession import DepositRecord
from archive.records.serialise import to_json
from archive.records.tour import Tour
from tests.archive.builders import SITE, asset_draft, asset_record, draft, flip_byte, keep, site_draft

DEPOSIT = "ark:99999/dtdeposit"


def test_records_are_read_by_ark_and_by_short_name(home: Home) -> None:
    site = site_draft("dinh", ark=SITE)
    deposit = DepositRecord(DEPOSIT, SITE, "card", "2026-11-22T00:00:00+00:00", ())
    keep(home, site, asset_draft(b"pixels", "Ảnh"), draft(DEPOSIT, deposit_json=to_json(deposit)), draft("ark:99999/dtl", log=b"x"))
    keep(home, draft(SITE, "v1", site_json=site.files[0].content or b"", tour_json=to_json(Tour(SITE, ()))))
    asset = asset_record(b"pixels", "Ảnh")
    assert read_asset(home, asset.ark) == asset
    assert read_site(home, SITE) == read_site(home, "dinh")
    assert read_tour(home, "dinh") == Tour(SITE, ())
    assert read_deposit(home, DEPOSIT) == deposit
    assert [record_kind(home, name) for name in (SITE, asset.ark, DEPOSIT, "ark:99999/dtl")] == ["site", "asset", "deposit", "ledger"]
    assert list(list_objects(home)) == sorted([SITE, asset.ark, DEPOSIT, "ark:99999/dtl"])


def test_files_with_digests_size_and_place(home: Home) -> None:
    keep(home, draft("ark:99999/dt1", original__a=b"bytes"))
    kept = read_files(home, "ark:99999/dt1")["original/a"]
    assert (kept.path.read_bytes(), kept.size, len(kept.sha512), len(kept.sha256)) == (b"bytes", 5, 128, 64)
    assert head_of(home, "ark:99999/dt2") is None


def test_what_is_not_there_is_said(home: Home) -> None:
    keep(home, draft("ark:99999/dt1", a=b"1"))
    with pytest.raises(NotFoundError, match="is not in this archive"):
        read_files(home, "ark:99999/dt2")
    with pytest.raises(NotFoundError, match="has no version v2; its newest is v1"):
        read_files(home, "ark:99999/dt1", "v2")
    with pytest.raises(NotFoundError, match="has no file b"):
        read_bytes(home, "ark:99999/dt1", "b")
    with pytest.raises(NotFoundError, match=r"no site “nha”.*Sites: none yet"):
        read_site(home, "nha")
    keep(home, site_draft("dinh"))
    with pytest.raises(NotFoundError, match="Sites: dinh"):
        read_site(home, "nha")


def test_a_damaged_inventory_is_not_believed(home: Home) -> None:
    keep(home, draft("ark:99999/dt1", a=b"1"), draft("ark:99999/dt2", a=b"1"))
    flip_byte(home.root / home.objects.folder_of("ark:99999/dt1") / "inventory.json", 10)
    (home.root / home.objects.folder_of("ark:99999/dt2") / "inventory.json.sha512").unlink()
    for name in ("ark:99999/dt1", "ark:99999/dt2"):
        with pytest.raises(DamageError, match="digest file"):
            read_bytes(home, name, "a")
