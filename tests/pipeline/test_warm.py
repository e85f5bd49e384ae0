"""Set-up compiles the kernels where parser workers find them."""

from pathlib import Path

import pytest

from pipeline import warm


def test_every_kernel_runs_in_a_worker(tmp_path: Path) -> None:
    assert warm.warm(tmp_path) == ()


def test_what_went_wrong_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(warm, "WARMED", ("pipeline.warm:no_such_function",))
    assert warm.main() == 1
    assert "no_such_function" in capsys.readouterr().err
    monkeypatch.setattr(warm, "WARMED", ())
    assert warm.main() == 0
