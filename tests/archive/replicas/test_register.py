import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import ConflictError, NotFoundError, StorageError, UsageError
from archive.home import Home, open_home, save_config
from archive.replicas.place import locations, open_replica, present_replicas
from archive.replicas.register import NewReplica, add_replica, drop_replica
from archive.settings import CONFIG
from tests.archive.builders import NOW, new_home
from tests.archive.replicas.replica_builders import ONE, bring_up_to_date, filled_home, tree_of, with_replica


def add(home: Home, folder: Path, **wishes: str) -> Home:
    return add_replica(home, NewReplica(folder, same_disk=True, **wishes), NOW)[0]


def test_what_is_said_of_a_replica_stands_in_the_settings(home: Home, tmp_path: Path) -> None:
    wanted = NewReplica(tmp_path / "Đĩa SỐ 2", medium="usb-disk", place="Sở Văn hóa", owner="phòng Di sản", same_disk=True)
    changed, config = add_replica(home, wanted, NOW)
    assert (config.name, config.medium, config.place, config.owner) == ("a-s-2", "usb-disk", "Sở Văn hóa", "phòng Di sản")
    assert config.same_device
    assert config.witness.startswith(f"{home.config.origin}/a-s-2+")
    assert open_home(home.root, home.keys).config == changed.config
    assert locations(changed) == ("storage", "replica:a-s-2")
    assert open_home(tmp_path / "Đĩa SỐ 2", home.keys).config.replica == "a-s-2"


def test_names(home: Home, tmp_path: Path) -> None:
    home = add(home, tmp_path / "one" / "copy")
    home = add(home, tmp_path / "two" / "copy")
    home = add(home, tmp_path / "ที่สาม")
    assert [one.name for one in home.config.replicas] == ["copy", "copy-2", "copy-3"]
    for name in ("copy", "Copy", "a b", "-a", "a" * 40):
        with pytest.raises(UsageError, match="cannot be the name"):
            add(home, tmp_path / "more", name=name)


def test_the_disk_of_the_archive_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="same disk") as refused:
        add_replica(home, NewReplica(tmp_path / "copy"), NOW)
    assert refused.value.code == "replica-same-disk"
    assert not (tmp_path / "copy").exists()


def test_folders_that_hold_something_else_are_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(ConflictError, match="something else"):
        add(home, tmp_path / "photos")
    with pytest.raises(ConflictError, match="something else"):
        add(home, tmp_path / "photos" / "a.jpg")
    other = new_home(tmp_path / "elsewhere")
    with pytest.raises(ConflictError, match="holds another archive"):
        add(home, other.root)
    for folder in (home.root, home.root / "copy", home.root.parent):
        with pytest.raises(ConflictError, match="lie in one another"):
            add(home, folder)
    (tmp_path / "empty").mkdir()
    assert len(add(home, tmp_path / "empty").config.replicas) == 1


def test_dropping_forgets_and_deletes_nothing_and_the_copy_can_come_back(tmp_path: Path) -> None:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    before = tree_of(replica.root / "storage")
    home = drop_replica(home, "copy", NOW)
    assert home.config.replicas == ()
    assert tree_of(replica.root / "storage") == before
    with pytest.raises(UsageError, match="no replica “copy”"):
        drop_replica(home, "copy", NOW)
    with pytest.raises(UsageError, match="no replica “copy”"):
        open_replica(home, "copy")
    home, again = with_replica(home, replica.root)
    assert again.config.witness == replica.config.witness
    report = bring_up_to_date(home, again)
    assert (report.copied, report.complete, report.cosigned) == (0, True, True)


def test_a_copy_whose_key_is_gone_gets_another(tmp_path: Path) -> None:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    home = drop_replica(home, "copy", NOW)
    assert replica.objects.has(ONE)
    for path in home.keys.iterdir():
        if replica.config.witness.split("+")[1] in path.name:
            path.unlink()
    home, again = with_replica(home, replica.root)
    assert again.config.witness != replica.config.witness
    assert bring_up_to_date(home, again).cosigned


def test_a_copy_that_never_had_a_key_gets_one(tmp_path: Path) -> None:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    settings = replica.root / CONFIG
    settings.chmod(0o644)
    settings.write_text(settings.read_text(encoding="utf-8").replace(replica.config.witness, ""), encoding="utf-8")
    _home, again = with_replica(drop_replica(home, "copy", NOW), replica.root)
    assert again.config.witness


def test_what_lies_in_the_place_of_a_replica(tmp_path: Path) -> None:
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    assert [one.config.name for one in present_replicas(home)] == ["copy"]
    (replica.root / CONFIG).rename(tmp_path / "aside")
    with pytest.raises(NotFoundError) as absent:
        open_replica(home, "copy")
    assert absent.value.code == "replica-absent"
    assert list(present_replicas(home)) == []
    other = new_home(tmp_path / "other")
    (replica.root / CONFIG).write_bytes((other.root / CONFIG).read_bytes())
    with pytest.raises(ConflictError, match="holds another archive"):
        open_replica(home, "copy")
    (replica.root / CONFIG).write_bytes((tmp_path / "aside").read_bytes())
    believed = replace(home.config, replicas=(replace(replica.config, same_device=False),))
    with pytest.raises(ConflictError, match="same disk as the archive: it is not the disk"):
        open_replica(save_config(home, believed), "copy")


def test_a_folder_that_cannot_be_made(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises((StorageError, NotFoundError)):
        add(home, tmp_path / "file" / "copy")


def test_a_link_to_the_archive_itself_is_no_replica(tmp_path: Path) -> None:
    """Otherwise every file would have a verified second copy, which is itself."""
    home, replica = with_replica(filled_home(tmp_path), tmp_path / "elsewhere" / "copy")
    shutil.rmtree(replica.root)
    replica.root.symlink_to(home.root)
    with pytest.raises(ConflictError, match="leads to the archive itself"):
        open_replica(home, "copy")
    assert list(present_replicas(home)) == []
