"""What stands beside the pages of a copy: the choice of language, the page for lost visitors, notes for servers, and how to open it."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from archive.records.text import Language
from viewer.freeze.naming import link
from viewer.languages import load_catalogues
from viewer.media import _TYPES as TYPES
from viewer.policies import MODEL_POLICY
from viewer.screen import NATIVE_NAMES

RESOURCES = Path(__file__).parent / "resources"
_LASTING = ("media/*", "iiif/*")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def chooser(at: str, leads: Mapping[str, str], title: str, *, explicit: bool, notes: Mapping[str, str] | None = None) -> str:
    """A page that asks for a language in three. It goes on by itself where the browser names one, unless there is a note to read.

    Args:
        at: the page's own file.
        leads: language → file that it leads to.
        title: what the choice is for, a name.
        explicit: pages are named as ``index.html``.
        notes: language → a sentence to read before going on.
    """
    style = link(at, "static/built/style.css", explicit=True)
    script = "" if notes else f'<script defer src="{link(at, "static/choose.js", explicit=True)}"></script>\n'
    entries = "".join(
        f'<li lang="{code}"><a class="button" hreflang="{code}" data-language="{code}" href="{escape(link(at, target, explicit=explicit))}">'
        f"{escape(NATIVE_NAMES[Language(code)])}</a>{f'<p>{escape(notes[code])}</p>' if notes else ''}</li>"
        for code, target in leads.items()
    )
    return (
        '<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<meta name="robots" content="noindex">\n<meta name="color-scheme" content="light dark">\n'
        f'<link rel="stylesheet" href="{style}">\n{script}</head>\n<body>\n<main id="content" class="page narrow entrance">\n'
        f'<h1>{escape(title)}</h1>\n<ul class="entrance-languages">{entries}</ul>\n</main>\n</body>\n</html>\n'
    )


def moved(at: str, target: str, *, explicit: bool) -> str:
    """A page that stands where a redirect stood."""
    to = escape(link(at, target, explicit=explicit))
    return (
        f'<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="refresh" content="0; url={to}">\n'
        f'<meta name="robots" content="noindex">\n<title>→</title>\n</head>\n<body><p><a href="{to}">→ {to}</a></p></body>\n</html>\n'
    )


def lost_page(base: str) -> str:
    """``404.html``: servers answer it at any depth, so it has no relative link; without a known place it has none at all."""
    catalogues = load_catalogues()
    parts = []
    for language in Language:
        say = catalogues[language]
        words = f"<h1>{escape(say('notice.not_found.title'))}</h1><p>{escape(say('notice.not_found.text'))}</p>"
        way = f'<p><a href="{escape(base)}/{language}/">{escape(say("nav.all_sites"))}</a></p>' if base else ""
        parts.append(f'<section lang="{language}">{words}{way}</section>')
    style = f'<link rel="stylesheet" href="{escape(base)}/static/built/style.css">' if base else ""
    return (
        '<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>404</title>\n<meta name="robots" content="noindex">\n<meta name="color-scheme" content="light dark">\n{style}\n</head>\n'
        f'<body><main class="page narrow">{"".join(parts)}</main></body>\n</html>\n'
    )


def server_notes() -> dict[str, str]:
    """Snippets for the usual servers: types, caching, compressed copies, and the headers that a page cannot carry itself."""
    types = {**TYPES, ".webmanifest": "application/manifest+json", ".vtt": "text/vtt", ".usdz": "model/vnd.usdz+zip"}
    lasting = "public, max-age=31536000, immutable"
    always = "".join(f"  {name}: {value}\n" for name, value in _ALWAYS.items())
    typed = "".join(f"/*{suffix}\n  Content-Type: {kind}\n" for suffix, kind in types.items() if suffix != ".json")
    kept = "".join(f"/{place}\n  Cache-Control: {lasting}\n" for place in _LASTING)
    open_to_all = "".join(f"/{place}\n  Access-Control-Allow-Origin: *\n" for place in ("iiif/*", "export/*", "media/*"))
    frames = "/*/embed/*\n  ! Content-Security-Policy\n"
    netlify = f"/*\n{always}  Content-Security-Policy: frame-ancestors 'self'\n{frames}{kept}{open_to_all}{typed}"
    nginx_types = "".join(f"    {kind} {suffix[1:]};\n" for suffix, kind in types.items())
    nginx_always = "".join(f'add_header {name} "{value}" always;\n' for name, value in _ALWAYS.items())
    nginx = (
        f"# inside server {{ }}; root is this folder\nindex index.html;\nerror_page 404 /404.html;\ngzip_static on;\n# brotli_static on;  # where the module is there\n"
        f"include mime.types;\ntypes {{\n{nginx_types}}}\n{nginx_always}"
        f'location ~ /(media|iiif)/ {{\n    add_header Cache-Control "{lasting}";\n    add_header Access-Control-Allow-Origin "*";\n    add_header X-Content-Type-Options nosniff;\n}}\n'
    )
    apache_types = "".join(f"AddType {kind} {suffix}\n" for suffix, kind in types.items())
    apache = (
        f"DirectoryIndex index.html\nErrorDocument 404 /404.html\nOptions -Indexes\n{apache_types}<IfModule mod_headers.c>\n"
        + "".join(f'Header always set {name} "{value}"\n' for name, value in _ALWAYS.items())
        + f'<If "%{{REQUEST_URI}} =~ m#/(media|iiif)/#">\nHeader set Cache-Control "{lasting}"\nHeader set Access-Control-Allow-Origin "*"\n</If>\n</IfModule>\n'
    )
    caddy = (
        ":80 {\n\troot * .\n\tfile_server {\n\t\tprecompressed br gzip\n\t}\n\theader {\n"
        + "".join(f'\t\t{name} "{value}"\n' for name, value in _ALWAYS.items())
        + f'\t}}\n\t@lasting path_regexp /(media|iiif)/\n\theader @lasting Cache-Control "{lasting}"\n\theader @lasting Access-Control-Allow-Origin "*"\n'
        + "".join(f'\t@t{number} path *{suffix}\n\theader @t{number} Content-Type "{kind}"\n' for number, (suffix, kind) in enumerate(types.items()))
        + "\thandle_errors {\n\t\trewrite * /404.html\n\t\tfile_server\n\t}\n}\n"
    )  # fmt: skip
    return {"_headers": netlify, "server/nginx.conf": nginx, "server/htaccess": apache, "server/Caddyfile": caddy}


def stick_files() -> dict[str, bytes]:
    """What a memory stick carries besides the pages: a small server for this machine, and two files that start it by a click."""
    server = (RESOURCES / "serve.py").read_text(encoding="utf-8").replace('"@POLICY@"', json.dumps(MODEL_POLICY))
    lines = {"serve.sh": '#!/bin/sh\ncd "$(dirname "$0")" && exec python3 serve.py "$@"\n'}
    lines["serve.bat"] = '@echo off\r\ncd /d "%~dp0"\r\npy -3 serve.py %*\r\nif errorlevel 9009 python serve.py %*\r\npause\r\n'
    return {"serve.py": server.encode(), **{name: text.encode() for name, text in lines.items()}}


def script(name: str) -> bytes:
    """A small script of ours that is not built."""
    return (RESOURCES / name).read_bytes()
