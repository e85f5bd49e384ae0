import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from archive.access import list_objects, read_bytes, read_files
from archive.audit import audit
from archive.catalogue import open_catalogue
from archive.ocfl.digests import sha512_of
from archive.ocfl.object import read_inventory
from tests.archive.builders import NOW, new_home, oracle_accepts, sha512sum_accepts
from tests.properties.archive_sequences import STEPS, Step, take


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_after_any_sequence_the_archive_holds(steps: list[Step]) -> None:
    """Valid objects, nothing stored twice, every version readable, and a catalogue that does not depend on how it came about."""
    with tempfile.TemporaryDirectory() as folder:
        home = new_home(Path(folder))
        with open_catalogue(home) as catalogue:
            for step in steps:
                catalogue.update([take(home, step)])
            followed = catalogue.dump()
        with open_catalogue(home) as catalogue:
            assert catalogue.dump() == followed
            catalogue.rebuild()
            assert catalogue.dump() == followed
        for object_id in list_objects(home):
            assert oracle_accepts(home, object_id) == (True, "")
            assert sha512sum_accepts(home, object_id)
            inventory = read_inventory(home.tree, home.objects.folder_of(object_id)).inventory
            assert all(len(paths) == 1 for paths in inventory.manifest.values())
            for version in inventory.versions:
                for logical, kept in read_files(home, object_id, version).items():
                    assert sha512_of(read_bytes(home, object_id, logical, version)) == kept.sha512
        assert audit(home, now=NOW).problems == ()
