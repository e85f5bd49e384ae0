import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import ConflictError, NotFoundError, RecordError, UsageError
from archive.home import FOLDERS, create_home, key_folder, open_home, save_config
from archive.settings import HomeConfig, config_toml, read_config
from tests.archive.builders import new_home


def test_a_new_home_is_whole(tmp_path: Path) -> None:
    home = new_home(tmp_path, second_location="ổ đĩa ở thư viện", naan="12345")
    assert all((home.root / folder).is_dir() for folder in FOLDERS)
    again = open_home(home.root, home.keys)
    assert again.config == home.config
    assert (again.config.naan, again.config.second_location) == ("12345", "ổ đĩa ở thư viện")
    assert [entry.event.detail for entry in again.log.entries()] == ["archive created"]
    assert list(again.log.problems()) == []
    assert (again.storage, again.ledger, again.incoming, again.work) == tuple(
        again.root / name for name in ("storage", "ledger", "incoming", "work")
    )
    assert (again.catalogue.name, again.derivatives.name, again.publications.name) == ("catalogue.sqlite", "derivatives", "publications")


def test_no_private_key_stands_in_the_home(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    secrets = [path.read_bytes().strip() for path in home.keys.iterdir()]
    assert len(secrets) == 2
    for path in home.root.rglob("*"):
        if path.is_file():
            assert not any(secret in path.read_bytes() for secret in secrets)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in home.keys.iterdir())


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "photo.jpg").touch()
    with pytest.raises(ConflictError, match="not empty"):
        new_home(tmp_path)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("naan", ["1234", "123456", "ABCDE", "12 45", "１２３４５"])
def test_what_is_not_a_naan(tmp_path: Path, naan: str) -> None:
    with pytest.raises(UsageError, match="not a NAAN"):
        new_home(tmp_path, naan=naan)


def test_no_home_advises_init(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="ditich init"):
        open_home(tmp_path)


def test_the_settings_are_plain_toml_and_come_back(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    config = replace(home.config, name='"Kho"\\\n\t\x7fđ', second_location="S3")
    assert read_config(config_toml(config)) == config
    saved = save_config(home, config)
    assert saved.config == open_home(home.root, home.keys).config == config


def test_settings_that_cannot_be_used(tmp_path: Path) -> None:
    config = new_home(tmp_path).config
    with pytest.raises(UsageError, match="not readable"):
        read_config(b"name = ")
    with pytest.raises(RecordError, match="newer Ditich"):
        read_config(config_toml(replace(config, schema=2)))
    with pytest.raises(RecordError, match=r"ditich.toml: HomeConfig lacks") as caught:
        read_config(b"")
    assert "another copy" in caught.value.advice
    with pytest.raises(RecordError, match="names an agent"):
        read_config(config_toml(replace(config, agent="nobody")))
    with pytest.raises(RecordError, match="no key"):
        read_config(config_toml(HomeConfig(config.identifier, "n", config.agent, config.agents[:1])))


def test_another_user_cannot_sign(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    with pytest.raises(NotFoundError, match="no signing key"):
        open_home(home.root, tmp_path / "other").signers()
    assert len(home.signers()) == 2


def test_the_folder_of_the_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert key_folder() == tmp_path / "ditich" / "keys"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert key_folder() == Path.home() / ".config" / "ditich" / "keys"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert key_folder() == tmp_path / "ditich" / "keys"


def test_a_home_without_keys_given_uses_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    create_home(tmp_path / "home", name="n", keys=key_folder())
    assert open_home(tmp_path / "home").signers()
