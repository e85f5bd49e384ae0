"""``kill -9`` at random moments of an ingest: the archive stays valid, nothing acknowledged is lost, the next run completes.

Four moments in the gate; ``DITICH_KILLS=50`` for the whole proof. The seed is printed with a failure.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.access import list_objects
from archive.home import open_home
from tests.archive.builders import oracle_accepts, sha512sum_accepts
from tests.journeys.ditich_command import document, found_site

KILLS = int(os.environ.get("DITICH_KILLS", "4"))
SEED = int(os.environ.get("DITICH_SEED", "2026"))
PHOTOS = 24


def make_card(folder: Path) -> None:
    from PIL import Image

    folder.mkdir()
    for number in range(PHOTOS):
        Image.effect_noise((500, 400), 20 + number).convert("RGB").save(folder / f"Ảnh {number}.jpg", quality=90)


def acknowledged(home: Path) -> dict[tuple[str, str], str]:
    """(object, version) → sha512 of its inventory, as the signed log says."""
    opened = open_home(home)
    entries = list(opened.log.entries())[: opened.log.checkpoint().size]
    found = {}
    for entry in entries:
        extra = entry.event.extra
        if "inventory_sha512" in extra:
            found[entry.event.objects[0], str(extra["version"])] = str(extra["inventory_sha512"])
    return found


def ingest_and_kill(card: Path, home: Path, after: float) -> bool:
    """Starts an ingest and kills the whole process group; whether it was still running."""
    command = [sys.executable, "-m", "pipeline", "ingest", str(card), "--site", "mau", "--home", str(home), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(after)
    running = process.poll() is None
    if running:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return running


@pytest.mark.timeout(60 + 30 * KILLS)
def test_kill_at_random_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    card, founded = tmp_path / "card", tmp_path / "founded"
    make_card(card)
    found_site(founded, tmp_path / "site")
    trial = tmp_path / "home"
    shutil.copytree(founded, trial)
    started = time.monotonic()
    whole = document("ingest", card, "--site", "mau", "--home", trial)
    span = time.monotonic() - started + 1.0
    moments = random.Random(SEED)
    killed = 0
    for number in range(KILLS):
        shutil.rmtree(trial)
        shutil.copytree(founded, trial)
        after = moments.uniform(0.2, span)
        killed += ingest_and_kill(card, trial, after)
        before = acknowledged(trial)
        where = f"seed {SEED}, moment {number}, after {after:.3f} s"
        assert document("ingest", card, "--site", "mau", "--home", trial)["deposit"] == whole["deposit"], where
        kept = acknowledged(trial)
        assert before.items() <= kept.items(), where
        assert len({name for name, _ in kept}) == PHOTOS + 2, where
        assert document("audit", "--home", trial)["problems"] == [], where
        opened = open_home(trial)
        for name in list_objects(opened):
            assert oracle_accepts(opened, name)[0], (where, name)
            assert sha512sum_accepts(opened, name), (where, name)
        assert not [path for path in (trial / "incoming").rglob("*") if path.is_file()], where
    assert killed, "no ingest was running any more when it was to be killed"
