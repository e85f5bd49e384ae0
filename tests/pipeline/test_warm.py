"""Set-up compiles the kernels where parser workers find them."""

from pathlib import Path

import pytest

from pipeline import warm
from pipeline.rehearsal import kernels, rehearse
from pipeline.rehearsal.warm import compile_kernels


def test_every_kernel_runs_in_a_worker(tmp_path: Path) -> None:
    assert warm.warm(tmp_path) == ()


def test_what_went_wrong_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(warm, "WARMED", ("pipeline.warm:no_such_function",))
    assert warm.main() == 1
    assert "no_such_function" in capsys.readouterr().err
    monkeypatch.setattr(warm, "WARMED", ())
    assert warm.main() == 0


def test_modules_that_workers_load_can_be_loaded() -> None:
    assert "pipeline.derive.pyramid" in warm.modules()
    assert warm.load(warm.modules()) == ()
    assert warm.load(["pipeline.no_such_module"]) == ("pipeline.no_such_module: No module named 'pipeline.no_such_module'",)


def test_a_rehearsal_after_it_compiles_nothing(tmp_path: Path) -> None:
    compile_kernels(tmp_path / "first")
    folder = Path(kernels.__file__).parent / "__pycache__"
    compiled = set(folder.glob("*.nbc"))
    rehearse(tmp_path / "card", small=True)
    assert set(folder.glob("*.nbc")) == compiled
    assert compiled
