"""A package of ours is taken in and the writer dies, or is refused, at every single change that it makes to the archive."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import access
from archive.audit import audit
from archive.errors import StorageError
from archive.exchange.adopt import Adoption, adopt, origin_of
from archive.exchange.arrivals import Fate, plan_arrivals
from archive.home import Home
from archive.recovery import recover
from archive.storage.local import LocalStorage
from tests.archive.builders import NOW, Failing, PowerCut, new_home, oracle_accepts, watched_home
from tests.archive.exchange.builders import PHOTO, asset, furnished, package
from tests.proofs.conftest import Extent

AGENT = "urn:uuid:00000000-0000-4000-8000-000000000001"


def take(home: Home, bag: Path) -> tuple[str, ...]:
    storage = LocalStorage(bag)
    wanted = [one for one in plan_arrivals(home, storage) if one.fate is Fate.TAKE]
    return adopt(home, storage, wanted, Adoption(AGENT, NOW, origin_of(storage)))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("dies", [True, False])
def test_each_object_is_taken_whole_or_not_at_all(
    tmp_path: Path, extent: Extent, record_proof: Callable[[str], None], *, dies: bool
) -> None:
    ark = asset(PHOTO).ark
    package(furnished(tmp_path / "source"), tmp_path / "bag", name=ark)
    counting = Failing(10**9, dies=False)
    take(watched_home(new_home(tmp_path / "count"), counting), tmp_path / "bag")
    points = range(1, counting.count + 1, extent.pick(9, 1))
    there = 0
    for at in points:
        home = new_home(tmp_path / str(at))
        with suppress(PowerCut, StorageError):
            take(watched_home(home, Failing(at, dies=dies)), tmp_path / "bag")
        recover(home)
        assert recover(home) == ()
        assert list(home.tree.entries("work/tx")) == []
        there += access.head_of(home, ark) is not None
        assert take(home, tmp_path / "bag") == ()
        assert access.head_of(home, ark) == "v3"
        assert oracle_accepts(home, ark)[0], at
        report = audit(home, now=datetime.now(UTC))
        assert (report.damaged, report.missing, report.extra, report.not_checked) == (0, 0, 0, 0), at
    assert 0 < there < len(points)
    record_proof(f"import {'killed' if dies else 'refused'} at {len(points)} of {counting.count} changes: 0 objects half taken, 0 lost")
