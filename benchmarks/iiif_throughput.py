"""Requests a second for IIIF tiles, beside iipimage-server and nginx, on one machine, over the same pyramid, in turn.

Run: ``python -m benchmarks.iiif_throughput [--iipsrv PATH]``. Needs wrk, nginx and spawn-fcgi; iipsrv is Debian's unless another build is
named (then both run). Every server gets the same addresses: all tiles of the grid of a photo of 24 and one of 100 megapixels, edges
included. Rounds alternate between servers, because load of other work comes and goes; medians are printed, and processor milliseconds a
request, which depend on load least.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive.publications.read import Publications
from archive.publications.write import write_publication
from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.publication import PublicAsset, PublicSite, Resolution, ResolverEntry
from archive.records.text import LocalText
from benchmarks.pyramid import SIZES, paint
from pipeline.derive import pyramid
from pipeline.derive.store import listed
from viewer.iiif.grid import addresses, grid, tile_bytes
from viewer.iiif.pyramid import open_image

SLUG = "do"
DEBIAN = Path("/usr/lib/iipimage-server/iipsrv.fcgi")
CLOCK = os.sysconf("SC_CLK_TCK")
_WORDS = LocalText(vi="Đo", en="Measure")
_WRK = """
local addresses = {}
for line in io.lines("%s") do addresses[#addresses + 1] = line end
local at = math.random(#addresses)
request = function() at = at %% #addresses + 1; return wrk.format("GET", addresses[at]) end
"""
_NGINX = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log crit;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; types {{ image/jpeg jpg; }} open_file_cache max=9999;
  server {{ listen 127.0.0.1:{port}; {location} }}
}}
"""
_FCGI = """location / {{
  fastcgi_pass 127.0.0.1:{port};
  fastcgi_param PATH_INFO $uri; fastcgi_param REQUEST_METHOD $request_method; fastcgi_param QUERY_STRING IIIF=$uri;
  fastcgi_param HTTP_HOST $http_host; fastcgi_param REQUEST_URI $request_uri; fastcgi_param HTTPS "";
}}"""


@dataclass
class Server:
    """One that is measured: its processes, the port, the file of its addresses, and what each round gave."""

    name: str
    port: int
    urls: Path
    processes: Callable[[], list[int]]
    rates: list[float] = field(default_factory=list)
    tails: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    errors: int = 0

    def measure(self, seconds: int, script: Path) -> None:
        """One round of wrk."""
        script.write_text(_WRK % self.urls)
        before = processor_seconds(self.processes())
        command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", "-s", str(script), f"http://127.0.0.1:{self.port}"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        spent = processor_seconds(self.processes()) - before
        total = int(found(r"(\d+) requests in", said))
        self.rates.append(float(found(r"Requests/sec:\s+([\d.]+)", said)))
        self.tails.append(milliseconds(found(r"99%\s+(\S+)", said)))
        self.costs.append(spent / max(1, total) * 1000)
        self.errors += int(found(r"Non-2xx or 3xx responses: (\d+)", said, "0")) + int(found(r"read (\d+)", said, "0"))

    def forget(self) -> None:
        """What was measured only warmed it up."""
        for values in (self.rates, self.tails, self.costs):
            values.clear()

    def line(self) -> str:
        """Medians over the rounds."""
        rate, tail, cost = (statistics.median(values) for values in (self.rates, self.tails, self.costs))
        return f"{self.name:28} {rate:8.0f} requests/s  {cost:6.3f} CPU-ms each  p99 {tail:6.2f} ms  errors {self.errors}"


def found(pattern: str, text: str, otherwise: str = "") -> str:
    """The first group of a pattern."""
    match = re.search(pattern, text)
    return match[1] if match else otherwise


def milliseconds(text: str) -> float:
    """What wrk says ("3.20ms", "850.00us", "1.20s"); infinite where nothing was answered at all."""
    match = re.fullmatch(r"([\d.]+)(us|ms|s)", text)
    return float(match[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[match[2]] if match else float("inf")


def processor_seconds(pids: list[int]) -> float:
    """Of processes that run, user and system together."""
    spent = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            spent += int(fields[11]) + int(fields[12])
    return spent / CLOCK


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *(grand for child in children for grand in family(int(child)))]
    return [pid]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def publish(folder: Path) -> Path:
    """A publication of painted photos. Returns the publications' root."""
    media: dict[tuple[str, str], Path] = {}
    assets: list[PublicAsset] = []
    for number, (name, (width, height)) in enumerate(SIZES.items()):
        ark = ark_from_blade("99999", "bcdfg"[number] * 16)
        source, made_in = folder / f"{number}.jpg", folder / f"made{number}"
        made_in.mkdir()
        paint(source, width, height)
        facts = {"kind": "photo", "nature": "survey", "formats": {"a": "jpeg"}}
        made = pyramid.make((("a", source),), made_in, facts, tile=512, quality=82)
        files = listed(made, made_in)
        media |= {(identifier_of(ark), file.name): made_in / file.name for file in files}
        assets.append(_photo(ark, name, files))
    house = ark_from_blade("99999", "h" * 16)
    resolver = (ResolverEntry(house, Resolution.PUBLIC, SLUG), *(ResolverEntry(a.ark, Resolution.PUBLIC, f"{SLUG}/{a.id}") for a in assets))
    site = PublicSite(
        ark=house, slug=SLUG, generation=0, name=_WORDS, summary=_WORDS, nature=Nature.SURVEY, level="digitised", facts=(), texts=(),
        assets=tuple(assets), tour=None, resolver=resolver,
    )  # fmt: skip
    root = folder / "publications"
    root.mkdir()
    write_publication(root, site, media, {})
    return root


def _photo(ark: str, name: str, files: tuple[DerivedFile, ...]) -> PublicAsset:
    title = LocalText(en=name)
    return PublicAsset(ark, identifier_of(ark), AssetKind.PHOTO, Nature.SURVEY, title, title, "", "", "", "", (), files, {})


def frozen(root: Path, folder: Path) -> tuple[list[str], list[str]]:
    """All tiles of all images as plain files, and the pyramids under names that iipsrv finds.

    Returns:
        Addresses of the tiles below ``/iiif``, and those for iipsrv.
    """
    ours, theirs = [], []
    for asset in Publications(root).site(SLUG).assets:
        image = open_image(Publications(root), SLUG, 1, asset.id)
        (folder / f"{asset.id}.tif").symlink_to(image.path)
        for tile in grid(image):
            x, y, w, h = tile.region
            address = f"/iiif/{SLUG}/1/{asset.id}/{addresses(tile)[0]}.jpg"
            ours.append(address)
            theirs.append(f"/{asset.id}.tif/{x},{y},{w},{h}/{tile.size[0]},/0/default.jpg")
            target = folder / address.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(tile_bytes(image, tile) or b"")
    return ours, theirs


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[int]:
    """A server until it is no longer needed; gives its process."""
    with subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            yield server.pid
        finally:
            for pid in reversed(family(server.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)


@contextmanager
def nginx(folder: Path, name: str, location: str) -> Iterator[tuple[int, int]]:
    """Nginx with one location; gives port and process."""
    own = folder / name
    own.mkdir()
    port = free_port()
    (own / "nginx.conf").write_text(_NGINX.format(folder=own, port=port, location=location))
    with running(["nginx", "-p", str(own), "-c", str(own / "nginx.conf")], port) as pid:
        yield port, pid


@contextmanager
def iipsrv(folder: Path, binary: Path, name: str, urls: Path) -> Iterator[Server]:
    """Two processes of iipsrv behind nginx, as its documentation advises."""
    port = free_port()
    command = ["spawn-fcgi", "-n", "-a", "127.0.0.1", "-p", str(port), "-F", "2", "--", str(binary)]
    settings = {"FILESYSTEM_PREFIX": f"{folder}/", "VERBOSITY": "0", "LOGFILE": "/dev/null", "CORS": "*", "IIIF_VERSION": "3"}
    with running(command, port, **settings) as fcgi, nginx(folder, name.replace(" ", "-"), _FCGI.format(port=port)) as (front, pid):
        yield Server(name, front, urls, lambda: [*family(fcgi), *family(pid)])


def main() -> None:
    """Make the images, start every server, measure them in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--iipsrv", type=Path, help="another build of iipsrv.fcgi")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    asked = parser.parse_args()
    for tool in ("wrk", "nginx", "spawn-fcgi"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: apt-get install wrk nginx-light spawn-fcgi iipimage-server")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        servers = [*start(folder, asked.iipsrv, stack)]
        for server in servers:
            server.measure(1, folder / "wrk.lua")
            server.forget()
        for _ in range(asked.rounds):
            for server in servers:
                server.measure(asked.seconds, folder / "wrk.lua")
        print(f"load average {os.getloadavg()[0]:.1f}, {asked.rounds} rounds of {asked.seconds} s, 8 connections")
        for server in servers:
            print(server.line())


def start(folder: Path, build: Path | None, stack: ExitStack) -> Iterator[Server]:
    """Every server that this machine has."""
    root = publish(folder)
    ours, theirs = frozen(root, folder)
    for file, lines in {"ours": ours, "theirs": theirs}.items():
        (folder / file).write_text("\n".join(lines))
    print(json.dumps({"tiles": len(ours)}))
    port = free_port()
    command = [sys.executable, "-m", "viewer", "--publications", str(root), "--port", str(port), "--workers", "2"]
    pid = stack.enter_context(running(command, port))
    yield Server("ditich serve", port, folder / "ours", lambda: family(pid))
    front, front_pid = stack.enter_context(nginx(folder, "static", f"root {folder};"))
    yield Server("nginx, frozen tiles", front, folder / "ours", lambda: family(front_pid))
    for binary, label in ((DEBIAN, "iipimage-server of Debian"), (build, "iipsrv as built")):
        if binary is not None and binary.exists():
            yield stack.enter_context(iipsrv(folder, binary, label, folder / "theirs"))


if __name__ == "__main__":
    main()
