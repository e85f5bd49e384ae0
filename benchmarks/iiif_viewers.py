"""Opens our manifests in the IIIF viewers of others: ``python -m benchmarks.iiif_viewers PUBLICATIONS FOLDER [slug]``.

Mirador 4 and Universal Viewer 4 are fetched with npm into a temporary folder (they are no dependencies), served from one port, our viewer
from another, so that everything passes through CORS. For the walk, the whole site, its collection and its last manifest there is a
picture of each viewer in FOLDER, and a line that says what it fetched of us, what failed, what it complained about and what it says.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, socket
from typing import Any

from playwright.sync_api import Page, Request, sync_playwright

PACKAGES = ("mirador@4", "universalviewer@4")
FLAGS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
MIRADOR = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Mirador</title>
<body><div id="mirador" style="position:absolute;inset:0"></div>
<script src="/mirador/mirador.min.js"></script><script>
Mirador.viewer({id: "mirador", window: {sideBarOpen: true, defaultSideBarPanel: "annotations", highlightAllAnnotations: true},
 annotations: {filteredMotivations: ["commenting", "linking", "supplementing", "oa:commenting"]},
 windows: [{manifestId: new URLSearchParams(location.search).get("manifest"), thumbnailNavigationPosition: "far-bottom"}]});
</script></body></html>"""
UNIVERSAL = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Universal Viewer</title>
<link rel="stylesheet" href="/uv/uv.css">
<script src="/uv/umd/UV.js"></script><body style="margin:0"><div id="uv" class="uv" style="width:100vw;height:100vh"></div><script>
addEventListener("DOMContentLoaded", () => UV.init("uv", {manifest: new URLSearchParams(location.search).get("manifest"), embedded: true}));
</script></body></html>"""
WAIT = 12
"""Seconds that a viewer gets to fetch and draw."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *given: Any) -> None:  # noqa: A002 the name is the base class's
        """Say nothing of each request."""


def main() -> int:
    """Take the pictures; 1 where a viewer failed to fetch something of ours or shows nothing."""
    publications, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    slug = sys.argv[3] if len(sys.argv) > 3 else "dinh-mau"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, _ours(publications) as ours, _theirs(Path(scratch)) as theirs:
        found = [
            _look(theirs, viewer, f"{ours}/export/{slug}/{name}", folder) for viewer in ("mirador", "uv") for name in _names(ours, slug)
        ]
    for line in found:
        print(json.dumps(line, ensure_ascii=False))
    return int(any(line["failed"] or line["said"] or not line["words"] for line in found))


def _names(ours: str, slug: str) -> list[str]:
    import urllib.request

    with urllib.request.urlopen(f"{ours}/export/{slug}/collection.json") as answer:  # noqa: S310 our own server
        listed = json.load(answer)["items"]
    last = listed[-1]["id"].rsplit("/", 1)[1]
    return ["manifest-tour.json", "manifest.json", "collection.json", last]


def _look(theirs: str, viewer: str, manifest: str, folder: Path) -> dict[str, Any]:
    ours = manifest.split("/export/", maxsplit=1)[0]
    failed: list[str] = []
    said: list[str] = []
    tiles: list[str] = []

    def finished(request: Request) -> None:
        answer = request.response()
        if request.url.startswith(ours) and answer is not None:
            if answer.status >= 400:
                failed.append(f"{answer.status} {request.url}")
            elif "/iiif/" in request.url or "/media/" in request.url:
                tiles.append(request.url)

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("requestfinished", finished)
        page.on("requestfailed", lambda request: failed.append(request.url) if request.url.startswith(ours) else None)
        page.on("pageerror", lambda error: said.append(str(error)[:200]))
        page.goto(f"{theirs}/{viewer}.html?manifest={manifest}")
        time.sleep(WAIT)
        name = manifest.rsplit("/", 1)[1].removesuffix(".json")
        page.screenshot(path=folder / f"{viewer}-{name}.png")
        words = _words(page)
        browser.close()
    return {"viewer": viewer, "manifest": name, "drawn": len(tiles), "failed": failed, "said": said, "words": words[:300]}


def _words(page: Page) -> str:
    return " | ".join(page.inner_text("body").split("\n"))


@contextmanager
def _ours(publications: Path) -> Iterator[str]:
    port = _free_port()
    with subprocess.Popen([sys.executable, "-m", "viewer", "--publications", str(publications), "--port", str(port), "--json"]) as server:
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@contextmanager
def _theirs(folder: Path) -> Iterator[str]:
    subprocess.run(["npm", "pack", "--silent", *PACKAGES], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S607
    for archive in folder.glob("*.tgz"):
        shutil.unpack_archive(archive, folder / archive.name.split("-")[0], filter="data")
    site = folder / "site"
    site.mkdir()
    shutil.move(folder / "mirador" / "package" / "dist", site / "mirador")
    shutil.move(folder / "universalviewer" / "package" / "dist", site / "uv")
    (site / "mirador.html").write_text(MIRADOR, encoding="utf-8")
    (site / "uv.html").write_text(UNIVERSAL, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _free_port() -> int:
    with socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
