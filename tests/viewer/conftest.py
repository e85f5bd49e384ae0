"""One museum for all tests of the viewer: it is only read."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.viewer.builders import Visitor, visiting, write_museum


@pytest.fixture(scope="session")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_museum(tmp_path_factory.mktemp("museum"))


@pytest.fixture(scope="session")
def visitor(museum: Path) -> Iterator[Visitor]:
    with visiting(museum) as guest:
        yield guest


@pytest.fixture
def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
