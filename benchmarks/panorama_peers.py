"""The panorama beside Photo Sphere Viewer 5.15.1 and Pannellum 2.5.7: bytes and requests to the first frame and until it is sharp.

Run: ``python -m benchmarks.panorama_peers PUBLICATIONS SLUG`` after ``./ditich`` has built the viewer. All three show the first scene of
that site in the same browser, 390 × 844 at two pixels per pixel, over an emulated slow 4G (1.6 Mbit/s down, 150 ms). The peers come
from npm into a temporary folder and are built as their manuals say; they get our tiles and first view, as JPEG and as AVIF. Everything a
page asks for counts, as it travels.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PACKAGES = ("@photo-sphere-viewer/core@5.15.1", "@photo-sphere-viewer/equirectangular-tiles-adapter@5.15.1", "pannellum@2.5.7")
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
HEAD = (
    '<!doctype html><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">'
    "<style>body{margin:0}#v{height:574px}</style>"
)
PSV = """
import { Viewer } from "@photo-sphere-viewer/core";
import "@photo-sphere-viewer/core/index.css";
import { EquirectangularTilesAdapter } from "@photo-sphere-viewer/equirectangular-tiles-adapter";
const { image, first, width, form } = JSON.parse(document.body.dataset.config);
const cols = width / 512;
const viewer = new Viewer({
  container: "v", adapter: EquirectangularTilesAdapter, navbar: true,
  panorama: {
    width, cols, rows: cols / 2, baseUrl: first,
    tileUrl: (c, r) => `${image}/${c * 512},${r * 512},512,512/512,512/0/default.${form}`,
  },
});
viewer.addEventListener("ready", () => { window.shown = true; }, { once: true });
"""
PANNELLUM = """
const { panorama } = JSON.parse(document.body.dataset.config);
pannellum.viewer("v", { type: "equirectangular", panorama, autoLoad: true }).on("load", () => { window.shown = true; });
"""


@dataclass
class Traffic:
    """What a page has fetched so far: bytes on the line by request."""

    sizes: dict[str, int] = field(default_factory=dict)

    def watch(self, session: CDPSession) -> None:
        """Count every request that ends; pictures inside a stylesheet travel with it."""
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._end)

    def _begin(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.sizes[event["requestId"]] = 0

    def _end(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.sizes:
            self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    @property
    def now(self) -> tuple[int, int]:
        """Bytes and requests of what has arrived."""
        arrived = [size for size in self.sizes.values() if size]
        return sum(arrived), len(arrived)


def build_peers(folder: Path) -> None:
    """Fetch the peers and bundle them, minified, into ``folder``/dist."""
    environment = os.environ | {"PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"}
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    subprocess.run(install, cwd=folder, env=environment, check=True, capture_output=True)
    (folder / "psv.js").write_text(PSV)
    library = '{entry: "psv.js", formats: ["es"], fileName: "psv", cssFileName: "psv"}'
    lines = f'export default {{build: {{outDir: "dist", lib: {library}, minify: true}}}}'
    (folder / "vite.config.js").write_text(lines)
    vite = ["node", str(ROOT / "node_modules/vite/bin/vite.js"), "build"]
    subprocess.run(vite, cwd=folder, env=environment, check=True, capture_output=True)
    for name in ("pannellum.js", "pannellum.css"):
        (folder / "dist" / name).write_bytes((folder / "node_modules/pannellum/build" / name).read_bytes())
    (folder / "dist/start-pannellum.js").write_text(PANNELLUM)


def write_pages(folder: Path, config: dict[str, Any]) -> None:
    """A page for each peer and format; what they show is written into it as our pages do."""
    image, width = config["image"], config["levels"][0][0]
    firsts = {"jpg": config["first"][-1], "avif": config["first"][0]}
    for form, first in firsts.items():
        told = json.dumps({"image": image, "first": first, "width": width, "form": form})
        page = f'{HEAD}<link rel="stylesheet" href="psv.css"><body data-config=\'{told}\'><div id="v"></div>'
        page += '<script type="module" src="psv.js"></script>'
        (folder / f"psv-{form}.html").write_text(page)
    told = json.dumps({"panorama": f"{image}/full/2048,1024/0/default.jpg"})
    page = f'{HEAD}<link rel="stylesheet" href="pannellum.css"><body data-config=\'{told}\'><div id="v"></div>'
    page += '<script src="pannellum.js"></script><script src="start-pannellum.js"></script>'
    (folder / "pannellum.html").write_text(page)


@contextmanager
def peers_server(folder: Path, ours: str) -> Iterator[str]:
    """The peers' pages, compressed as ours are, and ours as a browser reads them that passes over AVIF sources."""
    import brotli

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = folder / self.path.lstrip("/")
            if path.is_file():
                self._send(brotli.compress(path.read_bytes()), {"content-type": TYPES[path.suffix], "content-encoding": "br"})
                return
            asked = urllib.request.Request(ours + self.path, headers={"accept-encoding": "br"})  # noqa: S310 - our own server
            with urllib.request.urlopen(asked) as found:  # noqa: S310 - our own server
                body, headers = found.read(), dict(found.headers)
            if headers["content-type"].startswith("text/html"):
                plain = brotli.decompress(body).replace(b'type="image/avif"', b'type="image/none"')
                body = brotli.compress(plain, quality=5)
            self._send(body, headers)

        def _send(self, body: bytes, headers: dict[str, str]) -> None:
            self.send_response_only(200)
            for name, value in (headers | {"content-length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@contextmanager
def our_server(publications: Path) -> Iterator[str]:
    """The viewer on a free port."""
    command = [sys.executable, "-m", "viewer", "--publications", str(publications), "--port", "28312", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield str(json.loads(server.stdout.readline())["address"]).rstrip("/")
        server.terminate()


def measured(browser: Browser, address: str, shown: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """(bytes, requests) when the first frame stands, and when nothing has arrived for two seconds after it."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True)
    page = context.new_page()
    session, traffic = context.new_cdp_session(page), Traffic()
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    traffic.watch(session)
    page.goto(address, wait_until="commit")
    _wait(page, shown)
    first = traffic.now
    last, quiet = first, 0
    while quiet < 20:
        page.wait_for_timeout(100)
        quiet = quiet + 1 if traffic.now == last else 0
        last = traffic.now
    context.close()
    return first, last


def _wait(page: Page, shown: str) -> None:
    for _ in range(3000):
        if page.evaluate(shown):
            return
        page.wait_for_timeout(20)
    message = f"{page.url} showed nothing in a minute"
    raise TimeoutError(message)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("publications", type=Path)
    parser.add_argument("slug")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, our_server(asked.publications) as ours, sync_playwright() as playwright:
        build_peers(Path(place))
        with urllib.request.urlopen(f"{ours}/en/{asked.slug}/") as found:  # noqa: S310 - our own server
            scene = re.search(rf'/en/{asked.slug}/scene/[^"#]+', found.read().decode())
        assert scene is not None
        with urllib.request.urlopen(ours + scene[0]) as found:  # noqa: S310 - our own server
            config = json.loads(found.read().decode().split("data-panorama='")[1].split("'")[0])
        dist = Path(place) / "dist"
        write_pages(dist, config)
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        ready = "() => document.getElementById('stage')?.dataset.ready === 'true'"
        with peers_server(dist, ours) as theirs:
            rows = {
                "Ditich, AVIF": measured(browser, ours + scene[0], ready),
                "Ditich, JPEG": measured(browser, theirs + scene[0], ready),
                "Photo Sphere Viewer, AVIF": measured(browser, f"{theirs}/psv-avif.html", "() => window.shown"),
                "Photo Sphere Viewer, JPEG": measured(browser, f"{theirs}/psv-jpg.html", "() => window.shown"),
                "Pannellum, one JPEG of 2048": measured(browser, f"{theirs}/pannellum.html", "() => window.shown"),
            }
        browser.close()
    print(f"{'':28} {'first frame':>22} {'sharp':>22}")
    for name, (first, sharp) in rows.items():
        print(f"{name:28} {first[0] / 1000:9.1f} kB {first[1]:3} requests {sharp[0] / 1000:9.1f} kB {sharp[1]:3} requests")
    share = rows["Ditich, AVIF"][0][0] / rows["Photo Sphere Viewer, AVIF"][0][0]
    print(f"first frame: {share:.2f} of Photo Sphere Viewer's")


if __name__ == "__main__":
    main()
