"""Runs commands the way a user does, in this process, and gives back what they said."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

from pipeline.cli import main

SITE = """
slug = "{slug}"
nature = "simulated"
[name]
vi = "Đình mẫu"
en = "Model communal house"
th = "ศาลาประชาคมจำลอง"
[access]
level = "public"
[defaults]
nature = "simulated"
[defaults.access]
level = "public"
reason = "a test"
[defaults.location]
level = "{location}"
reason = "a test"
[defaults.rights]
statement = "https://creativecommons.org/publicdomain/zero/1.0/"
[[facts]]
name = "custodian"
value.vi = "CUSTODIAN-SECRET"
access = "restricted"
"""


def said(*argv: object) -> tuple[int, str]:
    """Runs a command; its exit code and standard output."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main([str(word) for word in argv])
    return code, out.getvalue()


def document(*argv: object, code: int = 0) -> dict[str, Any]:
    """Runs a command with ``--json``, asserts its exit code, and returns the one document that it prints."""
    found, printed = said(*argv, "--json")
    assert found == code, printed
    content: dict[str, Any] = json.loads(printed)
    return content


def found_site(home: Path, folder: Path, *, slug: str = "mau", location: str = "public") -> str:
    """Founds an archive with one public, simulated site; the site's ARK."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(SITE.format(slug=slug, location=location), encoding="utf-8")
    if not (home / "ditich.toml").exists():
        document("init", "--home", home, "--name", "Journey")
    return str(document("site", "save", folder, "--home", home)["ark"])
