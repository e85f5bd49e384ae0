import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import ConflictError
from pipeline.rehearsal import rehearse
from pipeline.rehearsal.__main__ import main
from pipeline.rehearsal.truth import truth_path
from tests.pipeline.rehearsal.builders import Rehearsed

pytestmark = pytest.mark.timeout(400)  # the first test pays for the rehearsal, and once for compiling the kernels


def _digests(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_truth_names_every_file_with_its_digest(rehearsed: Rehearsed) -> None:
    told = {file.path: file.sha256 for file in rehearsed.truth.files}
    assert told == _digests(rehearsed.root)
    assert all((rehearsed.root / file.path).stat().st_size == file.size for file in rehearsed.truth.files)


def test_truth_stands_beside_the_folder_as_json(rehearsed: Rehearsed) -> None:
    written = json.loads(truth_path(rehearsed.root).read_text("utf-8"))
    assert written["simulated"] is True
    assert written["model_triangles"] == rehearsed.truth.model_triangles > 300_000
    assert [camera["path"] for camera in written["panoramas"]] == [camera.path for camera in rehearsed.truth.panoramas]


def test_progress_ends_at_its_total(rehearsed: Rehearsed) -> None:
    done = [step[0] for step in rehearsed.steps]
    assert done == sorted(done)
    assert rehearsed.steps[-1][0] == rehearsed.steps[-1][1]


def test_same_bytes_in_another_process_time_zone_and_thread_count(rehearsed: Rehearsed, tmp_path: Path) -> None:
    environment = os.environ | {"TZ": "America/Lima", "LC_ALL": "C", "PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "1"}
    script = (
        "import os, sys; hasattr(os, 'sched_setaffinity') and os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})\n"
        "from pipeline.rehearsal.__main__ import main; sys.exit(main([sys.argv[1], '--small']))"
    )
    again = tmp_path / "again"
    done = subprocess.run([sys.executable, "-c", script, str(again)], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{len(rehearsed.truth.files)} files")
    assert _digests(again) == _digests(rehearsed.root)
    assert truth_path(again).read_bytes() == truth_path(rehearsed.root).read_bytes()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConflictError, match="not empty"):
        rehearse(tmp_path, small=True)
    assert main([str(tmp_path), "--small"]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_planted_faults_are_what_the_truth_says(rehearsed: Rehearsed) -> None:
    faults = {fault.kind: fault for fault in rehearsed.truth.faults}
    duplicate, truncated = faults["duplicate"], faults["truncated"]
    assert (rehearsed.root / duplicate.path).read_bytes() == (rehearsed.root / duplicate.of).read_bytes()
    whole = (rehearsed.root / truncated.of).read_bytes()
    cut = (rehearsed.root / truncated.path).read_bytes()
    assert whole.startswith(cut)
    assert 0 < len(cut) < len(whole)
    assert not cut.endswith(b"\xff\xd9")
    assert {"future-date", "no-gps"} <= set(faults)


def test_importing_the_package_imports_no_heavy_library() -> None:
    script = "import sys, pipeline.rehearsal; print([m for m in ('numpy', 'numba', 'open3d', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
