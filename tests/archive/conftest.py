from pathlib import Path

import pytest

from archive.home import Home
from tests.archive.builders import new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path)
