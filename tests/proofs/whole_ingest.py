"""The whole command ``ditich ingest`` on a small card, workers and all, for the proofs that interrupt it."""

import contextlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.errors import StorageError
from archive.home import Home, open_home
from tests.proofs.acknowledged import disagreements, versions_of
from tests.proofs.deposit import scratch_folder
from tests.proofs.ingest_driver import CHANGING, Call, Driver, Outcome, calls_of

PHOTOS = 3


def prepare(folder: Path) -> None:
    """An archive with one site, and a card with photos and a note."""
    from PIL import Image

    from tests.journeys.ditich_command import found_site

    card = folder / "card"
    card.mkdir(parents=True)
    for number in range(PHOTOS):
        Image.effect_noise((120, 90), 20 + number).convert("RGB").save(card / f"Ảnh {number}.jpg", quality=80)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "configuration"))
        patch.setenv("DITICH_LANG", "en")
        found_site(folder / "home", folder / "site")


def copy_of(template: Path, folder: Path) -> Path:
    """The same again in a folder of its own, in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder


def home_in(folder: Path) -> Home:
    """The archive, opened anew."""
    return open_home(folder / "home", folder / "configuration" / "ditich" / "keys")


def take_in(folder: Path) -> list[str]:
    """The command itself; the ARKs of the assets and the deposit that it acknowledged.

    Raises:
        StorageError: whatever the command said when it stopped.
    """
    from pipeline.cli import main

    os.environ.update(XDG_CONFIG_HOME=str(folder / "configuration"), DITICH_LANG="en")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        main(["ingest", str(folder / "card"), "--site", "mau", "--home", str(folder / "home"), "--json"])
    told = json.loads(said.getvalue())
    if "error" in told:
        raise StorageError(told["error"]["message"], advice=told["error"]["advice"], detail=told["error"]["kind"])
    return sorted({told["deposit"], *(asset["ark"] for asset in told["assets"])})


@dataclass(frozen=True)
class Started:
    """A driver that runs the command, and what it comes to when nothing disturbs it.

    Attributes:
        run: where a copy of the archive and the card is made for each trial.
        whole: what the undisturbed command acknowledges.
        points: every call of its main thread that could change the archive.
    """

    driver: Driver
    template: Path
    run: Path
    whole: list[str]
    points: list[Call]

    def undisturbed(self, trace: tuple[str, ...]) -> str:
        """What strace sees of the command on a fresh copy, of these calls."""
        outcome = self.driver.run(copy_of(self.template, self.run), trace=trace)
        assert outcome.done is not None, outcome
        return outcome.log

    def disturbed(self, call: Call, what: str) -> Outcome:
        """The command on a fresh copy, with that done to it at that call."""
        copy_of(self.template, self.run)
        return self.driver.run(self.run, trace=(call.name,), inject=[f"{call.name}:{what}:when={call.number}"])

    def completed(self, outcome: Outcome) -> Iterator[str]:
        """Run the same command again after this outcome; what does not hold afterwards."""
        before = kept(self.run)
        again = self.driver.run(self.run)
        if again.done != self.whole:
            yield f"the command again: {again}"
        if not before.items() <= kept(self.run).items():
            yield f"lost: {before.items() - kept(self.run).items()}"
        # a card that could not be read whole was taken in as far as it went, as a deposit of its own
        in_part = outcome.done is not None and outcome.done != self.whole
        yield from faults(self.run, deposits=2 if in_part else 1)


@contextmanager
def started() -> Iterator[Started]:
    """Prepare an archive and a card, and run the command once on them."""
    with scratch_folder("ingest") as folder, Driver("ingest") as driver:
        template, run = folder / "template", folder / "run"
        prepare(template)
        whole = driver.run(copy_of(template, run), trace=CHANGING)
        assert whole.done is not None, whole
        yield Started(driver, template, run, whole.done, [call for call in calls_of(whole.log) if f"{run}/home" in call.arguments])


def kept(folder: Path) -> dict[tuple[str, str], str]:
    """(object, version) to the sha512 of its inventory, as the signed log has it."""
    return versions_of(home_in(folder))


def faults(folder: Path, *, deposits: int = 1) -> Iterator[str]:
    """Everything that does not hold of the archive when the command has completed."""
    yield from disagreements(home_in(folder))
    yield from (f"left: {path}" for path in (folder / "home" / "incoming").rglob("*") if path.is_file())
    yield from (f"left: {path}" for path in (folder / "home" / "work" / "tx").iterdir())
    if len({name for name, _version in kept(folder)}) != PHOTOS + 1 + deposits:
        yield f"the archive holds {kept(folder)}"
