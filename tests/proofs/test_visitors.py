"""Many visitors at once, slow ones among them, on loopback through the real server: nobody is refused and memory stays bounded."""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from anyio.from_thread import start_blocking_portal

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import SLUG
from tests.journeys.builders import CLOUD, write_tour
from tests.proofs.conftest import Extent
from tests.proofs.visitors import Crowd, SlowClients, resident

MIB = 1 << 20
ROOM = 400 * MIB
"""What the server may hold at its peak, pages, pressed files and the interpreter included."""
START = f"/vi/{SLUG}/"

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this proof did not run: it needs Linux's /proc")


@dataclass
class Served:
    """A running server: its port, its process, and the most memory that it held so far."""

    port: int
    pid: int
    peak: int = 0

    def watch(self) -> None:
        """Look at its memory until it is gone."""
        while now := resident(self.pid):
            self.peak = max(self.peak, now)
            time.sleep(0.2)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    publications = write_tour(tmp_path)
    big = publications / SLUG / "1/media" / identifier_of(CLOUD) / "tiles.pack"
    assert big.is_file()
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-m", "viewer", "--publications", str(publications), "--port", str(port), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        json.loads(process.stdout.readline())
        server = Served(port, process.pid)
        Thread(target=server.watch, daemon=True).start()
        yield server
        process.terminate()


@pytest.mark.timeout(240)
def test_a_thousand_visitors_walk_at_once(served: Served, extent: Extent, record_proof: Callable[[str], None]) -> None:
    visitors, seconds = extent.pick((80, 5.0), (1000, 60.0))
    crowd = Crowd(served.port, START, pause=10.0 if extent.whole else 2.0, seed=extent.seed)
    with start_blocking_portal() as portal:
        tally = portal.call(crowd.walk, visitors, seconds)
    assert dict(tally.faults) == {}
    assert set(tally.statuses) <= {200, 206, 302, 303, 307, 308}
    assert len(tally.seconds) >= extent.pick(visitors // 4, visitors * 5)
    assert served.peak < ROOM
    record_proof(
        f"{visitors} visitors at once for {seconds:.0f} s: {len(tally.seconds)} answers, {tally.octets / 1e6:.0f} MB, 0 errors; "
        f"half within {tally.quantile(0.5) * 1000:.0f} ms, 99 % within {tally.quantile(0.99) * 1000:.0f} ms; "
        f"the server held {served.peak / MIB:.0f} MiB at most"
    )


@pytest.mark.timeout(240)
def test_slow_clients_keep_nobody_out(served: Served, extent: Extent, record_proof: Callable[[str], None]) -> None:
    senders, readers, seconds = extent.pick((60, 30, 4.0), (300, 200, 60.0))
    slow = SlowClients(served.port, f"/static/built/{_longest()}")
    crowd = Crowd(served.port, START, pause=1.0, seed=extent.seed)

    async def together() -> None:
        await asyncio.gather(slow.annoy(senders, readers, seconds), crowd.walk(30, seconds - 1))

    with start_blocking_portal() as portal:
        portal.call(together)
    assert dict(crowd.tally.faults) == {}
    assert len(crowd.tally.seconds) >= extent.pick(5, 300)
    assert served.peak < ROOM
    answers, slowest = len(crowd.tally.seconds), crowd.tally.quantile(0.99) * 1000
    record_proof(
        f"{senders} clients that send a byte each half second and {readers} that read 64: 30 others got {answers} answers, 0 errors, "
        f"99 % within {slowest:.0f} ms; {slow.dropped} of the slow were dropped"
    )


def _longest() -> str:
    """The largest script: an answer long enough to be read slowly."""
    built = Path(__file__).parents[2] / "viewer/static/built"
    return max(built.glob("*.js"), key=lambda path: path.stat().st_size).name
