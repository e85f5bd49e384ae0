"""Packages that were forged to stop the archive: each is refused by name, or taken and cannot harm what reads it afterwards."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalogue import open_catalogue
from archive.errors import RecordError
from archive.exchange.adopt import Adoption, adopt, origin_of
from archive.exchange.arrivals import Fate, plan_arrivals
from archive.exchange.contents import folder_of
from archive.home import Home
from archive.records.text import LocalText
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW, SITE, keep, new_home, site_draft
from tests.archive.exchange.builders import PHOTO, SECRET, asset, first, furnished, package, put_over, reinventory

ALL = ("", "v1", "v2", "v3")
AGENT = "urn:uuid:00000000-0000-4000-8000-000000000001"


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    package(furnished(tmp_path / "source"), tmp_path / "bag")
    return tmp_path / "bag"


@pytest.fixture
def other(tmp_path: Path) -> Home:
    return new_home(tmp_path / "other")


def test_an_object_that_is_named_twice_makes_the_package_none(bag: Path, other: Home) -> None:
    """Taken twice at once it would wait for its own lock."""
    objects = bag / "ditich/objects.json"
    content = json.loads(objects.read_bytes())
    put_over(objects, json.dumps(content | {"objects": content["objects"] + content["objects"][:1]}).encode())
    with pytest.raises(RecordError, match="twice"):
        plan_arrivals(other, LocalStorage(bag))


@pytest.mark.parametrize(
    "change",
    [("ingest", "in\\ud800gest"), ("original/b/", "original/\\udcff/"), ("original/b/", "original/\\u0000/")],
    ids=lambda one: one[1],
)
def test_text_that_no_file_system_holds_keeps_only_its_object_out(bag: Path, other: Home, change: tuple[str, str]) -> None:
    ark = asset(PHOTO).ark
    reinventory(bag / "data" / folder_of(ark), change, ALL)
    fates = {one.ark: one.fate for one in plan_arrivals(other, LocalStorage(bag))}
    assert fates[ark] is Fate.REFUSED
    assert fates[asset(SECRET).ark] is Fate.TAKE


def test_a_record_with_half_characters_and_absurd_numbers_does_not_stop_the_catalogue(other: Home, tmp_path: Path) -> None:
    forger, record = new_home(tmp_path / "forger"), asset(PHOTO)
    original = replace(record.originals[0], size=10**30, path="\ud800/\udcff.jpg")
    forged = replace(record, title=LocalText(vi="nửa \ud83d", en="half"), ordinal=-(10**30), originals=(original,))
    keep(forger, site_draft(ark=SITE), first(forged, PHOTO))
    package(forger, tmp_path / "bag")
    storage = LocalStorage(tmp_path / "bag")
    arrivals = plan_arrivals(other, storage)
    assert adopt(other, storage, arrivals, Adoption(AGENT, NOW, origin_of(storage))) == ()
    with open_catalogue(other) as catalogue:
        assert [one.title.vi for one in catalogue.assets(SITE)] == ["nửa \ufffd"]
        assert [(one.path, one.size) for one in catalogue.files() if one.ark == record.ark] == [("\ufffd/\ufffd.jpg", 2**63 - 1)]
        assert catalogue.rebuild() == 2
