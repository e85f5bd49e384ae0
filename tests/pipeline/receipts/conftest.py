"""A small archive with one deposit, taken in by the commands themselves."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.ditich_command import document, found_site


@dataclass(frozen=True)
class Deposited:
    """The archive, the card that it was fed from, and what the ingest said."""

    home: Path
    card: Path
    keys: Path
    deposit: str
    receipt: Path
    photo: str

    @property
    def vkey(self) -> str:
        lines = self.receipt.read_text(encoding="utf-8").splitlines()
        return next(line for line in lines if line.startswith("key ")).removeprefix("key ")


@pytest.fixture(scope="module")
def deposited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deposited]:
    folder = tmp_path_factory.mktemp("receipts")
    before = {name: os.environ.get(name) for name in ("XDG_CONFIG_HOME", "DITICH_LANG")}
    os.environ |= {"XDG_CONFIG_HOME": str(folder / "config"), "DITICH_LANG": "en"}
    home, card = folder / "home", folder / "card"
    found_site(home, folder / "site")
    card.mkdir()
    for number in range(3):
        Image.new("RGB", (64, 48), (60 * number, 90, 120)).save(card / f"ảnh {number}.jpg")
    (card / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (card / ".hidden").write_bytes(b"hidden")
    said = document("ingest", card, "--site", "mau", "--home", home, code=1)
    photo = next(one["ark"] for one in said["assets"])
    yield Deposited(home, card, folder / "config" / "ditich" / "keys", said["deposit"], Path(said["receipt"]), photo)
    for name, value in before.items():
        os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
