"""What stands beside the pages of a copy: the choice of language, the page for lost visitors, notes for servers, and how to open it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from archive.records.text import Language
from viewer.freeze.naming import link
from viewer.languages import load_catalogues
from viewer.media import _TYPES as TYPES
from viewer.policies import MODEL_POLICY
from viewer.screen import NATIVE_NAMES

_HEAD = (
    '<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="robots" content="noindex">\n<meta name="color-scheme" content="light dark">\n'
)
RESOURCES = Path(__file__).parent / "resources"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True)
class Front:
    """What stands on the first page besides the choice: ``picture``, a file or "", and a sentence to read in each language, or none."""

    picture: str = ""
    notes: Mapping[str, str] | None = None


def chooser(at: str, leads: Mapping[str, str], title: str, *, explicit: bool, front: Front = Front()) -> str:
    """A page that asks for a language in three. It goes on by itself where the browser names one, unless there is a note to read.

    Args:
        at: the page's own file.
        leads: language → file that it leads to.
        title: what the choice is for, a name.
        explicit: pages are named as ``index.html``.
        front: of the first page.
    """
    notes = front.notes
    style, icon = (link(at, f"static/{name}", explicit=True) for name in ("built/style.css", "icon.svg"))
    script = "" if notes else f'<script defer src="{link(at, "static/choose.js", explicit=True)}"></script>\n'
    entries = "".join(
        f'<li lang="{code}"><a class="button" hreflang="{code}" data-language="{code}" href="{escape(link(at, to, explicit=explicit))}">'
        f"{escape(NATIVE_NAMES[Language(code)])}</a>{f'<p>{escape(notes[code])}</p>' if notes else ''}</li>"
        for code, to in leads.items()
    )
    picture = escape(link(at, front.picture, explicit=True)) if front.picture else ""
    shown = f'<p class="entrance-picture"><img src="{picture}" alt=""></p>\n' if picture else ""
    return (
        f"{_HEAD}<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" href="{style}">\n<link rel="icon" href="{icon}" type="image/svg+xml">\n'
        f'{script}</head>\n<body>\n<main id="content" class="page narrow entrance">\n{shown}'
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
    return f'{_HEAD}<title>404</title>\n{style}\n</head>\n<body><main class="page narrow">{"".join(parts)}</main></body>\n</html>\n'


def server_notes() -> dict[str, str]:
    """Snippets for the usual servers: types, caching, compressed copies, and the headers that a page cannot carry itself."""
    types = {**TYPES, ".webmanifest": "application/manifest+json", ".vtt": "text/vtt", ".usdz": "model/vnd.usdz+zip"}
    lists = {
        "NETLIFY_ALWAYS": "".join(f"  {name}: {value}\n" for name, value in _ALWAYS.items()),
        "NETLIFY_TYPES": "".join(f"/*{suffix}\n  Content-Type: {kind}\n" for suffix, kind in types.items() if suffix != ".json"),
        "NGINX_ALWAYS": "".join(f'add_header {name} "{value}" always;\n' for name, value in _ALWAYS.items()),
        "NGINX_INSIDE": "".join(f'    add_header {name} "{value}" always;\n' for name, value in _ALWAYS.items()),
        "NGINX_TYPES": "".join(f"    {kind} {suffix[1:]};\n" for suffix, kind in types.items() if suffix != ".json"),
        "APACHE_ALWAYS": "".join(f'Header always set {name} "{value}"\n' for name, value in _ALWAYS.items()),
        "APACHE_TYPES": "".join(f"AddType {kind} {suffix}\n" for suffix, kind in types.items()),
        "CADDY_ALWAYS": "".join(f'        {name} "{value}"\n' for name, value in _ALWAYS.items()),
        "CADDY_TYPES": "".join(f'    header *{suffix} Content-Type "{kind}"\n' for suffix, kind in types.items()),
    }
    names = {"_headers": "netlify.txt", "server/nginx.conf": "nginx.txt", "server/htaccess": "apache.txt", "server/Caddyfile": "caddy.txt"}
    return {name: _filled((RESOURCES / source).read_text(encoding="utf-8"), lists) for name, source in names.items()}


def _filled(text: str, lists: Mapping[str, str]) -> str:
    for name, lines in lists.items():
        text = text.replace(f"@{name}@\n", lines)
    return text


def stick_files() -> dict[str, bytes]:
    """What a memory stick carries besides the pages: a small server for this machine, and two files that start it by a click."""
    server = (RESOURCES / "serve.py").read_text(encoding="utf-8").replace('"@POLICY@"', json.dumps(MODEL_POLICY))
    lines = {"serve.sh": '#!/bin/sh\ncd "$(dirname "$0")" && exec python3 serve.py "$@"\n'}
    lines["serve.bat"] = '@echo off\r\ncd /d "%~dp0"\r\npy -3 serve.py %*\r\nif errorlevel 9009 python serve.py %*\r\npause\r\n'
    return {"serve.py": server.encode(), **{name: text.encode() for name, text in lines.items()}}


def script(name: str) -> bytes:
    """A small script of ours that is not built."""
    return (RESOURCES / name).read_bytes()
