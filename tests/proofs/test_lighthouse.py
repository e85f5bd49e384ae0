"""Lighthouse on a phone's settings: accessibility, best practices and SEO are 100; performance is told, as this machine gives it.

Lighthouse is no dependency of Ditich: it has a package of its own beside this file, installed when this proof first runs.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.records.text import Language
from tests.conftest import BROWSER_FLAGS as FLAGS
from tests.journeys.conftest import serving
from tests.journeys.everyone_site import pages, write_everything
from tests.proofs.conftest import Extent

HERE = Path(__file__).parent / "lighthouse"
KINDS = ("home", "site", "scene", "photo", "mesh", "step", "guide", "about")
FULL = ("accessibility", "best-practices", "seo")

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def lighthouse(checkout: Path) -> Path:
    """Its command, installed as locked."""
    command = HERE / "node_modules/lighthouse/cli/index.js"
    if not command.is_file():
        npm = shutil.which("npm", path=f"{checkout}/.venv/bin{os.pathsep}{os.environ['PATH']}")
        assert npm is not None
        install = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(install, cwd=HERE, check=False, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"this proof did not run: Lighthouse could not be installed ({done.stderr.strip()[-200:]})")
    return command


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[str]:
    if not (checkout / "viewer/static/built/panorama.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    with serving(write_everything(tmp_path_factory.mktemp("lighthouse"))) as place:
        yield place


def scores(lighthouse: Path, address: str, folder: Path, chromium: str) -> dict[str, float]:
    """Category → 0 to 100."""
    report = folder / "report.json"
    flags = " ".join(("--headless=new", *FLAGS))
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}") or "node"
    command = [node, str(lighthouse), address, "--output=json", f"--output-path={report}", "--quiet", f"--chrome-flags={flags}"]
    command.append(f"--only-categories={','.join((*FULL, 'performance'))}")
    for is_last in (False, True):  # on a busy machine its Chromium does not always come up in time
        done = subprocess.run(command, check=is_last, env=os.environ | {"CHROME_PATH": chromium}, timeout=180, stdout=subprocess.DEVNULL)
        if not done.returncode:
            break
    found = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: round(category["score"] * 100) for name, category in found.items()}


@pytest.fixture
def audit(lighthouse: Path, served: str, tmp_path: Path, chromium_path: str) -> Callable[[str], dict[str, float]]:
    """Audits a path."""
    return lambda path: scores(lighthouse, served + path, tmp_path, chromium_path)


def test_lighthouse_finds_nothing_to_mend(
    audit: Callable[[str], dict[str, float]], extent: Extent, record_proof: Callable[[str], None]
) -> None:
    told = {}
    for kind in extent.pick(("scene",), KINDS):
        told[kind] = audit(pages(Language.EN)[kind])
    speed = ", ".join(f"{kind} {told[kind]['performance']}" for kind in told)
    record_proof(f"Lighthouse: {len(told)} pages, accessibility, best practices and SEO 100 each; performance {speed}")
    assert {kind: {name: found[name] for name in FULL} for kind, found in told.items()} == {kind: dict.fromkeys(FULL, 100) for kind in told}
