"""Small makers for the tests of replicas, repair and drill: a filled archive with a copy beside it, and damage of every kind."""

import shutil
from pathlib import Path

from archive.home import Home
from archive.replicas.place import Replica, open_replica
from archive.replicas.register import NewReplica, add_replica
from archive.replicas.replicate import Replication, Wishes, replicate
from tests.archive.builders import NOW, draft, keep, new_home

ONE, TWO, THREE = "ark:99999/dt1", "ark:99999/dt2", "ark:99999/dt3"


def filled_home(folder: Path) -> Home:
    """Three objects; the first has two versions."""
    home = new_home(folder)
    keep(home, draft(ONE, original__a=b"first", record_json=b"1"), draft(TWO, original__b=b"second"), draft(THREE, original__c=b"third"))
    keep(home, draft(ONE, "v1", original__a=b"first", record_json=b"2"))
    return home


def with_replica(home: Home, folder: Path, name: str = "copy") -> tuple[Home, Replica]:
    """The home with one more copy, on the same disk where there is but one."""
    home, config = add_replica(home, NewReplica(folder, name, same_disk=True), NOW)
    return home, open_replica(home, config.name)


def verified_at(home: Home, replica: Replica) -> dict[str, str]:
    """Object → version that was read back intact at the replica."""
    from archive.audit.standings import standings

    found = standings(home).objects.values()
    return {one.object_id: one.checked_version for one in found if one.location == replica.location and one.outcome == "intact"}


def bring_up_to_date(home: Home, replica: Replica) -> Replication:
    return replicate(home, replica, Wishes(NOW, verified_at(home, replica)))


def place_of(root: Path, home: Home, object_id: str) -> Path:
    """The object's folder below a home or a replica."""
    return root / home.objects.folder_of(object_id)


def tree_of(root: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def set_back(root: Path, earlier: Path) -> None:
    """Put the ledger of a home back to what it was when it was copied to ``earlier``."""
    shutil.rmtree(root / "ledger")
    shutil.copytree(earlier, root / "ledger")
