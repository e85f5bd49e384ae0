#!/usr/bin/env python3
"""Opens this copy in a browser of this machine: panoramas that turn and models in three dimensions need it.

It needs Python 3.8 or newer and nothing else. It listens on this machine only (127.0.0.1) and sends nothing anywhere. Ctrl-C ends it.
"""

import contextlib
import functools
import http.server
import os
import sys
import webbrowser
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
POLICY = "@POLICY@"


class Pages(http.server.SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".avif": "image/avif",
        ".glb": "model/gltf-binary",
        ".js": "text/javascript",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".subtree": "application/octet-stream",
        ".usdz": "model/vnd.usdz+zip",
        ".vtt": "text/vtt",
        ".xml": "application/xml",
    }

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def list_directory(self, path: Any) -> None:  # noqa: ARG002
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 0
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Pages, directory=HERE)) as server:
        address = "http://127.0.0.1:%d/" % server.server_address[1]
        print(address, flush=True)
        if "--quiet" not in sys.argv:
            webbrowser.open(address)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
