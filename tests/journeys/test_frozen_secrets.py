"""Planted secrets appear in nothing that a frozen copy holds."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.test_secrets import SECRETS, visitor
from tests.viewer.builders import Visitor

pytestmark = pytest.mark.timeout(300)
__all__ = ["visitor"]


@pytest.mark.parametrize("form", ["cdn", "usb"])
def test_no_secret_is_frozen(visitor: Visitor, tmp_path: Path, form: str) -> None:
    target = tmp_path / "copy"
    command = [sys.executable, "-m", "viewer.freeze", "mau", str(target), "--as", form, "--home", str(tmp_path / "home")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    files = [path for path in target.rglob("*") if path.is_file() and path.suffix not in {".br", ".gz"}]
    assert len(files) > 40
    assert any("Ảnh mở".encode() in path.read_bytes() for path in files), "the search itself must be able to find"
    leaks = [
        (path.name, secret)
        for path in files
        for secret in SECRETS
        if secret.encode() in path.read_bytes() or secret in str(path.relative_to(target))
    ]
    assert leaks == []
