import pytest

from pipeline.rehearsal import rehearse
from tests.pipeline.rehearsal.builders import Rehearsed


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """One small rehearsal for all tests; nobody writes into it."""
    root = tmp_path_factory.mktemp("rehearsal") / "card"
    steps: list[tuple[float, float]] = []
    truth = rehearse(root, small=True, progress=lambda done, total: steps.append((done, total)))
    return Rehearsed(root, truth, steps)
