from pathlib import Path

import pytest

from tests.archive.bagit.builders import make_bag


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "bag")
